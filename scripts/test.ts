/**
 * The whole test suite: `npm test`. Ends with exactly one line "N passed, N failed".
 * `npm test -- unit` (or contracts, coverage, types, lint, generated, postgres, e2e) runs a part.
 */
import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { startPostgres } from '../apps/node/src/db/testing/startPostgres.ts';
import { run as measureCoverage } from '../bench/coverage.ts';
import { ensureChrome } from './chrome.ts';
import { ensurePostgres } from './postgres.ts';

/** Failures are told again at the very end, where whoever reads only the last lines finds them. */
type Result = { passed: number; failed: number; failures?: string[]; unsteady?: string[] };
type Part = {
  name: string;
  title: string;
  run: () => Promise<Result>;
  /** Those of `compile` run first and those of `aside` beside them, each on a core; then those of `test`, which look at the clock and have the machine for themselves. */
  when: 'compile' | 'aside' | 'test';
};

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const scratch = mkdtempSync(path.join(os.tmpdir(), 'neurodata-test-'));

type RunOptions = { /** What it says on standard output comes back, or on both. */ capture?: 'output' | 'all'; env?: Record<string, string> };

function run(command: string, args: string[], { capture, env }: RunOptions = {}): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', capture ? 'pipe' : 'inherit', capture === 'all' ? 'pipe' : 'inherit'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    child.on('error', (error) => resolve({ code: 127, output: `${output}\n${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** A check that has no tests of its own counts as one. */
async function check(command: string, args: string[]): Promise<Result> {
  const { code } = await run(command, args);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

type ForgeSuites = Record<string, { test_results: Record<string, { status: string; reason?: string | null; decoded_logs?: string[] }> }>;

async function contracts(): Promise<Result> {
  const { code, output } = await run('forge', ['test', '--json'], { capture: 'output' });
  const start = output.indexOf('{');
  if (start < 0) {
    console.error(output);
    return { passed: 0, failed: 1 };
  }
  const suites = JSON.parse(output.slice(start)) as ForgeSuites;
  const result = { passed: 0, failed: 0, failures: [] as string[] };
  for (const [suite, { test_results: tests }] of Object.entries(suites)) {
    const all = Object.entries(tests);
    const bad = all.filter(([, test]) => test.status !== 'Success');
    result.passed += all.length - bad.length;
    result.failed += bad.length;
    console.log(`  ${bad.length ? '✗' : '✓'} ${suite} (${all.length})`);
    for (const [name, test] of bad) {
      const line = `${suite} > ${name}: ${test.reason ?? test.status}`;
      result.failures.push(line);
      console.error(`    ${line}`);
    }
  }
  if (code !== 0 && result.failed === 0) {
    result.failed += 1;
    result.failures.push(`forge test ended with ${code}, though every test passed`);
  }
  return result;
}

/** Every line and every branch of the contracts is run by a test: what is not is named, and fails. */
async function coverage(): Promise<Result> {
  const { lines, branches } = await measureCoverage();
  return lines === 1 && branches === 1 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

type VitestReport = {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { name: string; status: string; message?: string; assertionResults: { status: string; fullName: string; failureMessages?: string[] }[] }[];
};

type Run = { passed: number; failures: string[]; /** Those among them that belong to no file. */ homeless: string[]; /** In which something failed, and how many tests passed there. */ files: Map<string, number> };

/** One run of vitest. What fails outside of every test counts as a failure of the file that ran then. */
async function vitestOnce(name: string, filters: string[], env: Record<string, string>): Promise<Run> {
  const [report, unhandled] = [path.join(scratch, `${name}.json`), path.join(scratch, `${name}.unhandled.json`)];
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, '--reporter=./scripts/unhandledReporter.ts', ...filters];
  const { code } = await run(process.execPath, args, { env: { ...env, NEURODATA_UNHANDLED_FILE: unhandled, NEURODATA_TEST_SHARED: path.join(scratch, 'shared') } });
  try {
    const json = JSON.parse(readFileSync(report, 'utf8')) as VitestReport;
    const outside = JSON.parse(readFileSync(unhandled, 'utf8')) as { message: string; file?: string }[];
    const where = (file: string): string => path.relative(root, file);
    const passedIn = new Map(json.testResults.map((file) => [where(file.name), file.assertionResults.filter(({ status }) => status === 'passed').length]));
    const bad = json.testResults.filter((file) => file.status === 'failed');
    const failures = bad.flatMap((file) => {
      const tests = file.assertionResults.filter((test) => test.status === 'failed');
      // A file that fails to load has no tests: it counts as one failure.
      if (tests.length === 0) return [`${where(file.name)}: ${firstLines(file.message)}`];
      return tests.map((test) => `${where(file.name)} > ${test.fullName}: ${firstLines(test.failureMessages?.[0])}`);
    });
    failures.push(...outside.flatMap(({ file, message }) => (file ? [`${where(file)}, outside of every test: ${firstLines(message)}`] : [])));
    const homeless = outside.flatMap(({ file, message }) => (file ? [] : [`${name}, outside of every test: ${firstLines(message)}`]));
    if (code !== 0 && failures.length + homeless.length === 0) homeless.push(`${name}: vitest ended with ${code}, though every test passed`);
    failures.push(...homeless);
    const files = new Set([...bad.map((file) => where(file.name)), ...outside.flatMap(({ file }) => (file ? [where(file)] : []))]);
    return { passed: json.numPassedTests, failures, homeless, files: new Map([...files].map((file) => [file, passedIn.get(file) ?? 0])) };
  } catch {
    const homeless = [`vitest left no report for ${name} (exit ${code})`];
    return { passed: 0, failures: homeless, homeless, files: new Map() };
  }
}

const firstLines = (text = ''): string => stripVTControlCharacters(text).trim().split('\n').slice(0, 6).join('\n      ');

/**
 * Files in which at most a few things failed are run once more, by themselves: what passes then is not counted as failed,
 * but named at the end as unsteady, because a busy machine and a fault that shows only sometimes look alike from here.
 */
async function vitest(name: string, filters: string[], env: Record<string, string> = {}): Promise<Result> {
  const first = await vitestOnce(name, filters, env);
  const { failures, files } = first;
  if (files.size === 0 || files.size > 5) return { passed: first.passed, failed: failures.length, failures };
  console.log(`\n== Once more, by themselves: ${[...files.keys()].join(', ')}`);
  const again = await vitestOnce(`${name}-again`, [...files.keys()], env);
  // What no file can be named for is not run again, and stands.
  const standing = [...first.homeless, ...again.failures];
  const elsewhere = first.passed - [...files.values()].reduce((sum, count) => sum + count, 0);
  return { passed: elsewhere + again.passed, failed: standing.length, failures: standing, unsteady: failures.filter((failure) => !first.homeless.includes(failure)) };
}

/** The suites that use a database ran on the embedded one; here they run again, each on a fresh database of a real server. */
async function postgres(): Promise<Result> {
  const { programs, reason } = ensurePostgres();
  const given = process.env['NEURODATA_TEST_DATABASE_URL'];
  if (given === undefined && programs === undefined) {
    console.log(`  skipped: ${reason}`);
    return { passed: 0, failed: 0 };
  }
  const files = globSync('apps/*/{src,test}/**/*.test.ts', { cwd: root }).filter((file) => readFileSync(path.join(root, file), 'utf8').includes('NEURODATA_TEST_DATABASE_URL'));
  const server = given === undefined ? await startPostgres(programs!) : undefined;
  try {
    return await vitest('postgres', files, { NEURODATA_TEST_DATABASE_URL: given ?? server!.url });
  } finally {
    await server?.stop();
  }
}

const parts: Part[] = [
  { name: 'types', title: 'Types', when: 'aside', run: () => check('tsc', ['--noEmit', '-p', 'tsconfig.json']) },
  { name: 'lint', title: 'Lint', when: 'compile', run: () => check('oxlint', ['--deny-warnings']) },
  { name: 'generated', title: 'Generated files are what the sources make', when: 'compile', run: () => check(process.execPath, ['contracts/generate.ts', '--check']) },
  { name: 'contracts', title: 'Contracts', when: 'compile', run: contracts },
  { name: 'coverage', title: 'Lines and branches of the contracts that tests run', when: 'aside', run: coverage },
  { name: 'unit', title: 'Packages and apps', when: 'test', run: () => vitest('unit', ['packages', 'apps', 'scripts', 'bench']) },
  { name: 'postgres', title: 'What uses a database, on PostgreSQL', when: 'test', run: postgres },
  { name: 'e2e', title: 'Whole system and browser', when: 'test', run: async () => { await ensureChrome(); return vitest('e2e', ['e2e']); } },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !parts.some((part) => part.name === name));
if (unknown.length) {
  console.error(`There is no part "${unknown.join('", "')}". Parts: ${parts.map((part) => part.name).join(', ')}.`);
  process.exit(2);
}

type Total = Required<Result>;

function add(total: Total, { passed, failed, failures = [], unsteady = [] }: Result): void {
  total.passed += passed;
  total.failed += failed;
  total.failures.push(...failures);
  total.unsteady.push(...unsteady);
}

async function runParts(some: readonly Part[], total: Total): Promise<void> {
  for (const part of some) {
    const started = performance.now();
    console.log(`\n== ${part.title}`);
    const result = await part.run().catch((error: unknown): Result => {
      console.error(error);
      return { passed: 0, failed: 1 };
    });
    add(total, { ...result, failures: result.failures ?? (result.failed ? [part.title] : []) });
    console.log(`== ${part.title}: ${result.passed} passed, ${result.failed} failed, ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
}

/** Where a process that runs some parts for another one leaves what came of them. */
const resultFile = process.env['NEURODATA_TEST_RESULT'];

/** In a process of its own. */
async function runAside(some: readonly Part[]): Promise<{ output: string; result: Result }> {
  const file = path.join(scratch, 'aside.json');
  const { output } = await run(process.execPath, ['scripts/test.ts', ...some.map(({ name }) => name)], { capture: 'all', env: { NEURODATA_TEST_RESULT: file } });
  try {
    return { output, result: JSON.parse(readFileSync(file, 'utf8')) as Result };
  } catch {
    return { output, result: { passed: 0, failed: 1, failures: [`${some.map(({ title }) => title).join(', ')}: ended without a result`] } };
  }
}

const chosen = parts.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const total: Total = { passed: 0, failed: 0, failures: [], unsteady: [] };
const { compile: compiling = [], aside = [], test: testing = [] } = Object.groupBy(chosen, ({ when }) => when);
if (compiling.length > 0 && aside.length > 0) {
  const [{ output, result }] = await Promise.all([runAside(aside), runParts(compiling, total)]);
  console.log(output.trimEnd());
  add(total, result);
} else {
  await runParts([...compiling, ...aside], total);
}
await runParts(testing, total);
rmSync(scratch, { recursive: true, force: true });
if (resultFile === undefined) {
  for (const [title, lines] of [['Failed once, and were run again', total.unsteady], ['Failed', total.failures]] as const) {
    if (lines.length) console.log(`\n${title}:\n${lines.map((line) => `  ${line}`).join('\n')}`);
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
} else {
  writeFileSync(resultFile, JSON.stringify(total));
}
process.exit(total.failed ? 1 : 0);
