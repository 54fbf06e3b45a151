import type { RoundDto } from '@neurodata/protocol';
import { t } from '../language/t.ts';
import { plural } from './Amounts.tsx';

/** "Checked by 2 of 3 validators", and only once they revealed it. */
export function roundSentence(round: RoundDto): string {
  const accepted = round.committee.filter(({ verdict }) => verdict === 'accept').length;
  const rejected = round.committee.filter(({ verdict }) => verdict === 'reject').length;
  const size = round.committee.length;
  if (round.settled && round.verdict === 'accept') return t`Accepted by ${accepted} of ${plural(size, 'validator')}`;
  if (round.settled && round.verdict === 'reject') return t`Rejected by ${rejected} of ${plural(size, 'validator')}`;
  if (round.settled) return t`Closed without a quorum`;
  const committed = round.committee.filter((member) => member.committed).length;
  if (size === 0) return t`Waiting for the committee to be drawn`;
  return accepted + rejected > 0 ? t`${accepted + rejected} of ${size} verdicts revealed` : t`${committed} of ${size} verdicts committed`;
}
