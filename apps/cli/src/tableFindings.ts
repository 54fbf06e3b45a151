import { personalText } from '@neurodata/protocol';
import { type NeuroClient, type ReadTableCheckResult, type ValidatorNotices, readNotices, readTableCheck } from '@neurodata/sdk';
import { clean, table } from './output.ts';

/** What validators found of a dataset, and what they tell its owner alone. */
export type Findings = { check: ReadTableCheckResult | undefined; notices: ValidatorNotices[] };

/** Reads both; where a part is not to be had now, it is left out: the version is published all the same. */
export async function readFindings(client: NeuroClient, asset: { assetId: number; version: number }): Promise<Findings> {
  const [check, notices] = await Promise.all([
    readTableCheck({ client, ...asset }).catch(() => undefined),
    readNotices({ client, ...asset }).catch(() => []),
  ]);
  return { check, notices };
}

/** "very like asset 3 version 1: about 95 % of its rows, found by validators 1, 2, 3", for each. */
export function alikeLines({ alike }: ReadTableCheckResult): string[] {
  return alike.map(({ assetId, version, part, by, sameOwner }) => `${part >= 0.8 ? 'very like' : 'like'} asset ${assetId} version ${version}${sameOwner ? ' of the same owner' : ''}: about ${Math.round(part * 100)} % of the rows, found by validators ${by.join(', ')}`);
}

/** What each validator tells the owner, as a table. */
export function noticesText(notices: readonly ValidatorNotices[]): string {
  const rows = notices.flatMap(({ validatorId, items, problem }) => [
    ...items.flatMap(({ version, personal }) => personal.map(({ column, kind, values }) => [String(validatorId), String(version), clean(column), personalText(kind), String(values)])),
    ...(problem === undefined ? [] : [[String(validatorId), '', '', `no answer: ${clean(problem)}`, '']]),
  ]);
  return table(['validator', 'version', 'column', 'looks like', 'values'], rows, 'The validators found nothing that looks like data about people.');
}

/** What to say after a publication. */
export function findingsText({ check, notices }: Findings): string {
  const lines = check ? alikeLines(check).map((line) => `Validators say that it is ${line}.`) : [];
  const told = notices.some(({ items }) => items.length > 0) ? [`Validators tell you, and nobody else, what looks like data about people:\n${noticesText(notices)}`] : [];
  return [...lines, ...told].join('\n');
}
