import { type ErrorCode, NeuroError, explanations, httpStatusByCode } from '@neurodata/protocol';
import { SealingError, type SealingErrorCode } from '@neurodata/sealing';
import { StorageError, type StorageErrorCode } from '@neurodata/storage';
import { type Abi, BaseError, ContractFunctionRevertedError, HttpRequestError, InsufficientFundsError, ResourceUnavailableRpcError, TimeoutError, UserRejectedRequestError, WaitForTransactionReceiptTimeoutError } from 'viem';
import { contractAbis } from './contractAbis.ts';
import { walletRefusal } from './walletRefusal.ts';

/** Every custom error of the system: a call may revert in a contract behind the one that was called. */
export const errorsAbi: Abi = Object.values(contractAbis).flatMap((abi) => abi.filter((item) => item.type === 'error'));

const sealingCodes: Record<SealingErrorCode, ErrorCode> = {
  WRONG_KEY: 'NO_KEY', TRUNCATED: 'CONTENT_MISMATCH', TAMPERED: 'CONTENT_MISMATCH', BAD_HEADER: 'CONTENT_MISMATCH', BAD_KEY: 'BAD_INPUT',
  BAD_SHARE: 'CONTENT_MISMATCH', NOT_ENOUGH_SHARES: 'TOO_FEW_VALIDATORS', BAD_KEYSET: 'CONTENT_MISMATCH', CONTENT_MISMATCH: 'CONTENT_MISMATCH', BAD_ARGUMENT: 'BAD_INPUT',
};
const storageCodes: Record<StorageErrorCode, ErrorCode> = {
  NOT_FOUND: 'NOT_FOUND', TIMEOUT: 'TIMEOUT', MISMATCH: 'CONTENT_MISMATCH', TOO_LARGE: 'TOO_LARGE', UNSUPPORTED: 'BAD_INPUT', UNREACHABLE: 'UNREACHABLE',
};

/** Any thrown value as the project's one error: storage, sealing and chain errors get a stable code and keep their words. */
export function toNeuroError(error: unknown): NeuroError {
  if (error instanceof NeuroError) return error;
  if (error instanceof SealingError) return new NeuroError(error.message, { code: sealingCodes[error.code], cause: error });
  if (error instanceof StorageError) return new NeuroError(error.message, { code: storageCodes[error.code], retryable: error.retryable, cause: error });
  if (error instanceof BaseError) return chainError(error);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code in httpStatusByCode) return new NeuroError(error.message, { code: error.code as ErrorCode, cause: error });
  return new NeuroError(error instanceof Error ? error.message : String(error), { code: 'INTERNAL', cause: error });
}

function chainError(error: BaseError): NeuroError {
  const refused = error.walk((cause) => cause instanceof UserRejectedRequestError) && walletRefusal(4001, error);
  if (refused) return refused;
  const reverted = error.walk((cause) => cause instanceof ContractFunctionRevertedError);
  if (reverted instanceof ContractFunctionRevertedError) return revertError(reverted, error);
  if (error.walk((cause) => cause instanceof InsufficientFundsError)) {
    return new NeuroError('The account cannot pay for the gas of this transaction.', { code: 'NO_FUNDS', remedy: "Send it some of the chain's native coin first.", cause: error });
  }
  if (error.walk((cause) => cause instanceof WaitForTransactionReceiptTimeoutError || cause instanceof TimeoutError)) {
    return new NeuroError('The chain did not answer in time.', { code: 'TIMEOUT', remedy: 'Try again.', retryable: true, cause: error });
  }
  if (error.walk((cause) => cause instanceof HttpRequestError)) {
    return new NeuroError("The chain's RPC cannot be reached.", { code: 'UNREACHABLE', remedy: 'Check that the node runs.', retryable: true, cause: error });
  }
  // What a gateway answers while the chain behind it does not.
  if (error.walk((cause) => cause instanceof ResourceUnavailableRpcError)) {
    return new NeuroError('The node does not reach the chain now.', { code: 'UNREACHABLE', remedy: 'Try again in a moment.', retryable: true, details: error.details, cause: error });
  }
  return new NeuroError(error.shortMessage, { code: 'INTERNAL', details: error.details, cause: error });
}

function revertError(reverted: ContractFunctionRevertedError, cause: BaseError): NeuroError {
  const name = reverted.data?.errorName ?? 'Error';
  const known = explanations[name];
  const details = `${name}(${(reverted.data?.args ?? []).map(String).join(', ')})`;
  if (name === 'ERC20InsufficientBalance') return new NeuroError(known?.message ?? name, { code: 'NO_FUNDS', ...(known ? { remedy: known.remedy } : {}), details, cause });
  if (known) return new NeuroError(known.message, { code: 'REVERTED', remedy: known.remedy, details, cause });
  return new NeuroError(`The contract refused: ${reverted.data ? details : (reverted.reason ?? reverted.shortMessage)}.`, { code: 'REVERTED', details, cause });
}
