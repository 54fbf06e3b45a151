import type { JSX } from 'react';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';

type ActProps = { text: string; look?: 'primary' | 'secondary'; mutation: { isPending: boolean; error: Error | null }; run: () => void };

/** A button that signs, with what went wrong under it. */
export function Act({ text, look = 'primary', mutation, run }: ActProps): JSX.Element {
  return (
    <>
      <Button look={look} busy={mutation.isPending} onClick={run}>{text}</Button>
      {mutation.error && <Failure error={mutation.error} safe="The money is where this page says." />}
    </>
  );
}
