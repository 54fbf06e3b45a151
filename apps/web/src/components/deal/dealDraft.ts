import type { DemoAccount } from '@neurodata/protocol';
import type { Address } from 'viem';
import { t } from '../../language/t.ts';
import type { OpenDealInput } from '../../queries/deals.ts';
import { typedAmount } from '../token/typedAmount.ts';
import { typedAccount } from '../typedAccount.ts';
import type { TokenUnit } from '../useTokenUnit.ts';

export type MilestoneDraft = { title: string; amount: string; days: string };
/** What the form of a new deal holds, as typed. */
export type DealDraft = { seller: string; text: string; milestones: MilestoneDraft[]; token: string; reviewDays: string; arbiter: 'jurors' | 'account' | 'nobody'; arbiterAccount: string; arbitrationDays: string };

const emptyMilestone: MilestoneDraft = { title: '', amount: '', days: '14' };
const emptyDealDraft: DealDraft = { seller: '', text: '', milestones: [emptyMilestone], token: '', reviewDays: '3', arbiter: 'jurors', arbiterAccount: '', arbitrationDays: '7' };

/** As many as the escrow takes. */
export const MAX_MILESTONES = 16;
const DAY = 86_400;
const MOST_DAYS = { deliver: 730, window: 90 };

export const addMilestone = (draft: DealDraft): DealDraft => ({ ...draft, milestones: [...draft.milestones, { ...emptyMilestone, days: draft.milestones.at(-1)?.days ?? emptyMilestone.days }] });

/** A draft as it was kept as a text; what it lacks, or has in another shape, is empty. */
export function keptDealDraft(text: string): DealDraft {
  try {
    const kept = JSON.parse(text) as Partial<Record<keyof DealDraft, unknown>>;
    const texts = Object.fromEntries(Object.entries(emptyDealDraft).filter(([name, value]) => typeof value === 'string' && typeof kept[name as keyof DealDraft] === 'string').map(([name]) => [name, kept[name as keyof DealDraft]]));
    const arbiter = (['jurors', 'account', 'nobody'] as const).find((one) => one === kept.arbiter) ?? 'jurors';
    const milestones = Array.isArray(kept.milestones) ? kept.milestones.filter(isMilestone).slice(0, MAX_MILESTONES) : [];
    return { ...emptyDealDraft, ...texts, arbiter, milestones: milestones.length > 0 ? milestones : emptyDealDraft.milestones };
  } catch {
    return emptyDealDraft;
  }
}

function isMilestone(value: unknown): value is MilestoneDraft {
  return typeof value === 'object' && value !== null && ['title', 'amount', 'days'].every((name) => typeof (value as Record<string, unknown>)[name] === 'string');
}

/** What is wrong with what was typed; `missing` is said once somebody wants to go on. */
export type Problem = { wrong?: string | undefined; missing?: string };
export type DealProblems = { seller: Problem; text: Problem; token: Problem; reviewDays: Problem; arbiterAccount: Problem; arbitrationDays: Problem; milestones: { title: Problem; amount: Problem; days: Problem }[] };

/** An address of a token, null for NCR, undefined where it is none. */
export function tokenOfDraft({ token }: Pick<DealDraft, 'token'>): Address | null | undefined {
  const text = token.trim();
  if (text === '') return null;
  return /^0x[0-9a-f]{40}$/i.test(text) ? (text as Address) : undefined;
}

type ReadParameters = { people: DemoAccount[] | undefined; own: Address | undefined; /** Of the chosen token. */ unit: TokenUnit | undefined; isAllowed: boolean | undefined };
export type ReadDraft = { problems: DealProblems; total: bigint; /** Where nothing is wrong or missing. */ input: OpenDealInput | undefined };

/** Reads the form: what the deal would be, or what is wrong with which field. */
export function readDealDraft(draft: DealDraft, { people, own, unit, isAllowed }: ReadParameters): ReadDraft {
  const seller = typedAccount({ text: draft.seller, people, own });
  const named = typedAccount({ text: draft.arbiterAccount, people, own });
  const token = tokenOfDraft(draft);
  const parts = draft.milestones.map(({ title, amount, days }) => ({ title: title.trim(), typed: typedAmount({ text: amount, decimals: unit?.decimals ?? 18, unit: unit?.unit ?? '' }), days: typedDays(days, MOST_DAYS.deliver) }));
  const [review, arbitration] = [typedDays(draft.reviewDays, MOST_DAYS.window), typedDays(draft.arbitrationDays, MOST_DAYS.window)];
  const isSame = named.account !== undefined && named.account.toLowerCase() === seller.account?.toLowerCase();
  const problems: DealProblems = {
    seller: { wrong: seller.wrong, ...(seller.account ? {} : { missing: t`Name who delivers.` }) },
    text: draft.text.trim() === '' ? { missing: t`Say what was agreed.` } : {},
    token: { wrong: token === undefined ? t`This is no address of a token.` : isAllowed === false ? t`Deals are not paid in this token.` : undefined },
    reviewDays: review.problem, arbitrationDays: arbitration.problem,
    arbiterAccount: draft.arbiter === 'account' ? { wrong: isSame ? t`The seller cannot rule.` : named.wrong, ...(named.account ? {} : { missing: t`Name who rules.` }) } : {},
    milestones: parts.map(({ title, typed, days }) => ({ title: title === '' ? { missing: t`Name what is delivered.` } : {}, amount: { wrong: typed.wrong, ...(typed.amount === undefined ? { missing: t`Write an amount.` } : {}) }, days: days.problem })),
  };
  const total = parts.reduce((sum, { typed }) => sum + (typed.amount ?? 0n), 0n);
  if (!seller.account || token === undefined || !unit || !isSound(problems)) return { problems, total, input: undefined };
  const arbiter = { jurors: undefined, account: named.account, nobody: null }[draft.arbiter];
  return {
    problems, total,
    input: {
      seller: seller.account, token: token ?? undefined, arbiter, text: draft.text.trim(), reviewWindow: review.days * DAY, arbitrationWindow: arbitration.days * DAY,
      milestones: parts.map(({ title, typed, days }) => ({ title, amount: typed.amount ?? 0n, within: days.days * DAY })),
    },
  };
}

function typedDays(text: string, most: number): { days: number; problem: Problem } {
  const word = text.trim();
  if (word === '') return { days: 0, problem: { missing: t`Write a number of days.` } };
  const days = /^\d{1,4}$/.test(word) ? Number(word) : 0;
  return days >= 1 && days <= most ? { days, problem: {} } : { days: 0, problem: { wrong: t`Write a whole number from 1 to ${most}.` } };
}

function isSound({ milestones, ...fields }: DealProblems): boolean {
  return [...Object.values(fields), ...milestones.flatMap((part) => Object.values(part))].every(({ wrong, missing }) => wrong === undefined && missing === undefined);
}
