import { explanations, NeuroError } from '@neurodata/protocol';
import { awaitReceipt } from '@neurodata/sdk';
import {
  type Abi, type Address, BaseError, decodeErrorResult, encodeDeployData, encodeFunctionData, type Hex, InsufficientFundsError, isHex, keccak256,
  type LocalAccount, NonceTooHighError, NonceTooLowError, type TransactionReceipt, WaitForTransactionReceiptTimeoutError,
} from 'viem';
import type { ChainClients } from './createChainClients.ts';

/** `sentence` says what the call does, for errors: "Fund the reward pool". Value in wei. */
export type WriteCall = { address: Address; abi: Abi; functionName: string; args: readonly unknown[]; value?: bigint; sentence?: string };
export type DeployCall = { abi: Abi; bytecode: Hex; args: readonly unknown[]; sentence?: string };

export type Sender = {
  address: Address;
  /** Sends one contract call and waits for its receipt. Throws NeuroError REVERTED, NO_FUNDS, TIMEOUT or UNREACHABLE. */
  send: (call: WriteCall) => Promise<TransactionReceipt>;
  /** Sends `value` wei of the chain's native coin. Throws as `send` does. */
  pay: (payment: { to: Address; value: bigint }) => Promise<TransactionReceipt>;
  /** Creates a contract; the receipt holds its address. Throws as `send` does. */
  deploy: (call: DeployCall) => Promise<TransactionReceipt>;
};

/** A transaction without nonce and fees, and what it does in words. */
type Request = { call: { to?: Address; data: Hex; value?: bigint }; sentence: string };

const receiptTimeoutMs = 120_000;

function findRevertData(error: unknown): Hex | undefined {
  for (let cause: unknown = error; typeof cause === 'object' && cause !== null; cause = 'cause' in cause ? cause.cause : undefined) {
    if (!('data' in cause)) continue;
    const { data } = cause;
    if (isHex(data)) return data;
    if (typeof data === 'object' && data !== null && 'data' in data && isHex(data.data)) return data.data;
  }
  return undefined;
}

function decodeRevert(data: Hex, abi: Abi): { name: string; text: string } | undefined {
  try {
    const { errorName, args } = decodeErrorResult({ abi, data });
    return { name: errorName, text: `${errorName}(${((args ?? []) as readonly unknown[]).map(String).join(', ')})` };
  } catch {
    return undefined;
  }
}

function revertError(parameters: { sentence: string; data: Hex; abi: Abi; cause: unknown }): NeuroError {
  const { sentence, data, abi, cause } = parameters;
  const decoded = decodeRevert(data, abi);
  const known = decoded === undefined ? undefined : explanations[decoded.name];
  return new NeuroError(`${sentence}: ${known?.message ?? `the contract refused: ${decoded?.text ?? data}.`}`, {
    code: 'REVERTED', details: decoded?.text ?? data, cause, ...(known === undefined ? {} : { remedy: known.remedy }),
  });
}

function explain(error: unknown, sentence: string, abi: Abi): NeuroError {
  if (error instanceof NeuroError) return error;
  const data = findRevertData(error);
  if (data !== undefined && data !== '0x') return revertError({ sentence, data, abi, cause: error });
  if (!(error instanceof BaseError)) return new NeuroError(`${sentence}: ${String(error)}`, { code: 'INTERNAL', cause: error });
  if (error.walk((cause) => cause instanceof InsufficientFundsError) !== null || /insufficient funds/i.test(error.details ?? '')) {
    return new NeuroError(`${sentence}: the account cannot pay for the gas.`, { code: 'NO_FUNDS', remedy: "Send it some of the chain's native coin.", cause: error });
  }
  if (error instanceof WaitForTransactionReceiptTimeoutError) {
    return new NeuroError(`${sentence}: sent, but in no block after ${receiptTimeoutMs / 1_000} s.`, { code: 'TIMEOUT', remedy: 'Look for its receipt before sending it again.', cause: error });
  }
  if (data === '0x' || error.details?.includes('revert')) {
    return new NeuroError(`${sentence}: the contract refused without a reason.`, { code: 'REVERTED', details: error.details, cause: error });
  }
  return new NeuroError(`${sentence}: ${error.shortMessage}`, { code: 'UNREACHABLE', details: error.details, retryable: true, cause: error });
}

/** Whether the nonce that was signed is not the one that the chain expects: nothing has happened then. */
function isNonceError(error: unknown): boolean {
  if (!(error instanceof BaseError)) return false;
  const typed = error.walk((cause) => cause instanceof NonceTooLowError || cause instanceof NonceTooHighError) !== null;
  return typed || /nonce too (low|high)/i.test(error.details ?? '');
}

function createNonces(clients: ChainClients, address: Address): { next: () => Promise<number>; used: () => void; forget: () => void } {
  let known: number | undefined;
  return {
    next: async () => (known ??= await clients.publicClient.getTransactionCount({ address, blockTag: 'pending' })),
    used: () => { if (known !== undefined) known += 1; },
    forget: () => { known = undefined; },
  };
}

type SenderDeps = { clients: ChainClients; account: LocalAccount; nonces: ReturnType<typeof createNonces>; errors: Abi };

async function sign({ clients, account, nonces }: SenderDeps, { call }: Request): Promise<Hex> {
  const { publicClient, chainId } = clients;
  const [estimate, fees, nonce] = await Promise.all([
    publicClient.estimateGas({ account: account.address, ...call }), publicClient.estimateFeesPerGas(), nonces.next(),
  ]);
  // The state may move before the block: the first call after a draw costs more than the estimate.
  const gas = (estimate * 13n) / 10n + 20_000n;
  return account.signTransaction({ type: 'eip1559', chainId, nonce, gas, ...fees, ...call });
}

/** The transaction as it was signed. */
async function submit(deps: SenderDeps, request: Request): Promise<Hex> {
  const { clients: { publicClient }, nonces } = deps;
  for (let tries = 0; ; tries += 1) {
    try {
      const serializedTransaction = await sign(deps, request);
      const hash = keccak256(serializedTransaction);
      await publicClient.sendRawTransaction({ serializedTransaction }).catch(async (error: unknown) => {
        // The answer may have been lost, not the transaction.
        await publicClient.getTransactionReceipt({ hash }).catch(() => { throw error; });
      });
      nonces.used();
      return serializedTransaction;
    } catch (error) {
      nonces.forget();
      if (!isNonceError(error) || tries >= 3) throw error;
    }
  }
}

/** Why a transaction failed in its block: the same call is made again on that block's state. */
async function findRefusal({ clients, account, errors }: SenderDeps, { call, sentence }: Request, receipt: TransactionReceipt): Promise<NeuroError> {
  try {
    await clients.publicClient.call({ account: account.address, ...call, blockNumber: receipt.blockNumber });
  } catch (error) {
    const explained = explain(error, sentence, errors);
    if (explained.code === 'REVERTED') return explained;
  }
  return new NeuroError(`${sentence}: refused in block ${receipt.blockNumber}.`, { code: 'REVERTED', details: receipt.transactionHash, retryable: true });
}

/**
 * Sends the transactions of one account one after the other, counting its nonces here; a nonce that was used elsewhere
 * is noticed and taken anew. Estimates first, so that a refusal is known before anything is signed, by its custom error
 * from `abis`.
 *
 * @example const sender = createSender({ clients, account: privateKeyToAccount(key), abis: [marketAbi] });
 */
export function createSender(parameters: { clients: ChainClients; account: LocalAccount; abis: readonly Abi[] }): Sender {
  const { clients, account, abis } = parameters;
  const errors: Abi = abis.flatMap((abi) => abi.filter((item) => item.type === 'error'));
  const deps: SenderDeps = { clients, account, errors, nonces: createNonces(clients, account.address) };
  let last: Promise<unknown> = Promise.resolve();

  const send = async (request: Request): Promise<TransactionReceipt> => {
    const submitted = last.then(() => submit(deps, request));
    last = submitted.catch(() => undefined);
    try {
      const receipt = await awaitReceipt({ publicClient: clients.publicClient, raw: await submitted, timeoutMs: receiptTimeoutMs });
      if (receipt.status === 'success') return receipt;
      throw await findRefusal(deps, request, receipt);
    } catch (error) {
      throw explain(error, request.sentence, errors);
    }
  };

  return {
    address: account.address,
    send: ({ address, abi, functionName, args, value, sentence = functionName }) => send({
      call: { to: address, data: encodeFunctionData({ abi, functionName, args }), ...(value === undefined ? {} : { value }) }, sentence,
    }),
    pay: ({ to, value }) => send({ call: { to, data: '0x', value }, sentence: 'Send gas money' }),
    deploy: ({ abi, bytecode, args, sentence = 'Deploy a contract' }) => send({ call: { data: encodeDeployData({ abi, bytecode, args }) }, sentence }),
  };
}
