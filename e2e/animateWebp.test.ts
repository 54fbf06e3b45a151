import { expect, test } from 'vitest';
import type { Frame } from './animateWebp.ts';
import { animateWebp } from './animateWebp.ts';
import { launchChrome } from './browse.ts';
import { captureWebp } from './captureWebp.ts';

test('a browser plays what was laid together from its own pictures, each for its time', async () => {
  const browser = await launchChrome();
  try {
    const page = await browser.newPage({ viewport: { width: 120, height: 80 } });
    // Pictures are decoded in secure contexts only.
    await page.route('http://localhost/', (route) => route.fulfill({ contentType: 'text/html', body: '<title>pictures</title>' }));
    await page.goto('http://localhost/');
    const frames: Frame[] = [];
    for (const [colour, milliseconds] of [['rgb(255, 0, 0)', 250], ['rgb(0, 0, 255)', 1_500]] as const) {
      await page.setContent(`<body style="margin:0;background:${colour}"></body>`);
      frames.push({ webp: await captureWebp(page, { quality: 90 }), milliseconds });
    }
    const animated = animateWebp(frames);
    const seen = await page.evaluate(async (base64) => {
      const data = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const decoder = new ImageDecoder({ data, type: 'image/webp' });
      await decoder.tracks.ready;
      const track = decoder.tracks.selectedTrack;
      const shown = [];
      for (let frameIndex = 0; frameIndex < (track?.frameCount ?? 0); frameIndex += 1) {
        const { image } = await decoder.decode({ frameIndex });
        const canvas = new OffscreenCanvas(image.displayWidth, image.displayHeight);
        const context = canvas.getContext('2d')!;
        context.drawImage(image, 0, 0);
        shown.push({ width: image.displayWidth, height: image.displayHeight, milliseconds: (image.duration ?? 0) / 1_000, pixel: [...context.getImageData(60, 40, 1, 1).data].map((value) => Math.round(value / 255)) });
      }
      return { shown, forEver: track?.repetitionCount };
    }, animated.toString('base64'));
    expect(seen).toEqual({ forEver: Infinity, shown: [{ width: 120, height: 80, milliseconds: 250, pixel: [1, 0, 0, 1] }, { width: 120, height: 80, milliseconds: 1_500, pixel: [0, 0, 1, 1] }] });
    await page.setViewportSize({ width: 60, height: 80 });
    const narrow = await captureWebp(page);
    expect(() => animateWebp([frames[0]!, { webp: narrow, milliseconds: 1 }])).toThrow('A frame has 60 × 80 pixels, the first 120 × 80.');
  } finally {
    await browser.close();
  }
});

test('nothing, and what is no WebP, is refused', () => {
  expect(() => animateWebp([])).toThrow(RangeError);
  expect(() => animateWebp([{ webp: Buffer.from('GIF89a, which is something else'), milliseconds: 1 }])).toThrow('A frame is no WebP picture.');
});
