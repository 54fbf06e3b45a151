import type { BoardSplit } from '@neurodata/protocol';
import { pointed } from '../../language/format.ts';
import { t } from '../../language/t.ts';
import { type Draft, hasTarget } from './draft.ts';

/** Whether the run shall count, as far as the form knows: the split is read from the chain first. */
export type BoardChoice = 'counts' | 'off' | 'no-board' | 'reading' | 'not-fixed' | 'unreadable';

/** What of the leaderboard holds for a draft. `split` is undefined while it is read. */
export function boardChoice(draft: Pick<Draft, 'task' | 'onBoard'>, split: BoardSplit | undefined, failed: boolean): BoardChoice {
  if (!hasTarget(draft.task)) return 'no-board';
  if (!draft.onBoard) return 'off';
  if (split) return split.fixed ? 'counts' : 'not-fixed';
  return failed ? 'unreadable' : 'reading';
}

/** The draft with the leaderboard's split in place of what was typed, where the run shall count. */
export function withBoard(draft: Draft, choice: BoardChoice, split: BoardSplit | undefined): Draft {
  if (choice !== 'counts' || !split?.fixed) return draft;
  return { ...draft, seed: String(split.split.seed), testFraction: pointed(String(split.split.testFraction)) };
}

/** What keeps a run from being started until the reader decides otherwise. While the split is read, the button waits. */
export const boardProblems: Partial<Record<BoardChoice, string>> = {
  unreadable: t`The leaderboard’s split could not be read: switch “Count on the leaderboard” off to train on another one.`,
};
