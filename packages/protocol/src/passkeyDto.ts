import { z } from 'zod';
import { secondsSchema } from './schemas.ts';

/** Bytes as WebAuthn's JSON forms write them. */
const bytesSchema = (most: number) => z.string().max(most).regex(/^[\w-]*$/, 'expected base64url');
const credentialIdSchema = bytesSchema(1_400).min(16);
/** How an authenticator can be reached: `internal`, `usb`, `hybrid` and others to come. */
const transportsSchema = z.array(z.string().max(32)).max(16);
const descriptorSchema = z.object({ id: z.string(), type: z.literal('public-key'), transports: z.array(z.string()).optional() });

/** A passkey of a user: what tells it from others, never what it signs with. */
export const passkeySchema = z.object({
  passkeyId: z.string(),
  name: z.string(),
  /** The host that it signs in to. */
  host: z.string(),
  /** Whether it is copied to other devices of its owner. */
  synced: z.boolean(),
  createdAt: secondsSchema,
  usedAt: secondsSchema.nullable(),
});
export type Passkey = z.output<typeof passkeySchema>;

/** What `navigator.credentials.create` is asked (WebAuthn, PublicKeyCredentialCreationOptionsJSON). */
export const passkeyCreationSchema = z.object({
  challenge: z.string(),
  rp: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  pubKeyCredParams: z.array(z.object({ type: z.literal('public-key'), alg: z.number().int() })),
  timeout: z.number().int(),
  excludeCredentials: z.array(descriptorSchema),
  authenticatorSelection: z.object({ residentKey: z.literal('required'), requireResidentKey: z.literal(true), userVerification: z.literal('required') }),
  attestation: z.literal('none'),
});

/** What `navigator.credentials.get` is asked. No account is named: the browser offers those that it has for the host. */
export const passkeyRequestSchema = z.object({ challenge: z.string(), rpId: z.string(), timeout: z.number().int(), userVerification: z.literal('required') });

const credential = { id: credentialIdSchema, rawId: credentialIdSchema, type: z.literal('public-key'), authenticatorAttachment: z.string().max(32).optional() };

/** What the browser answers when a passkey is made (RegistrationResponseJSON). */
export const passkeyCreatedSchema = z.object({
  ...credential, response: z.object({ clientDataJSON: bytesSchema(4_000), attestationObject: bytesSchema(16_000), transports: transportsSchema.optional() }),
});
export type PasskeyCreated = z.output<typeof passkeyCreatedSchema>;

/** What it answers when one signs in (AuthenticationResponseJSON). */
export const passkeySignedSchema = z.object({
  ...credential, response: z.object({ clientDataJSON: bytesSchema(4_000), authenticatorData: bytesSchema(4_000), signature: bytesSchema(2_000), userHandle: bytesSchema(100).optional() }),
});
export type PasskeySigned = z.output<typeof passkeySignedSchema>;
