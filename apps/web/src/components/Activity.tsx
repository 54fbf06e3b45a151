import type { Activity } from '@neurodata/protocol';
import type { JSX } from 'react';
import { t } from '../language/t.ts';
import { Account } from './Account.tsx';
import { count, When } from './Amounts.tsx';
import { Hash } from './Copy.tsx';
import { Table } from './Layout.tsx';

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
