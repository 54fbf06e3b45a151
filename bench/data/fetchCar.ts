/** Fetches a file's blocks as one CAR, checks every block, and says how long it took: `fetchCar.ts <node> <cid>`. */
import { readCar } from '@neurodata/storage';

const [url = '', cid = ''] = process.argv.slice(2);
const started = performance.now();
const response = await fetch(`${url}/ipfs/${cid}?format=car`);
if (!response.ok || !response.body) throw new Error(`The gateway answered ${response.status}.`);
const { roots, blocks } = await readCar(response.body as unknown as AsyncIterable<Uint8Array>);
if (roots[0]?.toString() !== cid) throw new Error('The CAR has another root.');
let bytes = 0;
for await (const block of blocks) bytes += block.bytes.length;
process.stdout.write(JSON.stringify({ bytes, seconds: (performance.now() - started) / 1000 }));
