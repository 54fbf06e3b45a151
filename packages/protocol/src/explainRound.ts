import { formatNcr } from './amounts.ts';
import { type RoundOutcome, type RoundPart, outcomeOfRound } from './roundOutcome.ts';
import type { Verdict } from './states.ts';

const did: Record<Verdict, string> = { none: 'said nothing', accept: 'accepted', reject: 'rejected' };
const ncr = (amount: bigint): string => `${formatNcr(amount)} NCR`;

/**
 * Why a member of a round was paid, or not, or what is still to come, in plain sentences about "it". Deadlines are left
 * to who shows them.
 */
export function explainRound(part: RoundPart, now: number): string {
  return sentences[outcomeOfRound(part, now)](part);
}

const sentences: Record<RoundOutcome, (part: RoundPart) => string> = {
  'to-commit': () => 'It was drawn and has to commit to a verdict before the deadline.',
  'to-reveal': () => 'It has committed and has to reveal its verdict before the deadline; a commitment that is not revealed counts as silence.',
  committed: ({ commits, size }) => `It has committed, as ${commits} of ${size} have; it reveals once all have, or once the time to commit is over.`,
  revealed: (part) => `It ${did[part.vote]}; ${part.commits - part.accepts - part.rejects} of ${part.commits} that committed have not revealed yet.`,
  'missed-commit': () => 'It did not commit in time: it will not be paid, and loses stake for silence when the round ends.',
  'missed-reveal': () => 'It committed but did not reveal in time: it will not be paid, and loses stake for silence when the round ends.',
  'to-settle': (part) => `It ${did[part.vote]}. All that will come is there (${votes(part)}); anybody can settle the round.`,
  contestable: (part) => `It ${did[part.vote]}, the quorum ${did[part.verdict]} (${votes(part)}). Nobody is paid before the time to challenge the run is over and somebody finalizes it.`,
  contested: (part) => `It ${did[part.vote]}, the quorum ${did[part.verdict]} (${votes(part)}). The run is being challenged; nobody is paid before that is decided.`,
  paid: (part) => `Paid ${ncr(part.reward ?? 0n)}: it ${did[part.vote]}, as the quorum did (${votes(part)}). ${sharing(part)}${segments(part)}${part.resolved === 'silence' ? ` ${abandoned} that shows nothing about those who accepted it.` : ''}${part.resolved === 'overlooked' ? ` ${overlooked} that shows nothing about those who did their part.` : ''}`,
  'paid-after-challenge': (part) => `Paid ${ncr(part.reward ?? 0n)}: it ${did[part.vote]}, the quorum ${did[part.verdict]} (${votes(part)}), and a challenge of the run showed that it was right. ${sharing(part)}`,
  'no-fee': (part) => `It ${did[part.vote]} and was right, but this round carried no fee.`,
  'never-committed': (part) => `Not paid: it was drawn and did not commit in time. ${unsettled(part)}${lost(part)}`,
  'never-revealed': (part) => `Not paid: it committed and did not reveal in time, which counts as silence. ${unsettled(part)}${lost(part)}`,
  'no-quorum': (part) => `Not paid, nothing lost: it ${did[part.vote]}, but no verdict had two thirds of the committee (${votes(part)}). ${returned(part)}`,
  minority: (part) => `Not paid: it ${did[part.vote]}, the quorum ${did[part.verdict]} (${votes(part)}). ${part.slash ? lost(part) : unpunished(part)}`,
  overruled: (part) => `Not paid: it ${did[part.vote]} with the quorum, and ${part.resolved === 'canary' ? 'the receipt was a canary, wrong on purpose' : 'referees found the opposite'}. ${lost(part)}`,
  overturned: (part) => `Not paid: it ${did[part.vote]} with the quorum, and a challenge of the run showed the opposite. It had nothing left at stake to lose.`,
  accused: (part) => `Not paid: two thirds of the other members (${part.accusers.map((id) => `validator ${id}`).join(', ')}) said that its evidence is not that of somebody who did the work. ${lost(part)}`,
};

const abandoned = 'The run failed all the same, because nobody spoke for its receipt in a challenge;';

const overlooked = 'The run failed all the same, because a challenge showed a wrong step that was not among those that the chain had drawn;';

function segments({ segments: drawn }: RoundPart): string {
  return drawn === undefined ? '' : ` Its duty was to have ${drawn.drawn} of ${drawn.all} segments of the run re-executed, drawn by the chain after the receipt.`;
}

function votes({ size, accepts, rejects }: RoundPart): string {
  const silent = size - accepts - rejects;
  return `${accepts} accepted, ${rejects} rejected${silent > 0 ? `, ${silent} silent` : ''}, of ${size}`;
}

function sharing({ fee, winners, reward = 0n }: RoundPart): string {
  if (winners < 2) return `The whole fee was ${ncr(fee)}, and nobody else earned of it.`;
  const dust = reward - fee / BigInt(winners);
  const rest = dust > 0n ? `; the ${dust} base unit${dust === 1n ? '' : 's'} that could not be divided came to it as the first of them` : '';
  return `The fee of ${ncr(fee)} was shared by the ${winners} that were right${rest}.`;
}

function lost({ slash }: RoundPart): string {
  if (!slash) return 'Nothing was lost: it had nothing left at stake here, or this fault costs nothing now.';
  const lent = slash.delegated > 0n ? `, with ${ncr(slash.delegated)} that others had delegated to it,` : '';
  const where = slash.to === 'pool' ? 'went into the pool that rewards all stake' : 'went to who showed the verdict to be wrong, and to the treasury';
  return `It lost ${ncr(slash.amount)} of its stake; that${lent} ${where}.`;
}

function unpunished(part: RoundPart): string {
  if (!part.judgesRun) return 'In a round of this kind a minority earns nothing and loses nothing.';
  if (part.spared) return 'The worker owned up to a canary, so nobody was slashed.';
  if (part.resolved === 'silence') return `${abandoned} nobody is paid or slashed for that.`;
  if (part.resolved === 'overlooked') return `${overlooked} nobody is slashed for that.`;
  return part.doubtful ? 'A challenge of the run was left undecided, so the minority loses nothing.' : 'Nothing was lost: it had nothing left at stake, or this fault costs nothing now.';
}

const payers: Record<RoundPart['kind'], string> = { version: "the asset's owner", run: "the run's buyer", order: 'the dispute that it was about', step: 'who had put up the bond of the challenge', grant: 'who had put up the bond of the accusation' };

function returned({ kind, judgesRun, fee }: RoundPart): string {
  if (fee === 0n) return 'The round carried no fee.';
  return `The fee of ${ncr(fee)} went back to ${kind === 'run' && !judgesRun ? payers.step : payers[kind]}.`;
}

function unsettled(part: RoundPart): string {
  return part.right === 'none' ? `Nor was anybody else: no verdict had two thirds of the committee (${votes(part)}). ` : '';
}
