/** Entry of a member's thread in a browser: its setup comes as the first message. */
import { type MemberSetup, memberReady } from './memberMessage.ts';
import { serveMember } from './serveMember.ts';

const scope = globalThis as unknown as { onmessage: ((event: MessageEvent<MemberSetup>) => void) | null; postMessage(message: string): void };
scope.onmessage = ({ data }) => {
  scope.postMessage(memberReady);
  serveMember(data);
};
