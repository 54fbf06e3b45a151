// Brings a checkout to where a command can run: `node scripts/setup.mjs <command> [arguments]`.
// Plain JavaScript without dependencies, because it runs before anything is installed, on Node 20 or newer.
// "node" as the command means the Node that the project needs. When nothing is to do it costs a few milliseconds.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const neededMajor = 24;
const windows = process.platform === 'win32';
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const modules = path.join(root, 'node_modules');
const stamp = path.join(modules, '.setup-stamp');
const lock = path.join(root, '.setup-lock');

function fail(message) {
  console.error(`setup: ${message}`);
  process.exit(1);
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** What node_modules must have been installed from. */
const wanted = createHash('sha256').update(readText(path.join(root, 'package-lock.json'))).update(`${process.platform}-${process.arch}`).digest('hex');
const isInstalled = () => readText(stamp) === wanted;

/** Takes the lock, so that two commands started at once install once; a lock whose process is gone is taken over. */
async function takeLock() {
  const holder = path.join(lock, 'pid');
  for (;;) {
    try {
      mkdirSync(lock);
      writeFileSync(holder, String(process.pid));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const pid = Number(readText(holder));
    if (pid && !isAlive(pid)) rmSync(lock, { recursive: true, force: true });
    else await new Promise((resolve) => { setTimeout(resolve, 250); });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function install() {
  console.error('setup: installing dependencies (npm ci); this happens once for each lock file');
  // What an outer `npm start` set for its own script must not steer this npm.
  const foreign = /^(npm_(package|lifecycle|config_(local_prefix|prefix|argv|node_gyp))|NODE_ENV$|INIT_CWD$)/;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
  const cli = process.env.npm_execpath;
  const [command, before] = cli && /npm-cli\.[cm]?js$/.test(cli) ? [process.execPath, [cli]] : ['npm', []];
  const flags = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = spawnSync(command, [...before, ...flags], { cwd: root, env, stdio: ['ignore', 2, 2], shell: windows && command === 'npm' });
  return result.status === 0 ? undefined : (result.error?.message ?? result.signal ?? `exit ${result.status}`);
}

async function ensureInstalled() {
  if (isInstalled()) return;
  await takeLock();
  try {
    if (isInstalled()) return;
    const problem = install();
    if (problem) {
      rmSync(lock, { recursive: true, force: true });
      fail(`npm ci failed (${problem}). Check the network and that npm is 11 or newer, then run the command again.`);
    }
    writeFileSync(stamp, wanted);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** NEURODATA_NODE, else the Node among the dependencies, else this one if it is new enough. */
function findNode() {
  if (process.env.NEURODATA_NODE) return process.env.NEURODATA_NODE;
  const bundled = path.join(modules, `node-${windows ? 'win' : process.platform}-${process.arch}`, 'bin', windows ? 'node.exe' : 'node');
  if (existsSync(bundled)) return bundled;
  if (Number(process.versions.node.split('.')[0]) >= neededMajor) return process.execPath;
  return fail(`Node ${neededMajor} or newer is needed; this is ${process.version}, and none comes with the dependencies for ${process.platform}-${process.arch}. Install it, or set NEURODATA_NODE to its path.`);
}

function runCommand([command, ...args]) {
  const node = findNode();
  const PATH = [path.dirname(node), path.join(modules, '.bin'), process.env.PATH].join(path.delimiter);
  // Compiled code of earlier starts: a command starts in half the time, and so does every process that it starts.
  const NODE_COMPILE_CACHE = process.env.NODE_COMPILE_CACHE ?? path.join(modules, '.cache', 'compile');
  const child = spawn(command === 'node' ? node : command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, PATH, NODE_COMPILE_CACHE } });
  // Ctrl-C reaches the child by itself; a signal sent to this process alone must be handed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(error.message));
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
}

await ensureInstalled();
if (process.argv.length > 2) runCommand(process.argv.slice(2));
