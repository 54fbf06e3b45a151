import type { ReceiptBody } from '@neurodata/protocol';
import type { Markish, PlotOptions } from '@observablehq/plot';
import { type JSX, useCallback, useId, useState } from 'react';
import { fixed } from '../../language/format.ts';
import { t } from '../../language/t.ts';
import { Chart, type PlotLibrary, chartLook, tick, tipLook } from '../Chart.tsx';
import { Explain, Table } from '../Layout.tsx';

type Metrics = ReceiptBody['metrics'];
type Point = [x: number, y: number];

const HEIGHT = 260;

/** ROC and precision-recall curves and calibration, of one class at a time. */
export function Curves({ curves, calibration = [] }: { curves: NonNullable<Metrics['curves']>; calibration: Metrics['calibration'] }): JSX.Element {
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const curve = curves[chosen] ?? curves[0];
  const bins = calibration.find((one) => one.class === curve?.class)?.bins;
  return (
    <div className="grid gap-5">
      {curves.length > 1 && (
        <div className="flex flex-wrap items-center gap-3">
          <label htmlFor={id} className="text-sm font-medium">Class, against all others</label>
          <select id={id} value={chosen} onChange={(event) => setChosen(Number(event.target.value))} className="field w-auto">{curves.map((one, index) => <option key={one.class} value={index}>{one.class}</option>)}</select>
        </div>
      )}
      {curve && (
        <div className="grid gap-6 md:grid-cols-2">
          <Curve title="ROC" help="Share of the class that is found, against the share of others that are taken for it, over all thresholds. The dotted line is chance." x={t`false positive rate`} y={t`true positive rate`} points={curve.roc} diagonal />
          <Curve title="Precision and recall" help="How often it is right when it names the class, against how much of the class it finds, over all thresholds." x={t`recall`} y={t`precision`} points={curve.precisionRecall} />
          {bins && <Calibration name={curve.class} bins={bins} />}
        </div>
      )}
    </div>
  );
}

type CurveProps = { title: string; help: string; x: string; y: string; points: Point[]; diagonal?: boolean };

function Curve({ title, help, x, y, points, diagonal = false }: CurveProps): JSX.Element {
  const draw = useCallback((Plot: PlotLibrary, width: number) => Plot.plot({
    ...square(width, x, y),
    marks: [
      ...frame(Plot, diagonal),
      Plot.line(points, { stroke: 'var(--accent)', strokeWidth: 1.75 }),
      Plot.tip(points, Plot.pointerX({ x: '0', y: '1', ...tipLook, title: ([across, up]: Point) => `${x} ${fixed(across, 3)}\n${y} ${fixed(up, 3)}` })),
    ],
  }), [points, x, y, diagonal]);
  return (
    <Chart
      title={<Explain text={help}>{title}</Explain>} label={`${title}: ${y} by ${x}, ${points.length} points.`} height={HEIGHT} draw={draw}
      table={<Table label={title} head={[x, y]} numeric={[0, 1]}>{points.map(([across, up], index) => <tr key={index}><td className="num text-right">{across}</td><td className="num text-right">{up}</td></tr>)}</Table>}
    />
  );
}

type Bin = { predicted: number; observed: number; rows: number };

function Calibration({ name, bins }: { name: string; bins: Bin[] }): JSX.Element {
  const draw = useCallback((Plot: PlotLibrary, width: number) => Plot.plot({
    ...square(width, t`predicted probability`, t`observed share`),
    r: { range: [2.5, 8] },
    marks: [
      ...frame(Plot, true),
      Plot.line(bins, { x: 'predicted', y: 'observed', stroke: 'var(--accent)', strokeWidth: 1.25, strokeOpacity: 0.6 }),
      Plot.dot(bins, { x: 'predicted', y: 'observed', r: 'rows', fill: 'var(--accent)' }),
      Plot.tip(bins, Plot.pointer({ x: 'predicted', y: 'observed', ...tipLook, title: ({ predicted, observed, rows }: Bin) => t`predicted ${fixed(predicted, 3)}\nobserved ${fixed(observed, 3)}\n${rows} rows` })),
    ],
  }), [bins]);
  return (
    <Chart
      title={<Explain text="Of the rows that were given a probability, how many were of the class. On the dotted line, probabilities mean what they say. Larger dots stand for more rows.">Calibration</Explain>}
      label={`Calibration for ${name}: observed share by predicted probability, ${bins.length} bins.`} height={HEIGHT} draw={draw}
      table={<Table label="Calibration" head={['Predicted', 'Observed', 'Rows']} numeric={[0, 1, 2]}>{bins.map((bin) => <tr key={bin.predicted}><td className="num text-right">{bin.predicted}</td><td className="num text-right">{bin.observed}</td><td className="num text-right">{bin.rows}</td></tr>)}</Table>}
    />
  );
}

function square(width: number, x: string, y: string): PlotOptions {
  const axis = { domain: [0, 1], ticks: 5, tickFormat: tick, tickSize: 0, labelAnchor: 'center', labelArrow: 'none' } as const;
  return { ...chartLook, width, height: HEIGHT, marginLeft: 52, marginBottom: 36, marginTop: 12, marginRight: 12, x: { ...axis, label: x }, y: { ...axis, label: y } };
}

function frame(Plot: PlotLibrary, diagonal: boolean): Markish[] {
  return [
    Plot.gridY({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 5 }),
    ...(diagonal ? [Plot.line([[0, 0], [1, 1]], { stroke: 'var(--line-strong)', strokeDasharray: '2 4' })] : []),
  ];
}
