import { checkModel } from '@neurodata/node/modelCheck';
import { NeuroError } from '@neurodata/protocol';
import type { Context, Result } from '../context.ts';
import { clean, colours, facts, table } from '../output.ts';
import { readBytes } from '../publishFile.ts';

export type CheckFileOptions = { data: string; target: string; features?: string[]; claim?: Record<string, number>; timeout: number };

/** Tests an ONNX file as validators test one that is put on sale: in a sandbox, on a table, claims beside measurements. */
export async function checkModelFile(_context: Context, file: string, options: CheckFileOptions): Promise<Result> {
  const { target, features, claim = {}, timeout } = options;
  const [onnx, rows] = await Promise.all([readBytes(file), readBytes(options.data)]);
  const report = await checkModel({ onnx, table: rows, target, claims: claim, timeoutMs: timeout * 1000, ...(features ? { features } : {}) });
  const { signature, refusal, scores, claims } = report;
  const failed = !report.ran || claims.some(({ holds }) => !holds);
  const ports = (list: NonNullable<typeof signature>['inputs']): string => list.slice(0, 12).map(({ name, type, shape }) => `${clean(name)} ${type}[${shape.join(', ')}]`).join('; ') + (list.length > 12 ? `; and ${list.length - 12} more` : '');
  const lines = [
    facts([
      ['Takes', signature && ports(signature.inputs)], ['Gives', signature && ports(signature.outputs)], ['Operators', signature && `${signature.nodes} nodes: ${clean(signature.operators.join(', '))}`],
      ['Refused', refusal && `${clean(refusal.reason)} (${refusal.code})`], ['Measured', report.ran ? `${report.task ?? ''} on ${report.rows ?? 0} rows` : undefined],
    ]),
    ...(report.ran ? [table(['Score', 'Measured', 'Claimed', ''], Object.entries(scores).map(([name, value]) => {
      const claimed = claims.find((one) => one.name === name);
      return [name, value === null ? 'not defined' : value.toFixed(6), claimed ? String(claimed.claimed) : '', claimed ? (claimed.holds ? 'holds' : colours.red('does not hold')) : ''];
    }), 'no scores')] : []),
    ...claims.filter(({ measured }) => measured === null).map(({ name }) => `${clean(name)} was not measured: it is no score of this model, or not defined for these rows.`),
  ];
  return { value: report, text: lines.join('\n'), failed };
}

/** "accuracy=0.9", after those that were given before. */
export function claimOption(text: string, before: Record<string, number> = {}): Record<string, number> {
  const match = /^([A-Za-z][A-Za-z0-9]{0,40})=(-?\d+(?:\.\d+)?)$/.exec(text.trim());
  if (!match) throw new NeuroError(`${text} is no claim.`, { code: 'BAD_INPUT', remedy: 'Write the score\'s name and a number, like accuracy=0.9.' });
  return { ...before, [match[1] ?? '']: Number(match[2]) };
}
