import { findPostgres } from '../apps/node/src/db/testing/findPostgres.ts';
import { startPostgres } from '../apps/node/src/db/testing/startPostgres.ts';
import { backfillFigure } from './api/backfill.ts';
import { measureCachedRatio } from './api/cachedRatio.ts';
import { measureGraphqlP99 } from './api/graphqlP99.ts';
import { measureListP99 } from './api/listP99.ts';
import { reorgsFigure } from './api/reorgs.ts';
import { startBenchServer } from './api/startBenchServer.ts';

/** What one figure says: lines for people, fields for the last line. */
export type Figure = { lines: string[]; fields: Record<string, number> };

/**
 * How fast the API answers: `npm run bench -- api [--assets 2000] [--seconds 2] [--events 100000] [--reorgs 1000]`. A process of its own serves the API over
 * PGlite and, beside it, a bare node:http server; the indexer follows generated chains into PostgreSQL where it is installed, else into PGlite. The last line is JSON.
 */
export async function run(): Promise<void> {
  const assets = numberOf('--assets', 2_000);
  const seconds = numberOf('--seconds', 2);
  const server = await startBenchServer({ assets });
  const figures: Figure[] = [];
  try {
    for (const measure of [measureCachedRatio, measureListP99, measureGraphqlP99]) {
      const figure = await measure({ server, seconds });
      process.stdout.write(`${figure.lines.join('\n')}\n`);
      figures.push(figure);
    }
  } finally {
    await server.stop();
  }
  await measureIndexer({ events: numberOf('--events', 100_000), reorgs: numberOf('--reorgs', 1_000) }, (figure) => {
    process.stdout.write(`${figure.lines.join('\n')}\n`);
    figures.push(figure);
  });
  process.stdout.write(`${JSON.stringify(Object.assign({}, ...figures.map(({ fields }) => fields)))}\n`);
}

/** On PostgreSQL where it is installed: what a node with a long history runs on. */
async function measureIndexer(sizes: { events: number; reorgs: number }, tell: (figure: Figure) => void): Promise<void> {
  const programs = findPostgres(process.env['PATH'] ?? '');
  const postgres = programs === undefined ? undefined : await startPostgres(programs);
  try {
    tell(await backfillFigure({ events: sizes.events, server: postgres?.url }));
    tell(await reorgsFigure({ reorgs: sizes.reorgs, server: postgres?.url }));
  } finally {
    await postgres?.stop();
  }
}

function numberOf(name: string, otherwise: number): number {
  const at = process.argv.indexOf(name);
  if (at < 0) return otherwise;
  const value = Number(process.argv[at + 1]);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`${name} takes a number above 0.`);
  return value;
}
