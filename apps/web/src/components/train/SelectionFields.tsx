import { type Admission, type Parameter, type RunPlan, allowedValues, findAlgorithm, scoresOf, separatorOf } from '@neurodata/engine';
import type { JSX } from 'react';
import { pointed } from '../../language/format.ts';
import { t } from '../../language/t.ts';
import { tFrom } from '../../language/tFrom.ts';
import { count, plural } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { betterWords } from '../words.ts';
import { type Draft, type SelectionDraft, textOf } from './draft.ts';
import { Help } from './ParameterFields.tsx';
import { type SelectionProblems, readSelection, triesOf, untried, withTry } from './selection.ts';

type SelectionProps = { draft: Draft; admission: Admission; /** Where the draft can be started. */ plan: RunPlan | undefined; onChange: (draft: Draft) => void };

const searches: Record<SelectionDraft['search'], string> = { none: t`no search: the parameters above`, grid: t`every combination (grid)`, random: t`combinations drawn at random` };

/** Cross-validation and the search for parameters, closed until somebody asks for it. */
export function SelectionFields({ draft, admission, plan, onChange }: SelectionProps): JSX.Element {
  const { selection, task } = draft;
  const read = readSelection(draft, admission);
  const problems: SelectionProblems = 'problems' in read ? read.problems : new Map();
  const change = (part: Partial<SelectionDraft>): void => onChange({ ...draft, selection: { ...selection, ...part } });
  const searching = selection.search !== 'none';
  return (
    <div className="grid gap-5">
      <label className="flex items-start gap-3">
        <input type="checkbox" checked={selection.validate} onChange={(event) => change({ validate: event.target.checked })} className="mt-0.5 size-4 shrink-0 accent-accent" />
        <span><span className="text-sm font-medium">Cross-validate</span><span className="hint block">Trains once more for each fold of the train rows, leaving it out, and tells each score's mean and deviation: an estimate that does not hang on one split.</span></span>
      </label>
      <div className="grid gap-5 sm:grid-cols-2">
        <div>
          <label htmlFor="search" className="label">Search for parameters</label>
          <select id="search" value={selection.search} onChange={(event) => change({ search: event.target.value as SelectionDraft['search'] })} className="field" aria-describedby="search-help">
            {Object.entries(searches).map(([value, words]) => <option key={value} value={value}>{words}</option>)}
          </select>
          <p id="search-help" className="hint mt-1">Each combination is trained on folds of the train rows; the model takes the best one.</p>
        </div>
        {(searching || selection.validate) && <NumberField name="folds" title="Folds" problem={problems.get('folds')} text={selection.folds} onText={(folds) => change({ folds })}>Parts of the train rows, each left out once.</NumberField>}
        {selection.search === 'random' && <NumberField name="iterations" title="Combinations" problem={problems.get('iterations')} placeholder="10, or all of fewer" text={selection.iterations} onText={(iterations) => change({ iterations })}>How many are drawn, by the seed of the split, none twice.</NumberField>}
        {searching && (
          <div>
            <label htmlFor="score" className="label">Choose by</label>
            <select id="score" value={selection.score} onChange={(event) => change({ score: event.target.value })} className="field" aria-describedby="score-help">
              {scoresOf(task).map(({ name, title, better }, index) => <option key={name} value={index === 0 ? '' : name}>{tFrom(title)} ({betterWords[better]} is better)</option>)}
            </select>
            <p id="score-help" className="hint mt-1">{tFrom(scoresOf(task)[Math.max(0, scoresOf(task).findIndex(({ name }) => name === selection.score))]?.help ?? '')}</p>
          </div>
        )}
      </div>
      {searching && <Tries draft={draft} admission={admission} problems={problems} onChange={onChange} />}
      {(searching || selection.validate) && <PlanLine draft={draft} plan={plan} />}
    </div>
  );
}

/** What is asked for, in a few words, for who has it closed. */
export function selectionText({ selection: { validate, search } }: Draft, plan: RunPlan | undefined): string {
  if (!validate && search === 'none') return t`none: one split, one fit`;
  return plan === undefined ? t`not complete` : plural(plan.fits, 'fit');
}

type NumberProps = { name: string; title: string; text: string; placeholder?: string; problem: string | undefined; onText: (text: string) => void; children: string };

function NumberField({ name, title, text, placeholder, problem, onText, children }: NumberProps): JSX.Element {
  return (
    <div>
      <label htmlFor={name} className="label">{title}</label>
      <input id={name} inputMode="numeric" autoComplete="off" value={text} placeholder={placeholder} onChange={(event) => onText(event.target.value)} aria-invalid={problem !== undefined || undefined} aria-describedby={`${name}-help`} className="field num aria-invalid:border-bad" />
      <Help id={`${name}-help`} problem={problem}>{children}</Help>
    </div>
  );
}

type TriesProps = Omit<SelectionProps, 'plan'> & { problems: SelectionProblems };

function Tries({ draft, admission, problems, onChange }: TriesProps): JSX.Element {
  const rest = untried(draft);
  const wrong = problems.get('search');
  return (
    <fieldset className="grid gap-4">
      <legend className="label">Values to try</legend>
      {triesOf(draft).map(([parameter, text]) => (
        <TryField key={parameter.name} parameter={parameter} text={text} usual={textOf(draft, parameter, admission)} problem={problems.get(`try ${parameter.name}`)} onText={(typed) => onChange(withTry(draft, parameter.name, typed))} />
      ))}
      {rest.length > 0 && (
        <div className="flex flex-wrap items-center gap-3">
          <label htmlFor="try-more" className="text-sm text-muted">Add a parameter</label>
          <select id="try-more" value="" onChange={(event) => onChange(withTry(draft, event.target.value, firstText(rest.find(({ name }) => name === event.target.value))))} className="field w-auto max-w-full">
            <option value="" disabled>choose</option>
            {rest.map(({ name, title }) => <option key={name} value={name}>{tFrom(title)}</option>)}
          </select>
        </div>
      )}
      {findAlgorithm(draft.algorithm).parameters.length === 0 && <p className="text-muted">This algorithm has no parameters to try.</p>}
      {wrong && <p role="status" className="text-sm text-bad">{wrong}</p>}
    </fieldset>
  );
}

/** Options begin with all of them chosen. */
function firstText(parameter: Parameter | undefined): string {
  return optionsOf(parameter)?.join(',') ?? '';
}

function optionsOf(parameter: Parameter | undefined): string[] | undefined {
  if (parameter?.kind === 'boolean') return ['true', 'false'];
  return parameter?.kind === 'choice' ? parameter.options.map(({ value }) => value) : undefined;
}

type TryProps = { parameter: Parameter; text: string; /** What it is in the fields above. */ usual: string; problem: string | undefined; onText: (text: string | undefined) => void };

function TryField({ parameter, text, usual, problem, onText }: TryProps): JSX.Element {
  const { name, title } = parameter;
  const id = `try-${name}`;
  const options = optionsOf(parameter);
  const separator = separatorOf(parameter) === ';' || (parameter.kind === 'number' && pointed('0.5') !== '0.5') ? t`semicolons` : t`commas`;
  return (
    <div role="group" aria-labelledby={`${id}-label`}>
      <div className="flex items-baseline justify-between gap-3">
        <label id={`${id}-label`} {...(options ? {} : { htmlFor: id })} className="label">{tFrom(title)} <span className="num font-normal text-muted">{name}</span></label>
        <Button size="small" look="quiet" aria-label={`Do not try ${tFrom(title)}`} onClick={() => onText(undefined)}>Remove</Button>
      </div>
      {options
        ? <OptionBoxes options={options} text={text} onText={onText} />
        : <input id={id} autoComplete="off" spellCheck={false} value={text} placeholder={usual === '' ? undefined : `${usual} alone above`} onChange={(event) => onText(event.target.value)} aria-invalid={problem !== undefined || undefined} aria-describedby={`${id}-help`} className="field num aria-invalid:border-bad" />}
      <Help id={`${id}-help`} problem={problem}>{options ? 'The ones that are ticked.' : `Several of them, with ${separator} between: ${tFrom(allowedValues(parameter))}.`}</Help>
    </div>
  );
}

function OptionBoxes({ options, text, onText }: { options: string[]; text: string; onText: (text: string) => void }): JSX.Element {
  const chosen = text.split(',');
  const toggle = (option: string, on: boolean): void => onText(options.filter((one) => (one === option ? on : chosen.includes(one))).join(','));
  return (
    <div className="flex flex-wrap gap-x-5 gap-y-2">
      {options.map((option) => (
        <label key={option} className="flex items-center gap-2">
          <input type="checkbox" checked={chosen.includes(option)} onChange={(event) => toggle(option, event.target.checked)} className="size-4 accent-accent" />
          <span className="num">{option}</span>
        </label>
      ))}
    </div>
  );
}

/** How often the run trains, and that this costs no more. */
function PlanLine({ draft: { selection }, plan }: { draft: Draft; plan: RunPlan | undefined }): JSX.Element {
  if (plan === undefined) return <p className="hint">How many fits this makes is told once all fields are right.</p>;
  const parts = [
    ...(plan.candidates > 0 ? [t`${plural(plan.candidates, 'combination')} × ${selection.folds} folds`] : []),
    ...(selection.validate ? [t`${selection.folds} folds of the validation`] : []),
    t`the model`,
  ];
  return (
    <p role="status" data-testid="run-plan" className="rounded-md border border-line bg-bg px-3 py-2">
      <b className="font-medium">{plural(plan.fits, 'fit')}</b>: {parts.join(' + ')}; at most {count(plan.maxSteps)} of the engine’s steps. A run has one price, so the quote stays the same; worker and validators take longer, and a run that is cancelled is paid by its steps.
    </p>
  );
}
