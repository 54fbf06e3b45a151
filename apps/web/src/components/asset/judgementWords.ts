import { t } from '../../language/t.ts';
import type { Judgement } from '../../queries/mutations.ts';

/** A curator's judgements: on the button, over the dialog, and what comes of each. */
export const judgementWords: Record<Judgement, { button: string; title: string; means: string }> = {
  approve: { button: t`Approve`, title: t`Approve the asset`, means: t`You find it sound. Its listing bond goes back to the owner.` },
  suspend: { button: t`Suspend`, title: t`Suspend the asset`, means: t`No new orders, runs, subscriptions or offers, and lists leave it out. What was bought stays with its buyers. Its owner can appeal to a jury.` },
  reinstate: { button: t`Resume`, title: t`Take the suspension back`, means: t`It can be bought and found again. A listing bond that is still held goes back to the owner.` },
};
