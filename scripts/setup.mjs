// Dependency-free; must run on Node >= 20. usage: node scripts/setup.mjs <cmd> [args]; "node" = Node >= 24
import { createHash } from 'node:crypto';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync, mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { constants } from 'node:os';
import path from 'node:path';

const MIN = 24;
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const nm = path.join(root, 'node_modules');
const stamp = path.join(nm, '.setup-stamp');
const t0 = performance.now();
const die = (m) => { console.error(`setup: ${m}`); process.exit(1); };

const hash = createHash('sha256').update(readFileSync(path.join(root, 'package-lock.json')))
  .update(`${process.platform}-${process.arch}`).digest('hex');
const read = (f) => { try { return readFileSync(f, 'utf8'); } catch { return ''; } };

if (read(stamp) !== hash) {
  // one installer at a time
  const lock = path.join(root, '.setup-lock');
  for (let i = 0; ; i++) {
    try { mkdirSync(lock); break; } catch (e) {
      if (e.code !== 'EEXIST') throw e;
      if (i > 1200) die(`another setup seems to be running; if not, remove ${lock}`);
      await new Promise((r) => setTimeout(r, 250));
      if (read(stamp) === hash) break;
    }
  }
  if (read(stamp) !== hash) {
    console.error('setup: installing dependencies (npm ci)');
    // npm_* variables of an outer `npm start`/`npm test` must not leak into npm ci
    const env = Object.fromEntries(Object.entries(process.env).filter(([k]) => !/^npm_(package|lifecycle|config_(local_prefix|prefix|argv|node_gyp))/.test(k) && k !== 'NODE_ENV' && k !== 'INIT_CWD'));
    const cli = process.env.npm_execpath;
    const [cmd, pre] = cli && /npm-cli\.[cm]?js$/.test(cli) ? [process.execPath, [cli]] : ['npm', []];
    const r = spawnSync(cmd, [...pre, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'],
      { cwd: root, stdio: ['ignore', 2, 2], env, shell: cmd === 'npm' && process.platform === 'win32' });
    if (r.status !== 0) { rmSync(lock, { recursive: true, force: true }); die(`npm ci failed (${r.error?.message ?? r.signal ?? 'exit ' + r.status})`); }
    writeFileSync(stamp, hash);
  }
  rmSync(lock, { recursive: true, force: true });
}

const major = (v) => Number(/^v?(\d+)/.exec(v ?? '')?.[1] ?? 0);
function findNode() {
  if (process.env.NEURODATA_NODE) return process.env.NEURODATA_NODE;
  const own = path.join(nm, `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  const pinned = major(JSON.parse(read(path.join(path.dirname(own), '..', 'package.json')) || '{}').version);
  if (pinned >= MIN && existsSync(own)) return own;
  if (major(process.version) >= MIN) return process.execPath;
  return undefined;
}
const node = findNode();
if (!node) die(`Node >= ${MIN} is needed. This is Node ${process.version} (${process.execPath}) and node_modules has no bundled Node for ${process.platform}-${process.arch}.\n` +
  `       Install Node ${MIN} (https://nodejs.org) or set NEURODATA_NODE=/path/to/node, then run this again.`);

const [cmd, ...args] = process.argv.slice(2);
if (!cmd) process.exit(0);
const env = { ...process.env, PATH: path.dirname(node) + path.delimiter + path.join(nm, '.bin') + path.delimiter + process.env.PATH };
if (process.env.SETUP_TIMING) console.error(`setup: ${(performance.now() - t0).toFixed(1)} ms in setup.mjs`);
const child = spawn(cmd === 'node' ? node : cmd, args, { stdio: 'inherit', cwd: root, env });
for (const s of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(s, () => child.kill(s));
child.on('error', (e) => die(e.message));
child.on('exit', (code, sig) => process.exit(sig ? 128 + constants.signals[sig] : code));
