import { expect, test } from 'vitest';
import { hpkeSuite } from './shareEnvelope.ts';

const hex = (text: string): ArrayBuffer => Uint8Array.from(Buffer.from(text, 'hex')).buffer;

// RFC 9180, appendix A.2.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305, base mode, sequence numbers 0 and 1.
const vector = {
  info: hex('4f6465206f6e2061204772656369616e2055726e'),
  ikmE: hex('909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b'),
  pkRm: hex('4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a'),
  skRm: hex('8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb'),
  enc: hex('1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a'),
  pt: hex('4265617574792069732074727574682c20747275746820626561757479'),
  messages: [
    { aad: hex('436f756e742d30'), ct: hex('1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28') },
    { aad: hex('436f756e742d31'), ct: hex('6b53c051e4199c518de79594e1c4ab18b96f081549d45ce015be002090bb119e85285337cc95ba5f59992dc98c') },
  ],
};

test('seals as RFC 9180 A.2.1 says', async () => {
  const suite = hpkeSuite();
  const recipientPublicKey = await suite.kem.importKey('raw', vector.pkRm, true);
  const sender = await suite.createSenderContext({ recipientPublicKey, info: vector.info, ekm: vector.ikmE });
  expect(Buffer.from(sender.enc)).toEqual(Buffer.from(vector.enc));
  for (const { aad, ct } of vector.messages) expect(Buffer.from(await sender.seal(vector.pt, aad))).toEqual(Buffer.from(ct));
});

test('opens as RFC 9180 A.2.1 says', async () => {
  const suite = hpkeSuite();
  const recipientKey = await suite.kem.importKey('raw', vector.skRm, false);
  const recipient = await suite.createRecipientContext({ recipientKey, enc: vector.enc, info: vector.info });
  for (const { aad, ct } of vector.messages) expect(Buffer.from(await recipient.open(ct, aad))).toEqual(Buffer.from(vector.pt));
});
