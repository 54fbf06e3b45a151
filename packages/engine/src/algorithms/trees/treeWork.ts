/** Bytes of a body's node. */
const NODE = 12;

/** Nodes that a row visits on its way through a body's trees, about, from their mean size: `Algorithm.predictionWork` of trees. */
export function treeWork(body: Uint8Array): number {
  const trees = new DataView(body.buffer, body.byteOffset, body.byteLength).getUint32(0, true);
  let depth = 2;
  for (let nodes = body.length / NODE / Math.max(trees, 1); nodes >= 1; nodes /= 2) depth += 1;
  return trees * depth;
}
