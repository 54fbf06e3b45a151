import { expect, test } from 'vitest';
import { typedArgument } from './typedArgument.ts';

const place = (type: string, name = 'amount', contract = 'neuroCoin') => ({ contract, name, type });

test('arguments are typed by their kind, amounts in NCR', () => {
  expect(typedArgument('1,000.5', place('uint256'))).toEqual({ value: '1000500000000000000000' });
  expect(typedArgument('7', place('uint256', 'disputeId', 'disputes'))).toEqual({ value: '7' });
  expect(typedArgument('0x00000000000000000000000000000000000000aa', place('address', 'to'))).toEqual({ value: '0x00000000000000000000000000000000000000aa' });
  expect(typedArgument('true', place('bool', 'allowed'))).toEqual({ value: true });
  expect(typedArgument('', place('string', 'reason'))).toEqual({ value: '' });
  expect(typedArgument('0x12ab', place('bytes32', 'id'))).toEqual({ value: '0x12ab' });
  expect(typedArgument('{"feeBps": 30}', place('tuple', 'params_'))).toEqual({ value: { feeBps: 30 } });
});

test('what is wrong with one is said, and nothing is wrong with an empty field', () => {
  expect(typedArgument('', place('uint256'))).toEqual({ wrong: undefined });
  expect(typedArgument('x', place('uint8', 'ruling', 'disputes')).wrong).toMatch(/whole number/);
  expect(typedArgument('12', place('bytes'))?.wrong).toMatch(/hexadecimal/);
  expect(typedArgument('{', place('tuple[]', 'parts')).wrong).toMatch(/JSON/);
});
