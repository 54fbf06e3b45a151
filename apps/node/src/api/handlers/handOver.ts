import type { SignedIn } from '@neurodata/protocol';
import type { Opened } from '../../accounts/index.ts';
import type { Door } from './Handler.ts';

/** The refresh credential goes into the cookie or into the answer, never into both. */
export function handOver(door: Door, opened: Opened, cookie: boolean | undefined): SignedIn {
  const { refresh, refreshExpiresAt, ...answer } = opened;
  if (!cookie) return { ...answer, refresh };
  door.setRefresh({ refresh, refreshExpiresAt });
  return answer;
}
