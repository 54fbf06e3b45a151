import { type JSX, useCallback } from 'react';
import { Chart, Plot, chartLook } from '../Chart.tsx';
import { Table } from '../Layout.tsx';

/** The share of the variance that each component keeps. */
export function Variance({ shares }: { shares: number[] }): JSX.Element {
  const draw = useCallback((width: number) => Plot.plot({
    ...chartLook, width, height: 220, marginLeft: 52, marginBottom: 36, marginTop: 12, marginRight: 12,
    x: { label: 'component', tickSize: 0, labelAnchor: 'center', labelArrow: 'none', ...(shares.length > 20 ? { ticks: [] } : {}) },
    y: { label: null, ticks: 4, tickSize: 0, percent: true },
    marks: [
      Plot.gridY({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 4 }),
      Plot.barY(shares.map((share, index) => ({ component: index + 1, share })), { x: 'component', y: 'share', fill: 'var(--accent)', fillOpacity: 0.75 }),
    ],
  }), [shares]);
  return (
    <Chart
      title="Variance kept, per cent by component" label={`Each component's share of the variance, ${shares.length} components.`} height={220} draw={draw}
      table={<Table label="Variance" head={['Component', 'Share']} numeric={[1]}>{shares.map((share, index) => <tr key={index}><td className="num">{index + 1}</td><td className="num text-right">{(share * 100).toFixed(3)} %</td></tr>)}</Table>}
    />
  );
}
