import * as fc from 'fast-check';
import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import { sha256 } from 'multiformats/hashes/sha2';
import { expect, test } from 'vitest';
import { cidOfBlock, decodeMessage, encodeMessage, prefixOf } from './message.ts';

const bytes = fc.uint8Array({ maxLength: 200 });
const cid = bytes.chain((data) => fc.boolean().map((old) => ({ data, old }))).map(({ data, old }) => ({ data, old }));
const cidOf = async ({ data, old }: { data: Uint8Array; old: boolean }): Promise<CID> => (old ? CID.createV0(await sha256.digest(data)) : CID.createV1(raw.code, await sha256.digest(data)));
/** Behind the length. */
const body = (encoded: Uint8Array): Uint8Array => encoded.subarray(encoded.findIndex((byte) => byte < 0x80) + 1);

test('messages are read as they were written, and a block has the CID of its bytes', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(cid, fc.boolean(), fc.boolean(), fc.boolean()), { maxLength: 5 }), fc.array(cid, { maxLength: 5 }), fc.array(fc.tuple(cid, fc.boolean()), { maxLength: 5 }), async (wanted, sent, said) => {
    const wants = await Promise.all(wanted.map(async ([of, have, cancel, sayMissing]) => ({ cid: await cidOf(of), have, cancel, sayMissing })));
    const blocks = await Promise.all(sent.map(async (of) => ({ prefix: prefixOf(await cidOf(of)), data: of.data })));
    const presences = await Promise.all(said.map(async ([of, has]) => ({ cid: await cidOf(of), has })));
    const read = decodeMessage(body(encodeMessage({ wants, blocks, presences })));
    expect(read.wants.map((want) => ({ ...want, cid: String(want.cid) }))).toEqual(wants.map((want) => ({ ...want, cid: String(want.cid) })));
    expect(read.presences.map(({ cid: name, has }) => [String(name), has])).toEqual(presences.map(({ cid: name, has }) => [String(name), has]));
    for (const [index, block] of read.blocks.entries()) expect(String(await cidOfBlock(block))).toBe(String(await cidOf(sent[index]!)));
  }), { numRuns: 60 });
});

test('what is no message is refused, whatever it is', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
    try {
      decodeMessage(noise);
    } catch (error) {
      expect(error).toMatchObject({ code: 'MISMATCH' });
    }
  }), { numRuns: 500 });
});
