import { measureCachedRatio } from './api/cachedRatio.ts';
import { measureListP99 } from './api/listP99.ts';
import { startBenchServer } from './api/startBenchServer.ts';

/** What one figure says: lines for people, fields for the last line. */
export type Figure = { lines: string[]; fields: Record<string, number> };

/**
 * How fast the API answers: `npm run bench -- api [--assets 2000] [--seconds 2]`. A process of its own serves the API over PGlite and, beside it,
 * a bare node:http server. The last line is JSON.
 */
export async function run(): Promise<void> {
  const assets = numberOf('--assets', 2_000);
  const seconds = numberOf('--seconds', 2);
  const server = await startBenchServer({ assets });
  const figures: Figure[] = [];
  try {
    for (const measure of [measureCachedRatio, measureListP99]) {
      const figure = await measure({ server, seconds });
      process.stdout.write(`${figure.lines.join('\n')}\n`);
      figures.push(figure);
    }
  } finally {
    await server.stop();
  }
  process.stdout.write(`${JSON.stringify(Object.assign({}, ...figures.map(({ fields }) => fields)))}\n`);
}

function numberOf(name: string, otherwise: number): number {
  const at = process.argv.indexOf(name);
  if (at < 0) return otherwise;
  const value = Number(process.argv[at + 1]);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`${name} takes a number above 0.`);
  return value;
}
