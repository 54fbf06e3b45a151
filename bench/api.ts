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

const parts = { server: ['cached', 'list', 'graphql'], indexer: ['backfill', 'reorgs'] } as const;
const measures = { cached: measureCachedRatio, list: measureListP99, graphql: measureGraphqlP99 };

/**
 * How fast the API answers: `npm run bench -- api [cached|list|graphql|backfill|reorgs ..] [--assets 2000] [--seconds 2] [--events 100000] [--reorgs 1000]`; all parts where
 * none is named. A process of its own serves the API over PGlite and, beside it, a bare node:http server; the indexer follows generated chains into PostgreSQL where it
 * is installed, else into PGlite. The last line is JSON.
 */
export async function run(): Promise<void> {
  const wanted = wantedParts(process.argv.slice(3));
  const sizes = { assets: numberOf('--assets', 2_000), seconds: numberOf('--seconds', 2), events: numberOf('--events', 100_000), reorgs: numberOf('--reorgs', 1_000) };
  const figures: Figure[] = [];
  const tell = (figure: Figure): void => {
    process.stdout.write(`${figure.lines.join('\n')}\n`);
    figures.push(figure);
  };
  await measureServer(parts.server.filter((part) => wanted.has(part)), sizes, tell);
  await measureIndexer(parts.indexer.filter((part) => wanted.has(part)), sizes, tell);
  process.stdout.write(`${JSON.stringify(Object.assign({}, ...figures.map(({ fields }) => fields)))}\n`);
}

function wantedParts(given: readonly string[]): Set<string> {
  const known: readonly string[] = [...parts.server, ...parts.indexer];
  const named = given.filter((word, at) => !word.startsWith('--') && !given[at - 1]?.startsWith('--'));
  const other = named.filter((name) => !known.includes(name));
  if (other.length > 0) throw new Error(`There is no part ${other.join(', ')}: name some of ${known.join(', ')}, or none for all.`);
  return new Set(named.length > 0 ? named : known);
}

async function measureServer(names: readonly (typeof parts.server)[number][], sizes: { assets: number; seconds: number }, tell: (figure: Figure) => void): Promise<void> {
  if (names.length === 0) return;
  process.stderr.write(`a server with ${sizes.assets} assets\n`);
  const server = await startBenchServer({ assets: sizes.assets });
  try {
    for (const name of names) tell(await measures[name]({ server, seconds: sizes.seconds }));
  } finally {
    await server.stop();
  }
}

/** On PostgreSQL where it is installed: what a node with a long history runs on. */
async function measureIndexer(names: readonly (typeof parts.indexer)[number][], sizes: { events: number; reorgs: number }, tell: (figure: Figure) => void): Promise<void> {
  if (names.length === 0) return;
  const programs = findPostgres(process.env['PATH'] ?? '');
  const postgres = programs === undefined ? undefined : await startPostgres(programs);
  try {
    if (names.includes('backfill')) tell(await backfillFigure({ events: sizes.events, server: postgres?.url }));
    if (names.includes('reorgs')) tell(await reorgsFigure({ reorgs: sizes.reorgs, server: postgres?.url }));
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
