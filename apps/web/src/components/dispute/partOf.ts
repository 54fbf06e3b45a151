import type { DisputeDto } from '@neurodata/protocol';
import { t } from '../../language/t.ts';

type About = { dispute: Pick<DisputeDto, 'rounds'>; parties: { buyer?: string; seller?: string; owner?: string } };

/** What an account is to a dispute, in a word; undefined for everybody else. */
export function partOf(account: string, { dispute, parties: { buyer, seller, owner } }: About): string | undefined {
  const is = (other: string | undefined): boolean => other?.toLowerCase() === account.toLowerCase();
  if (is(buyer)) return t`buyer`;
  if (is(seller)) return t`seller`;
  if (is(owner)) return t`owner`;
  return dispute.rounds.some(({ seats }) => seats.some(({ juror }) => is(juror))) ? t`juror` : undefined;
}
