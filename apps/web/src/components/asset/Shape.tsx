import type { ColumnHistogram } from '@neurodata/protocol';
import type { JSX } from 'react';
import { t } from '../../language/t.ts';

const [WIDTH, HEIGHT] = [96, 20];

/** A histogram in a line of text: a bar's area is its part of the cells. */
export function Shape({ histogram: { edges, shares } }: { histogram: ColumnHistogram }): JSX.Element {
  const [from = 0, to = 1] = [edges[0], edges.at(-1)];
  const bars = shares.map((share, index) => {
    const [left = from, right = to] = [edges[index], edges[index + 1]];
    return { x: ((left - from) / (to - from)) * WIDTH, width: ((right - left) / (to - from)) * WIDTH, density: share / (right - left), share, left, right };
  });
  const most = Math.max(...bars.map(({ density }) => density)) || 1;
  const words = bars.map(({ left, right, share }) => t`${left} to ${right}: ${Math.round(share * 100)} %`).join('; ');
  return (
    <svg role="img" aria-label={words} width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="inline-block fill-accent align-middle">
      <title>{words}</title>
      {bars.map(({ x, width, density, left }) => <rect key={left} x={x + 0.25} width={Math.max(0.5, width - 0.5)} y={HEIGHT - (density / most) * HEIGHT} height={(density / most) * HEIGHT} />)}
    </svg>
  );
}
