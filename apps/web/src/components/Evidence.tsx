import type { Activity, RoundDto } from '@neurodata/protocol';
import type { Check } from '@neurodata/sdk';
import { Check as Tick, CircleDashed, X } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { Said, useSaid } from '../language/Said.tsx';
import { t } from '../language/t.ts';
import { Account } from './Account.tsx';
import { count, plural, When } from './Amounts.tsx';
import { Hash, WithHashes } from './Copy.tsx';
import { Table } from './Layout.tsx';

type Status = 'passed' | 'failed' | 'not-checked';

const words: Record<Status, string> = { passed: t`Passed`, failed: t`Failed`, 'not-checked': t`Not checked` };

/** The sign of a check: green only for what was recomputed. */
export function StatusMark({ status }: { status: Status }): JSX.Element {
  const icon = { passed: <Tick size={14} className="text-good" />, failed: <X size={14} className="text-bad" />, 'not-checked': <CircleDashed size={14} className="text-muted" /> }[status];
  return <span className="mt-0.5 shrink-0">{icon}<span className="sr-only">{words[status]}: </span></span>;
}

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

/** "Checked by 2 of 3 validators", and only once they revealed it. */
export function roundSentence(round: RoundDto): string {
  const accepted = round.committee.filter(({ verdict }) => verdict === 'accept').length;
  const rejected = round.committee.filter(({ verdict }) => verdict === 'reject').length;
  const size = round.committee.length;
  if (round.settled && round.verdict === 'accept') return t`Accepted by ${accepted} of ${plural(size, 'validator')}`;
  if (round.settled && round.verdict === 'reject') return t`Rejected by ${rejected} of ${plural(size, 'validator')}`;
  if (round.settled) return t`Closed without a quorum`;
  const committed = round.committee.filter((member) => member.committed).length;
  if (size === 0) return t`Waiting for the committee to be drawn`;
  return accepted + rejected > 0 ? t`${accepted + rejected} of ${size} verdicts revealed` : t`${committed} of ${size} verdicts committed`;
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

const eventWords: Record<string, string> = {
  VersionPublished: t`Version published`, VersionLive: t`Version went live`, VersionRefused: t`Version refused`, VersionRevoked: t`Version revoked`, AssetRegistered: t`Asset registered`, StatusChanged: t`Status changed`, VersionStatusChanged: t`Version status changed`,
  ListingCreated: t`Offer made`, ListingRetired: t`Offer withdrawn`, OrderOpened: t`Bought; money in escrow`, ShareGranted: t`Key share granted`, OrderGranted: t`Key granted by a quorum`, OrderConfirmed: t`Confirmed by the buyer`,
  OrderDisputed: t`Disputed`, DisputeJudged: t`Validators answered`, DisputeEscalated: t`Taken to jurors`, DisputeResolved: t`Dispute decided`, OrderReleased: t`Money released`, OrderClaimed: t`Seller paid`, OrderRefunded: t`Buyer refunded`, JobOpened: t`Run ordered; money in escrow`, JobClaimed: t`Worker took the run`, JobRedrawn: t`Worker drawn again`, Heartbeat: t`Worker is at work`, JobTakenOver: t`Worker fell silent; another one is drawn`, PartReturned: t`Part returned to the buyer`, TrialsOffered: t`Trial runs offered`, TrialOpened: t`Trial run ordered; its fee waits`, TrialCounted: t`Fee counts towards a purchase`, TrialReturned: t`Fee back with the buyer`, TrialPaid: t`Fee paid to the publisher`,
  ReceiptSubmitted: t`Receipt handed in`, JobSettled: t`Run settled; everybody paid`, JobSlashed: t`Run rejected; worker slashed`, JobRefunded: t`Buyer refunded`, RoundOpened: t`Round opened`, RoundSettled: t`Round settled`, CommitteeDrawn: t`Committee drawn`, Committed: t`Verdict committed`, Revealed: t`Verdict revealed`, Transfer: t`Ownership moved`, ModelPublished: t`Model published`,
};

/** `OrderOpened` in plain words; an event without words keeps its name, as words. */
export function eventWord(event: string): string {
  return eventWords[event] ?? event.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** History from the chain, newest first, each line with its transaction. */
export function ActivityList({ activity }: { activity: Activity[] }): JSX.Element {
  const lines = [...activity].sort((a, b) => b.block - a.block || b.at - a.at);
  if (lines.length === 0) return <p className="text-muted">Nothing has happened on chain yet. Transactions will appear here by themselves.</p>;
  return (
    <Table label="Activity" head={['What', 'When', 'Who', 'Transaction', 'Block', 'Gas']} numeric={[4, 5]}>
      {lines.map((line, index) => (
        <tr key={`${line.transaction} ${line.event} ${index}`}>
          <td className="max-sm:min-w-36 sm:whitespace-nowrap">{eventWord(line.event)}</td>
          <td className="text-muted"><When at={line.at} /></td>
          <td>{line.account && <Account address={line.account} />}</td>
          <td><Hash value={line.transaction} label="transaction" /></td>
          <td className="num text-right">{count(line.block)}</td>
          <td className="num text-right">{line.gasUsed === undefined ? '' : count(line.gasUsed)}</td>
        </tr>
      ))}
    </Table>
  );
}
