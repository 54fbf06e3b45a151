import { expect, test } from 'vitest';
import * as protocol from './index.ts';

type Input = { name?: string; type: string; components?: readonly Input[] };
type Item = { type: string; name?: string; inputs?: readonly Input[]; stateMutability?: string };

const all = protocol as unknown as Record<string, readonly Item[] | undefined>;
const functionsOf = (contract: string): Item[] => (all[`${contract}Abi`] ?? []).filter(({ type, stateMutability }) => type === 'function' && (stateMutability === 'nonpayable' || stateMutability === 'payable'));

/** The type at a path of names, through structs. */
function typeAt(inputs: readonly Input[], path: string): string | undefined {
  const [name, ...rest] = path.split('.');
  const input = inputs.find((candidate) => candidate.name === name);
  if (!input || rest.length === 0) return input?.type;
  return typeAt(input.components ?? [], rest.join('.'));
}

test('every sentence is about a function that its contract has, and names arguments that it takes', () => {
  const wrong: string[] = [];
  for (const [contract, sentences] of Object.entries(protocol.callSentences)) {
    for (const [name, sentence] of Object.entries(sentences)) {
      const overloads = functionsOf(contract).filter((item) => item.name === name);
      if (overloads.length === 0) wrong.push(`${contract}.${name}`);
      for (const [, path = '', form] of sentence.matchAll(/\{([\w.]+)(?::(\w+)(?: [a-z ]+)?)?\}/g)) {
        for (const { inputs = [] } of overloads) {
          const type = typeAt(inputs, path);
          const fits = type !== undefined && (form === undefined || type.startsWith('uint') || (form === 'count' && type.endsWith('[]')));
          if (!fits) wrong.push(`${contract}.${name}: ${path} is ${type ?? 'missing'}`);
        }
      }
    }
  }
  expect(wrong).toEqual([]);
});

test('every contract but those that only others call has sentences', () => {
  const contracts = Object.keys(protocol.addressesSchema.shape);
  expect(contracts.filter((contract) => !(contract in protocol.callSentences))).toEqual([]);
});

test('amounts, lists, structs and parts per ten thousand are told in words', () => {
  const to = '0x00000000000000000000000000000000000000aa';
  expect(protocol.explainCall({ contract: 'neuroCoin', functionName: 'transfer', args: { to, value: 12_500_000_000_000_000_000n } })).toBe(`Send 12.5 NCR to ${to}`);
  expect(protocol.explainCall({ contract: 'neuroCoin', functionName: 'approve', args: { spender: to, value: 2n ** 256n - 1n } })).toBe(`Let ${to} take up to unlimited NCR`);
  expect(protocol.explainCall({ contract: 'market', functionName: 'grant', args: { grants: [{}, {}] } })).toBe('Grant 2 key shares to buyers');
  expect(protocol.explainCall({ contract: 'market', functionName: 'grant', args: { grants: [{}] } })).toBe('Grant 1 key share to buyers');
  expect(protocol.explainCall({ contract: 'disputes', functionName: 'joinJury', args: { tickets: 1n } })).toBe('Join the jurors with 1 ticket');
  expect(protocol.explainCall({ contract: 'workers', functionName: 'setOffer', args: { endpoint: '', offer: { cores: 8, pricePerUnit: 10n ** 17n } } })).toBe('Offer 8 cores for 0.1 NCR a unit');
  expect(protocol.explainCall({ contract: 'staking', functionName: 'setRate', args: { rateBps_: 525 } })).toBe('Set the yearly rate on stake to 5.25 %');
});

test('a function without a sentence is told by name and arguments', () => {
  expect(protocol.explainCall({ contract: 'staking', functionName: 'lock', args: { account: '0xaa', amount: 5n } })).toBe('Call lock of staking with account 0xaa, amount 5');
});

test('text from strangers neither breaks lines nor turns them around, and ends', () => {
  const said = protocol.explainCall({ contract: 'governor', functionName: 'propose', args: { description: `Good\n\u202enews ${'x'.repeat(500)}` } });
  expect(said.startsWith('Propose: Good news xxx')).toBe(true);
  expect(said.length).toBeLessThan(200);
});
