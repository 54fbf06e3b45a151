import { Check } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { t } from '../language/t.ts';

export type Step = { name: string; note?: ReactNode };

/** Stages in a row; `done` of them are behind, the next one is going on. `failed` stops the row there. */
export function Stepper({ steps, done, failed = false }: { steps: Step[]; done: number; failed?: boolean }): JSX.Element {
  return (
    <ol className="grid gap-4 sm:auto-cols-fr sm:grid-flow-col sm:gap-2">
      {steps.map((step, index) => {
        const state = index < done ? 'done' : index === done ? 'now' : 'later';
        return (
          <li key={step.name} aria-current={state === 'now' ? 'step' : undefined} className="relative flex gap-3 sm:flex-col sm:gap-2">
            {index < steps.length - 1 && <span aria-hidden="true" className={`absolute top-6 bottom-[-16px] left-[11px] w-px sm:top-[11px] sm:right-[-8px] sm:bottom-auto sm:left-8 sm:h-px sm:w-auto ${state === 'done' ? 'bg-accent' : 'bg-line-strong/50'}`} />}
            <Dot state={state} failed={failed && state === 'now'} />
            <span className="min-w-0">
              <span className={`block ${state === 'later' ? 'text-muted' : 'font-medium'}`}>{step.name}<span className="sr-only">{{ done: t`, done`, now: t`, going on`, later: t`, to come` }[state]}</span></span>
              {step.note !== undefined && <span className="block text-sm text-muted">{step.note}</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function Dot({ state, failed }: { state: 'done' | 'now' | 'later'; failed: boolean }): JSX.Element {
  const look = failed ? 'border-bad bg-bad-soft' : { done: 'border-accent bg-accent text-on-accent', now: 'border-accent bg-accent-soft', later: 'border-line-strong/60 bg-surface' }[state];
  return (
    <span aria-hidden="true" className={`grid size-6 shrink-0 place-items-center rounded-full border ${look}`}>
      {state === 'done' && <Check size={14} />}
      {state === 'now' && <span className={`size-2 rounded-full ${failed ? 'bg-bad' : 'animate-pulse bg-accent'}`} />}
    </span>
  );
}
