import type { Evaluation } from '@neurodata/protocol';
import { type ModelCheckState, type ReadModelCheckResult, readModelCheck } from '@neurodata/sdk';
import type { Context, Result } from './context.ts';
import { clean, facts, when } from './output.ts';
import { reportText } from './reportText.ts';

const states: Record<ModelCheckState, string> = {
  other: 'It is no ONNX model: the receipt of its run says what it scores (`models card`).',
  unread: 'Nobody measured it: its publisher lets nobody but buyers read the file.',
  pending: 'Validators are testing it.',
  checked: 'Measured by validators.',
  absent: 'Its round is over, and this node has no measurement of it.',
};

/** What validators measured of an asset's ONNX model, beside what its publisher claims. */
export async function showModelCheck(context: Context, asset: string, { assetVersion }: { assetVersion?: number }): Promise<Result> {
  const found = await readModelCheck({ client: await context.client(), assetId: Number(asset), ...(assetVersion === undefined ? {} : { version: assetVersion }) });
  const failed = found.checks.some(({ body: { report } }) => !report.ran || report.claims.some(({ holds }) => !holds));
  return { value: found, text: checkText(found), failed };
}

/** The state, what was declared, and each measurement; equal ones once, with all who signed them. */
export function checkText({ assetId, version, state, evaluation, checks, leftOut }: ReadModelCheckResult): string {
  const groups = [...Map.groupBy(checks, ({ body }) => JSON.stringify([body.report, body.tableSha256])).values()];
  return [
    facts([['Model', `asset ${assetId} version ${version}`], ['State', states[state]], ['Claimed on', evaluation && tableText(evaluation)], ['Target', evaluation && clean(evaluation.target)], ['Tolerance', evaluation?.tolerance]]),
    ...groups.map((group) => {
      const [first] = group;
      return `\nSigned by validator ${group.map(({ validatorId }) => validatorId).join(', ')}, ${when(Math.max(...group.map(({ body }) => body.measuredAt)))}\n${first ? reportText(first.body.report) : ''}`;
    }),
    ...leftOut.map(({ validatorId, reason }) => `Left out what this node shows of validator ${validatorId}: ${reason}.`),
  ].join('\n');
}

function tableText({ table }: Evaluation): string {
  return table.kind === 'file' ? `${clean(table.fileName)}, published along: ${table.cid}` : `asset ${table.assetId} version ${table.version}`;
}
