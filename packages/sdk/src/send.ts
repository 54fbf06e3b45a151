import { NeuroError } from '@neurodata/protocol';
import {
  type Abi, type AccessList, type Address, type Chain, type ContractFunctionArgs, type ContractFunctionName, type Hex, type LocalAccount, type PublicClient, type TransactionReceipt, type Transport,
  BaseError, NonceTooLowError, WaitForTransactionReceiptTimeoutError, createWalletClient, encodeFunctionData, keccak256, parseEventLogs,
} from 'viem';
import { awaitReceipt, isAway } from './awaitReceipt.ts';
import { contractAbis } from './contractAbis.ts';
import { errorsAbi, toNeuroError } from './errors.ts';

type Writable = 'nonpayable' | 'payable';

/** A contract call that changes state. `sentence` says what it does, e.g. "Buy listing 3", for prompts and errors. */
export type Call<abi extends Abi = Abi, name extends ContractFunctionName<abi, Writable> = ContractFunctionName<abi, Writable>> = {
  address: Address;
  abi: abi;
  functionName: name;
  args: ContractFunctionArgs<abi, Writable, name>;
  sentence: string;
  /** Slots that are paid for beforehand, where that is cheaper (EIP-2930). */
  accessList?: AccessList;
};

export type DecodedLog = { address: Address; eventName: string; args: Record<string, unknown> };

/** A transaction that succeeded. `logs` are the events of the system's contracts, decoded. */
export type Sent = { hash: Hex; gasUsed: bigint; block: bigint; logs: DecodedLog[]; receipt: TransactionReceipt };

/**
 * Simulates, so that a refusal is explained before anything is signed; then signs, sends and waits.
 * Throws `REVERTED`, `NO_FUNDS`, or `TIMEOUT` with the hash in `details`.
 */
export type Send = <const abi extends Abi, name extends ContractFunctionName<abi, Writable>>(call: Call<abi, name>) => Promise<Sent>;

type SendDeps = {
  publicClient: PublicClient;
  chain: Chain;
  transport: Transport;
  account: LocalAccount | undefined;
  /** Resolves once the node's rows hold a block, so that what was just done can be read back. */
  indexed: (block: bigint) => Promise<void>;
};
type Request = { address: Address; abi: Abi; functionName: string; args: readonly unknown[]; accessList?: AccessList };
/** A call whose contract is not known to the compiler. */
export type AnyCall = Request & { sentence: string };

const RECEIPT_TIMEOUT_MS = 90_000;
const eventsAbi: Abi = Object.values(contractAbis).flatMap((abi) => abi.filter((item) => item.type === 'event'));

export function createSend(deps: SendDeps): Send {
  // One at a time per client, so that two calls never sign the same nonce.
  let last: Promise<unknown> = Promise.resolve();
  return (call) => {
    const { account } = deps;
    if (!account) return Promise.reject(new NeuroError(`"${call.sentence}" needs an account, and none is connected.`, { code: 'BAD_INPUT', remedy: 'Choose an account first.' }));
    const any = call as unknown as AnyCall;
    const submitted = last.then(() => submit({ ...deps, account }, any));
    last = submitted.catch(() => undefined);
    return submitted.then((raw) => finish(deps, any, raw));
  };
}

/** The transaction as it was signed. */
async function submit(deps: SendDeps & { account: LocalAccount }, call: AnyCall): Promise<Hex> {
  const { publicClient, account, chain, transport } = deps;
  const request = { ...requestOf(call), account };
  try {
    await publicClient.simulateContract(request);
    // State may move between the estimate and the block: a draw that falls to this call costs more, and so do the first
    // rewards of a pool, which fill several empty slots. Gas that is not used is not paid.
    const gas = ((await publicClient.estimateContractGas(request)) * 13n) / 10n + 120_000n;
    const wallet = createWalletClient({ account, chain, transport });
    const { address: to, accessList } = request;
    return await retryNonce(async () => {
      const prepared = await wallet.prepareTransactionRequest({ to, data: encodeFunctionData(request), gas, ...(accessList ? { accessList } : {}) });
      const raw = await wallet.signTransaction(prepared);
      await wallet.sendRawTransaction({ serializedTransaction: raw }).catch((error: unknown) => {
        // The answer may have been lost, not the transaction: whoever waits for it hands it in again.
        if (!isAway(error)) throw error;
      });
      return raw;
    });
  } catch (error) {
    throw explained(error, call);
  }
}

/** The call as viem takes it, with every error of the system, so that a revert is understood. */
export function requestOf(call: AnyCall): Request {
  const { address, abi, functionName, args, accessList } = call;
  return { address, abi: [...abi, ...errorsAbi], functionName, args, ...(accessList === undefined ? {} : { accessList }) };
}

/** Another process may use the same account: its transaction takes our nonce, and ours never ran. */
async function retryNonce<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      const taken = error instanceof BaseError && error.walk((cause) => cause instanceof NonceTooLowError) !== null;
      if (!taken || attempt === 3) throw error;
    }
  }
}

async function finish(deps: SendDeps, call: AnyCall, raw: Hex): Promise<Sent> {
  const hash = keccak256(raw);
  const receipt = await waitForReceipt(deps.publicClient, call, raw);
  if (receipt.status !== 'success') throw await revertReason(deps, call, hash);
  const logs = parseEventLogs({ abi: eventsAbi, logs: receipt.logs, strict: false }).map(({ address, eventName, args }) => ({ address, eventName: String(eventName), args: (args ?? {}) as Record<string, unknown> }));
  await deps.indexed(receipt.blockNumber);
  return { hash, gasUsed: receipt.gasUsed, block: receipt.blockNumber, logs, receipt };
}

async function waitForReceipt(publicClient: PublicClient, call: AnyCall, raw: Hex): Promise<TransactionReceipt> {
  const hash = keccak256(raw);
  try {
    return await awaitReceipt({ publicClient, raw, timeoutMs: RECEIPT_TIMEOUT_MS });
  } catch (error) {
    if (error instanceof WaitForTransactionReceiptTimeoutError) {
      throw new NeuroError(`"${call.sentence}" was sent and is not in a block after ${RECEIPT_TIMEOUT_MS / 1000} s.`, {
        code: 'TIMEOUT', remedy: 'Look for its transaction before you send it again.', details: hash, retryable: true, cause: error,
      });
    }
    throw explained(error, call, hash);
  }
}

async function revertReason(deps: SendDeps, call: AnyCall, hash: Hex): Promise<NeuroError> {
  try {
    await deps.publicClient.simulateContract({ ...requestOf(call), ...(deps.account ? { account: deps.account } : {}) });
  } catch (error) {
    return explained(error, call, hash);
  }
  return new NeuroError(`"${call.sentence}" was refused in its block, and would pass now.`, { code: 'REVERTED', remedy: 'Send it again.', details: hash, retryable: true });
}

/** What went wrong, in the words of the call. */
export function explained(error: unknown, call: AnyCall, hash?: Hex): NeuroError {
  const { message, code, remedy, details, retryable } = toNeuroError(error);
  const short = remedy && message.endsWith(remedy) ? message.slice(0, -remedy.length).trimEnd() : message;
  const facts = [details, hash].filter((fact) => fact !== undefined && fact !== '').join(' ');
  return new NeuroError(`${call.sentence}: ${short}`, { code, ...(remedy ? { remedy } : {}), ...(facts ? { details: facts } : {}), retryable, cause: error });
}
