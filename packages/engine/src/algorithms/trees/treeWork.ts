/** Nodes that a row visits on its way through a body's trees, about: `Algorithm.predictionWork` of trees. */
export function treeWork(body: Uint8Array): number {
  return new DataView(body.buffer, body.byteOffset, body.byteLength).getUint32(0, true) * 8;
}
