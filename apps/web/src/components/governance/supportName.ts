import type { Support } from '@neurodata/sdk';
import { t } from '../../language/t.ts';

export const supportName: Record<Support, string> = { for: t`For`, against: t`Against`, abstain: t`Abstain` };
