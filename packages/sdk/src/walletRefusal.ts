import { NeuroError } from '@neurodata/protocol';

/** What a wallet's own error means (EIP-1193, EIP-1474), by its number; undefined for numbers that are not about wallets. */
export function walletRefusal(code: unknown, cause?: unknown): NeuroError | undefined {
  switch (code) {
    case 4001: case 5000: case 'ACTION_REJECTED':
      return new NeuroError('You refused this in your wallet.', { code: 'REJECTED', remedy: 'Nothing happened and nothing is lost: ask again whenever you like.', cause });
    case 4100:
      return new NeuroError('Your wallet does not let this page use the account.', { code: 'CONFLICT', remedy: 'Connect it again with the wallet button.', cause });
    case 4200:
      return new NeuroError('Your wallet cannot do this.', { code: 'BAD_INPUT', remedy: 'Use another wallet for it.', cause });
    case 4900: case 4901:
      return new NeuroError('Your wallet has lost its connection to the chain.', { code: 'UNREACHABLE', remedy: 'Open it, see that it is connected, and try again.', retryable: true, cause });
    case -32002:
      return new NeuroError('Your wallet still waits for an answer to an earlier question.', { code: 'CONFLICT', remedy: 'Open it, answer there, and try again.', retryable: true, cause });
    default: return undefined;
  }
}

/** The numbers on an error and on what caused it, outermost first. */
export function walletCodes(error: unknown): unknown[] {
  const codes: unknown[] = [];
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 8; depth += 1) {
    if ('code' in at) codes.push(at.code);
    const { data, cause } = at as { data?: { originalError?: { code?: unknown } }; cause?: unknown };
    if (data?.originalError?.code !== undefined) codes.push(data.originalError.code);
    at = cause;
  }
  return codes;
}

/** What a provider of ours said itself, also where viem has wrapped it. */
function ownError(error: unknown): NeuroError | undefined {
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 8; depth += 1) {
    if (at instanceof NeuroError) return at;
    at = (at as { cause?: unknown }).cause;
  }
  return undefined;
}

/** A wallet's error in words; other errors as they are. */
export function explainWallet(error: unknown): unknown {
  const own = ownError(error);
  if (own) return own;
  for (const code of walletCodes(error)) {
    const refusal = walletRefusal(code, error);
    if (refusal) return refusal;
  }
  return error;
}
