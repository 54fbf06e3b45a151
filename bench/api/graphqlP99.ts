import type { Figure } from '../api.ts';
import { latencies, quantile } from './drive.ts';
import type { BenchServer } from './startBenchServer.ts';

const perSecond = 50;

/** What the page of one asset shows, in one question. */
const document = `query ($assetId: Whole!) { asset(assetId: $assetId) {
  assetId kind title summary license tags status rows columns sealedSize publishedAt downloadPrice computePrice orders runs owner { address } curation { status reason bond } texts { description source columnList { name kind missing distinct } }
  ratings { count sum } versions { version status manifestCid committee threshold block at round { roundId verdict settled committee { validatorId verdict reward } } } listings { listingId kind price token retired }
  lineage { assetId title shareBps } derived { assetId title } sampleAssetId sampleOf { title } reviews(first: 10) { nodes { rating reviewer writtenAt } pageInfo { hasNextPage endCursor } } activity { event account gasUsed transaction block at } } }`;

/** The page of an asset at a steady 50 a second, each time another asset. */
export async function measureGraphqlP99(parameters: { server: BenchServer; seconds: number }): Promise<Figure> {
  const { server: { api: url, assetPath }, seconds } = parameters;
  const most = Number(assetPath.split('/').at(-1)) * 2;
  const paths = (turn: number): string => `/graphql?${new URLSearchParams({ query: document, variables: JSON.stringify({ assetId: 1 + ((turn * 7_919) % Math.max(most - 1, 1)) }) })}`;
  await refuseErrors(`${url}${paths(1)}`);
  await latencies({ url, paths, perSecond: 20, seconds: 1 });
  const times = await latencies({ url, paths, perSecond, seconds: seconds * 5 });
  return {
    lines: [`GraphQL asset page at ${perSecond} a second: p50 ${quantile(times, 0.5).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms over ${times.length}`],
    fields: { graphqlP99: Number(quantile(times, 0.99).toFixed(2)) },
  };
}

/** A field that fails is answered with 200 too. */
async function refuseErrors(url: string): Promise<void> {
  const { data, errors } = (await (await fetch(url)).json()) as { data?: { asset: { activity: unknown[] } | null }; errors?: unknown };
  if (errors || !data?.asset?.activity.length) throw new Error(`the page of an asset was not answered: ${JSON.stringify(errors)}`);
}
