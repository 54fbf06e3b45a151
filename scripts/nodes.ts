import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The Node releases that the engine is tried on besides the project's own. */
const versions: Record<number, string> = { 20: '20.19.5', 22: '22.21.1' };
const systems: Record<string, string> = { 'linux-x64': 'linux-x64', 'linux-arm64': 'linux-arm64', 'darwin-x64': 'darwin-x64', 'darwin-arm64': 'darwin-arm64', 'win32-x64': 'win-x64' };

/**
 * Path of a Node of this major version, installed from the npm registry into the user's cache the first time; undefined
 * where there is none for this system.
 */
export function ensureNode(major: number): string | undefined {
  const version = versions[major];
  const system = systems[`${process.platform}-${process.arch}`];
  if (version === undefined || system === undefined) return undefined;
  const cache = path.join(process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache'), 'neurodata', `node-${version}`);
  const program = path.join(cache, 'node_modules', `node-${system}`, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(program)) return program;
  console.error(`Installing Node ${version} to try the engine on it (npm install node-${system})`);
  mkdirSync(cache, { recursive: true });
  const { status } = spawnSync('npm', ['install', '--prefix', cache, '--no-save', '--no-audit', '--no-fund', '--loglevel=error', `node-${system}@${version}`], { stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  return status === 0 && existsSync(program) ? program : undefined;
}
