/** Reads ranges of 64 KiB at random places of an open version's sealed file, blocks and chunks checked, and says how long each took: `readRanges.ts <node> <cid of the manifest> <how many>`. */
import { parseManifest } from '@neurodata/protocol';
import { createRangeReader } from '@neurodata/sealing';
import { createStorage, gatewayBlocks } from '@neurodata/storage';
import { hexToBytes } from 'viem';

const RANGE_BYTES = 64 * 1024;

const [url = '', manifestCid = '', count = '50'] = process.argv.slice(2);
const storage = createStorage(gatewayBlocks({ url }));
const manifest = parseManifest(await storage.readRaw(manifestCid));
const { cid, size } = manifest['nd:sealed'];
const thresholdSecret = hexToBytes(manifest['nd:open']?.secret ?? '0x');
const times: number[] = [];
// The first is for the connection.
for (let turn = 0; turn <= Number(count); turn += 1) {
  const started = performance.now();
  const reader = await createRangeReader({ thresholdSecret, size, read });
  const bytes = await reader.read(Math.floor(((turn * 0.618_034) % 1) * (reader.size - RANGE_BYTES)), RANGE_BYTES);
  if (bytes.length !== RANGE_BYTES) throw new Error(`A range had ${bytes.length} bytes.`);
  if (turn > 0) times.push(performance.now() - started);
}
process.stdout.write(JSON.stringify(times));

async function read(offset: number, length: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of storage.readFile({ cid, offset, length })) pieces.push(piece);
  return Buffer.concat(pieces);
}
