/**
 * Static analysis of the contracts: `npm run security-check`. Slither where Python 3 can install it into a folder under
 * node_modules/.cache, else solhint's security rules. Every finding is fixed or explained in docs/security-findings.md;
 * one that is neither fails the command.
 */
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** `where`: contract, function and variable, joined by dots; for solhint the file. `text` says it in words. */
type Finding = { check: string; where: string; impact: string; text: string };
type Explanation = { check: string; where: string };

const root = path.resolve(import.meta.dirname, '..');
const cache = path.join(root, 'node_modules/.cache');
const explained = path.join(root, 'docs/security-findings.md');
const slitherVersion = '0.11.6';
const solhintVersion = '6.2.4';
const minute = 60_000;

function run(command: string, args: readonly string[], env: Record<string, string> = {}): SpawnSyncReturns<string> {
  const bin = [path.join(root, 'node_modules/.bin'), path.dirname(process.execPath), process.env['PATH']].join(path.delimiter);
  return spawnSync(command, args, { cwd: root, encoding: 'utf8', timeout: 10 * minute, maxBuffer: 256 * 1024 ** 2, env: { ...process.env, PATH: bin, ...env } });
}

/** The slither of this project's own virtual environment, installed if it is not there; undefined where that fails. */
function ensureSlither(): string | undefined {
  const folder = path.join(cache, `slither-${slitherVersion}`);
  const program = path.join(folder, 'bin/slither');
  if (run(program, ['--version']).status === 0) return program;
  console.log(`Installing slither ${slitherVersion} into node_modules/.cache …`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  for (const [command, args] of [['python3', ['-m', 'venv', folder]], [path.join(folder, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', `slither-analyzer==${slitherVersion}`]]] as const) {
    const result = run(command, args);
    if (result.status !== 0) {
      const why = result.error?.message ?? result.stderr.trim().split('\n').at(-1) ?? '';
      console.log(`Slither cannot be installed (${why}); using solhint. To have slither: Python 3.9 or later with venv and pip, and a way to a package registry.`);
      rmSync(folder, { recursive: true, force: true });
      return undefined;
    }
  }
  return run(program, ['--version']).status === 0 ? program : undefined;
}

type SlitherElement = { name: string; type: string; type_specific_fields?: { parent?: SlitherElement } };
type SlitherReport = { success: boolean; error: string | null; results: { detectors?: { check: string; impact: string; description: string; elements: SlitherElement[] }[] } };

function nameOf(element: SlitherElement | undefined): string {
  if (element === undefined) return '';
  const parent = nameOf(element.type_specific_fields?.parent);
  return parent === '' || element.type_specific_fields?.parent?.type === 'file' ? element.name : `${parent}.${element.name}`;
}

function runSlither(program: string): Finding[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'neurodata-slither-'));
  try {
    const report = path.join(folder, 'report.json');
    const args = ['.', '--json', report, '--filter-paths', 'node_modules|contracts/test', '--exclude-dependencies', '--exclude-optimization'];
    const result = run(program, args, { FOUNDRY_OUT: path.join(folder, 'out'), FOUNDRY_CACHE_PATH: path.join(folder, 'cache') });
    if (!existsSync(report)) throw new Error(`Slither made no report:\n${result.stderr.slice(-3_000)}`);
    const { success, error, results } = JSON.parse(readFileSync(report, 'utf8')) as SlitherReport;
    if (!success) throw new Error(`Slither failed: ${error ?? 'without a word'}`);
    return (results.detectors ?? []).map(({ check, impact, description, elements: [first] }) => ({ check, impact, where: nameOf(first), text: description.trim() }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const solhintRules = [
  'avoid-call-value', 'avoid-low-level-calls', 'avoid-sha3', 'avoid-suicide', 'avoid-throw', 'avoid-tx-origin', 'check-send-result', 'multiple-sends',
  'not-rely-on-block-hash', 'not-rely-on-time', 'reentrancy', 'state-visibility', 'no-unused-vars',
];
type SolhintMessage = { ruleId: string; line: number; message: string; filePath: string; severity: string };

function runSolhint(): Finding[] {
  const folder = path.join(cache, `solhint-${solhintVersion}`);
  const program = path.join(folder, 'node_modules/.bin/solhint');
  if (!existsSync(program)) {
    console.log(`Installing solhint ${solhintVersion} into node_modules/.cache …`);
    mkdirSync(folder, { recursive: true });
    const result = run('npm', ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', `solhint@${solhintVersion}`]);
    if (result.status !== 0) throw new Error(`Neither slither nor solhint can be installed:\n${result.stderr.slice(-1_000)}\nConnect this machine to a package registry and run it again.`);
  }
  const config = path.join(folder, 'config.json');
  writeFileSync(config, JSON.stringify({ rules: Object.fromEntries(solhintRules.map((rule) => [rule, 'error'])) }));
  const result = run(program, ['--formatter', 'json', '--config', config, 'contracts/src/**/*.sol']);
  const start = result.stdout.indexOf('[');
  if (start < 0) throw new Error(`solhint made no report:\n${result.stdout}${result.stderr}`);
  const report = JSON.parse(result.stdout.slice(start, result.stdout.lastIndexOf(']') + 1)) as (SolhintMessage | { conclusion: string })[];
  return report.filter((entry) => 'ruleId' in entry).map(({ ruleId, line, message, filePath, severity }) => ({
    check: `solhint/${ruleId}`, impact: severity, where: path.basename(filePath, '.sol'), text: `${filePath}:${line} ${message}`,
  }));
}

/** Rows "| `check` | `where` | reason |" of the document; `where` may end in `*`. */
function readExplanations(): Explanation[] {
  const rows = readFileSync(explained, 'utf8').matchAll(/^\| `([^`]+)` \| `([^`]+)` \| (.*\S) *\|$/gm);
  return [...rows].map(([, check = '', where = '']) => ({ check, where }));
}

function covers(explanation: Explanation, finding: Finding): boolean {
  const { check, where } = explanation;
  return check === finding.check && (where.endsWith('*') ? finding.where.startsWith(where.slice(0, -1)) : finding.where === where);
}

const slither = ensureSlither();
const findings = slither === undefined ? runSolhint() : runSlither(slither);
const explanations = readExplanations();
const open = findings.filter((finding) => !explanations.some((explanation) => covers(explanation, finding)));
const stale = explanations.filter((explanation) => explanation.check.startsWith('solhint/') === (slither === undefined) && !findings.some((finding) => covers(explanation, finding)));

for (const { check, impact, where, text } of open) console.error(`\n${impact}: ${check} in ${where}\n${text}`);
for (const { check, where } of stale) console.log(`No longer found, so its row may go: ${check} in ${where}`);
console.log(`\n${slither === undefined ? `solhint ${solhintVersion}` : `slither ${slitherVersion}`}: ${findings.length} findings, ${findings.length - open.length} explained in docs/security-findings.md, ${open.length} open`);
if (open.length > 0) {
  console.error('Fix each, or explain it in docs/security-findings.md in a row "| `check` | `where` | reason |".');
  process.exit(1);
}
