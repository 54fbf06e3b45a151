/**
 * `npm run screenshots`: brings up a throw-away stack with example data and writes every page in both themes and three widths, with an `index.html` of them all.
 * `-- --out DIR` says where (default: screenshots); `-- --only token,deal` takes some pages only; `-- --tour` makes the pictures and the tour of the README instead (docs/pictures).
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startBrowsing } from '../e2e/browse.ts';
import { fillMore, fillPages } from '../e2e/pages.ts';
import { signInAsAdmin } from '../e2e/signInAsAdmin.ts';
import { takePictures } from '../e2e/takePictures.ts';
import { takeTour } from '../e2e/takeTour.ts';

const email = 'admin@example.org';
/** The README is loaded over slow lines, too. */
const MOST_PICTURE_BYTES = 150_000;
const MOST_BYTES = 1_500_000;
const MOST_SECONDS = 20;

const { values } = parseArgs({ options: { out: { type: 'string' }, only: { type: 'string' }, tour: { type: 'boolean', default: false } } });
const root = path.resolve(import.meta.dirname, '..');
const folder = path.resolve(values.out ?? path.join(root, values.tour ? 'docs/pictures' : 'screenshots'));
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const browsing = await startBrowsing({ settings: { seed: true, firstAdmin: email } });
try {
  if (values.tour) await tour();
  else await pictures();
} finally {
  await browsing.stop();
}

async function tour(): Promise<void> {
  const { seconds, bytes } = await takeTour({ browsing, folder });
  const total = Object.values(bytes).reduce((sum, one) => sum + one, 0);
  for (const [name, size] of Object.entries(bytes)) say(`${path.join(folder, name)} ${(size / 1_000).toFixed(0)} kB`);
  say(`${(total / 1_000).toFixed(0)} kB in all; the tour takes ${seconds.toFixed(1)} s`);
  const large = Object.entries(bytes).filter(([name, size]) => name !== 'tour.webp' && size > MOST_PICTURE_BYTES).map(([name]) => name);
  if (large.length > 0 || total > MOST_BYTES || seconds > MOST_SECONDS) throw new Error(`Too much for a README: ${large.join(', ') || 'the tour'}. Lower the quality in e2e/takeTour.ts, or show less.`);
}

async function pictures(): Promise<void> {
  const filled = [...(await fillPages(browsing.stack)), ...(await fillMore(browsing.stack))];
  const only = values.only?.split(',');
  const unknown = only?.find((name) => !filled.some(([known]) => known === name));
  if (unknown !== undefined) throw new Error(`There is no page "${unknown}". There are: ${filled.map(([name]) => name).join(', ')}.`);
  await signInAsAdmin(browsing, email);
  await browsing.page.goto(browsing.stack.node.url);
  await browsing.connect('alice');
  // Before the account, as most see it; the sign-in page shows nothing to who is signed in.
  const pages = filled.filter(([name]) => (only === undefined || only.includes(name)) && name !== 'sign-in');
  await takePictures({ browsing, pages, folder, say });
  process.stdout.write(`${pages.length} pages in ${path.join(folder, 'index.html')}\n`);
}
