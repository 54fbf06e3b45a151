import type { JSX } from 'react';
import { ButtonLink } from '../components/Button.tsx';
import { Mark } from '../components/Mark.tsx';

/** What stands at addresses that lead nowhere. */
export function NotFound(): JSX.Element {
  return (
    <div className="flex flex-col items-center gap-3 py-20 text-center">
      <title>Not found · NeuroData</title>
      <Mark size={48} />
      <h1 className="text-2xl">There is no such page</h1>
      <p className="max-w-[48ch] text-muted">The address may be mistyped, or the thing is on another chain than this node’s.</p>
      <ButtonLink to="/" look="primary">Discover datasets and models</ButtonLink>
    </div>
  );
}
