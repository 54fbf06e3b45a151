import { NeuroError } from '@neurodata/protocol';
import {
  type Abi, type AccessList, type Address, type Chain, type ContractFunctionArgs, type ContractFunctionName, type Hex, type LocalAccount, type PublicClient, type TransactionReceipt, type Transport,
  BaseError, NonceTooLowError, WaitForTransactionReceiptTimeoutError, createWalletClient, encodeFunctionData, keccak256, parseEventLogs,
} from 'viem';
import { awaitReceipt, isAway } from './awaitReceipt.ts';
import { awaitSent } from './awaitSent.ts';
import { contractAbis } from './contractAbis.ts';
import { errorsAbi, toNeuroError } from './errors.ts';
import type { Signer, Signing, WalletAccount } from './signer.ts';
import { failureOf } from './tellSigning.ts';

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
 * Throws `REVERTED`, `NO_FUNDS`, `REJECTED` where the wallet's owner refused, or `TIMEOUT` with the hash in `details`.
 */
export type Send = <const abi extends Abi, name extends ContractFunctionName<abi, Writable>>(call: Call<abi, name>) => Promise<Sent>;

type SendDeps = {
  publicClient: PublicClient;
  chain: Chain;
  transport: Transport;
  account: Signer | undefined;
  /** Who is to be told how a transaction stands: `asked` once it has passed the simulation. */
  teller?: ((call: AnyCall, account: Address) => Tell) | undefined;
  /** Resolves once the node's rows hold a block, so that what was just done can be read back. */
  indexed: (block: bigint) => Promise<void>;
};
type Request = { address: Address; abi: Abi; functionName: string; args: readonly unknown[]; accessList?: AccessList };
/** A call whose contract is not known to the compiler. */
export type AnyCall = Request & { sentence: string };

type Tell = (news: Partial<Signing> & Pick<Signing, 'state'>) => void;
/** What was sent, and how its receipt is waited for. */
type Submitted = { hash: Hex; timeoutMs: number; receipt: () => Promise<TransactionReceipt> };

const RECEIPT_TIMEOUT_MS = 90_000;
/** Fees are the wallet's to choose, and its owner may have chosen patience. */
const WALLET_TIMEOUT_MS = 600_000;
const eventsAbi: Abi = Object.values(contractAbis).flatMap((abi) => abi.filter((item) => item.type === 'event'));

export function createSend(deps: SendDeps): Send {
  // One at a time per client, so that two calls never sign the same nonce.
  let last: Promise<unknown> = Promise.resolve();
  return (call) => {
    const { account } = deps;
    if (!account) return Promise.reject(new NeuroError(`"${call.sentence}" needs an account, and none is connected.`, { code: 'BAD_INPUT', remedy: 'Choose an account first.' }));
    const any = call as unknown as AnyCall;
    const tell: Tell = deps.teller?.(any, account.address) ?? (() => undefined);
    let asked = false;
    const ask = (): void => { asked = true; tell({ state: 'asked' }); };
    const submitted = last.then(() => (account.type === 'wallet' ? submitByWallet(deps, account, any, ask) : submit({ ...deps, account }, any, ask)));
    last = submitted.catch(() => undefined);
    let first: Hex | undefined;
    const done = submitted.then((sent) => {
      first = sent.hash;
      tell({ state: 'sent', hash: sent.hash });
      return finish(deps, any, sent);
    });
    return done.then((sent) => {
      tell({ state: 'confirmed', hash: sent.hash, block: Number(sent.block), repriced: sent.hash !== first });
      return sent;
    }, (error: unknown) => {
      // What was refused before anything was asked is the caller's to show.
      if (asked) tell(failureOf(error, first !== undefined));
      throw error;
    });
  };
}

/** Simulates, and gives the gas to send it with. */
async function tryOut(publicClient: PublicClient, request: Request & { account: Address | LocalAccount }): Promise<bigint> {
  await publicClient.simulateContract(request);
  // State may move between the estimate and the block: a draw that falls to this call costs more, and so do the first
  // rewards of a pool, which fill several empty slots. Gas that is not used is not paid.
  return ((await publicClient.estimateContractGas(request)) * 13n) / 10n + 120_000n;
}

/** Signs here and sends: the signed bytes can be handed in again. */
async function submit(deps: SendDeps & { account: LocalAccount }, call: AnyCall, ask: () => void): Promise<Submitted> {
  const { publicClient, account, chain, transport } = deps;
  const request = { ...requestOf(call), account };
  try {
    const gas = await tryOut(publicClient, request);
    const wallet = createWalletClient({ account, chain, transport });
    const { address: to, accessList } = request;
    ask();
    const raw = await retryNonce(async () => {
      const prepared = await wallet.prepareTransactionRequest({ to, data: encodeFunctionData(request), gas, ...(accessList ? { accessList } : {}) });
      const signed = await wallet.signTransaction(prepared);
      await wallet.sendRawTransaction({ serializedTransaction: signed }).catch((error: unknown) => {
        // The answer may have been lost, not the transaction: whoever waits for it hands it in again.
        if (!isAway(error)) throw error;
      });
      return signed;
    });
    return { hash: keccak256(raw), timeoutMs: RECEIPT_TIMEOUT_MS, receipt: () => awaitReceipt({ publicClient, raw, timeoutMs: RECEIPT_TIMEOUT_MS }) };
  } catch (error) {
    throw explained(error, call);
  }
}

/** Has the wallet sign and send. Slots paid for beforehand are left out: not every wallet takes such transactions. */
async function submitByWallet(deps: SendDeps, account: WalletAccount, call: AnyCall, ask: () => void): Promise<Submitted> {
  const { publicClient } = deps;
  const { accessList: _, ...request } = requestOf(call);
  try {
    const gas = await tryOut(publicClient, { ...request, account: account.address });
    await checkGas(publicClient, account.address, gas);
    ask();
    const hash = await account.sendTransaction({ to: request.address, data: encodeFunctionData(request), gas });
    return { hash, timeoutMs: WALLET_TIMEOUT_MS, receipt: () => awaitSent({ publicClient, hash, timeoutMs: WALLET_TIMEOUT_MS }) };
  } catch (error) {
    throw explained(error, call);
  }
}

/** Wallets say little about an account that cannot pay. */
async function checkGas(publicClient: PublicClient, address: Address, gas: bigint): Promise<void> {
  const [balance, price] = await Promise.all([publicClient.getBalance({ address }), publicClient.getGasPrice()]);
  if (balance >= gas * price) return;
  throw new NeuroError('The account cannot pay for the gas of this transaction.', { code: 'NO_FUNDS', remedy: "Send it some of the chain's native coin first.", details: address });
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

async function finish(deps: SendDeps, call: AnyCall, sent: Submitted): Promise<Sent> {
  const receipt = await waitForReceipt(call, sent);
  const hash = receipt.transactionHash;
  if (receipt.status !== 'success') throw await revertReason(deps, call, hash);
  const logs = parseEventLogs({ abi: eventsAbi, logs: receipt.logs, strict: false }).map(({ address, eventName, args }) => ({ address, eventName: String(eventName), args: (args ?? {}) as Record<string, unknown> }));
  await deps.indexed(receipt.blockNumber);
  return { hash, gasUsed: receipt.gasUsed, block: receipt.blockNumber, logs, receipt };
}

async function waitForReceipt(call: AnyCall, { hash, timeoutMs, receipt }: Submitted): Promise<TransactionReceipt> {
  try {
    return await receipt();
  } catch (error) {
    if (error instanceof WaitForTransactionReceiptTimeoutError) {
      throw new NeuroError(`"${call.sentence}" was sent and is not in a block after ${timeoutMs / 1000} s.`, {
        code: 'TIMEOUT', remedy: 'Look for its transaction before you send it again.', details: hash, retryable: true, cause: error,
      });
    }
    throw explained(error, call, hash);
  }
}

async function revertReason(deps: SendDeps, call: AnyCall, hash: Hex): Promise<NeuroError> {
  try {
    await deps.publicClient.simulateContract({ ...requestOf(call), ...(deps.account ? { account: deps.account.address } : {}) });
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
