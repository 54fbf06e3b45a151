import type { ReceiptBody } from '@neurodata/protocol';
import { type JSX, useCallback, useId, useState } from 'react';
import { fixed, precise } from '../../language/format.ts';
import { Said } from '../../language/Said.tsx';
import { t } from '../../language/t.ts';
import { count } from '../Amounts.tsx';
import { Chart, type PlotLibrary, chartLook, tick, tipLook } from '../Chart.tsx';
import { Table } from '../Layout.tsx';

export type Explanation = NonNullable<ReceiptBody['metrics']['explanation']>;
type Importance = NonNullable<Explanation['importance']>;
type Dependence = NonNullable<Explanation['dependence']>;
type Feature = Importance['features'][number];

const MOST_BARS = 20;
const BAR = 24;
/** Width of a letter in a chart, in pixels. */
const LETTER = 7.4;

/** What the model looks at: how much each column matters, and how its answer moves with one. */
export function Explained({ explanation, target }: { explanation: Explanation; target: string }): JSX.Element {
  const { importance, dependence, notes } = explanation;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
      {importance && importance.features.length > 0 && <ImportanceBars importance={importance} />}
      {dependence && dependence.features.length > 0 && <DependenceCurves dependence={dependence} target={target} />}
      {notes.map((note) => <p key={note} className="text-sm text-muted"><Said text={note} /></p>)}
    </div>
  );
}

const scoreWords = { accuracy: t`accuracy`, r2: 'R²' } as const;

function ImportanceBars({ importance }: { importance: Importance }): JSX.Element {
  const { features, score, rows, repeats } = importance;
  const sorted = features.toSorted((a, b) => b.mean - a.mean);
  const draw = useCallback((Plot: PlotLibrary, width: number) => drawBars(Plot, importance, width), [importance]);
  return (
    <div>
      <Chart
        title="What each column matters" height={(width) => barsPlace(importance, width).height} draw={draw}
        label={`Fall of ${scoreWords[score]} when a column is shuffled, the largest first: ${sorted.slice(0, 3).map(({ name, mean }) => `${name} ${fixed(mean, 3)}`).join(', ')}.`}
        table={<Table label="Importance" head={['Column', 'Fall', 'Deviation']} numeric={[1, 2]}>{sorted.map(({ name, mean, deviation }) => <tr key={name}><td>{name}</td><td className="num text-right">{fixed(mean, 5)}</td><td className="num text-right">{fixed(deviation, 5)}</td></tr>)}</Table>}
      />
      <p className="hint mt-2">How much {scoreWords[score]} falls when the cells of one column are shuffled among {count(rows)} test rows, {repeats} times; lines show one deviation. Columns that tell the same share their part.{sorted.length > MOST_BARS && ` The first ${MOST_BARS} of ${sorted.length} are drawn.`}</p>
    </div>
  );
}

/** Which bars are drawn, and how much room they and their names take. */
function barsPlace({ features: all }: Importance, width: number): { features: Feature[]; beside: number; above: boolean; height: number } {
  const features = all.toSorted((a, b) => b.mean - a.mean).slice(0, MOST_BARS);
  const beside = Math.max(...features.map(({ name }) => name.length)) * LETTER + 12;
  // Where names would take the bars' room, they stand above them.
  const above = beside > width * 0.4;
  return { features, beside, above, height: features.length * (above ? 2 * BAR : BAR) + 48 };
}

function drawBars(Plot: PlotLibrary, importance: Importance, width: number): Element {
  const { features, beside, above, height } = barsPlace(importance, width);
  const letters = Math.floor(width / LETTER);
  const brief = (name: string): string => (name.length > letters ? `${name.slice(0, letters - 1)}…` : name);
  return Plot.plot({
    ...chartLook, width, height, marginLeft: above ? 4 : beside, marginBottom: 36, marginTop: 4, marginRight: 16,
    x: { label: t`fall of ${scoreWords[importance.score]}`, ticks: 4, tickFormat: tick, tickSize: 0, labelAnchor: 'center', labelArrow: 'none', zero: true, nice: true },
    y: { label: null, tickSize: 0, domain: features.map(({ name }) => name), padding: above ? 0.1 : 0.35, ...(above ? { ticks: [] } : {}) },
    marks: [
      Plot.gridX({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 4 }),
      Plot.barX(features, { y: 'name', x: 'mean', fill: 'var(--accent)', fillOpacity: 0.75, insetTop: above ? BAR : 0 }),
      Plot.ruleY(features, { y: 'name', x1: ({ mean, deviation }: Feature) => mean - deviation, x2: ({ mean, deviation }: Feature) => mean + deviation, stroke: 'var(--text)', dy: above ? BAR / 2 : 0 }),
      ...(above ? [Plot.text(features, { y: 'name', text: ({ name }: Feature) => brief(name), frameAnchor: 'left', textAnchor: 'start', dy: -BAR / 2 + 4, fill: 'var(--muted)' })] : []),
      Plot.tip(features, Plot.pointerY({ y: 'name', x: 'mean', ...tipLook, title: ({ name, mean, deviation }: Feature) => `${name}\n${fixed(mean, 4)} ± ${fixed(deviation, 4)}` })),
    ],
  });
}

type Curve = Dependence['features'][number];
type DependencePoint = { at: number | string; class: string; mean: number };

function DependenceCurves({ dependence, target }: { dependence: Dependence; target: string }): JSX.Element {
  const { features, classes, rows } = dependence;
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const curve = features[chosen] ?? features[0];
  return (
    <div>
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <label htmlFor={id} className="text-sm font-medium">How the answer moves with</label>
        <select id={id} value={chosen} onChange={(event) => setChosen(Number(event.target.value))} className="field w-auto max-w-full">{features.map(({ name }, index) => <option key={name} value={index}>{name}</option>)}</select>
      </div>
      {curve && <DependenceChart curve={curve} classes={classes} target={target} />}
      <p className="hint mt-2">The mean {classes.length > 0 ? 'probability' : 'prediction'} over {count(rows)} test rows if all of them had this value (partial dependence).{typeof curve?.points[0] === 'number' && ' Values are round numbers, not those of rows.'}</p>
    </div>
  );
}

function DependenceChart({ curve, classes, target }: { curve: Curve; classes: string[]; target: string }): JSX.Element {
  const named = classes.length > 0 ? classes : [target];
  const key = named.join('\n');
  const draw = useCallback((Plot: PlotLibrary, width: number) => drawDependence(Plot, curve, key.split('\n'), classes.length > 0, width), [curve, key, classes.length]);
  return (
    <Chart
      title={`${classes.length > 0 ? t`Probability` : target} by ${curve.name}`} label={`Mean ${classes.length > 0 ? t`probability` : 'prediction'} by ${curve.name}, ${curve.points.length} points.`} height={240} draw={draw}
      table={<Table label="Partial dependence" head={[curve.name, ...named]} numeric={named.map((_, index) => index + 1)}>{curve.points.map((point, index) => <tr key={point}><td className="num">{point}</td>{(curve.means[index] ?? []).map((mean, column) => <td key={column} className="num text-right">{precise(mean, 5)}</td>)}</tr>)}</Table>}
    />
  );
}

function drawDependence(Plot: PlotLibrary, curve: Curve, named: string[], shares: boolean, width: number): Element {
  const points = curve.points.flatMap((at, index) => named.map((name, column): DependencePoint => ({ at, class: name, mean: curve.means[index]?.[column] ?? 0 })));
  const ordinal = typeof curve.points[0] === 'string';
  const stroke = named.length > 1 ? 'class' : () => named[0];
  // Names side by side need their room.
  const turned = ordinal && curve.points.join('').length * 8 + curve.points.length * 12 > width - 160;
  return Plot.plot({
    ...chartLook, width, height: 240, marginLeft: 56, marginBottom: turned ? 84 : 36, marginTop: 12, marginRight: named.length > 1 ? 104 : 16,
    x: { ...(turned ? { tickRotate: -40 } : {}), ...(ordinal ? { type: 'point', domain: [...curve.points] as string[], padding: 0.5 } : { ticks: Math.min(6, Math.floor(width / 90)), tickFormat: tick }), label: turned ? null : curve.name, tickSize: 0, labelAnchor: 'center', labelArrow: 'none' },
    y: { label: null, ticks: 4, tickFormat: tick, tickSize: 0, nice: true, ...(shares ? { domain: [0, 1] } : {}) },
    color: { domain: named, range: palette.slice(0, named.length) },
    marks: [
      Plot.gridY({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 4 }),
      ...(ordinal ? [] : [Plot.line(points, { x: 'at', y: 'mean', z: 'class', stroke, strokeWidth: 1.75 })]),
      Plot.dot(points, { x: 'at', y: 'mean', fill: stroke, r: ordinal ? 4.5 : 2 }),
      ...(named.length > 1 ? [Plot.text(points, Plot.selectLast({ x: 'at', y: 'mean', z: 'class', text: ({ class: name }: DependencePoint) => (name.length > 12 ? `${name.slice(0, 11)}…` : name), fill: 'var(--text)', textAnchor: 'start', dx: 8 }))] : []),
      Plot.tip(points, Plot.pointer({ x: 'at', y: 'mean', ...tipLook, title: ({ at, class: name, mean }: DependencePoint) => `${at}\n${name} ${precise(mean, 4)}` })),
    ],
  });
}

/** Okabe and Ito's colours that differ for everybody, the site's accent first. */
const palette = ['var(--accent)', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#b8a800', '#8c6bb1', '#999999', '#0072b2'];
