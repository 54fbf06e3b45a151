import { type Aead, TAG_LENGTH } from './cipher.ts';
import { aeadModule } from './generated/aeadModule.ts';

/** Plaintext that fits into the module's memory: a chunk of an age file. */
const MOST_BYTES = 64 * 1024;

type Cipher = { memory: WebAssembly.Memory; keyAt(): number; nonceAt(): number; dataAt(): number; seal(length: number): void; open(length: number): number; wipe(length: number): void };

let cipher: Cipher | undefined;

/**
 * The cipher in WebAssembly, four blocks at a time, over `rest` for longer texts. It is made at the first use; where the page may run no WebAssembly, or the browser has no
 * vectors, `rest` does it all.
 */
export function createWasmAead(rest: Aead): Aead {
  let refused = false;
  const ready = (): Cipher | undefined => {
    if (cipher || refused) return cipher;
    try {
      const module = new WebAssembly.Module(Uint8Array.from(atob(aeadModule), (char) => char.charCodeAt(0)));
      cipher = new WebAssembly.Instance(module).exports as unknown as Cipher;
    } catch {
      refused = true;
    }
    return cipher;
  };
  return {
    seal: (key, nonce, plaintext) => (plaintext.length <= MOST_BYTES ? sealBy(ready(), key, nonce, plaintext) : undefined) ?? rest.seal(key, nonce, plaintext),
    open(key, nonce, sealed) {
      if (sealed.length < TAG_LENGTH) return undefined;
      const by = sealed.length <= MOST_BYTES + TAG_LENGTH ? ready() : undefined;
      return by ? openBy(by, key, nonce, sealed) : rest.open(key, nonce, sealed);
    },
  };
}

function sealBy(by: Cipher | undefined, key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array | undefined {
  if (!by) return undefined;
  const data = put(by, key, nonce, plaintext, plaintext.length + TAG_LENGTH);
  by.seal(plaintext.length);
  const sealed = data.slice();
  by.wipe(data.length);
  return sealed;
}

function openBy(by: Cipher, key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  const data = put(by, key, nonce, sealed, sealed.length);
  const opened = by.open(sealed.length - TAG_LENGTH) === 1 ? data.slice(0, -TAG_LENGTH) : undefined;
  by.wipe(data.length);
  return opened;
}

function put({ memory: { buffer }, keyAt, nonceAt, dataAt }: Cipher, key: Uint8Array, nonce: Uint8Array, bytes: Uint8Array, length: number): Uint8Array {
  if (key.length !== 32 || nonce.length !== 12) throw new TypeError(`ChaCha20-Poly1305 takes a key of 32 bytes and a nonce of 12, not ${key.length} and ${nonce.length}.`);
  new Uint8Array(buffer, keyAt(), 32).set(key);
  new Uint8Array(buffer, nonceAt(), 12).set(nonce);
  const data = new Uint8Array(buffer, dataAt(), length);
  data.set(bytes);
  return data;
}
