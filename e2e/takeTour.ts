import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { animateWebp } from './animateWebp.ts';
import type { Frame } from './animateWebp.ts';
import type { Browsing } from './browse.ts';
import { captureWebp } from './captureWebp.ts';

const minute = 60_000;
const QUALITY = 62;
/** Of the pictures that stand for themselves. */
const STILL_QUALITY = 82;

/** Draws, over the page, what is being done, and where the pointer is. Runs in the page; the site's policy allows no style in markup. */
function draw({ words, x, y }: { words: string; x: number; y: number }): void {
  document.querySelector('#tour')?.remove();
  const layer = document.createElement('div');
  layer.id = 'tour';
  // Above dialogs, too.
  layer.popover = 'manual';
  Object.assign(layer.style, { position: 'fixed', inset: '0', width: '100%', height: '100%', border: '0', padding: '0', background: 'transparent', pointerEvents: 'none' });
  const text = document.createElement('p');
  text.textContent = words;
  Object.assign(text.style, { position: 'absolute', bottom: '20px', left: '50%', translate: '-50% 0', margin: '0', padding: '8px 18px', borderRadius: '999px', background: '#161a22', color: '#ffffff', font: '500 18px/26px "Inter Variable", sans-serif', whiteSpace: 'nowrap', boxShadow: '0 4px 16px #0004' });
  const dot = document.createElement('span');
  Object.assign(dot.style, { position: 'absolute', left: `${x - 12}px`, top: `${y - 12}px`, width: '24px', height: '24px', borderRadius: '50%', border: '3px solid #474dcf', background: '#474dcf44', boxSizing: 'border-box' });
  layer.append(text, ...(x > 0 ? [dot] : []));
  document.body.append(layer);
  layer.showPopover();
}

/** From a dataset to a run that was verified: buys, unseals, trains, trains again. Writes `tour.webp` and three pictures into a folder; a loop takes at most 20 seconds. */
export async function takeTour({ browsing, folder }: { browsing: Browsing; folder: string }): Promise<{ seconds: number; bytes: Record<string, number> }> {
  const { page, stack, state } = browsing;
  const frames: Frame[] = [];
  const bytes: Record<string, number> = {};
  const keep = async (name: string, content: Buffer): Promise<void> => {
    bytes[name] = content.length;
    await writeFile(path.join(folder, name), content);
  };
  const still = async (name: string): Promise<void> => keep(`${name}.webp`, await captureWebp(page, { quality: STILL_QUALITY }));
  const undraw = (): Promise<void> => page.evaluate(() => document.querySelector('#tour')?.remove());
  /** One frame; `at` is what the pointer is on. */
  const show = async (words: string, milliseconds: number, at?: Locator): Promise<void> => {
    const box = await at?.boundingBox();
    await page.evaluate(draw, { words, x: box ? box.x + box.width / 2 : -1, y: box ? box.y + box.height / 2 : -1 });
    frames.push({ webp: await captureWebp(page, { quality: QUALITY }), milliseconds });
    await undraw();
  };
  const press = async (words: string, milliseconds: number, at: Locator): Promise<void> => {
    await at.waitFor();
    await show(words, milliseconds, at);
    await at.click();
  };
  const button = (name: string | RegExp): Locator => browsing.button(name).first();

  await mkdir(folder, { recursive: true });
  await page.setViewportSize({ width: 1200, height: 750 });
  await page.goto(stack.node.url);
  const penguins = page.getByRole('link', { name: /Palmer Penguins/ }).first();
  await penguins.waitFor();
  await page.waitForTimeout(1_000);
  await still('discover');
  await press('Find a dataset', 1_500, penguins);
  await page.getByText('Live', { exact: true }).first().waitFor();
  await page.waitForTimeout(1_500);
  await still('asset');
  await show('What is in it, who checked it, what it costs', 1_700);
  await button('Choose a wallet').click();
  await press('Choose a wallet', 900, page.getByRole('dialog').getByRole('button', { name: /^alice/ }));
  await button(/^Wallet: alice/).waitFor();
  await button('Buy').click();
  await press('Buy: the money waits in escrow', 1_400, button('Sign and buy'));
  await page.waitForURL(/\/orders\/0x/);
  await state('order', 'granted').waitFor();
  await press('Validators grant the key on chain', 1_300, button('Unseal and download'));
  await page.getByText('Content commitment').first().waitFor();
  await show('Unsealed and checked in this browser', 1_600);
  await page.goto(`${stack.node.url}/train/1`);
  await press('Train without seeing a row', 1_500, button('Start training'));
  await page.waitForURL(/\/runs\/0x/);
  await page.waitForTimeout(1_200);
  await show('A worker trains on the sealed rows', 900);
  await state('run', 'settled').waitFor({ timeout: 2 * minute });
  await page.waitForTimeout(800);
  await show('Validators have trained again: the same model', 1_700);
  const verify = button('Verify in your browser');
  await verify.scrollIntoViewIfNeeded();
  await press('Verify it yourself', 1_200, verify);
  const verdict = page.getByTestId('verify-result').filter({ hasText: 'bit for bit' });
  const frameUntil = frames.length + 4;
  while (frames.length < frameUntil && !(await verdict.isVisible())) {
    await show('Training again, here', 350);
    await page.waitForTimeout(60);
  }
  await verdict.waitFor({ timeout: minute });
  await verdict.evaluate((element) => element.closest('section')?.scrollIntoView({ block: 'start' }));
  await page.evaluate(() => scrollBy(0, -72));
  await show('The same model, bit for bit', 2_600);
  await still('verify');
  await keep('tour.webp', animateWebp(frames));
  return { seconds: frames.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1_000, bytes };
}
