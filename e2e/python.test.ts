import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pythonFolder } from '../apps/node/src/common/testing/pythonFolder.ts';
import { penguinsCsv } from './csv.ts';
import { type Stack, startStack } from './stack.ts';
import { publishPenguins } from './tell.ts';

const minute = 60_000;
const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '..');
const client = path.join(root, 'clients/python');
const system = await run('python3', ['-c', 'import sys; assert sys.version_info >= (3, 10), "Python 3.10 or later is needed"']).then(() => '', (error: Error) => error.message.trim().split('\n').at(-1) ?? 'unknown');
/** Without its packages the client is tested all the same, without DataFrames. */
const packages = system === '' ? await pythonFolder(['pandas==3.1.1', 'pyarrow==26.0.1', 'matplotlib==3.11.2', 'mypy==2.4.1', 'pandas-stubs==3.1.0.261029', 'flit_core==4.2.0']) : system;

let stack: Stack;
let home = '';
let environment: NodeJS.ProcessEnv = {};

type Ran = { stdout: string; stderr: string };
const python = (...words: string[]): Promise<Ran> =>
  run(typeof packages === 'string' ? 'python3' : packages.python, words, { cwd: client, env: environment, maxBuffer: 2 ** 26 }).catch((error: Error & Partial<Ran>) => { throw new Error(`${error.message}\n${error.stdout ?? ''}\n${error.stderr ?? ''}`); });

if (system !== '') {
  test(`the Python client did NOT run here (${system})`, () => expect(system).not.toBe(''));
} else {
  beforeAll(async () => {
    stack = await startStack();
    home = await mkdtemp(path.join(os.tmpdir(), 'neurodata-python-'));
    const { assetId } = await publishPenguins(await stack.client('publisher'), () => undefined);
    const csv = path.join(home, 'penguins.csv');
    await writeFile(csv, penguinsCsv());
    environment = {
      PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH'] ?? ''}`, HOME: home, PYTHONPATH: path.join(client, 'src'), PYTHONDONTWRITEBYTECODE: '1', MPLBACKEND: 'Agg', NEURODATA_URL: stack.node.url,
      NEURODATA_HOME: path.join(home, 'state'), NEURODATA_CLI: path.join(root, 'apps/cli/bin/neurodata.mjs'), NEURODATA_TEST_ASSET: String(assetId), NEURODATA_TEST_CSV: csv,
      ...(process.env['NODE_COMPILE_CACHE'] ? { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] } : {}),
    };
  }, 4 * minute);

  afterAll(async () => {
    await stack?.stop();
    if (home) await rm(home, { recursive: true, force: true });
  });

  const without = typeof packages === 'string' ? `, without pandas and pyarrow: ${packages}` : '';

  test(`what the client does without a market${without}`, async () => {
    expect((await python('-m', 'unittest', '-v', 'tests.test_units')).stderr).toMatch(/Ran 1\d tests[^]*\nOK\n/);
  }, 2 * minute);

  test(`search, purchase, DataFrame, run, verification${without}`, async () => {
    const { stderr } = await python('-m', 'unittest', '-v', 'tests.test_market');
    expect(stderr).toMatch(without === '' ? /Ran 8 tests[^]*\nOK\n$/ : /Ran 8 tests[^]*\nOK \(skipped=2\)\n$/);
  }, 8 * minute);

  test.skipIf(without !== '')(`the notebook runs from top to bottom${without && `: NOT here${without}`}`, async () => {
    const { stdout } = await python('-m', 'tests.run_notebook', path.join(root, 'examples/neurodata.ipynb'));
    const { cells } = JSON.parse(await readFile(path.join(root, 'examples/neurodata.ipynb'), 'utf8')) as { cells: { cell_type: string; outputs?: unknown[] }[] };
    expect(stdout).toMatch(/passed +Re-executed model/);
    expect(stdout.trim().split('\n').at(-1)).toBe(`${cells.filter((cell) => cell.cell_type === 'code').length} cells`);
    expect(cells.flatMap(({ outputs }) => outputs ?? [])).toEqual([]);
  }, 8 * minute);

  test.skipIf(without !== '')(`its types hold, and it is built and installed with them${without && `: NOT here${without}`}`, async () => {
    expect((await python('-m', 'mypy', '--no-incremental', '--cache-dir', path.join(home, 'mypy'))).stdout).toMatch(/^Success: no issues found in \d+ source files\n$/);
    // Building leaves nothing in the checkout.
    const copy = path.join(home, 'copy');
    await cp(client, copy, { recursive: true });
    const target = path.join(home, 'installed');
    await python('-m', 'pip', 'install', '--quiet', '--no-deps', '--no-build-isolation', '--no-index', '--target', target, copy);
    environment = { ...environment, PYTHONPATH: target };
    const { stdout } = await python('-c', "import importlib.metadata as m, importlib.resources as r, neurodata; print(neurodata.__file__, m.version('neurodata'), r.files('neurodata').joinpath('py.typed').is_file(), m.requires('neurodata'))");
    expect(stdout.trim()).toBe(`${path.join(target, 'neurodata/__init__.py')} 0.1.0 True ['pandas>=2 ; extra == "pandas"', 'pyarrow>=15 ; extra == "pandas"']`);
  }, 4 * minute);
}
