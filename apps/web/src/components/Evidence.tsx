import type { RoundDto } from '@neurodata/protocol';
import type { Check } from '@neurodata/sdk';
import type { JSX, ReactNode } from 'react';
import { Said, useSaid } from '../language/Said.tsx';
import { Account } from './Account.tsx';
import { Hash, WithHashes } from './Copy.tsx';
import { Table } from './Layout.tsx';
import { roundSentence } from './roundSentence.ts';
import { StatusMark } from './StatusMark.tsx';

/** A sentence of a package, with its hashes shortened. */
function SaidWithHashes({ text }: { text: string }): JSX.Element {
  return <WithHashes text={useSaid(text)} />;
}

/** What was checked, by whom, and what it showed. */
export function Checks({ checks, label }: { checks: Check[]; label: string }): JSX.Element {
  return (
    <ul aria-label={label} className="grid gap-2.5">
      {checks.map((check) => (
        <li key={check.name} data-status={check.status} className="flex gap-2.5">
          <StatusMark status={check.status} />
          <div className="min-w-0">
            <p><span className={check.status === 'failed' ? 'font-medium text-bad' : 'font-medium'}><Said text={check.name} /></span> <span className="text-sm text-muted">{check.status === 'not-checked' ? 'not checked' : <CheckedBy by={check.by} />}</span></p>
            <p className="text-sm break-words text-muted"><SaidWithHashes text={check.detail} /></p>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** A machine that checks is the reader's. */
function CheckedBy({ by }: { by: string }): JSX.Element {
  const [, address] = /^this machine(?:, from contract (0x[0-9a-fA-F]{40}))?$/.exec(by) ?? [by];
  if (address !== undefined) return <>checked by you, in this browser, from contract <Hash value={address} label="contract" keep={6} /></>;
  return by.startsWith('this machine') ? <>checked by you, in this browser</> : <>checked by <SaidWithHashes text={by} /></>;
}

/** A round: each member's verdict as it is committed, then revealed. */
export function Attestations({ round }: { round: RoundDto }): JSX.Element {
  return (
    <div className="grid gap-3">
      <p className="flex gap-2 font-medium">
        {round.settled && <StatusMark status={round.verdict === 'accept' ? 'passed' : round.verdict === 'reject' ? 'failed' : 'not-checked'} />}
        {roundSentence(round)}
      </p>
      {round.committee.length > 0 && (
        <Table label="Attestations" head={['Validator', 'Verdict', 'Evidence', 'Transaction']}>
          {round.committee.map((member) => (
            <tr key={member.validatorId}>
              <td><Account address={member.account} /></td>
              <td className="whitespace-nowrap">{verdictWord(member)}</td>
              <td>{member.evidence && <Hash value={member.evidence} label="evidence digest" />}</td>
              <td>{member.transaction && <Hash value={member.transaction} label="transaction" />}</td>
            </tr>
          ))}
        </Table>
      )}
    </div>
  );
}

function verdictWord(member: RoundDto['committee'][number]): ReactNode {
  if (member.verdict === 'accept') return <span className="text-good">Accepts</span>;
  if (member.verdict === 'reject') return <span className="text-bad">Rejects</span>;
  return <span className="text-muted">{member.committed ? 'Committed, not revealed' : 'Not in yet'}</span>;
}
