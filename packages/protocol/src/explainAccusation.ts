import { formatNcr } from './amounts.ts';
import type { AccusationState } from './states.ts';

/** How an accusation of a granted share stands, in a sentence about "it", the validator. `lost` in base units of NCR. */
export function explainAccusation(state: AccusationState, lost: bigint): string {
  switch (state) {
    case 'guilty': return lost > 0n ? `The share was false: it lost ${formatNcr(lost)} NCR.` : 'The share was false; it had nothing left at stake to lose.';
    case 'dismissed': return 'Not shown to be false: the accuser lost the bond, and it lost nothing.';
    case 'undecided': return 'No two thirds of the committee agreed: the bond went back, and nobody lost anything else.';
    case 'open': return 'Validators are looking at it; until they are done it cannot leave.';
    default: return 'Nobody has accused it.';
  }
}
