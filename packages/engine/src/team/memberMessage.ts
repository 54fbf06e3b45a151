/** What a member's thread is started with. */
export type MemberSetup = { module: Uint8Array; mailbox: SharedArrayBuffer };

/** Said by a member's thread once it is about to serve. */
export const memberReady = 'ready';
