/**
 * node:crypto where it exists, found at run time so that bundles for the browser never mention it.
 * Undefined in browsers and in runtimes without the ciphers that the callers need.
 */
export const nativeCrypto: typeof import('node:crypto') | undefined =
  typeof process === 'undefined' ? undefined : process.getBuiltinModule?.('node:crypto');
