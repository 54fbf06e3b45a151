import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/** Shares of `contracts/src` that the contract tests run, 0 to 1. */
export type CoverageFigures = { lines: number; branches: number; functions: number };

type Tally = { hit: number; all: number };
/** What the tests leave out of one file: lines, and branches as "line (branch n)". */
type FileCoverage = { file: string; lines: Tally; branches: Tally; functions: Tally; missed: string[] };

/** Reads lcov (https://ltp.sourceforge.net/coverage/lcov/geninfo.1.php), one record for each file. */
export function parseLcov(text: string): FileCoverage[] {
  return text.split('end_of_record').filter((record) => record.includes('SF:')).map((record) => {
    const coverage: FileCoverage = { file: '', lines: { hit: 0, all: 0 }, branches: { hit: 0, all: 0 }, functions: { hit: 0, all: 0 }, missed: [] };
    const count = (tally: Tally, hit: boolean, what: string): void => {
      tally.all += 1;
      if (hit) tally.hit += 1;
      else coverage.missed.push(what);
    };
    for (const entry of record.split('\n')) {
      const [kind = '', rest = ''] = entry.trim().split(/:(.*)/s);
      const [first = '', second = '', third = '', fourth = ''] = rest.split(',');
      if (kind === 'SF') coverage.file = rest;
      if (kind === 'DA') count(coverage.lines, Number(second) > 0, first);
      if (kind === 'BRDA') count(coverage.branches, Number(fourth) > 0, `${first} (branch ${third})`);
      if (kind === 'FNDA') count(coverage.functions, Number(first) > 0, second);
    }
    return coverage;
  });
}

function runForge(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'neurodata-coverage-'));
  try {
    const file = path.join(folder, 'lcov.info');
    const bin = [path.join(root, 'node_modules/.bin'), path.dirname(process.execPath), process.env['PATH']].join(path.delimiter);
    // Coverage turns the optimizer off, so gas figures mean nothing; random walks would make the figure a matter of luck.
    const run = spawnSync('forge', ['coverage', '--report', 'lcov', '--report-file', file, '--no-match-contract', 'Gas|Invariant', '--exclude-tests'], {
      cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 ** 2,
      env: { ...process.env, PATH: bin, NEURODATA_SEQUENCES: '50', FOUNDRY_OUT: path.join(folder, 'out'), FOUNDRY_CACHE_PATH: path.join(folder, 'cache') },
    });
    if (run.error) throw new Error('Cannot run forge. Run `npm ci` with optional dependencies, or install Foundry.', { cause: run.error });
    if (run.status !== 0) throw new Error(`The contract tests fail:\n${(run.stdout + run.stderr).slice(-4_000)}`);
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const percent = ({ hit, all }: Tally): string => (all === 0 ? '' : `${(100 * hit / all).toFixed(1)} %`);

function total(files: readonly FileCoverage[], kind: 'lines' | 'branches' | 'functions'): Tally {
  return files.reduce((sum, file) => ({ hit: sum.hit + file[kind].hit, all: sum.all + file[kind].all }), { hit: 0, all: 0 });
}

/** Prints line and branch coverage of the contracts by their tests, and what is not covered; the last line is JSON. */
export async function run(): Promise<CoverageFigures> {
  const files = parseLcov(runForge()).filter(({ file }) => file.startsWith('contracts/src/')).sort((a, b) => (a.file < b.file ? -1 : 1));
  const line = (name: string, cells: readonly string[]): string => `  ${name.padEnd(44)}${cells.map((cell) => cell.padStart(11)).join('')}`;
  console.log(line('', ['lines', 'branches', 'functions']));
  for (const { file, lines, branches, functions, missed } of files) {
    console.log(line(file, [percent(lines), percent(branches), percent(functions)]));
    if (missed.length > 0) console.log(`      not covered: ${missed.join(', ')}`);
  }
  const [lines, branches, functions] = [total(files, 'lines'), total(files, 'branches'), total(files, 'functions')];
  console.log(line('all', [percent(lines), percent(branches), percent(functions)]));
  const share = ({ hit, all }: Tally): number => Math.round(10_000 * hit / Math.max(1, all)) / 10_000;
  const figures = { lines: share(lines), branches: share(branches), functions: share(functions) };
  console.log(JSON.stringify(figures));
  return figures;
}

if (import.meta.main) await run();
