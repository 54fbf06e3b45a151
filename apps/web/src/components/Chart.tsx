import * as Plot from '@observablehq/plot';
import { type JSX, type ReactNode, useEffect, useRef, useState } from 'react';
import { numeral } from '../language/format.ts';

type ChartProps = {
  title: ReactNode;
  /** Beside the title: the one number that matters. */
  figure?: ReactNode;
  /** What the picture shows, in a sentence. */
  label: string;
  /** The chart in so many pixels. Keep its identity while the data are the same. */
  draw: (width: number) => Element;
  height: number;
  /** The same as a table. */
  table: ReactNode;
};

/** A chart that follows its place's width, with the table behind it. */
export function Chart({ title, figure, label, draw, height, table }: ChartProps): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (width === 0) return undefined;
    const chart = draw(width);
    // The site's policy admits no style elements; the rules of this one stand in styles.css.
    chart.querySelector('style')?.remove();
    chart.classList.add('chart');
    // The whole picture has a name; its parts are nothing by themselves.
    for (const part of chart.querySelectorAll('g[aria-label]')) part.removeAttribute('aria-label');
    host.current?.replaceChildren(chart);
    return () => chart.remove();
  }, [draw, width]);
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1 flex justify-between gap-4 text-sm"><span className="font-medium">{title}</span>{figure !== undefined && <span className="num text-muted">{figure}</span>}</figcaption>
      <div ref={host} className="w-full" style={{ minHeight: height }} role="img" aria-label={label} />
      <details className="mt-1 text-sm" onToggle={(event) => setOpened(event.currentTarget.open)}>
        <summary className="text-muted">As a table</summary>
        {/* A thousand rows are made only for who wants to read them. */}
        {opened && <div className="mt-2 max-h-64 overflow-y-auto">{table}</div>}
      </details>
    </figure>
  );
}

/** What all charts have in common. */
export const chartLook = {
  style: { background: 'transparent', fontFamily: 'var(--font-mono, monospace)', fontSize: '12px', color: 'var(--muted)', overflow: 'visible' },
} as const;

/** A number at an axis, as the reader writes it. */
export const tick = (value: number): string => numeral(value + 0, { maximumFractionDigits: 12 });

/** A tip that reads like the page. */
export const tipLook = { fill: 'var(--surface)', stroke: 'var(--line-strong)' } as const;

export { Plot };
