import type { DemoAccount } from '@neurodata/protocol';
import { zeroAddress } from 'viem';
import { expect, test } from 'vitest';
import { typedAccount } from './typedAccount.ts';

const alice = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8' as const;
const people = [{ name: 'Alice', role: 'buyer', address: alice, privateKey: '0x' } satisfies DemoAccount];
const read = (text: string, own?: typeof alice): ReturnType<typeof typedAccount> => typedAccount({ text, people, own });

test('an account by address or by name', () => {
  expect(read(` ${alice} `)).toEqual({ account: alice });
  expect(read('alice')).toEqual({ account: alice });
  expect(read(alice.toLowerCase())).toEqual({ account: alice.toLowerCase() });
});

test('what is wrong is said; nothing is wrong with an empty field', () => {
  expect(read(' ')).toEqual({ wrong: undefined });
  expect(read('mallory')).toEqual({ wrong: 'This is neither an address nor the name of a demo wallet.' });
  expect(read(alice.replace('C8', 'c8'))).toEqual({ wrong: 'This address is mistyped: its capitals do not fit its digits.' });
  expect(read(zeroAddress)).toEqual({ wrong: 'This address is nobody’s.' });
  expect(read('alice', alice)).toEqual({ wrong: 'This is your own account.' });
});
