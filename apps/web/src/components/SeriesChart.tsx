import { type Interval, type Metric, formatNcr } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import { type JSX, useCallback, useMemo } from 'react';
import type { Address } from 'viem';
import { utcDay, utcTick } from '../language/format.ts';
import { seriesQuery } from '../queries/trust.ts';
import { count, ncr } from './Amounts.tsx';
import { Chart, type PlotLibrary, chartLook, tick, tipLook } from './Chart.tsx';
import { Failure, Skeleton } from './Feedback.tsx';
import { Table } from './Layout.tsx';
import { TokenAmount } from './TokenAmount.tsx';
import { intervalWords } from './words.ts';

const HEIGHT = 200;

// Plot hands the ticks on as well, which its types do not say.
const tickFormat = utcTick as (at: Date, index: number) => string;

type Bar = { start: number; end: number; height: number; text: string };

/** Bars over time, with a table for those who do not see them. */
export function Bars({ title, label, figure, bars }: { title: string; label: string; figure?: string; bars: Bar[] }): JSX.Element {
  const draw = useCallback((Plot: PlotLibrary, width: number) => Plot.plot({
    ...chartLook, width, height: HEIGHT, marginLeft: 52, marginBottom: 36, marginTop: 12, marginRight: 8,
    x: { type: 'utc', label: null, tickFormat }, y: { label: null, grid: true, ticks: 4, tickFormat: tick, nice: true, ...(bars.every(({ height }) => height === 0) ? { domain: [0, 1] } : {}) },
    marks: [
      Plot.rectY(bars, { x1: ({ start }: Bar) => new Date(start * 1_000), x2: ({ end }: Bar) => new Date(end * 1_000), y: 'height', fill: 'var(--accent)', insetLeft: 1, insetRight: 1 }),
      Plot.ruleY([0], { stroke: 'var(--line-strong)' }),
      Plot.tip(bars, Plot.pointerX({ x: ({ start, end }: Bar) => new Date((start + end) * 500), y: 'height', ...tipLook, title: ({ start, text }: Bar) => `${utcDay(start * 1_000)}\n${text}` })),
    ],
  }), [bars]);
  return (
    <Chart
      title={title} figure={figure} label={label} height={HEIGHT} draw={draw}
      table={<Table label={title} head={['From', title]} numeric={[1]}>{bars.map(({ start, text }) => <tr key={start}><td>{utcDay(start * 1_000)}</td><td className="num text-right">{text}</td></tr>)}</Table>}
    />
  );
}

type SeriesChartProps = { title: string; metric: Metric; interval: Interval; account?: Address | undefined };

/** A figure of the node over time: NCR as bars, other tokens as sums below. */
export function SeriesChart({ title, metric, interval, account }: SeriesChartProps): JSX.Element {
  const { data, error, refetch } = useQuery(seriesQuery({ metric, interval, account }));
  const bars = useMemo(() => data?.points.map(({ start, end, values }): Bar => {
    const value = values.find(({ token }) => token === null);
    return { start, end, height: Number(formatNcr(value?.amount ?? 0n, 6)), text: `${ncr(value?.amount ?? 0n)}${value && value.count > 0 ? `, ${count(value.count)}` : ''}` };
  }), [data]);
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />;
  if (!data || !bars) return <Skeleton className="h-56 rounded-lg" />;
  const sum = data.totals.find(({ token }) => token === null)?.amount ?? 0n;
  const others = data.totals.filter(({ token, amount }) => token !== null && amount > 0n);
  return (
    <div>
      <Bars title={`NCR by ${intervalWords[interval]}`} figure={ncr(sum)} label={`${title} by ${intervalWords[interval]}: ${ncr(sum)} over ${bars.length} intervals.`} bars={bars} />
      {others.length > 0 && <p className="mt-1 text-sm text-muted">Also {others.map(({ token, amount }) => <span key={token} className="mr-3"><TokenAmount amount={amount} token={token} /></span>)}</p>}
    </div>
  );
}
