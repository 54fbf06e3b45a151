import type { ListingKind } from '@neurodata/protocol';
import { t } from '../../language/t.ts';

export const offerWords: Record<ListingKind, string> = { download: t`Download`, compute: t`Training run`, subscription: t`Subscription` };
