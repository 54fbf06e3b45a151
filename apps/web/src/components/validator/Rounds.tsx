import type { Network, RoundDto } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { Link } from 'react-router';
import { networkQuery } from '../../queries/validators.ts';
import { Money, useNow, When } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Hash } from '../Copy.tsx';
import { roundSentence } from '../roundSentence.ts';
import { Empty, Failure, Skeleton } from '../Feedback.tsx';
import { Section, Table } from '../Layout.tsx';
import { Badge } from '../State.tsx';
import { aboutRound } from './aboutRound.ts';

const SHORT = 8;

/** The newest rounds of all committees, live. */
export function Rounds(): JSX.Element {
  const [all, setAll] = useState(false);
  const now = useNow();
  const { data, error, refetch } = useQuery(networkQuery());
  const rounds = data?.rounds ?? [];
  return (
    <Section title="Rounds">
      {error && !data && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-48" />}
      {data && rounds.length === 0 && <Empty title="No rounds yet">Whenever a version is published, a run is done or an order disputed, a committee is drawn, and its round stands here.</Empty>}
      {data && rounds.length > 0 && (
        <Table label="Rounds" numeric={[3]} wide={[3, 5]} head={['About', 'State', 'Validators', 'Fee', 'Opened', 'Round']}>
          {(all ? rounds : rounds.slice(0, SHORT)).map((round) => <Row key={round.roundId} round={round} keysets={data.keysets} now={now} />)}
        </Table>
      )}
      {!all && rounds.length > SHORT && <Button size="small" className="mt-3" onClick={() => setAll(true)}>Show all that are known here</Button>}
    </Section>
  );
}

function Row({ round, keysets, now }: { round: RoundDto; keysets: Network['keysets']; now: number }): JSX.Element {
  const until = round.commitUntil !== undefined && round.commitUntil > now ? round.commitUntil : round.revealUntil;
  const { name, path } = aboutRound(round, keysets);
  return (
    <tr data-testid="round" data-state={round.settled ? 'settled' : 'open'}>
      <td className="min-w-40"><Link className="link" to={path}>{name}</Link></td>
      <td className="min-w-40"><Badge tone={round.settled ? 'plain' : 'accent'}>{round.settled ? 'Ended' : 'Under way'}</Badge> <span className="text-sm text-muted">{roundSentence(round)}{!round.settled && until !== undefined && <>, until <When at={until} /></>}</span></td>
      <td className="whitespace-nowrap">{round.committee.map(({ validatorId }, index) => <span key={validatorId}>{index > 0 && ', '}<Link className="link num" aria-label={`Validator ${validatorId}`} to={`/validators/${validatorId}`}>{validatorId}</Link></span>)}</td>
      <td className="text-right"><Money amount={round.fee} /></td>
      <td className="text-muted"><When at={round.openedAt} /></td>
      <td><Hash value={round.roundId} label="round" /></td>
    </tr>
  );
}
