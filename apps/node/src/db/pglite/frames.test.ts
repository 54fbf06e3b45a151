import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutBatches, endsIdle, errorAnswer, greeting } from './frames.ts';

const frame = (type: string, body: Uint8Array): Buffer => {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
};

test('batches come out whole, however the bytes are cut on the way', () => {
  const message = fc.tuple(fc.constantFrom('P', 'B', 'D', 'E', 'S', 'Q', 'H', 'C'), fc.uint8Array({ maxLength: 40 }));
  fc.assert(fc.property(fc.array(message, { maxLength: 30 }), fc.array(fc.nat(50), { minLength: 1, maxLength: 20 }), (messages, steps) => {
    const frames = messages.map(([type, body]) => frame(type, body));
    const all = Buffer.concat(frames);
    const batches: Buffer[] = [];
    let rest: Buffer = Buffer.alloc(0);
    for (let at = 0, turn = 0; at < all.length; turn += 1) {
      const size = 1 + steps[turn % steps.length]!;
      const cut = cutBatches(Buffer.concat([rest, all.subarray(at, at + size)]));
      batches.push(...cut.batches);
      rest = cut.rest;
      at += size;
    }
    expect(Buffer.concat([...batches, rest])).toEqual(all);
    const ends = messages.filter(([type]) => 'SQH'.includes(type)).length;
    expect(batches).toHaveLength(ends);
  }));
});

test('Terminate ends the stream; only a ready and idle answer frees the session', () => {
  expect(cutBatches(Buffer.concat([frame('S', Buffer.alloc(0)), frame('X', Buffer.alloc(0))]))).toMatchObject({ batches: [frame('S', Buffer.alloc(0))], ended: true });
  expect([endsIdle(greeting), endsIdle(errorAnswer('no')), endsIdle(frame('Z', Buffer.from('T'))), endsIdle(frame('Z', Buffer.from('I'))), endsIdle(Buffer.alloc(0))]).toEqual([true, true, false, true, false]);
});
