import { type Receipt, type ReceiptBody, receiptBodyDigest, receiptTypes, requestDomain, sha256Hex } from '@neurodata/protocol';
import { type Hex, bytesToHex, concatBytes, hexToBytes, recoverTypedDataAddress } from 'viem';
import { type NeuroClient, accountOf } from './createClient.ts';

/** Signs a receipt's body as its worker (EIP-712 `Receipt`). */
export async function signReceipt(parameters: { client: NeuroClient; body: ReceiptBody }): Promise<Receipt> {
  const { client, body } = parameters;
  const account = accountOf(client);
  const signature = await account.signTypedData(typedReceipt(client, body));
  return { body, worker: account.address, signature };
}

/** Whether the worker named in a receipt signed it. False on a malformed signature. */
export async function isSignedByWorker(parameters: { client: NeuroClient; receipt: Receipt }): Promise<boolean> {
  const { client, receipt } = parameters;
  try {
    const signer = await recoverTypedDataAddress({ ...typedReceipt(client, receipt.body), signature: receipt.signature });
    return signer.toLowerCase() === receipt.worker.toLowerCase();
  } catch {
    return false;
  }
}

function typedReceipt(client: NeuroClient, body: ReceiptBody) {
  const { chainId, addresses } = client.config.deployment;
  return {
    domain: requestDomain({ chainId, market: addresses.market }), types: receiptTypes, primaryType: 'Receipt',
    message: { jobId: body.jobId, receiptDigest: receiptBodyDigest(body) },
  } as const;
}

/** Merkle root over checkpoint digests (RFC 6962, leaf = sha256(0x00 | digest)); undefined for none. */
export function checkpointRootOf(digests: Hex[]): Hex | undefined {
  return digests.length === 0 ? undefined : bytesToHex(subtree(digests.map((digest) => hash(0, hexToBytes(digest)))));
}

/** The audit path of one checkpoint, from its sibling up (RFC 6962, section 2.1.1); undefined where there is no such index. */
export function checkpointPathOf(digests: Hex[], index: number): Hex[] | undefined {
  if (digests[index] === undefined) return undefined;
  return path(digests.map((digest) => hash(0, hexToBytes(digest))), index).map((node) => bytesToHex(node));
}

function path(nodes: Uint8Array[], index: number): Uint8Array[] {
  if (nodes.length === 1) return [];
  const half = halfOf(nodes.length);
  const [left, right] = [nodes.slice(0, half), nodes.slice(half)];
  return index < half ? [...path(left, index), subtree(right)] : [...path(right, index - half), subtree(left)];
}

/** The largest power of two below `count`. */
function halfOf(count: number): number {
  let half = 1;
  while (half * 2 < count) half *= 2;
  return half;
}

function subtree(nodes: Uint8Array[]): Uint8Array {
  const [first] = nodes;
  if (nodes.length === 1 && first) return first;
  const half = halfOf(nodes.length);
  return hash(1, subtree(nodes.slice(0, half)), subtree(nodes.slice(half)));
}

function hash(prefix: number, ...parts: Uint8Array[]): Uint8Array {
  return hexToBytes(sha256Hex(concatBytes([Uint8Array.of(prefix), ...parts])));
}
