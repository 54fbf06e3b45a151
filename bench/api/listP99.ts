import type { Figure } from '../api.ts';
import { latencies, quantile } from './drive.ts';
import type { BenchServer } from './startBenchServer.ts';

const perSecond = 300;

/** Lists of assets at a steady 300 a second, each with another cursor, so that nearly all of them are read from the database. */
export async function measureListP99(parameters: { server: BenchServer; seconds: number }): Promise<Figure> {
  const { server: { api: url, assetPath }, seconds } = parameters;
  const most = Number(assetPath.split('/').at(-1)) * 2;
  const paths = (turn: number): string => `/api/v1/assets?cursor=${30 + ((turn * 7_919) % Math.max(most - 30, 1))}`;
  await latencies({ url, paths, perSecond: 50, seconds: 1 });
  const times = await latencies({ url, paths, perSecond, seconds: seconds * 5 });
  return {
    lines: [`list of assets at ${perSecond} a second: p50 ${quantile(times, 0.5).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms over ${times.length}`],
    fields: { listP99: Number(quantile(times, 0.99).toFixed(2)) },
  };
}
