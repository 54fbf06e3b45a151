import type { JSX } from 'react';
import { BottomBar } from '../BottomBar.tsx';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';

type ActProps = { text: string; look?: 'primary' | 'secondary'; /** Whether it is the page's one next action. */ isNext?: boolean; mutation: { isPending: boolean; error: Error | null }; run: () => void };

/** A button that signs, with what went wrong under it; the next action stays in view on a phone. */
export function Act({ text, look = 'primary', isNext = false, mutation, run }: ActProps): JSX.Element {
  const act = (
    <>
      <Button look={look} busy={mutation.isPending} onClick={run}>{text}</Button>
      {mutation.error && <Failure error={mutation.error} safe="The money is where this page says." />}
    </>
  );
  return isNext ? <BottomBar>{act}</BottomBar> : act;
}
