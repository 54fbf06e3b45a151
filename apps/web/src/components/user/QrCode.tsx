import type { JSX } from 'react';
import { encode } from 'uqr';

/** A text as a picture for cameras: dark on light in both themes, or they do not read it. */
export function QrCode({ text, label, pixels = 208 }: { text: string; label: string; pixels?: number }): JSX.Element {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return <svg role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} width={pixels} height={pixels} shapeRendering="crispEdges" className="rounded-md"><rect width={size} height={size} fill="#fff" /><path d={path} fill="#000" /></svg>;
}
