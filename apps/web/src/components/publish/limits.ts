import { type Limits, type Use, policyOf, uses } from '@neurodata/protocol';
import { t } from '../../language/t.ts';
import type { PublishDraft } from '../publishDraft.ts';
import { isOpen } from './OpenSwitch.tsx';

type LimitsDraft = Pick<PublishDraft, 'limited' | 'purposes' | 'derivatives' | 'sharing' | 'open' | 'license'>;

/** What the draft forbids besides its licence, as a manifest has it; what is open has no limits. */
export function limitsOf(draft: LimitsDraft): Limits | undefined {
  if (isOpen(draft)) return undefined;
  const limits: Limits = {
    ...(draft.limited ? { uses: uses.filter((use) => draft.purposes.includes(use)) } : {}),
    ...(draft.derivatives ? {} : { noDerivatives: true as const }), ...(draft.sharing ? {} : { noSharing: true as const }),
  };
  return Object.keys(limits).length > 0 ? limits : undefined;
}

/** All uses that licence and limits leave. */
export const admittedUses = (draft: LimitsDraft): readonly Use[] => policyOf({ license: draft.license.trim(), 'nd:limits': limitsOf(draft) }).uses;

/** What is wrong with the limits, as a sentence. */
export function limitsProblem(draft: LimitsDraft): string | undefined {
  if (isOpen(draft)) return undefined;
  if (draft.limited && draft.purposes.length === 0) return t`Choose at least one purpose, or admit all of them.`;
  return admittedUses(draft).length === 0 ? t`The licence ${draft.license.trim()} admits none of these purposes: choose others, or another licence.` : undefined;
}
