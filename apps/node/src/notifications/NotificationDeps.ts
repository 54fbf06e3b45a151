import type { NotificationKind } from '@neurodata/protocol';
import type { Address, Hex } from 'viem';
import type { Changes } from '../common/changes.ts';
import type { Log } from '../common/logger.ts';
import type { Database, Transaction } from '../db/openDatabase.ts';

/** A small document by its sha256, where this node has it itself: nobody else is asked while people wait to be told. */
export type ReadOwnBlock = (digest: Hex) => Promise<Uint8Array | undefined>;

/** What the parts of the room work with. */
export type NotificationDeps = {
  db: Database;
  log: Log;
  /** Keeps the secrets of webhooks. */
  box: { seal(text: string, place: string): string; open(sealed: string, place: string): string; mac(text: string): string };
  /** Sends a mail if the transaction commits, and then only. None: nothing goes by e-mail. */
  mailer?: { send(mail: { to: string; subject: string; text: string; usefulUntil?: number }, tx: Transaction): Promise<void> };
  /** Links in mails and webhooks begin with it. */
  siteUrl: () => string;
  /** Unix seconds. */
  now: () => number;
  /** Where pages hear that there is more. */
  changes: Pick<Changes, 'publish' | 'subscribe'>;
  /** Blocks that an event must be deep before anybody is told. */
  confirmations: number;
  /** Seconds after a grant in which a buyer may object; then the seller may claim. */
  confirmSeconds: number;
  /** Whether webhooks may go to this machine, also without TLS. */
  loopbackWebhooks: boolean;
  /** This node's own blocks; without them nobody is told why a version was revoked. */
  readBlock?: ReadOwnBlock;
};

/** Something that happened, for people. */
export type Notice = {
  kind: NotificationKind;
  /** What happened, in a form that is the same however often it is seen: one notification per user and event. */
  eventId: string;
  title: string;
  text: string;
  /** A path of the site. */
  link: string;
  /** Unix seconds. */
  at: number;
  /** Whoever has linked one of these wallets by then. */
  accounts?: readonly Address[];
  userIds?: readonly string[];
  /** Somebody has mailed it already. */
  mailed?: boolean;
};
