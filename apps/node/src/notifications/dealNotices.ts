import { eq } from 'drizzle-orm';
import type { Hex } from 'viem';
import { deals } from '../db/schema.ts';
import type { Notice } from './NotificationDeps.ts';
import type { EventRow, Writer } from './Writer.ts';

type Deal = typeof deals.$inferSelect;
type Party = 'buyer' | 'seller' | 'arbiter';
type Told = { kind: Notice['kind']; to: Party[]; title: (number: number) => string; text: string };

const idOf = (event: EventRow): Hex => event.subject.slice(event.subject.indexOf(':') + 1) as Hex;
/** As people count them. */
const numberOf = (event: EventRow): number => Number((event.args as { index?: unknown }).index ?? 0) + 1;

/** Once everything is given to one side or the other. */
function ended(deal: Deal, event: EventRow): Notice[] {
  if (deal.left > 0n) return [];
  return [{ kind: 'deal.ended', eventId: `deal:${deal.dealId}:ended`, title: 'A deal has ended', text: 'Everything that was paid in is given to one side or the other. Withdraw what is yours on your account page.', link: `/deals/${deal.dealId}`, at: event.timestamp, accounts: [deal.buyer, deal.seller] }];
}

/** A turn of a deal. Its transaction tells apart what may happen more than once, such as a milestone that is released in parts. */
const turn = (what: string, { kind, to, title, text }: Told): Writer => async (tx, event) => {
  const [deal] = await tx.select().from(deals).where(eq(deals.dealId, idOf(event)));
  if (!deal) return [];
  const told: Notice = { kind, eventId: `deal:${deal.dealId}:${numberOf(event)}:${what}:${event.transaction}`, title: title(numberOf(event)), text, link: `/deals/${deal.dealId}`, at: event.timestamp, accounts: to.map((party) => deal[party]) };
  return [told, ...(what === 'opened' ? [] : ended(deal, event))];
};

const closed: Writer = async (tx, event) => {
  const [deal] = await tx.select().from(deals).where(eq(deals.dealId, idOf(event)));
  return deal ? ended(deal, event) : [];
};

/** Whoever did not make the offer is told of it. */
const offered: Writer = async (tx, event) => {
  const [deal] = await tx.select().from(deals).where(eq(deals.dealId, idOf(event)));
  if (!deal) return [];
  const by = String((event.args as { party?: unknown }).party).toLowerCase();
  const others = [deal.buyer, deal.seller].filter((party) => party.toLowerCase() !== by);
  return [{ kind: 'deal.ended', eventId: `deal:${deal.dealId}:offered:${event.transaction}`, title: 'The other side offers to end a deal', text: 'It says how what is left would be split. Agree on its page, or leave it.', link: `/deals/${deal.dealId}`, at: event.timestamp, accounts: others }];
};

/** What is told of deals about bespoke work, by the event's name. */
export const dealWriters: Record<string, Writer> = {
  DealOpened: turn('opened', { kind: 'deal.opened', to: ['seller'], title: () => 'Somebody opens a deal with you', text: 'The money is held. Read what is agreed, and deliver each milestone by its deadline.' }),
  MilestoneDelivered: turn('delivered', { kind: 'deal.milestone', to: ['buyer'], title: (number) => `Milestone ${number} of a deal is delivered`, text: 'Look at it, then release or contest it. After its time is over silence releases it.' }),
  MilestoneContested: turn('contested', { kind: 'deal.disputed', to: ['seller', 'arbiter'], title: (number) => `Milestone ${number} of a deal is contested`, text: 'The buyer says that it is not what was agreed. The arbiter, or jurors, may rule on it; without a ruling each side gets half.' }),
  MilestoneEscalated: turn('escalated', { kind: 'deal.disputed', to: ['buyer', 'seller'], title: (number) => `Jurors decide about milestone ${number} of a deal`, text: 'Both sides may bring evidence.' }),
  MilestoneReleased: turn('released', { kind: 'deal.milestone', to: ['seller'], title: (number) => `Milestone ${number} of a deal is released`, text: 'The money, or a part of it, is yours: withdraw it on your account page.' }),
  MilestoneRefunded: turn('refunded', { kind: 'deal.milestone', to: ['buyer'], title: (number) => `Milestone ${number} of a deal is given back`, text: 'The money, or a part of it, is yours again: withdraw it on your account page.' }),
  MilestoneSplit: turn('split', { kind: 'deal.disputed', to: ['buyer', 'seller'], title: (number) => `Milestone ${number} of a deal is ruled on`, text: 'What was left of it is split between both sides; its page says how.' }),
  CancelOffered: offered,
  DealCancelled: closed,
  DealRecovered: closed,
};
