import { type Admission, type Task, algorithms } from '@neurodata/engine';
import type { ManifestColumn } from '@neurodata/protocol';
import type { JSX, ReactNode } from 'react';
import { t } from '../../language/t.ts';
import { tFrom } from '../../language/tFrom.ts';
import { type Draft, algorithmsFor, hasTarget, targetsOf, tasks, withTask } from './draft.ts';

type PickerProps = { columns: ManifestColumn[]; draft: Draft; admission: Admission; onChange: (draft: Draft) => void };

const goals: Record<Task, { title: string; about: string }> = {
  classification: { title: t`Predict a class`, about: t`Which of a few names a row belongs to.` },
  regression: { title: t`Predict a number`, about: t`A quantity, from the other columns.` },
  clustering: { title: t`Find groups`, about: t`Rows that are like each other; no target.` },
  reduction: { title: t`Condense columns`, about: t`Many columns into a few; no target.` },
};

/** The task in a verb. */
export function goalOf(task: Task): string {
  return goals[task].title;
}

/** What the model shall do: the tasks that an admitted algorithm and these columns allow. */
export function GoalPicker({ columns, draft, admission, onChange }: PickerProps): JSX.Element {
  const possible = tasks.filter((task) => algorithmsFor(task, admission).length > 0 && (!hasTarget(task) || targetsOf(columns, task).length > 0));
  return (
    <fieldset className="grid gap-2 sm:grid-cols-2">
      <legend className="sr-only">Goal</legend>
      {possible.map((task) => (
        <Choice key={task} group="goal" chosen={draft.task === task} onChoose={() => onChange(withTask(draft, task, columns, admission))} title={goals[task].title}>{goals[task].about}</Choice>
      ))}
    </fieldset>
  );
}

/** The algorithms for the task, as cards. */
export function AlgorithmPicker({ draft, admission, onChange }: PickerProps): JSX.Element {
  const left = algorithms.filter(({ name, tasks: does }) => does.includes(draft.task) && !admission.algorithms.includes(name));
  const choose = (name: string, takesWeights: boolean): void => onChange({ ...draft, algorithm: name, weight: takesWeights ? draft.weight : '' });
  return (
    <>
      <fieldset className="grid gap-2 sm:grid-cols-2">
        <legend className="sr-only">Algorithm</legend>
        {algorithmsFor(draft.task, admission).map(({ name, title, about, takesWeights }) => (
          <Choice key={name} group="algorithm" chosen={draft.algorithm === name} onChoose={() => choose(name, takesWeights)} title={tFrom(title)}>{tFrom(about)}</Choice>
        ))}
      </fieldset>
      {left.length > 0 && <p className="hint mt-3">Not admitted to this data by its publisher: {left.map(({ title, copiesRows }) => `${tFrom(title)}${copiesRows ? t` (its models hold rows)` : ''}`).join(', ')}.</p>}
    </>
  );
}

function Choice({ group, chosen, onChoose, title, children }: { group: string; chosen: boolean; onChoose: () => void; title: string; children: ReactNode }): JSX.Element {
  return (
    <label className="flex items-start gap-3 rounded-md border border-line px-3 py-2.5 hover:border-line-strong has-checked:border-accent/60 has-checked:bg-accent-soft/50">
      <input type="radio" name={group} checked={chosen} onChange={onChoose} className="mt-0.5 size-4 shrink-0 accent-accent" />
      <span className="min-w-0"><span className="block font-medium">{title}</span><span className="mt-0.5 block text-sm text-muted">{children}</span></span>
    </label>
  );
}
