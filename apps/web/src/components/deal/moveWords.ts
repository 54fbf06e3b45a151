import { t } from '../../language/t.ts';
import type { Move } from './dealMoves.ts';

/** What stands on the button of a move. */
export const moveWords: Record<Move, string> = {
  deliver: t`Deliver`, release: t`Release`, releasePart: t`Release a part`, refund: t`Give back`, contest: t`Contest`, split: t`Rule`, escalate: t`Ask jurors`, evidence: t`Add evidence`, poke: t`Settle`,
};
