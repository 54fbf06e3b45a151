import type { Config, DisputeState, JobDto, OrderDto, VersionStatus } from '@neurodata/protocol';

export type Windows = Config['windows'];
type OrderFacts = { state: OrderDto['state']; changedAt: number; versionStatus: VersionStatus; dispute?: { state: DisputeState; until: number | null } };

/** Whose turn it is in an order, and until when; mirrors the windows of Market and OrderDisputes, whose last second is still inside. Seconds. */
export function orderTurn(order: OrderFacts, windows: Windows, now: number): Pick<OrderDto, 'turn' | 'deadline'> {
  const { state, changedAt, versionStatus } = order;
  const until = (window: number, inside: OrderDto['turn'], after: OrderDto['turn']): Pick<OrderDto, 'turn' | 'deadline'> => {
    const deadline = changedAt + window;
    return { deadline, turn: now <= deadline ? inside : after };
  };
  // A version that was proved wrong is refunded to whoever has not had the money yet.
  if (versionStatus === 'refused' && (state === 'open' || state === 'granted')) return { turn: 'anybody' };
  if (state === 'open') return until(windows.grant, 'validators', 'anybody');
  if (state === 'granted') return until(windows.confirm, 'buyer', 'seller');
  if (state === 'disputed') return disputeTurn(order.dispute, now);
  if (state === 'released') return { turn: 'seller' };
  return { turn: 'nobody' };
}

function disputeTurn(dispute: OrderFacts['dispute'], now: number): Pick<OrderDto, 'turn' | 'deadline'> {
  if (!dispute || dispute.until === null) return { turn: 'jurors' };
  const { state, until: deadline } = dispute;
  const inside = ({ round: 'validators', accepted: 'buyer', undecided: 'parties' } as const)[state as 'round' | 'accepted' | 'undecided'];
  return { deadline, turn: now <= deadline ? inside : 'anybody' };
}

/** Until when a job's next step must come; after it anybody may return the money, or settle what was not challenged. Seconds. */
export function jobDeadline(job: { state: JobDto['state']; openedAt: number; runUntil: number | null; contestableUntil: number | null; revealUntil: number | undefined }, windows: Windows): number | undefined {
  // A worker that was lost puts nothing off.
  if (job.state === 'open') return job.runUntil ?? job.openedAt + windows.jobOpen;
  if (job.state === 'accepted' || job.state === 'rejected') return job.contestableUntil ?? undefined;
  if (job.state === 'claimed' || job.state === 'cancelled') return job.runUntil ?? undefined;
  if (job.state === 'submitted') return job.revealUntil;
  return undefined;
}
