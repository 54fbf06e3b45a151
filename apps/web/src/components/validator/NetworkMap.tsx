import type { Network, ValidatorDto } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import { type JSX, useId, useMemo, useState } from 'react';
import { Link } from 'react-router';
import { t } from '../../language/t.ts';
import { validatorsQuery } from '../../queries/chain.ts';
import { networkQuery } from '../../queries/validators.ts';
import { Money, ncr, plural } from '../Amounts.tsx';
import { Failure } from '../Feedback.tsx';
import { Section, Table } from '../Layout.tsx';
import { aboutRound } from './aboutRound.ts';
import { HEIGHT, type Member, WIDTH, drawNetwork, outline } from './drawNetwork.ts';

/** Rounds and keys are told of by the node; stake and places are asked for. */
const REFETCH_MS = 15_000;
/** More than these have no room for their numbers. */
const MOST_NUMBERED = 32;

/** Validators in a ring, live: who is active, with how much stake, who holds parts of the same keys, and who sits in a round now. */
export function NetworkMap(): JSX.Element {
  const validators = useQuery({ ...validatorsQuery(), refetchInterval: REFETCH_MS });
  const network = useQuery({ ...networkQuery(), refetchInterval: REFETCH_MS });
  const error = network.error ?? validators.error;
  if (error && !(network.data && validators.data)) return <Section title="Who shares what"><Failure error={error} retry={() => { void network.refetch(); void validators.refetch(); }} /></Section>;
  // Empty until it is known: it has its size at once.
  return <Section title="Who shares what"><Drawing validators={validators.data ?? nobody} network={network.data ?? nothing} /></Section>;
}

const nobody: ValidatorDto[] = [];
const nothing: Network = { rounds: [], keysets: [] };

/** A round, or a key, whose members stand out. */
type Group = { value: string; name: string; members: number[] };

function groupsOf({ rounds, keysets }: Network): { open: Group[]; keys: Group[] } {
  return {
    open: rounds.filter(({ settled, committee }) => !settled && committee.length > 0).map((round) => ({ value: round.roundId, name: aboutRound(round, keysets).name, members: round.committee.map(({ validatorId }) => validatorId) })),
    keys: keysets.map(({ assetId, version, title, holders }) => ({ value: `${assetId}-${version}`, name: t`“${title}”, version ${version}`, members: holders })),
  };
}

function Drawing({ validators, network }: { validators: readonly ValidatorDto[]; network: Network }): JSX.Element {
  const id = useId();
  const [chosen, setChosen] = useState('');
  const [looked, setLooked] = useState<number>();
  const { members, bonds } = useMemo(() => drawNetwork({ validators, network }), [validators, network]);
  const { open, keys } = useMemo(() => groupsOf(network), [network]);
  const group = [...open, ...keys].find(({ value }) => value === chosen);
  const isIn = (validatorId: number): boolean => !group || group.members.includes(validatorId);
  const seen = members.find(({ validatorId }) => validatorId === looked);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div className="max-w-md">
        <label htmlFor={id} className="label">Show</label>
        <select id={id} className="field" value={group?.value ?? ''} onChange={(event) => setChosen(event.target.value)}>
          <option value="">All keys, and rounds under way</option>
          {open.length > 0 && <optgroup label={t`Rounds under way`}>{open.map(({ value, name }) => <option key={value} value={value}>{name}</option>)}</optgroup>}
          {keys.length > 0 && <optgroup label={t`Keys`}>{keys.map(({ value, name }) => <option key={value} value={value}>{name}</option>)}</optgroup>}
        </select>
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] items-center gap-6 md:grid-cols-[minmax(0,420px)_1fr]">
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="w-full" role="group" aria-label={t`${plural(members.length, 'validator')} and what they share; the table below says the same`} data-testid="network">
          <g aria-hidden="true" className="transition-opacity" style={{ opacity: group ? 0.25 : 1 }}>
            {bonds.map(({ from, to, keys: many }) => <line key={`${from.validatorId} ${to.validatorId}`} x1={from.x} y1={from.y} x2={to.x} y2={to.y} stroke="var(--line-strong)" strokeWidth={Math.min(4, 0.75 + many / 4)} />)}
          </g>
          {(group ? [group] : open).map(({ value, members: inIt }) => <polygon key={value} aria-hidden="true" data-testid="share" points={outline(members, inIt)} fill="var(--accent)" fillOpacity={0.12} stroke="var(--accent)" strokeWidth={2} strokeLinejoin="round" />)}
          {members.map((member) => <Node key={member.validatorId} member={member} numbered={members.length <= MOST_NUMBERED} faint={!isIn(member.validatorId)} onLook={setLooked} />)}
        </svg>
        <div className="grid content-start gap-3">
          <p className="min-h-15 sm:min-h-10" data-testid="looked-at">{seen ? said(seen) : group ? t`${group.name}: validators ${group.members.join(', ')}` : <span className="text-muted">Point at a validator, or go through them with Tab.</span>}</p>
          <p className="text-sm text-muted">Filled: active. Dashed: it has left, but holds parts of keys. Ringed: in a round now. Lines: parts of the same keys, thicker where of more. Larger: more stake.</p>
          <p className="text-sm text-muted">{plural(members.filter(({ active }) => active).length, 'active validator')}. For each round a committee is drawn by stake, from a later block’s hash.</p>
        </div>
      </div>
      <details className="text-sm">
        <summary className="text-muted">As a table</summary>
        <div className="mt-2">
          <Table label="Who shares what" numeric={[2, 3, 4]} head={['Validator', 'State', 'At stake', 'Keys', 'Rounds now', 'Shares keys with']}>
            {members.map(({ validatorId, active, stake, keys: many, openRounds, sharesWith }) => (
              <tr key={validatorId}>
                <td className="whitespace-nowrap"><Link className="link" to={`/validators/${validatorId}`}>Validator {validatorId}</Link></td>
                <td>{active ? 'Active' : 'Left'}</td><td className="text-right"><Money amount={stake} /></td><td className="num text-right">{many}</td><td className="num text-right">{openRounds}</td><td className="num">{sharesWith.join(', ')}</td>
              </tr>
            ))}
          </Table>
        </div>
      </details>
    </div>
  );
}

/** One validator in a sentence. */
function said({ validatorId, active, stake, keys, openRounds }: Member): string {
  const state = active ? t`active` : t`has left`;
  return t`Validator ${validatorId}: ${state}, ${ncr(stake)} at stake, keys held in part: ${keys}, rounds now: ${openRounds}`;
}

function Node({ member, numbered, faint, onLook }: { member: Member; numbered: boolean; faint: boolean; onLook: (validatorId: number | undefined) => void }): JSX.Element {
  const { validatorId, x, y, radius, active, openRounds } = member;
  const look = (): void => onLook(validatorId);
  const leave = (): void => onLook(undefined);
  return (
    <Link to={`/validators/${validatorId}`} aria-label={said(member)} onMouseEnter={look} onMouseLeave={leave} onFocus={look} onBlur={leave} className="transition-opacity" style={{ opacity: faint ? 0.3 : 1 }}>
      {openRounds > 0 && <circle cx={x} cy={y} r={radius + 4} fill="none" stroke="var(--warn)" strokeWidth={2.5} />}
      <circle cx={x} cy={y} r={radius} fill={active ? 'var(--accent)' : 'var(--surface)'} stroke={active ? 'var(--surface)' : 'var(--line-strong)'} strokeWidth={1.5} {...(active ? {} : { strokeDasharray: '3 3' })} />
      {numbered && <text x={x} y={y} dy="0.36em" textAnchor="middle" fontSize={11} fontWeight={600} fill={active ? 'var(--on-accent)' : 'var(--text)'}>{validatorId}</text>}
    </Link>
  );
}
