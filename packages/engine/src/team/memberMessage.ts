import type { DesignSource } from '../prepare/designSource.ts';

/** What a member's thread is started with. */
export type MemberSetup = { module: Uint8Array; mailbox: SharedArrayBuffer; /** Where the members meet; its own number, and how many there are. */ exchange: SharedArrayBuffer; member: number; size: number; source: DesignSource | undefined };

/** Said by a member's thread once it is about to serve. */
export const memberReady = 'ready';
