import type { ColumnProfile } from '@neurodata/engine';
import { NeuroError, parseNcr } from '@neurodata/protocol';
import type { TokenFacts } from '@neurodata/sdk';
import { pointed, unpointed } from '../../language/format.ts';
import { t } from '../../language/t.ts';
import type { PublishInput, PublishSource } from '../../queries/publish.ts';
import type { PublishDraft } from '../publishDraft.ts';
import { isOpen } from './OpenSwitch.tsx';
import { limitsOf, limitsProblem } from './limits.ts';
import type { SampleKind } from './sampleOf.ts';

/** What the form knows besides what was typed. `token`: that prices are in, where it is not NCR; `isTable`: whether there are rows to train on and to show; `columns`: of the table, once it was read; `tables`: of a folder all of its tables. */
export type Known = { token: TokenFacts | undefined; isTable: boolean; columns?: readonly Pick<ColumnProfile, 'name' | 'kind'>[] | undefined; tables?: readonly { path: string; table: { columns: readonly Pick<ColumnProfile, 'name' | 'kind'>[] } }[] | undefined };

type Priced = 'downloadPrice' | 'computePrice' | 'subscriptionPrice';

/** What is wrong, by the field that it stands beside. */
export type DraftProblems = Partial<Record<Priced | 'purposes' | 'topValues', string>>;

/** Whether training runs can be offered. */
export const canTrain = (draft: PublishDraft, { isTable }: Pick<Known, 'isTable'>): boolean => draft.validatorsMayRead && draft.derivatives && isTable;

/** What keeps a draft from being published, beyond what a browser's own form tells. */
export function draftProblems(draft: PublishDraft, known: Known): DraftProblems {
  const problems: DraftProblems = {};
  for (const name of ['downloadPrice', 'computePrice', 'subscriptionPrice'] as const) {
    try {
      priceOf(draft, known, name);
    } catch {
      problems[name] = t`Write an amount like ${pointed('12.5')}, with at most ${decimalsOf(known, name)} decimals.`;
    }
  }
  const [told, limits] = [topValuesProblem(draft, known), limitsProblem(draft)];
  return { ...problems, ...(told === undefined ? {} : { topValues: told }), ...(limits === undefined ? {} : { purposes: limits }) };
}

/** Names of columns whose commonest values cannot be told: the table has none of that name that holds texts. */
function topValuesProblem({ statistics, topValues }: PublishDraft, { columns, tables = [] }: Known): string | undefined {
  if (!statistics || !columns) return undefined;
  const texts = columns.filter(({ kind }) => kind === 'categorical').map(({ name }) => name);
  const named = new Set(tables.flatMap(({ path, table }) => table.columns.filter(({ kind }) => kind === 'categorical').map(({ name }) => `${path}:${name}`)));
  const stray = listOf(topValues).find((name) => !texts.includes(name) && !named.has(name));
  if (stray === undefined) return undefined;
  return texts.length === 0 ? t`No column of the table holds texts: leave this empty.` : t`The table has no column ${stray} that holds texts. There are ${texts.slice(0, MOST_NAMED).join(', ')}${texts.length > MOST_NAMED ? ' …' : ''}.`;
}

const MOST_NAMED = 8;

/** Runs are paid in NCR whatever the rest is. */
const decimalsOf = ({ token }: Known, name: Priced): number => (token && name !== 'computePrice' ? token.decimals : 18);

/** In base units; undefined where it is not offered. Throws `BAD_INPUT` for what is no amount. */
function priceOf(draft: PublishDraft, known: Known, name: Priced): bigint | undefined {
  const text = unpointed(draft[name]);
  if (text === '' || isOpen(draft) || (name === 'computePrice' && !canTrain(draft, known))) return undefined;
  return known.token && name !== 'computePrice' ? parseTokens(text, known.token) : parseNcr(text);
}

/** "2.5" of a token in its base units; throws BAD_INPUT for what it cannot express. */
function parseTokens(text: string, { decimals, name }: TokenFacts): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  if (!/^\d{1,30}(\.\d+)?$/.test(text) || fraction.length > decimals) throw new NeuroError(t`"${text}" is not an amount of ${name}.`, { code: 'BAD_INPUT', remedy: t`Give a number with at most ${decimals} decimals.` });
  return BigInt(whole + fraction.padEnd(decimals, '0'));
}

const listOf = (text: string): string[] => text.split(',').map((word) => word.trim()).filter(Boolean);

/** The form's texts as values. A draft without {@link draftProblems} does not throw. */
export function inputOf(draft: PublishDraft & { sample: SampleKind }, known: Known, source: PublishSource): PublishInput {
  const [downloadPrice, computePrice, each] = (['downloadPrice', 'computePrice', 'subscriptionPrice'] as const).map((name) => priceOf(draft, known, name));
  const rows = Number(draft.sampleRows);
  const limits = limitsOf(draft);
  return {
    source,
    ...(known.token ? { token: known.token.token } : {}),
    ...(draft.sample === 'none' ? {} : { sample: draft.sample === 'first' ? { rows } : { rows, seed: Number(draft.sampleSeed) } }),
    validatorsMayRead: draft.validatorsMayRead,
    open: isOpen(draft),
    statistics: draft.statistics ? { digits: Number(draft.statisticsDigits), leastRows: Number(draft.leastRows), topOf: listOf(draft.topValues) } : { digits: 0 },
    admits: draft.admits,
    smallestLeaf: Number(draft.smallestLeaf),
    modelShareBps: Math.round(Number(draft.sharePercent) * 100),
    description: {
      title: draft.title.trim(), description: draft.description.trim(), license: draft.license.trim(),
      tags: listOf(draft.tags),
      ...(draft.source.trim() ? { source: draft.source.trim() } : {}),
      ...(draft.category === '' ? {} : { category: draft.category }),
      ...(draft.task === '' ? {} : { task: draft.task }),
      ...(limits ? { limits } : {}),
    },
    ...(downloadPrice === undefined ? {} : { downloadPrice }),
    ...(computePrice === undefined ? {} : { computePrice }),
    ...(each === undefined ? {} : { subscription: { price: each, periodMinutes: Math.round(Number(draft.periodDays) * 1440) } }),
  };
}
