import { SignJWT, jwtVerify } from 'jose';
import type { JWTHeaderParameters } from 'jose';
import type { AccountDeps } from './AccountDeps.ts';

/** Seconds. */
export const accessLifetime = 600;
const alg = 'HS256';
const typ = 'at+jwt';
const issuer = 'neurodata';

export type AccessFacts = { userId: string; sessionId: string };

/** A signed statement who somebody is, in which session (RFC 9068's type). It holds nothing else: roles and the session's state are read when it is used. */
export async function issueAccess(deps: AccountDeps, facts: AccessFacts): Promise<{ access: string; accessExpiresAt: number }> {
  const { kid, secret } = deps.keys.current();
  const accessExpiresAt = deps.now() + accessLifetime;
  const access = await new SignJWT({ sid: facts.sessionId }).setProtectedHeader({ alg, typ, kid }).setSubject(facts.userId)
    .setIssuer(issuer).setAudience(issuer).setIssuedAt(deps.now()).setExpirationTime(accessExpiresAt).sign(secret);
  return { access, accessExpiresAt };
}

/** Undefined for anything but an unexpired one of this node's. The algorithm is ours to choose, never the caller's. */
export async function readAccess(deps: AccountDeps, access: string): Promise<AccessFacts | undefined> {
  const keyOf = (header: JWTHeaderParameters): Uint8Array => {
    const key = header.kid === undefined ? undefined : deps.keys.find(header.kid);
    if (!key) throw new Error('unknown key');
    return key.secret;
  };
  try {
    const { payload } = await jwtVerify(access, keyOf, { algorithms: [alg], typ, issuer, audience: issuer, currentDate: new Date(deps.now() * 1_000), requiredClaims: ['exp', 'sub', 'sid'] });
    return typeof payload.sub === 'string' && typeof payload['sid'] === 'string' ? { userId: payload.sub, sessionId: payload['sid'] } : undefined;
  } catch {
    return undefined;
  }
}
