import type { JSX } from 'react';
import { askForNode, isStatic } from '../client/chosenNode.ts';
import { nodeUrl } from '../client/nodeUrl.ts';

/** Which node the site talks to, and the way to another one; nothing where the node itself serves the site. */
export function NodeChange(): JSX.Element | null {
  if (!isStatic) return null;
  return <span>{new URL(nodeUrl).host} <button type="button" onClick={askForNode} className="link">Change node</button></span>;
}
