import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const wanted = 'mlcroissant==1.1.1';

/** What the library says of one document: what is wrong, and what could be better. */
export type Verdict = { errors: string[]; warnings: string[] };

const program = `
import json, logging, sys
import mlcroissant as mlc
said = []
class Keep(logging.Handler):
    def emit(self, record): said.append(record.getMessage())
for name in ("absl", None):
    logging.getLogger(name).addHandler(Keep())
answers = []
for path in sys.argv[1:]:
    said.clear()
    try:
        issues = mlc.Dataset(path).metadata.ctx.issues
        answers.append({"errors": sorted(issues.errors), "warnings": sorted(set(issues.warnings) | set(said))})
    except mlc.ValidationError as error:
        answers.append({"errors": [str(error)], "warnings": sorted(set(said))})
print("ANSWERS" + json.dumps(answers))
`;

/**
 * For tests: the reference library of Croissant in a Python environment of its own, made once for this machine; undefined where there is
 * no Python, or where it cannot be installed.
 */
export async function findMlcroissant(): Promise<((files: string[]) => Promise<Verdict[]>) | undefined> {
  const folder = join(tmpdir(), `neurodata-${wanted}`);
  const python = join(folder, 'bin', 'python');
  if (!existsSync(python)) {
    const making = `${folder}.${process.pid}`;
    try {
      await run('python3', ['-m', 'venv', making], { timeout: 120_000 });
      await run(join(making, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--no-input', '--retries', '1', '--timeout', '15', wanted], { timeout: 400_000 });
      // Another run may have been quicker.
      await rename(making, folder).catch(() => undefined);
    } catch {
      return undefined;
    } finally {
      await rm(making, { recursive: true, force: true });
    }
  }
  return async (files) => {
    const { stdout } = await run(python, ['-c', program, ...files], { timeout: 120_000, maxBuffer: 16 * 2 ** 20 });
    return JSON.parse(stdout.slice(stdout.indexOf('ANSWERS') + 'ANSWERS'.length)) as Verdict[];
  };
}
