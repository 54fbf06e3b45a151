import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const places = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];

/** Path of a Chrome or Chromium on this machine: `NEURODATA_CHROME`, else PATH, else the usual places. */
export function findChrome(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const candidates = [process.env['NEURODATA_CHROME'], ...names.flatMap((name) => folders.map((folder) => path.join(folder, name))), ...places];
  return candidates.find((candidate) => candidate !== undefined && candidate !== '' && isExecutable(candidate));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Finds a browser, installing Debian's Chromium when root; otherwise throws saying how to get one. */
export async function ensureChrome(): Promise<string> {
  const found = findChrome();
  if (found) return found;
  if (process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0) {
    console.error('Installing Chromium for the browser tests (apt-get install chromium)');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 2, 2], env });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { stdio: ['ignore', 2, 2], env });
    const installed = findChrome();
    if (installed) return installed;
  }
  throw new Error('No Chrome or Chromium found. Install one (Debian: apt-get install chromium) or set NEURODATA_CHROME to its path.');
}
