import type { ValidatorStatus } from '@neurodata/sdk';
import type { Address } from 'viem';
import type { Staking } from '../../queries/coin.ts';
import type { Ask } from '../token/SignDialog.tsx';

/** What the chosen wallet brings to a validator's page. */
export type ActionProps = { status: ValidatorStatus; account: Address; balance: bigint; staking: Staking; ask: (ask: Ask, clear?: () => void) => void };
