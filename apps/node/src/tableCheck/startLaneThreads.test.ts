import { profileStream } from '@neurodata/engine';
import { expect, test } from 'vitest';
import { startLaneThreads } from './startLaneThreads.ts';

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += 1 << 20) yield bytes.slice(at, at + (1 << 20));
}

const lines = Array.from({ length: 300_000 }, (_, row) => `${row},${(row * 7_919) % 1_000},text ${row % 77} é`).join('\n');

test('threads find what one thread finds, to the last bit', async () => {
  const table = `a,b,c\n${lines}\n`;
  expect(await profileStream(pieces(table), { startLanes: startLaneThreads })).toEqual(await profileStream(pieces(table)));
});

test('what a thread refuses is refused, and names the row', async () => {
  await expect(profileStream(pieces(`a,b,c\n${lines}\n1,2\n`), { startLanes: startLaneThreads })).rejects.toMatchObject({ code: 'RAGGED_ROW', message: expect.stringContaining('Row 300002') });
});
