import type { DecodedEvent } from '@neurodata/sdk';
import type { JSX, ReactNode } from 'react';
import { Link } from 'react-router';
import { t } from '../../language/t.ts';
import { eventWord } from '../Activity.tsx';
import { contractWord } from './contractWords.ts';
import { Values } from './Value.tsx';

/** What contracts wrote into the log, each with its arguments by name. */
export function EventList({ events }: { events: (DecodedEvent & { key: string; aside?: ReactNode })[] }): JSX.Element {
  return (
    <ul className="grid gap-3">
      {events.map(({ key, contract, event, args, aside }) => (
        <li key={key} className="grid gap-1 border-t border-line pt-3 first:border-0 first:pt-0">
          <p className="flex flex-wrap items-baseline gap-x-3"><span className="font-medium">{word(contract, event)}</span> <Link to={`/explorer/contract/${contract}`} className="text-sm text-muted hover:underline">{contractWord(contract)}</Link>{aside}</p>
          <Values contract={contract} args={args} />
        </li>
      ))}
    </ul>
  );
}

/** Both tokens and assets say Transfer. */
function word(contract: string, event: string): string {
  if (event !== 'Transfer') return eventWord(event);
  return { neuroCoin: t`Coins moved`, neuroVotes: t`Votes moved` }[contract] ?? eventWord(event);
}
