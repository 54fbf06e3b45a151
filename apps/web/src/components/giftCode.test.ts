import { expect, test } from 'vitest';
import { readGiftCode, writeGiftCode } from './giftCode.ts';

const to = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC';
const recipientKey = `0x${'ab'.repeat(32)}` as const;

test('a code comes back as it was sent, with blanks around it', () => {
  expect(readGiftCode(`  ${writeGiftCode({ to, recipientKey })}\n`)).toEqual({ to, recipientKey });
});

test('what is cut off, mistyped or something else is no code', () => {
  const code = writeGiftCode({ to, recipientKey });
  for (const wrong of ['', to, code.slice(0, -1), `${code}0`, code.replace('3C44', '3D44'), code.replace('gift:', ''), writeGiftCode({ to, recipientKey: `0x${'00'.repeat(32)}` })]) expect(readGiftCode(wrong), wrong).toBeUndefined();
});
