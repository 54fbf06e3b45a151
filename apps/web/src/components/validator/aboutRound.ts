import { type Network, type RoundDto, roundSubject } from '@neurodata/protocol';
import { t } from '../../language/t.ts';

/** What a round is about, in words, and the page of that. */
export function aboutRound(round: Pick<RoundDto, 'kind' | 'subject'>, keysets: Network['keysets']): { name: string; path: string } {
  const about = roundSubject(round);
  if (about.noun === 'grant') return { name: t`A key share that validator ${about.validatorId} granted`, path: `/validators/${about.validatorId}` };
  if (about.noun !== 'asset') return about.noun === 'order' ? { name: t`A disputed order`, path: `/orders/${about.id}` } : { name: round.kind === 'step' ? t`A step of a run` : t`A run`, path: `/runs/${about.id}` };
  const { assetId, version } = about;
  const known = keysets.find((one) => one.assetId === assetId && one.version === version);
  return { name: known ? t`Version ${version} of “${known.title}”` : t`Version ${version} of asset ${assetId}`, path: `/${known?.kind ?? 'dataset'}s/${assetId}?tab=versions` };
}
