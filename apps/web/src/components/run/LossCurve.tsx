import * as Plot from '@observablehq/plot';
import { type JSX, useEffect, useRef, useState } from 'react';
import { Table } from '../Layout.tsx';

/** Loss by step, as a line and as a table behind it. */
export function LossCurve({ losses }: { losses: number[] }): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (width === 0) return undefined;
    const chart = draw(losses, width);
    host.current?.replaceChildren(chart);
    return () => chart.remove();
  }, [losses, width]);
  const last = losses.at(-1) ?? 0;
  return (
    <figure>
      <figcaption className="mb-1 flex justify-between gap-4 text-sm"><span className="font-medium">Training loss by step</span><span className="num text-muted">{last.toFixed(6)}</span></figcaption>
      <div ref={host} className="min-h-[220px] w-full" role="img" aria-label={`Training loss falls from ${(losses[0] ?? 0).toFixed(4)} to ${last.toFixed(4)} in ${losses.length - 1} steps.`} />
      <details className="mt-1 text-sm">
        <summary className="text-muted">As a table</summary>
        <div className="mt-2 max-h-64 overflow-y-auto"><Table label="Loss by step" head={['Step', 'Loss']} numeric={[1]}>{losses.map((loss, step) => <tr key={step}><td className="num">{step}</td><td className="num text-right">{loss}</td></tr>)}</Table></div>
      </details>
    </figure>
  );
}

function draw(losses: number[], width: number): Element {
  const points = losses.map((loss, step) => ({ step, loss }));
  const chart = Plot.plot({
    width, height: 220, marginLeft: 48, marginBottom: 32, marginTop: 12, marginRight: 12,
    style: { background: 'transparent', fontFamily: 'var(--font-mono, monospace)', fontSize: '12px', color: 'var(--muted)', overflow: 'visible' },
    x: { label: 'step', ticks: Math.min(10, losses.length - 1), tickFormat: (step: number) => (Number.isInteger(step) ? String(step) : ''), tickSize: 0, labelAnchor: 'center', labelArrow: 'none' },
    y: { label: null, ticks: 4, tickSize: 0, nice: true },
    marks: [
      Plot.gridY({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 4 }),
      Plot.lineY(points, { x: 'step', y: 'loss', stroke: 'var(--accent)', strokeWidth: 1.75 }),
      Plot.dot(points.length <= 60 ? points : points.slice(-1), { x: 'step', y: 'loss', fill: 'var(--accent)', r: 2.5 }),
      Plot.tip(points, Plot.pointerX({ x: 'step', y: 'loss', fill: 'var(--surface)', stroke: 'var(--line-strong)', title: ({ step, loss }: { step: number; loss: number }) => `step ${step}\n${loss.toPrecision(8)}` })),
    ],
  });
  // The site's policy admits no style elements; the rules of this one stand in styles.css.
  chart.querySelector('style')?.remove();
  chart.classList.add('chart');
  return chart;
}
