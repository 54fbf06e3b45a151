import { type Algorithm, type Preprocess, findAlgorithm } from '@neurodata/engine';
import type { BoardSplit, ManifestColumn } from '@neurodata/protocol';
import type { JSX } from 'react';
import { t } from '../../language/t.ts';
import { type BoardChoice, withBoard } from './boardSplit.ts';
import type { Draft } from './draft.ts';
import { limitProblem, limits } from './draftSpec.ts';
import { Help } from './ParameterFields.tsx';

type PreparationProps = { columns: ManifestColumn[]; draft: Draft; board: { choice: BoardChoice; split: BoardSplit | undefined }; onChange: (draft: Draft) => void };

const choices: { [K in keyof Preprocess]: { title: string; help: string; words: Record<Preprocess[K], string> } } = {
  impute: { title: t`Missing numbers`, help: t`What stands for them, learned from the train rows.`, words: { mean: t`the column's mean`, median: t`the column's median`, 'most-frequent': t`the most frequent number`, zero: t`zero`, none: t`left missing` } },
  scale: { title: t`Scale of numbers`, help: t`Whether columns are brought to mean 0 and deviation 1.`, words: { standard: t`standardised`, none: t`as they are` } },
  encode: { title: t`Categories`, help: t`How names become numbers.`, words: { 'one-hot': t`a column for each`, ordinal: t`their place in the alphabet` } },
};

/** How cells become numbers, which rows are kept aside, and when to stop. */
export function PreparationFields({ columns, draft, board, onChange }: PreparationProps): JSX.Element {
  const algorithm = findAlgorithm(draft.algorithm);
  const shown = withBoard(draft, board.choice, board.split);
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <Preparation name="impute" algorithm={algorithm} draft={draft} onChange={onChange} />
      <Preparation name="scale" algorithm={algorithm} draft={draft} onChange={onChange} />
      <Preparation name="encode" algorithm={algorithm} draft={draft} onChange={onChange} />
      {algorithm.takesWeights && <WeightField columns={columns} draft={draft} onChange={onChange} />}
      {board.choice !== 'no-board' && <BoardSwitch draft={draft} board={board} onChange={onChange} />}
      {(['testFraction', 'seed', 'maxSteps'] as const).map((name) => {
        const problem = limitProblem(shown, name);
        const fixed = board.choice === 'counts' && name !== 'maxSteps';
        return (
          <div key={name}>
            <label htmlFor={name} className="label">{limits[name].title}</label>
            <input id={name} inputMode="decimal" autoComplete="off" readOnly={fixed} aria-invalid={problem !== undefined || undefined} aria-describedby={`${name}-help`} value={shown[name]} onChange={(event) => onChange({ ...draft, [name]: event.target.value })} className="field num read-only:text-muted aria-invalid:border-bad" />
            <Help id={`${name}-help`} problem={problem}>{fixed ? 'Fixed by the chain for the leaderboard.' : limits[name].help}</Help>
          </div>
        );
      })}
    </div>
  );
}

const boardWords: Record<Exclude<BoardChoice, 'no-board'>, string> = {
  counts: t`It is tested on the rows that the chain holds out for everybody, so that its scores can be compared.`,
  off: t`It is tested on other rows, and stays off the leaderboard.`,
  reading: t`Reading from the chain which rows are held out.`,
  'not-fixed': t`The chain has not fixed the held-out rows yet: this run will not count.`,
  unreadable: t`Which rows are held out could not be read.`,
};

function BoardSwitch({ draft, board: { choice }, onChange }: Omit<PreparationProps, 'columns'>): JSX.Element {
  return (
    <label className="flex items-start gap-3 sm:col-span-2">
      <input type="checkbox" checked={draft.onBoard} onChange={(event) => onChange({ ...draft, onBoard: event.target.checked })} className="mt-0.5 size-4 accent-accent" />
      <span>Count on the leaderboard<span className="hint block" aria-live="polite">{choice !== 'no-board' && boardWords[choice]}</span></span>
    </label>
  );
}

type OneProps = { name: keyof Preprocess; algorithm: Algorithm; draft: Draft; onChange: (draft: Draft) => void };

function Preparation({ name, algorithm, draft, onChange }: OneProps): JSX.Element {
  const { title, help, words } = choices[name];
  const usual = algorithm.preprocess[name];
  const options = Object.entries(words).filter(([value]) => value !== 'none' || name !== 'impute' || algorithm.takesMissing);
  const choose = (value: string): void => onChange({ ...draft, preparation: { ...draft.preparation, [algorithm.name]: { ...draft.preparation[algorithm.name], [name]: value } } });
  return (
    <div>
      <label htmlFor={name} className="label">{title}</label>
      <select id={name} value={draft.preparation[algorithm.name]?.[name] ?? usual} onChange={(event) => choose(event.target.value)} className="field" aria-describedby={`${name}-help`}>
        {options.map(([value, word]) => <option key={value} value={value}>{word}{value === usual ? ' (usual)' : ''}</option>)}
      </select>
      <p id={`${name}-help`} className="hint mt-1">{help}</p>
    </div>
  );
}

function WeightField({ columns, draft, onChange }: Omit<PreparationProps, 'board'>): JSX.Element {
  const numbers = columns.filter(({ name, kind }) => kind === 'numeric' && name !== draft.target);
  return (
    <div>
      <label htmlFor="weight" className="label">Weights of rows</label>
      <select id="weight" value={draft.weight} onChange={(event) => onChange({ ...draft, weight: event.target.value, features: draft.features.filter((name) => name !== event.target.value) })} className="field" aria-describedby="weight-help">
        <option value="">every row counts the same</option>
        {numbers.map(({ name }) => <option key={name} value={name}>{name}</option>)}
      </select>
      <p id="weight-help" className="hint mt-1">A numeric column that says how much each row counts.</p>
    </div>
  );
}
