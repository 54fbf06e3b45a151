import type { PrivateOffer } from '@neurodata/protocol';
import { type Address, zeroAddress } from 'viem';

/** The token that an offer is paid in; null: NCR. */
export const tokenOfOffer = ({ token }: Pick<PrivateOffer, 'token'>): Address | null => (token === zeroAddress ? null : token);
