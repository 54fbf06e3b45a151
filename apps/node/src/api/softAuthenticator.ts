import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { PasskeyCreated, PasskeySigned, passkeyCreationSchema, passkeyRequestSchema } from '@neurodata/protocol';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import type { z } from 'zod';

type Creation = z.output<typeof passkeyCreationSchema>;
type Request = z.output<typeof passkeyRequestSchema>;
/** What a test makes wrong on purpose. */
export type Bend = { origin?: string; rpId?: string; flags?: number; counter?: number; userHandle?: string; type?: string; challenge?: string };

export type SoftAuthenticator = { create(options: Creation, bend?: Bend): PasskeyCreated; get(options: Request, bend?: Bend): PasskeySigned };

const base64url = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64url');
const sha256 = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest();
/** User present, user verified; and with a new key in it. */
const present = 0x05;
const attested = 0x40;

/** For tests: an authenticator with one ES256 key, as WebAuthn (6.1, 6.5) wants its bytes. It counts its uses. */
export function createSoftAuthenticator(origin: string): SoftAuthenticator {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const id = randomBytes(32);
  let counter = 0;
  let handle: string | undefined;
  const clientData = (type: string, challenge: string, bend: Bend): string => JSON.stringify({ type: bend.type ?? type, challenge: bend.challenge ?? challenge, origin: bend.origin ?? origin, crossOrigin: false });
  const head = (rpId: string, flags: number, bend: Bend): Buffer => {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(bend.counter ?? (counter += 1));
    return Buffer.concat([sha256(bend.rpId ?? rpId), Buffer.from([flags]), count]);
  };
  const facts = { id: base64url(id), rawId: base64url(id), type: 'public-key' } as const;
  return {
    create: (options, bend = {}) => {
      handle = options.user.id;
      const cose = isoCBOR.encode(new Map<number, number | Uint8Array>([[1, 2], [3, -7], [-1, 1], [-2, new Uint8Array(Buffer.from(x, 'base64url'))], [-3, new Uint8Array(Buffer.from(y, 'base64url'))]]));
      const authData = Buffer.concat([head(options.rp.id, (bend.flags ?? present) | attested, bend), Buffer.alloc(16), Buffer.from([0, id.length]), id, cose]);
      const attestation = isoCBOR.encode(new Map<string, string | Uint8Array | Map<string, string>>([['fmt', 'none'], ['attStmt', new Map<string, string>()], ['authData', new Uint8Array(authData)]]));
      return { ...facts, response: { clientDataJSON: base64url(clientData('webauthn.create', options.challenge, bend)), attestationObject: base64url(attestation), transports: ['internal'] } };
    },
    get: (options, bend = {}) => {
      const data = clientData('webauthn.get', options.challenge, bend);
      const authData = head(options.rpId, bend.flags ?? present, bend);
      const signature = sign('sha256', Buffer.concat([authData, sha256(data)]), privateKey);
      const userHandle = bend.userHandle ?? handle;
      return { ...facts, response: { clientDataJSON: base64url(data), authenticatorData: base64url(authData), signature: base64url(signature), ...(userHandle === undefined ? {} : { userHandle }) } };
    },
  };
}
