import { getAddress } from 'viem';
import type { Address, Hex } from 'viem';
import { customType } from 'drizzle-orm/pg-core';

/** Base units: numeric(78,0), a bigint in code. */
export const amount = customType<{ data: bigint; driverData: bigint | string }>({
  dataType: () => 'numeric(78,0)',
  toDriver: (value) => value.toString(),
  fromDriver: (value) => BigInt(value),
});

/** int8 that stays far below 2^53: block numbers, seconds, ids. */
export const whole = customType<{ data: number; driverData: bigint | number }>({
  dataType: () => 'bigint',
  toDriver: (value) => value,
  fromDriver: (value) => Number(value),
});

/** Hex of any length, always lower case. */
export const hex = customType<{ data: Hex; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => value.toLowerCase(),
  fromDriver: (value) => value as Hex,
});

/** An address, always checksummed. */
export const address = customType<{ data: Address; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => getAddress(value),
  fromDriver: (value) => value as Address,
});
