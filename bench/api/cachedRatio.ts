import type { Figure } from '../api.ts';
import { answersPerSecond, quantile } from './drive.ts';
import type { BenchServer } from './startBenchServer.ts';

const turns = 7;
const connections = 16;

/** One asset, asked for again and again, against the same bytes from a bare node:http server in the same process: the ratio of the medians of alternating turns. */
export async function measureCachedRatio(parameters: { server: BenchServer; seconds: number }): Promise<Figure> {
  const { server: { api, bare, assetPath: path }, seconds } = parameters;
  const rates: Record<'api' | 'bare', number[]> = { api: [], bare: [] };
  for (const url of [api, bare]) await answersPerSecond({ url, path, connections, seconds: Math.min(seconds, 1) });
  for (let turn = 0; turn < turns; turn += 1) {
    rates.bare.push(await answersPerSecond({ url: bare, path, connections, seconds }));
    rates.api.push(await answersPerSecond({ url: api, path, connections, seconds }));
  }
  const [ofApi, ofBare] = [quantile(rates.api, 0.5), quantile(rates.bare, 0.5)];
  return {
    lines: [`cached asset: ${ofApi.toFixed(0)} a second, bare node:http ${ofBare.toFixed(0)} a second (medians of ${turns} turns of ${seconds} s, ${connections} connections): ${(ofApi / ofBare).toFixed(2)}x`],
    fields: { cachedRatio: Number((ofApi / ofBare).toFixed(3)) },
  };
}
