import { isStatic, readNode } from './chosenNode.ts';

/** The node that this page talks to: the one that the user chose where the site lies on a host of its own, else the one that served it. Pages only: workers are told. */
export const nodeUrl: string = (isStatic ? readNode() : undefined) ?? globalThis.location?.origin ?? '';
