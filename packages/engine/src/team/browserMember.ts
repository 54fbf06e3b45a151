/** Entry of a member's thread in a browser: its setup comes as the first message. */
import { type MemberSetup, memberReady } from './memberMessage.ts';
import { serveMember } from './serveMember.ts';

const scope = globalThis as unknown as { addEventListener(type: 'message', listener: (event: MessageEvent<MemberSetup>) => void): void; postMessage(message: string): void };
scope.addEventListener('message', ({ data }) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port, not a window
  serveMember(data, () => scope.postMessage(memberReady)).catch((error: unknown) => scope.postMessage(String(error)));
});
