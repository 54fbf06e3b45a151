import { type JSX, useCallback } from 'react';
import { precise } from '../../language/format.ts';
import { t } from '../../language/t.ts';
import { Chart, type PlotLibrary, chartLook, tick, tipLook } from '../Chart.tsx';
import { Table } from '../Layout.tsx';

type Point = { step: number; loss: number };

/** Loss by step, as a line and as a table behind it. `losses` are spread evenly over steps 0 to `steps`; undefined: over those of a run's last fit, which nobody wrote down. */
export function LossCurve({ losses, steps: known }: { losses: number[]; steps: number | undefined }): JSX.Element {
  const steps = known ?? losses.length - 1;
  const draw = useCallback((Plot: PlotLibrary, width: number) => drawLosses(Plot, pointsOf(losses, steps), steps, width), [losses, steps]);
  const points = pointsOf(losses, steps);
  const last = losses.at(-1) ?? 0;
  return (
    <Chart
      title={known === undefined ? 'Training loss of the last fit, which makes the model' : 'Training loss by step'} figure={precise(last, 7)} height={220} draw={draw}
      label={`Training loss goes from ${precise(losses[0] ?? 0, 5)} to ${precise(last, 5)} in ${steps} ${known === undefined ? t`points` : t`steps`}.`}
      table={<Table label="Loss by step" head={['Step', 'Loss']} numeric={[1]}>{points.map(({ step, loss }) => <tr key={step}><td className="num">{step}</td><td className="num text-right">{loss}</td></tr>)}</Table>}
    />
  );
}

/** The step of each loss: all of them, or every so many where the curve was thinned. */
function pointsOf(losses: number[], steps: number): Point[] {
  const last = losses.length - 1;
  return losses.map((loss, index) => ({ step: last === 0 ? steps : Math.floor((index * steps) / last), loss }));
}

function drawLosses(Plot: PlotLibrary, points: Point[], steps: number, width: number): Element {
  return Plot.plot({
    ...chartLook, width, height: 220, marginLeft: 56, marginBottom: 36, marginTop: 12, marginRight: 12,
    x: { label: t`step`, ticks: Math.max(1, Math.min(8, steps, Math.floor(width / 64))), tickFormat: (step: number) => (Number.isInteger(step) ? tick(step) : ''), tickSize: 0, labelAnchor: 'center', labelArrow: 'none' },
    y: { label: null, ticks: 4, tickFormat: tick, tickSize: 0, nice: true },
    marks: [
      Plot.gridY({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 4 }),
      Plot.lineY(points, { x: 'step', y: 'loss', stroke: 'var(--accent)', strokeWidth: 1.75 }),
      Plot.dot(points.length <= 60 ? points : points.slice(-1), { x: 'step', y: 'loss', fill: 'var(--accent)', r: 2.5 }),
      Plot.tip(points, Plot.pointerX({ x: 'step', y: 'loss', ...tipLook, title: ({ step, loss }: Point) => t`step ${step}\n${precise(loss, 8)}` })),
    ],
  });
}
