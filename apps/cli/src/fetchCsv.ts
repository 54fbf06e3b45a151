import { NeuroError } from '@neurodata/protocol';
import type { Context } from './context.ts';
import { sessionFile } from './sessionFile.ts';

/** The sheet of a route that has one, line by line onto stdout as it comes. */
export async function printCsv(context: Context, path: string, query: Record<string, string | number | undefined> = {}): Promise<void> {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  const credential = await sessionFile(context.settings.home, context.url).credential().catch(() => undefined);
  const response = await fetch(`${context.url.replace(/\/+$/, '')}/api/v1/${path}.csv?${new URLSearchParams(given).toString()}`, credential === undefined ? {} : { headers: { authorization: `Bearer ${credential}` } })
    .catch((cause: unknown) => { throw new NeuroError(`${context.url} cannot be reached.`, { code: 'UNREACHABLE', remedy: 'Check the address and that the node runs.', retryable: true, cause }); });
  if (!response.ok || !response.body) {
    const problem = (await response.json().catch(() => ({}))) as { title?: string; remedy?: string };
    throw new NeuroError(problem.title ?? `The node answered ${response.status}.`, { code: response.status === 401 ? 'UNAUTHENTICATED' : response.status === 403 ? 'FORBIDDEN' : 'BAD_INPUT', ...(problem.remedy ? { remedy: problem.remedy } : {}) });
  }
  for await (const chunk of response.body) process.stdout.write(chunk);
}
