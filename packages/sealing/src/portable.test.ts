import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleBytes } from '../test/streams.ts';
import { compileAssembly, moduleSource } from '../../../scripts/assembly.ts';
import { cipherModule } from '../build.ts';
import { aead, nativeAead, portableAead, wasmAead } from './aead.ts';
import { aeadModule } from './generated/aeadModule.ts';
import { createSha256, portableSha256 } from './digest.ts';

const anyBytes = fc.uint8Array({ maxLength: 3000 });

test('Node uses OpenSSL, and what browsers use gives the same bytes', () => {
  expect(aead).toBe(nativeAead);
  fc.assert(fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array({ minLength: 12, maxLength: 12 }), anyBytes, (key, nonce, plaintext) => {
    const sealed = portableAead.seal(key, nonce, plaintext);
    expect(sealed).toEqual(aead.seal(key, nonce, plaintext));
    expect(wasmAead.seal(key, nonce, plaintext)).toEqual(sealed);
    expect(portableAead.open(key, nonce, sealed)).toEqual(plaintext);
    expect(wasmAead.open(key, nonce, sealed)).toEqual(plaintext);
    expect(aead.open(key, nonce, sealed)).toEqual(plaintext);
  }));
});

test('all refuse a flipped bit and a short input', () => {
  const key = sampleBytes(32);
  const nonce = sampleBytes(12, 2);
  const sealed = aead.seal(key, nonce, sampleBytes(33));
  for (const { open } of [aead, portableAead, wasmAead]) {
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const flipped = Uint8Array.from(sealed);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(open(key, nonce, flipped)).toBeUndefined();
    }
    for (let length = 0; length < sealed.length; length++) expect(open(key, nonce, sealed.subarray(0, length))).toBeUndefined();
  }
});

test('the module of browsers is what its sources make, imports nothing, and agrees at every length that matters', async () => {
  const module = await compileAssembly(cipherModule);
  expect(readFileSync(new URL('./generated/aeadModule.ts', import.meta.url), 'utf8')).toBe(moduleSource(cipherModule, module));
  expect(Buffer.from(module).toString('base64')).toBe(aeadModule);
  expect(WebAssembly.Module.imports(new WebAssembly.Module(new Uint8Array(module)))).toEqual([]);
  const [key, nonce] = [sampleBytes(32, 3), sampleBytes(12, 4)];
  for (const length of [0, 1, 15, 16, 17, 63, 64, 65, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 200_000]) {
    const plaintext = sampleBytes(length, length);
    const sealed = wasmAead.seal(key, nonce, plaintext);
    expect([length, Buffer.compare(sealed, aead.seal(key, nonce, plaintext))]).toEqual([length, 0]);
    expect([length, Buffer.compare(wasmAead.open(key, nonce, sealed) ?? new Uint8Array(1), plaintext)]).toEqual([length, 0]);
  }
  // Limbs that are all ones, and sums just above the modulus. Source: RFC 8439, appendix A.3.
  const ones = new Uint8Array(1_000).fill(255);
  expect(wasmAead.seal(ones.slice(0, 32), ones.slice(0, 12), ones)).toEqual(aead.seal(ones.slice(0, 32), ones.slice(0, 12), ones));
  expect(() => wasmAead.seal(key.slice(1), nonce, ones)).toThrow(TypeError);
});

test('both give the same sha256, however the bytes are cut', () => {
  fc.assert(fc.property(fc.array(anyBytes, { maxLength: 5 }), (parts) => {
    const [a, b] = [createSha256(), portableSha256()];
    for (const part of parts) {
      a.update(part);
      b.update(part);
    }
    expect(a.digest()).toEqual(b.digest());
  }));
});
