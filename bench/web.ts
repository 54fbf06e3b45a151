import { axeViolations } from '../e2e/axeViolations.ts';
import { startBrowsing } from '../e2e/browse.ts';
import type { Browsing } from '../e2e/browse.ts';
import { openWhole } from '../e2e/openWhole.ts';
import { fillPages } from '../e2e/pages.ts';
import { freePort } from '../apps/node/src/freePort.ts';
import { measureLighthouse } from './web/measureLighthouse.ts';
import type { Grades } from './web/measureLighthouse.ts';
import { interactions, measureInp } from './web/measureInp.ts';
import { waitForRest } from './web/waitForRest.ts';

type Figures = Grades & { inp: number };

/** What the site wants of itself: at least, or (times, shifts, sizes) at most. */
const wanted: Record<keyof Figures, number> = { performance: 95, accessibility: 100, bestPractices: 100, seo: 100, lcp: 1_800, inp: 150, cls: 0.02, scriptKB: 150 };
const order = ['performance', 'accessibility', 'bestPractices', 'seo', 'lcp', 'inp', 'cls', 'scriptKB'] as const;
const atLeast = new Set<keyof Figures>(['performance', 'accessibility', 'bestPractices', 'seo']);
const units: Partial<Record<keyof Figures, string>> = { lcp: 'ms', inp: 'ms', scriptKB: 'kB' };

/**
 * How fast and how sound the site is: `npm run bench -- web [--runs 5] [--why] [--skip-axe]`. A throw-away stack with example data serves the built site to Chromium with
 * a mid-range phone's processor (4 times slower) and line (10 Mbit/s): Lighthouse on the front page and on a dataset's, medians of several visits; the slowest of
 * several real interactions; axe on every page in both themes. `--why` names what Lighthouse finds fault with. The last line is JSON.
 */
export async function run(): Promise<void> {
  const runs = numberOf('--runs', 5);
  const why = process.argv.includes('--why');
  const port = await freePort();
  const browsing = await startBrowsing({ settings: { seed: true } }, { debugPort: port });
  try {
    const pages = await fillPages(browsing.stack);
    const { url } = browsing.stack.node;
    const measured: Record<string, Figures> = {};
    for (const [name, path] of [['discover', '/'], ['asset', '/datasets/1']] as const) {
      await waitForRest();
      process.stderr.write(`${name}: ${runs} visits by Lighthouse\n`);
      const { grades, faults } = await measureLighthouse({ url: `${url}${path}`, port, runs });
      measured[name] = { ...grades, inp: await measureInp({ browsing, url: `${url}${path}`, act: interactions[name], runs }) };
      process.stdout.write(tableOf(name, measured[name]));
      if (why) process.stdout.write(faults.map((fault) => `  ${fault}\n`).join(''));
    }
    const violations = process.argv.includes('--skip-axe') ? undefined : await checkAll(browsing, pages);
    process.stdout.write(`${JSON.stringify({ ...Object.fromEntries(Object.entries(measured).map(([name, figures]) => [name, ordered(figures)])), ...(violations === undefined ? {} : { axeViolations: violations }) })}\n`);
  } finally {
    await browsing.stop();
  }
}

function ordered(figures: Figures): Record<string, number> {
  return Object.fromEntries(order.map((name) => [name, figures[name]]));
}

function tableOf(name: string, figures: Figures): string {
  const lines = order.map((field) => {
    const good = atLeast.has(field) ? figures[field] >= wanted[field] : figures[field] <= wanted[field];
    return `  ${field.padEnd(14)} ${String(figures[field]).padStart(8)} ${(units[field] ?? '').padEnd(3)} ${atLeast.has(field) ? 'at least' : 'at most '} ${String(wanted[field]).padStart(5)}  ${good ? 'ok' : 'missed'}`;
  });
  return `${name}\n${lines.join('\n')}\n`;
}

/** How many violations axe finds on all pages, in both themes; each is told. */
async function checkAll({ page, stack, connect }: Browsing, pages: [name: string, path: string][]): Promise<number> {
  await page.goto(stack.node.url);
  await connect('alice');
  let found = 0;
  for (const [name, path] of pages) {
    if (!(await openWhole(page, `${stack.node.url}${path}`))) throw new Error(`${path} does not come to rest.`);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const violations = await axeViolations(page);
      found += violations.length;
      for (const violation of violations) process.stdout.write(`${name}, ${colorScheme}: ${violation}\n`);
    }
  }
  process.stdout.write(`axe: ${found} violations on ${pages.length} pages, in both themes\n`);
  return found;
}

function numberOf(name: string, otherwise: number): number {
  const at = process.argv.indexOf(name);
  if (at < 0) return otherwise;
  const value = Number(process.argv[at + 1]);
  if (!Number.isSafeInteger(value) || value <= 0) throw new Error(`${name} takes a whole number above 0.`);
  return value;
}
