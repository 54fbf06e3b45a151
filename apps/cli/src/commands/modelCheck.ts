import { checkModel } from '@neurodata/node/modelCheck';
import { NeuroError } from '@neurodata/protocol';
import type { Context, Result } from '../context.ts';
import { readBytes } from '../readBytes.ts';
import { reportText } from '../reportText.ts';

export { checkModel };

export type CheckFileOptions = { data?: string; target?: string; features?: string[]; input?: Record<string, string>; claim?: Record<string, number>; tolerance?: number; timeout: number };

/** Tests an ONNX file as validators test one that is put on sale: in a sandbox, on a table, claims beside measurements. */
export async function checkModelFile(_context: Context, file: string, options: CheckFileOptions): Promise<Result> {
  const { data, target, features, input, claim = {}, tolerance, timeout } = options;
  if (data === undefined || target === undefined) throw new NeuroError(`To test ${file}, a table and its target are needed.`, { code: 'BAD_INPUT', remedy: 'Add --data rows.csv --target column; or give the number of an asset to see what validators measured.' });
  const [onnx, rows] = await Promise.all([readBytes(file), readBytes(data)]);
  const report = await checkModel({ onnx, table: rows, target, claims: claim, timeoutMs: timeout * 1000, ...(features ? { features } : {}), ...(input ? { inputs: input } : {}), ...(tolerance === undefined ? {} : { tolerance }) });
  return { value: report, text: reportText(report), failed: !report.ran || report.claims.some(({ holds }) => !holds) };
}

/** "accuracy=0.9", after those that were given before. */
export function claimOption(text: string, before: Record<string, number> = {}): Record<string, number> {
  const match = /^([A-Za-z][A-Za-z0-9]{0,40})=(-?\d+(?:\.\d+)?)$/.exec(text.trim());
  if (!match) throw new NeuroError(`${text} is no claim.`, { code: 'BAD_INPUT', remedy: 'Write the score\'s name and a number, like accuracy=0.9.' });
  return { ...before, [match[1] ?? '']: Number(match[2]) };
}

/** "x1=Beak Length (mm)", after those that were given before. */
export function inputOption(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new NeuroError(`${text} names no input and column.`, { code: 'BAD_INPUT', remedy: 'Write the model\'s input and the table\'s column, like x1=height.' });
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
