import { type JSX, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { numeral } from '../language/format.ts';
import { Skeleton } from './Feedback.tsx';

/** What draws. It is large, and comes when the page stands. */
export type PlotLibrary = typeof import('./plotLibrary.ts');

type ChartProps = {
  title: ReactNode;
  /** Beside the title: the one number that matters. */
  figure?: ReactNode;
  /** What the picture shows, in a sentence. */
  label: string;
  /** The chart in so many pixels. Keep its identity while the data are the same. */
  draw: (Plot: PlotLibrary, width: number) => Element;
  /** Of the chart, in pixels; a function where it hangs on the width. The place is kept for it from the first moment. */
  height: number | ((width: number) => number);
  /** The same as a table. */
  table: ReactNode;
};

/** A chart that follows its place's width, with the table behind it. */
export function Chart({ title, figure, label, draw, height, table }: ChartProps): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [opened, setOpened] = useState(false);
  const Plot = usePlot();
  // Known before anything is painted, so that the place has its height at once.
  useLayoutEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    setWidth(Math.round(element.clientWidth));
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (width === 0 || typeof Plot !== 'object') return undefined;
    const chart = draw(Plot, width);
    // The site's policy admits no style elements; the rules of this one stand in styles.css.
    chart.querySelector('style')?.remove();
    chart.classList.add('chart');
    // The whole picture has a name; its parts are nothing by themselves.
    for (const part of chart.querySelectorAll('g[aria-label]')) part.removeAttribute('aria-label');
    host.current?.replaceChildren(chart);
    return () => chart.remove();
  }, [draw, width, Plot]);
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1 flex justify-between gap-4 text-sm"><span className="font-medium">{title}</span>{figure !== undefined && <span className="num text-muted">{figure}</span>}</figcaption>
      <div className="relative">
        {Plot === 'loading' && <Skeleton className="absolute inset-0" />}
        {Plot === 'failed' && <p className="absolute inset-0 text-sm text-muted">The drawing could not be loaded. The table below has the same figures.</p>}
        <div ref={host} className="w-full" style={{ minHeight: typeof height === 'number' ? height : height(width) }} role="img" aria-label={label} />
      </div>
      <details className="mt-1 text-sm" onToggle={(event) => setOpened(event.currentTarget.open)}>
        <summary className="text-muted">As a table</summary>
        {/* A thousand rows are made only for who wants to read them. */}
        {opened && <div className="mt-2 max-h-64 overflow-y-auto">{table}</div>}
      </details>
    </figure>
  );
}

function usePlot(): PlotLibrary | 'loading' | 'failed' {
  const [library, setLibrary] = useState<PlotLibrary | 'loading' | 'failed'>('loading');
  useEffect(() => {
    void import('./plotLibrary.ts').then(setLibrary, () => setLibrary('failed'));
  }, []);
  return library;
}

/** What all charts have in common. */
export const chartLook = {
  style: { background: 'transparent', fontFamily: 'var(--font-mono, monospace)', fontSize: '12px', color: 'var(--muted)', overflow: 'visible' },
} as const;

/** A number at an axis, as the reader writes it. */
export const tick = (value: number): string => numeral(value + 0, { maximumFractionDigits: 12 });

/** A tip that reads like the page. */
export const tipLook = { fill: 'var(--surface)', stroke: 'var(--line-strong)' } as const;
