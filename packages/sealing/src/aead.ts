import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { type Aead, TAG_LENGTH } from './cipher.ts';
import { nativeCrypto } from './native.ts';
import { createWasmAead } from './wasmAead.ts';

export { TAG_LENGTH };

/** The implementation in plain JavaScript: for where nothing faster runs. */
export const portableAead: Aead = {
  seal: (key, nonce, plaintext) => chacha20poly1305(key, nonce).encrypt(plaintext),
  open(key, nonce, sealed) {
    if (sealed.length < TAG_LENGTH) return undefined;
    try {
      return chacha20poly1305(key, nonce).decrypt(sealed);
    } catch {
      return undefined;
    }
  },
};

function createNativeAead(crypto: typeof import('node:crypto')): Aead {
  const options = { authTagLength: TAG_LENGTH };
  const sealPieces = (key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array[] => {
    const cipher = crypto.createCipheriv('chacha20-poly1305', key, nonce, options);
    const sealed = cipher.update(plaintext);
    cipher.final();
    return [plain(sealed), plain(cipher.getAuthTag())];
  };
  return {
    sealPieces,
    seal(key, nonce, plaintext) {
      const sealed = new Uint8Array(plaintext.length + TAG_LENGTH);
      const [bytes, tag] = sealPieces(key, nonce, plaintext) as [Uint8Array, Uint8Array];
      sealed.set(bytes);
      sealed.set(tag, plaintext.length);
      return sealed;
    },
    open(key, nonce, sealed) {
      if (sealed.length < TAG_LENGTH) return undefined;
      const split = sealed.length - TAG_LENGTH;
      const decipher = crypto.createDecipheriv('chacha20-poly1305', key, nonce, options);
      decipher.setAuthTag(sealed.subarray(split));
      const plaintext = decipher.update(sealed.subarray(0, split));
      try {
        decipher.final();
      } catch {
        return undefined;
      }
      return plain(plaintext);
    },
  };
}

/** The same bytes as an array of the language. */
function plain({ buffer, byteOffset, length }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

/** OpenSSL's implementation, about as fast as the machine allows; undefined where there is none. */
export const nativeAead: Aead | undefined =
  nativeCrypto?.getCiphers?.().includes('chacha20-poly1305') ? createNativeAead(nativeCrypto) : undefined;

/** What browsers run. */
export const wasmAead: Aead = createWasmAead(portableAead);

export const aead: Aead = nativeAead ?? wasmAead;
