import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { pythonFolder } from '../common/testing/pythonFolder.ts';

const run = promisify(execFile);
const wanted = 'mlcroissant==1.1.1';

/** What the library says of one document: what is wrong, and what could be better. */
export type Verdict = { errors: string[]; warnings: string[] };

/** `load` fetches what the document names, and reads its rows. */
export type Mlcroissant = { validate(files: string[]): Promise<Verdict[]>; load(file: string): Promise<Record<string, unknown>[]> };

const program = String.raw`
import json, logging, math, os, sys, tempfile
os.environ["CROISSANT_CACHE"] = tempfile.mkdtemp()
import mlcroissant as mlc
said = []
class Keep(logging.Handler):
    def emit(self, record): said.append(record.getMessage())
for name in ("absl", None):
    logging.getLogger(name).addHandler(Keep())
def plain(value):
    if isinstance(value, bytes): return value.decode()
    if isinstance(value, float) and math.isnan(value): return None
    return value.item() if hasattr(value, "item") else value
if sys.argv[1] == "load":
    rows = [{key: plain(value) for key, value in row.items()} for row in mlc.Dataset(sys.argv[2]).records("rows")]
    print("ANSWERS" + json.dumps(rows))
    sys.exit(0)
answers = []
for path in sys.argv[2:]:
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
export async function findMlcroissant(): Promise<Mlcroissant | undefined> {
  const folder = await pythonFolder([wanted]);
  if (typeof folder === 'string') return undefined;
  const answer = async (...words: string[]): Promise<unknown> => {
    const { stdout } = await run(folder.python, ['-c', program, ...words], { timeout: 120_000, maxBuffer: 16 * 2 ** 20 });
    return JSON.parse(stdout.slice(stdout.indexOf('ANSWERS') + 'ANSWERS'.length));
  };
  return { validate: (files) => answer('validate', ...files) as Promise<Verdict[]>, load: (file) => answer('load', file) as Promise<Record<string, unknown>[]> };
}
