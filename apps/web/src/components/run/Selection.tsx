import { type Score, formatScore, scoresOf } from '@neurodata/engine';
import type { ReceiptBody } from '@neurodata/protocol';
import { Check } from 'lucide-react';
import type { JSX } from 'react';
import { pointed } from '../../language/format.ts';
import { t } from '../../language/t.ts';
import { tFrom } from '../../language/tFrom.ts';
import { count, plural } from '../Amounts.tsx';
import { Explain, Section, Table } from '../Layout.tsx';
import { rankCandidates } from './rankCandidates.ts';

type Metrics = ReceiptBody['metrics'];
type Validation = NonNullable<Metrics['validation']>;
type Search = NonNullable<Metrics['search']>;

/** What cross-validation and search found, on folds of the train rows. */
export function Selection({ metrics }: { metrics: Metrics }): JSX.Element {
  const { validation, search, trainRows } = metrics;
  return (
    <Section title="Validation and search" aside={<span className="text-sm text-muted">on folds of the {plural(trainRows, 'train row')}</span>}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
        {search && <Candidates search={search} task={metrics.task} />}
        {validation && <CrossValidation validation={validation} metrics={metrics} />}
      </div>
    </Section>
  );
}

function CrossValidation({ validation, metrics }: { validation: Validation; metrics: Metrics }): JSX.Element {
  const known = scoresOf(metrics.task).filter(({ name }) => name in validation.scores);
  return (
    <div>
      <h3 className="mb-2 text-sm font-medium">Cross-validation of the model’s parameters</h3>
      <Table label="Cross-validation" head={['Metric', 'Mean', <Explain key="deviation" text="Population deviation over the folds: how much the score hangs on which rows it was measured on.">± deviation</Explain>, <Explain key="test" text="The model itself, on the rows that were kept aside from all of this.">Test rows</Explain>]} numeric={[1, 2, 3]}>
        {known.map(({ name, title, help }) => {
          const spread = validation.scores[name] ?? null;
          return (
            <tr key={name}>
              <td><Explain text={tFrom(help)}>{tFrom(title)}</Explain></td>
              <td className="num text-right whitespace-nowrap" title={spread ? String(spread.mean) : undefined}>{spread ? pointed(formatScore(name, spread.mean)) : 'none'}</td>
              <td className="num text-right whitespace-nowrap" title={spread ? String(spread.deviation) : undefined}>{spread ? pointed(formatScore(name, spread.deviation)) : ''}</td>
              <td className="num text-right whitespace-nowrap text-muted">{formatOr(name, metrics.scores[name] ?? null)}</td>
            </tr>
          );
        })}
      </Table>
      <p className="hint mt-2">Trained {validation.folds} times, each time without one of {validation.folds} folds and measured on it. “None”: not defined on one of the folds.</p>
      {validation.byFold && (
        <details className="mt-3 text-sm">
          <summary className="text-muted">Each fold</summary>
          <div className="mt-2"><Folds folds={validation.folds} byFold={validation.byFold} task={metrics.task} /></div>
        </details>
      )}
    </div>
  );
}

function Folds({ folds, byFold, task }: { folds: number; byFold: NonNullable<Validation['byFold']>; task: Metrics['task'] }): JSX.Element {
  const places = Array.from({ length: folds }, (_, fold) => fold);
  return (
    <Table label="Each fold" head={['Metric', ...places.map((fold) => t`Fold ${fold + 1}`)]} numeric={places.map((fold) => fold + 1)}>
      {scoresOf(task).filter(({ name }) => name in byFold).map(({ name, title }) => (
        <tr key={name}>
          <td className="whitespace-nowrap">{tFrom(title)}</td>
          {places.map((fold) => {
            const value = byFold[name]?.[fold] ?? null;
            return <td key={fold} className="num text-right whitespace-nowrap" title={value === null ? undefined : String(value)}>{formatOr(name, value)}</td>;
          })}
        </tr>
      ))}
    </Table>
  );
}

function formatOr(name: string, value: number | null): string {
  return value === null ? 'none' : pointed(formatScore(name, value));
}

function Candidates({ search, task }: { search: Search; task: Metrics['task'] }): JSX.Element {
  const { candidates, folds, best } = search;
  const score = scoresOf(task).find(({ name }) => name === search.score);
  const names = Object.keys(candidates[0]?.parameters ?? {});
  const ranked = rankCandidates(search, score?.better ?? 'higher');
  return (
    <div>
      <h3 className="mb-2 text-sm font-medium">{plural(candidates.length, 'combination')} tried, best first</h3>
      <div className="max-h-96 overflow-y-auto">
        <Table label="Combinations tried" head={['', <ScoreName key="score" score={score} name={search.score} />, '± deviation', ...names.map((name) => <span key={name} className="num font-normal">{name}</span>)]} numeric={Array.from({ length: names.length + 2 }, (_, index) => index + 1)}>
          {ranked.map(({ candidate, rank }) => {
            const { parameters, score: spread, byFold } = candidates[candidate] ?? { parameters: {}, score: null };
            const taken = candidate === best;
            return (
              <tr key={candidate} data-taken={taken || undefined} className={taken ? 'bg-accent-soft/60 font-medium' : ''}>
                <td className="pl-2! whitespace-nowrap"><span className="num text-muted">{rank}</span>{taken && <span className="ml-2 inline-flex items-center gap-1 text-accent"><Check size={14} aria-hidden="true" />taken</span>}</td>
                <td className="num text-right whitespace-nowrap" title={byFold ? `by fold: ${byFold.map((value) => value ?? 'none').join(', ')}` : spread ? String(spread.mean) : undefined}>{spread ? pointed(formatScore(search.score, spread.mean)) : 'none'}</td>
                <td className="num text-right whitespace-nowrap" title={spread ? String(spread.deviation) : undefined}>{spread ? pointed(formatScore(search.score, spread.deviation)) : ''}</td>
                {names.map((name) => <td key={name} className="num text-right whitespace-nowrap last:pr-2!">{valueText(parameters[name])}</td>)}
              </tr>
            );
          })}
        </Table>
      </div>
      <p className="hint mt-2">Each was trained {count(folds)} times, each time without one of {count(folds)} folds and measured on it. The model has the parameters of the best one; of equals, the first that was tried.</p>
    </div>
  );
}

function ScoreName({ score, name }: { score: Score | undefined; name: string }): JSX.Element {
  return score ? <Explain text={`${tFrom(score.help)} ${score.better === 'lower' ? t`Lower` : t`Higher`} is better.`}>{tFrom(score.title)}</Explain> : <>{name}</>;
}

/** As it is typed. */
function valueText(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}
