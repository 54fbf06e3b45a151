import lighthouse from 'lighthouse';
import { middle } from './middle.ts';

/** Lighthouse's grades of 100, times in milliseconds, the layout's shift, and compressed kilobytes of script as they came over the line. */
export type Grades = { performance: number; accessibility: number; bestPractices: number; seo: number; lcp: number; cls: number; scriptKB: number };

/** A mid-range phone: a processor four times slower than this one, 10 Mbit/s, 40 ms to the node and back. */
const throttling = { rttMs: 40, throughputKbps: 10 * 1024, requestLatencyMs: 0, downloadThroughputKbps: 0, uploadThroughputKbps: 0, cpuSlowdownMultiplier: 4 };
const categories = ['performance', 'accessibility', 'best-practices', 'seo'];

type Request = { resourceType?: string; transferSize?: number };
type Visit = { grades: Grades; faults: string[] };

/** The medians of several visits, each with empty caches, by a Chromium that listens on `port`. Nothing is reported to anybody: only Lighthouse's command line does that. */
export async function measureLighthouse(parameters: { url: string; port: number; runs: number }): Promise<Visit> {
  const visits: Visit[] = [];
  for (let run = 0; run < parameters.runs; run += 1) visits.push(await visit(parameters));
  const [first] = visits;
  if (!first) throw new Error('there was no visit');
  const names = Object.keys(first.grades) as (keyof Grades)[];
  return { grades: Object.fromEntries(names.map((name) => [name, middle(visits.map(({ grades }) => grades[name]))])) as Grades, faults: [...new Set(visits.flatMap(({ faults }) => faults))] };
}

/** `again`: how often a visit is repeated whose recording failed, which Lighthouse itself advises. */
async function visit({ url, port }: { url: string; port: number }, again = 2): Promise<Visit> {
  const result = await lighthouse(url, { port, logLevel: 'error', output: 'json', onlyCategories: categories, formFactor: 'mobile', throttlingMethod: 'simulate', throttling, disableFullPageScreenshot: true });
  if (!result) throw new Error('Lighthouse gave no result.');
  const { lhr } = result;
  if (lhr.runtimeError?.code === 'NO_NAVSTART' && again > 0) return visit({ url, port }, again - 1);
  if (lhr.runtimeError) throw new Error(`Lighthouse: ${lhr.runtimeError.message}`);
  const grade = (category: string): number => Math.round((lhr.categories[category]?.score ?? 0) * 100);
  const number = (audit: string): number => lhr.audits[audit]?.numericValue ?? Number.NaN;
  const details = lhr.audits['network-requests']?.details as { items?: Request[] } | undefined;
  const scripts = (details?.items ?? []).filter(({ resourceType }) => resourceType === 'Script');
  return {
    grades: {
      performance: grade('performance'), accessibility: grade('accessibility'), bestPractices: grade('best-practices'), seo: grade('seo'),
      lcp: Math.round(number('largest-contentful-paint')), cls: Math.round(number('cumulative-layout-shift') * 10_000) / 10_000,
      scriptKB: Math.round(scripts.reduce((sum, { transferSize = 0 }) => sum + transferSize, 0) / 100) / 10,
    },
    faults: Object.values(lhr.audits).filter(({ score }) => score !== null && score < 1).map(({ id, score, title, displayValue }) => `${id} ${score}: ${title}${displayValue ? ` (${displayValue})` : ''}`),
  };
}
