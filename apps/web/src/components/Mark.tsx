import type { JSX } from 'react';

const nodes: [number, number, number][] = [[16, 5, 3.2], [8.5, 16, 2.8], [23.5, 16, 2.8], [4.5, 27, 2.4], [12.5, 27, 2.4], [19.5, 27, 2.4], [27.5, 27, 2.4]];

/** The mark: a small Merkle tree of seven dots. */
export function Mark({ size = 22 }: { size?: number }): JSX.Element {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className="shrink-0 text-accent">
      <path d="M16 5 8.5 16M16 5l7.5 11M8.5 16l-4 11M8.5 16l4 11M23.5 16l-4 11M23.5 16l4 11" fill="none" stroke="currentColor" strokeWidth="1.5" opacity="0.7" />
      {nodes.map(([x, y, radius]) => <circle key={`${x} ${y}`} cx={x} cy={y} r={radius} fill="currentColor" />)}
    </svg>
  );
}
