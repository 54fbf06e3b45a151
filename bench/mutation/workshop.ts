import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { apply, type Mutant } from './mutant.ts';

const root = path.resolve(import.meta.dirname, '../..');
const minute = 60_000;

/** `killed`: a test failed. `timeout`: counts as killed. `invalid`: solc refused the change. */
export type Outcome = 'killed' | 'survived' | 'timeout' | 'invalid';

/** A copy of the contracts and their tests in a temporary folder, built once; the working tree is never written. */
export type Workshop = {
  folder: string;
  /** Puts the mutant in, runs the tests until one fails, takes it out again. */
  judge: (mutant: Mutant) => Promise<Outcome>;
  /** Whether all tests pass without a mutant; if not, what forge said. */
  check: () => Promise<{ passed: boolean; output: string }>;
  close: () => Promise<void>;
};

type ForgeRun = { code: number | null; output: string; timedOut: boolean };

function forge(folder: string, args: readonly string[], limitMs: number): Promise<ForgeRun> {
  const bin = [path.join(root, 'node_modules/.bin'), path.dirname(process.execPath), process.env['PATH']].join(path.delimiter);
  return new Promise((resolve, reject) => {
    const child = spawn('forge', args, { cwd: folder, env: { ...process.env, PATH: bin, NO_COLOR: '1', NEURODATA_SEQUENCES: '100' }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let output = '';
    const keep = (text: string): void => { output = (output + text).slice(-200_000); };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    let timedOut = false;
    // The whole group: forge runs solc as a child of its own.
    const timer = setTimeout(() => { timedOut = true; if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL'); }, limitMs);
    child.on('error', (cause) => { clearTimeout(timer); reject(new Error('Cannot run forge. Run `npm ci` with optional dependencies, or install Foundry.', { cause })); });
    child.on('close', (code) => { clearTimeout(timer); resolve({ code, output, timedOut }); });
  });
}

/**
 * Made for speed: no optimizer, tests linked to contracts by address (so that a change in a contract compiles that
 * contract alone), few fuzz runs, and no gas figures, which need the optimizer.
 */
function adaptConfiguration(toml: string): string {
  return toml
    .replace(/^optimizer = true$/m, 'optimizer = false\ndynamic_test_linking = true\ncode_size_limit = 1000000')
    .replace(/(\[fuzz\][^[]*?)runs = \d+/, '$1runs = 48')
    .replace(/(\[invariant\][^[]*?)runs = \d+/, '$1runs = 6');
}

async function copyProject(folder: string): Promise<void> {
  await mkdir(path.join(folder, 'contracts'), { recursive: true });
  for (const part of ['contracts/src', 'contracts/test', 'tools', 'vectors']) await cp(path.join(root, part), path.join(folder, part), { recursive: true });
  for (const name of await readdir(path.join(folder, 'contracts/test'))) if (name.endsWith('Gas.t.sol')) await rm(path.join(folder, 'contracts/test', name));
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  await writeFile(path.join(folder, 'foundry.toml'), adaptConfiguration(await readFile(path.join(root, 'foundry.toml'), 'utf8')));
}

/**
 * forge links `new` by address inside contracts and libraries only. A free function that deploys keeps the code that was
 * compiled first: its tests would judge every mutant by the original.
 */
async function assertLinked(folder: string): Promise<void> {
  const tests = path.join(folder, 'contracts/test');
  for (const name of await readdir(tests)) {
    const source = name.endsWith('.sol') ? await readFile(path.join(tests, name), 'utf8') : '';
    const deploying = source.match(/^function[^{;]*\{[^]*?^\}/gm)?.find((text) => /\bnew [A-Z]\w*\s*[({]/.test(text));
    if (deploying !== undefined) throw new Error(`contracts/test/${name} deploys from a free function (${deploying.split('(')[0]}); put it into a library, or its tests never see a mutant.`);
  }
}

const quick = ['test', '--fail-fast', '--no-match-contract', 'Invariant', '--threads', '1', '--json'];
const slow = ['test', '--fail-fast', '--match-contract', 'Invariant', '--threads', '1', '--json'];

/** The tests that are named after a contract: most of its mutants end there, long before everything has run. None where there are no such tests. */
async function ownTests(folder: string, file: string): Promise<string[][]> {
  const name = `${path.basename(file, '.sol')}Test`;
  const source = await readFile(path.join(folder, `contracts/test/${path.basename(file, '.sol')}.t.sol`), 'utf8').catch(() => '');
  return source.includes(`contract ${name} `) ? [['test', '--fail-fast', '--match-contract', `^${name}$`, '--threads', '1', '--json']] : [];
}

function judgeRun({ code, output, timedOut }: ForgeRun): Outcome {
  if (timedOut) return 'timeout';
  if (code === 0) return 'survived';
  return output.includes('"test_results"') ? 'killed' : 'invalid';
}

function openWorkshop(folder: string): Workshop {
  const runAll = async (first: string[][] = []): Promise<{ outcome: Outcome; output: string }> => {
    for (const args of [...first, quick, slow]) {
      const result = await forge(folder, args, 4 * minute);
      const outcome = judgeRun(result);
      if (outcome !== 'survived') return { outcome, output: result.output };
    }
    return { outcome: 'survived', output: '' };
  };
  return {
    folder,
    check: async () => { const { outcome, output } = await runAll(); return { passed: outcome === 'survived', output }; },
    judge: async (mutant) => {
      const file = path.join(folder, mutant.file);
      const source = await readFile(file);
      await writeFile(file, apply(source, mutant));
      try {
        return (await runAll(await ownTests(folder, mutant.file))).outcome;
      } finally {
        await writeFile(file, source);
      }
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A fault that every test of the whole system meets; one that notices nothing tests something else than the copy. */
async function assertAlert(workshop: Workshop): Promise<void> {
  const file = 'contracts/src/Staking.sol';
  const source = await readFile(path.join(workshop.folder, file));
  const constructor = source.indexOf('constructor(');
  const start = source.indexOf('{', constructor) + 1;
  if (constructor < 0 || start === 0) throw new Error(`${file} has no constructor to break; choose another file for this check.`);
  const outcome = await workshop.judge({ file, operator: 'check', start, length: 0, replacement: ' require(block.timestamp == 0); ', line: 1, before: '', after: '' });
  if (outcome !== 'killed') throw new Error(`The tests do not notice a broken constructor (${outcome}): forge links them to old code, so the outcomes would mean nothing.`);
}

/**
 * Builds `count` workshops with all tests passing. Each is built by itself: in a copied folder forge links the tests to
 * what was compiled first, and mutants seem to survive.
 *
 * @throws Error with forge's words when the tests fail before anything was changed.
 */
export async function openWorkshops(count: number): Promise<Workshop[]> {
  return Promise.all(Array.from({ length: count }, async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'neurodata-mutation-'));
    await copyProject(folder);
    await assertLinked(folder);
    const workshop = openWorkshop(folder);
    const { passed, output } = await workshop.check();
    if (!passed) throw new Error(`The contract tests fail without a mutant, so nothing can be learnt from them:\n${output.slice(-3_000)}`);
    await assertAlert(workshop);
    return workshop;
  }));
}
