import { expect } from 'vitest';
import type { SignedIn } from '@neurodata/protocol';
import type { Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import type { PrivateKeyAccount } from 'viem/accounts';
import type { ServedApi } from './testing.ts';

export type Answer = { status: number; headers: Headers; value: unknown };

export const password = 'correct horse battery';

export const codeOf = ({ status, value }: Answer): [number, unknown] => [status, (value as { code?: unknown }).code];

export const freshWallet = (): PrivateKeyAccount => privateKeyToAccount(generatePrivateKey());

/** For tests: how a client talks to the API about users, and reads their mail. */
export function createUserClient(served: () => ServedApi) {
  let people = 0;
  async function send(method: string, path: string, options: { body?: unknown; access?: string | undefined; headers?: Record<string, string> } = {}): Promise<Answer> {
    const { body, access, headers = {} } = options;
    const init = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const response = await fetch(`${served().api.url}${path}`, {
      method, ...init, headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(access ? { authorization: `Bearer ${access}` } : {}), ...headers },
    });
    return { status: response.status, headers: response.headers, value: await response.json() };
  }
  const post = (path: string, body: unknown, access?: string): Promise<Answer> => send('POST', `/api/v1/auth/${path}`, { body, access });

  async function mails(to: string): Promise<{ subject: string; text: string }[]> {
    await served().accounts.settled();
    return (await served().accounts.listMailbox()).filter((mail) => mail.to === to);
  }

  /** The code behind `#` in the newest mail to somebody. */
  async function codeFor(to: string): Promise<string> {
    return /#(?:verify|reset)=(\S+)/.exec((await mails(to))[0]?.text ?? '')?.[1] ?? 'no-code-in-any-mail-there';
  }

  /** What a wallet makes of the node's message: to sign in, or, with `access`, to be linked. */
  async function signedBy(wallet: PrivateKeyAccount, access?: string): Promise<{ message: string; signature: Hex }> {
    const { value } = await post(access ? 'wallet/link/begin' : 'wallet/connect', { address: wallet.address }, access);
    const { message } = value as { message: string };
    return { message, signature: await wallet.signMessage({ message }) };
  }

  async function makeKey({ access }: SignedIn, options: { scopes?: string[]; expiresAt?: number } = {}): Promise<{ key: string; item: { keyId: string } }> {
    return (await post('keys', { name: 'a program', scopes: ['profile:read'], ...options }, access)).value as { key: string; item: { keyId: string } };
  }

  async function signUp(email = `person${people += 1}@example.org`): Promise<SignedIn & { refresh: string; email: string }> {
    await post('register', { email, password });
    const { value, status } = await post('verify', { code: await codeFor(email), password });
    expect(status).toBe(200);
    return { ...(value as SignedIn & { refresh: string }), email };
  }
  return { send, post, mails, codeFor, signedBy, makeKey, signUp };
}
