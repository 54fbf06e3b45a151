import { type Config, type Use, formatNcr, useWords } from '@neurodata/protocol';
import { type Address, type TypedDataDomain, getAddress, isAddress } from 'viem';
import { contractNameOf } from './decodeCall.ts';
import type { ReadableData } from './signer.ts';
import { spendingSentence } from './spendingSentence.ts';

/** EIP-712 typed data whose shape is not known to the compiler. */
export type AnyTypedData = { domain?: TypedDataDomain | undefined; types: Record<string, unknown>; primaryType: string; message?: Record<string, unknown> };

type Message = Record<string, unknown>;
type Reading = { config: Pick<Config, 'deployment'>; domain: TypedDataDomain };

/** Fields of Unix seconds. */
const times = new Set(['deadline', 'expiry', 'expiresAt', 'signedAt', 'askedAt']);

/** What signing the data does, in a sentence, and all that is signed, by name: the same that a wallet shows, in words. */
export function describeTypedData(parameters: { config: Pick<Config, 'deployment'>; typed: AnyTypedData }): ReadableData {
  const { config, typed } = parameters;
  const { domain = {}, message = {} } = typed;
  const reading = { config, domain };
  return {
    sentence: (sentences[typed.primaryType] ?? unknownData(typed.primaryType))(message, reading),
    domain: [
      ...(domain.name === undefined ? [] : [['For', `${domain.name}${domain.version ? `, version ${domain.version}` : ''}`] as [string, string]]),
      ...(domain.chainId === undefined ? [] : [['Chain', String(domain.chainId)] as [string, string]]),
      ...(domain.verifyingContract === undefined ? [] : [['Checked by', place(config, domain.verifyingContract)] as [string, string]]),
    ],
    fields: Object.entries(message).map(([name, value]) => [name, shown(reading, typed.primaryType, name, value)]),
  };
}

const until = (seconds: unknown): string => new Date(Number(seconds) * 1000).toISOString().slice(0, 16).replace('T', ' ').concat(' UTC');

/** A contract of the system by its name, anything else by its address. */
function place(config: Pick<Config, 'deployment'>, address: unknown): string {
  if (typeof address !== 'string' || !isAddress(address, { strict: false })) return String(address);
  const name = contractNameOf(config, address as Address);
  return name ? `${name} (${getAddress(address)})` : getAddress(address);
}

/** An amount of the token whose contract checks the signature. */
function amount({ config, domain }: Reading, value: unknown): string {
  if (contractNameOf(config, domain.verifyingContract) === 'neuroCoin') return `${formatNcr(BigInt(value as bigint), 18)} NCR`;
  return `${String(value)} base units of ${domain.name ?? domain.verifyingContract}`;
}

const sentences: Record<string, (message: Message, reading: Reading) => string> = {
  Permit: (message, reading) => spendingSentence({ config: reading.config, spender: message['spender'] as Address, amount: amount(reading, message['value']) }),
  ShareRequest: ({ assetId, version, validatorId }) => `Ask validator ${validatorId} for its part of the key to asset ${assetId}, version ${version}`,
  AccessLogRequest: ({ assetId, validatorId }) => `Ask validator ${validatorId} who wanted the key to your asset ${assetId}`,
  PurposesRequest: ({ assetId, validatorId }) => `Ask validator ${validatorId} what buyers of your asset ${assetId} promised`,
  NoticeRequest: ({ assetId, validatorId }) => `Ask validator ${validatorId} what it noticed in your asset ${assetId}`,
  Offer: ({ assetId, version, buyer }) => `Offer asset ${assetId}, version ${version}, to ${buyer} alone`,
  Acceptance: ({ offerHash }) => `Accept the private offer ${offerHash}`,
  SellerReply: ({ orderId }) => `Answer the review of order ${orderId}`,
  Purpose: ({ proofId, assetId, use, sharesResult }) => `Promise that ${String(proofId).startsWith('0x04') ? 'subscription' : 'order'} ${proofId} of asset ${assetId} is for ${useWords[use as Use] ?? use} only, and that what comes of it ${sharesResult ? 'may be' : 'is not'} passed on`,
  Cancel: ({ dealId }) => `Agree to end deal ${dealId}`,
  ValidatorIdentity: () => "Make this validator's sealing identity: whoever has the signature can open its key shares",
};

const unknownData = (primaryType: string) => (): string => `Sign a statement (${primaryType})`;

function shown(reading: Reading, primaryType: string, name: string, value: unknown): string {
  if (times.has(name) && (typeof value === 'bigint' || typeof value === 'number')) return until(value);
  if (primaryType === 'Permit' && name === 'value') return amount(reading, value);
  if (typeof value === 'string' && isAddress(value, { strict: false })) return place(reading.config, value);
  if (typeof value === 'object' && value !== null) return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner));
  return String(value);
}
