import { type JSX, useCallback } from 'react';
import { fixed } from '../../language/format.ts';
import { t } from '../../language/t.ts';
import { Chart, type PlotLibrary, chartLook, tick, tipLook } from '../Chart.tsx';
import { Table } from '../Layout.tsx';

type Part = { component: number; share: number; sum: number };

/** Room that a label over a bar needs, in pixels. */
const LABEL = 44;

/** The share of the variance that each component keeps. */
export function Variance({ shares }: { shares: number[] }): JSX.Element {
  const draw = useCallback((Plot: PlotLibrary, width: number) => drawShares(Plot, partsOf(shares), width), [shares]);
  return (
    <Chart
      title="Variance kept, per cent by component" label={`Each component's share of the variance, ${shares.length} components: ${shares.slice(0, 3).map(percent).join(', ')}.`} height={220} draw={draw}
      table={<Table label="Variance" head={['Component', 'Share', 'With those before']} numeric={[1, 2]}>{partsOf(shares).map(({ component, share, sum }) => <tr key={component}><td className="num">{component}</td><td className="num text-right">{fixed(share * 100, 3)} %</td><td className="num text-right">{fixed(sum * 100, 3)} %</td></tr>)}</Table>}
    />
  );
}

function partsOf(shares: number[]): Part[] {
  let sum = 0;
  return shares.map((share, index) => {
    sum += share;
    return { component: index + 1, share, sum };
  });
}

function drawShares(Plot: PlotLibrary, parts: Part[], width: number): Element {
  const labelled = parts.length * LABEL <= width - 64;
  return Plot.plot({
    ...chartLook, width, height: 220, marginLeft: 44, marginBottom: 36, marginTop: 20, marginRight: 4,
    x: { label: t`component`, tickFormat: tick, tickSize: 0, labelAnchor: 'center', labelArrow: 'none', padding: 0.25, ...(labelled ? {} : { ticks: parts.filter((_, index) => index % Math.ceil(parts.length / 8) === 0).map(({ component }) => component) }) },
    y: { label: null, ticks: 4, tickFormat: tick, tickSize: 0, percent: true, nice: true, zero: true },
    marks: [
      Plot.gridY({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 4 }),
      Plot.barY(parts, { x: 'component', y: 'share', fill: 'var(--accent)', fillOpacity: 0.75 }),
      ...(labelled ? [Plot.text(parts, { x: 'component', y: 'share', text: ({ share }: Part) => percent(share), dy: -8, fill: 'var(--text)' })] : []),
      Plot.tip(parts, Plot.pointerX({ x: 'component', y: 'share', ...tipLook, title: ({ component, share, sum }: Part) => t`component ${component}\n${percent(share)}\nwith those before ${percent(sum)}` })),
    ],
  });
}

function percent(share: number): string {
  return `${fixed(share * 100, 1)} %`;
}
