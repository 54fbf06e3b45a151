/** One picture of an animation: a WebP file, and for how long it is shown. */
export type Frame = { webp: Buffer; milliseconds: number };

/** What holds pixels in a WebP file; everything else is about them. */
const pixelChunks = new Set(['ALPH', 'VP8 ', 'VP8L']);
const ANIMATION = 0x02;
const ALPHA = 0x10;
/** Each frame covers the one before: no pixel shines through. */
const DO_NOT_BLEND = 0x02;

/**
 * Lays still WebP pictures behind each other as one animated WebP that goes round for ever (https://developers.google.com/speed/webp/docs/riff_container).
 * All have the size of the first. Nothing is encoded again. Throws RangeError for no frames, TypeError for what is no WebP or has another size.
 */
export function animateWebp(frames: Frame[]): Buffer {
  const pictures = frames.map(({ webp, milliseconds }) => ({ ...readStill(webp), milliseconds }));
  const [first] = pictures;
  if (!first) throw new RangeError('An animation has at least one frame.');
  const { width, height } = first;
  const other = pictures.find((picture) => picture.width !== width || picture.height !== height);
  if (other) throw new TypeError(`A frame has ${other.width} × ${other.height} pixels, the first ${width} × ${height}.`);
  const flags = ANIMATION | (pictures.some(({ alpha }) => alpha) ? ALPHA : 0);
  const head = chunk('VP8X', Buffer.concat([Buffer.from([flags, 0, 0, 0]), uint24(width - 1), uint24(height - 1)]));
  // No background, for ever.
  const animation = chunk('ANIM', Buffer.alloc(6));
  const shown = pictures.map(({ pixels, milliseconds }) => chunk('ANMF', Buffer.concat([uint24(0), uint24(0), uint24(width - 1), uint24(height - 1), uint24(milliseconds), Buffer.from([DO_NOT_BLEND]), pixels])));
  return chunk('RIFF', Buffer.concat([Buffer.from('WEBP'), head, animation, ...shown]));
}

type Still = { width: number; height: number; alpha: boolean; pixels: Buffer };

function readStill(file: Buffer): Still {
  if (file.length < 20 || file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WEBP') throw new TypeError('A frame is no WebP picture.');
  const chunks = [...chunksOf(file)].filter(({ name }) => pixelChunks.has(name));
  const image = chunks.find(({ name }) => name !== 'ALPH');
  if (!image) throw new TypeError('A frame has no pixels, or is an animation itself.');
  const { data } = image;
  const [width, height] = image.name === 'VP8L'
    ? [(data.readUInt32LE(1) & 0x3f_ff) + 1, ((data.readUInt32LE(1) >>> 14) & 0x3f_ff) + 1]
    : [data.readUInt16LE(6) & 0x3f_ff, data.readUInt16LE(8) & 0x3f_ff];
  return { width, height, alpha: chunks.length > 1 || image.name === 'VP8L', pixels: Buffer.concat(chunks.map(({ name, data: bytes }) => chunk(name, bytes))) };
}

function* chunksOf(file: Buffer): Generator<{ name: string; data: Buffer }> {
  for (let at = 12; at + 8 <= file.length;) {
    const size = file.readUInt32LE(at + 4);
    yield { name: file.toString('latin1', at, at + 4), data: file.subarray(at + 8, at + 8 + size) };
    at += 8 + size + (size % 2);
  }
}

/** Name, length, bytes, and one more where their number is odd. */
function chunk(name: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(name, 'latin1'), length, data, Buffer.alloc(data.length % 2)]);
}

function uint24(value: number): Buffer {
  const bytes = Buffer.alloc(3);
  bytes.writeUIntLE(value, 0, 3);
  return bytes;
}
