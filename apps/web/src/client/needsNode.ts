import { firstRoutes } from '@neurodata/protocol';
import { callRoute } from '@neurodata/sdk';
import { askedNode, isStatic, reachOnly, readNode } from './chosenNode.ts';
import { nodeUrl } from './nodeUrl.ts';

/** Milliseconds that a host has to say whether it is a node. */
const DEADLINE_MS = 8_000;

/** Whether a node answers there, and lets this page read what it answers; throws otherwise. */
export async function checkNode(url: string): Promise<void> {
  await callRoute({ url, route: firstRoutes.getConfig, input: {}, deadlineMs: DEADLINE_MS });
}

/**
 * Whether the user is to be asked for a node before anything is shown: where a link names one, which nobody takes silently, and where none
 * was chosen and the site's host is none. Else the page reaches its node only.
 */
export async function needsNode(): Promise<boolean> {
  if (!isStatic) return false;
  if (askedNode(location.href) !== undefined) return true;
  if (readNode() === undefined && !(await checkNode(location.origin).then(() => true, () => false))) return true;
  reachOnly(nodeUrl);
  return false;
}
