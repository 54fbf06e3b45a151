import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

export type SecretBox = {
  /** Seals a text for one `place` (who and what it is about): it opens for no other. AES-256-GCM. */
  seal(text: string, place: string): string;
  /** Throws where it was sealed under another key or for another place. */
  open(sealed: string, place: string): string;
  /** HMAC-SHA256: what is kept of short codes, so that the database alone does not give them away. */
  mac(text: string): string;
};

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Keeps texts in a database that somebody may copy, under a key of 32 bytes that lies elsewhere. */
export function createSecretBox(key: Uint8Array): SecretBox {
  const derived = (use: string): Buffer => Buffer.from(hkdfSync('sha256', key, new Uint8Array(), use, 32));
  const [sealing, macing] = [derived('neurodata seal'), derived('neurodata mac')];
  return {
    seal: (text, place) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, sealing, nonce).setAAD(Buffer.from(place));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    open: (sealed, place) => {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv(algorithm, sealing, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes }).setAAD(Buffer.from(place));
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString('utf8');
    },
    mac: (text) => createHmac('sha256', macing).update(text).digest('hex'),
  };
}
