import { folderFilesOf } from '@neurodata/protocol';
import type { Manifest } from '@neurodata/protocol';
import { readKeyset, readLogs, readManifest, readVersion } from '@neurodata/sdk';
import type { VersionFacts } from '@neurodata/sdk';
import { bytesToHex } from 'viem';
import type { Hex } from 'viem';
import { DRAWN_BLOCKS, checkDrawnBlocks } from './checkDrawnBlocks.ts';
import { checkInheritance } from './checkInheritance.ts';
import { checkOnnx } from './checkOnnx.ts';
import { checkSchema } from './checkSchema.ts';
import { bindEvidence, drawIndex, expectFact, refuseIfWrong } from './finding.ts';
import type { Finding } from './finding.ts';
import { measureModel } from './measureModel.ts';
import { noteTable, sketchKeysOf } from './noteTable.ts';
import { MAX_CONTENT_BYTES, checkCiphertext, readContent } from './readContent.ts';
import type { CheckContext } from './readContent.ts';
import { checkSealedFiles, readFiles } from './readFiles.ts';
import { openOwnShare, wipeShare } from './openOwnShare.ts';
import type { ValidatorSetup } from './setup.ts';

const SAMPLE_BYTES = 65_536;

/**
 * Checks a version whole: keyset and our share, manifest against the chain, terms against those of what it was made of, ciphertext; and, where the version admits
 * validators, the content and its schema. A model that was uploaded is measured, too.
 *
 * @param subject assetId << 32 | version
 * @throws Refusal where a fact is wrong; anything else where it could not be checked now.
 */
export async function checkVersion(context: CheckContext, subject: Hex): Promise<Finding> {
  const key = BigInt(subject);
  const { client } = context.setup;
  const facts = await readVersion({ client, assetId: Number(key >> 32n), version: Number(key & 0xffff_ffffn) });
  await checkKeyset(context, facts);
  const manifest = await refuseIfWrong('The manifest', readManifest({ client, facts }));
  await checkInheritance({ context, facts, manifest });
  if (!facts.validatorsMayRead) {
    const read = await checkSealed({ context, manifest });
    const { cid, size } = manifest['nd:sealed'];
    const offset = drawIndex({ seed: context.seed, account: context.setup.account, count: Math.max(1, size) });
    const sample: Uint8Array[] = [];
    for await (const piece of client.storage.readFile({ cid, offset, length: SAMPLE_BYTES, signal: context.signal })) sample.push(piece);
    return { verdict: 'accept', evidence: bindEvidence({ roundId: context.roundId, account: context.setup.account, bytes: bytesToHex(Buffer.concat(sample)) }), reason: `keyset, manifest and ${read} are right; the content may not be read` };
  }
  const { plaintext: content, evidence } = await readContent({ context, facts, manifest });
  const { main: plaintext, tables } = await readFiles({ context, manifest, content });
  const table = await checkSchema({ context, facts, manifest, plaintext, tables, sketchKeys: sketchKeysOf(context.setup) });
  if (plaintext) await measureModel({ context, facts, manifest, plaintext });
  if (table) await noteTable({ context, facts, table });
  return { verdict: 'accept', evidence, reason: 'keyset, manifest, ciphertext, content and schema are right' };
}

/** What is sealed against the manifest: whole, or of more than validators read the blocks at drawn places. Says which. */
async function checkSealed({ context, manifest }: { context: CheckContext; manifest: Manifest }): Promise<string> {
  const { cid, size } = manifest['nd:sealed'];
  const files = [{ name: 'The sealed file', cid, size }, ...folderFilesOf(manifest).map((file) => ({ name: `The sealed file of ${JSON.stringify(file.path)}`, cid: file.cid, size: file.sealedSize }))];
  if (files.reduce((sum, file) => sum + file.size, 0) > MAX_CONTENT_BYTES) {
    await checkDrawnBlocks({ context, files });
    return `${DRAWN_BLOCKS} drawn blocks of the ciphertext`;
  }
  await refuseIfWrong('The sealed file', checkCiphertext({ context, manifest }));
  await refuseIfWrong('The folder', checkSealedFiles({ context, manifest }));
  return 'ciphertext';
}

/**
 * Checks the content that a buyer disputes: what was sold is what the chain and the manifest describe. Accept means that
 * the seller is right.
 */
export async function checkOrder(context: CheckContext, orderId: Hex): Promise<Finding> {
  const { client, contracts } = context.setup;
  const order = await client.publicClient.readContract({ ...contracts.market, functionName: 'order', args: [orderId] });
  const { assetId } = await client.publicClient.readContract({ ...contracts.market, functionName: 'listing', args: [order.listingId] });
  const facts = await readVersion({ client, assetId: Number(assetId), version: order.version });
  await checkKeyset(context, facts);
  const manifest = await refuseIfWrong('The manifest', readManifest({ client, facts }));
  const { plaintext: content, evidence } = await readContent({ context, facts, manifest });
  const { main: plaintext, tables } = await readFiles({ context, manifest, content });
  await checkSchema({ context, facts, manifest, plaintext, tables });
  if (plaintext) await checkOnnx({ context, manifest, plaintext });
  return { verdict: 'accept', evidence, reason: 'the content is what was sold' };
}

async function checkKeyset(context: CheckContext, facts: VersionFacts): Promise<void> {
  const { client, validatorId } = context.setup;
  const { keyset } = await refuseIfWrong('The keyset', readKeyset({ client, facts }));
  for (const member of keyset.members) {
    expectFact(await hadKey(context.setup, member), `The keyset seals the share of validator ${member.validatorId} to another key than that validator has.`);
  }
  if (!facts.committee.includes(validatorId)) return;
  const { share } = await refuseIfWrong('Our key share', openOwnShare({ setup: context.setup, facts }));
  wipeShare(share);
}

/** Whether a member's share is sealed to a key that the member has, or had: validators change theirs while a version lives. */
async function hadKey({ client, contracts }: ValidatorSetup, member: { validatorId: number; recipient: Hex }): Promise<boolean> {
  const { publicClient } = client;
  const args = { validatorId: member.validatorId };
  const { encryptionKey } = await publicClient.readContract({ ...contracts.validators, functionName: 'validator', args: [member.validatorId] });
  if (encryptionKey.toLowerCase() === member.recipient) return true;
  const [joined, changed] = await Promise.all([
    readLogs(client, (range) => publicClient.getContractEvents({ ...contracts.validators, ...range, eventName: 'ValidatorRegistered', args, strict: true })),
    readLogs(client, (range) => publicClient.getContractEvents({ ...contracts.validators, ...range, eventName: 'ValidatorKeyChanged', args, strict: true })),
  ]);
  return [...joined, ...changed].some((log) => log.args.encryptionKey.toLowerCase() === member.recipient);
}
