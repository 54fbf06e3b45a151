import { formatNcr } from './amounts.ts';
import { type RoundOutcome, type RoundPart, outcomeOfRound } from './roundOutcome.ts';

const ncr = (amount: bigint): string => `${formatNcr(amount)} NCR`;
const joined = (...sentences: (string | undefined)[]): string => sentences.filter((sentence) => sentence !== undefined).join(' ');

/**
 * Why a member of a round was paid, or not, or what is still to come, in plain sentences about "it". Deadlines are left
 * to who shows them. Each sentence is written out as a whole, so that other languages can have their own (docs/languages.md).
 */
export function explainRound(part: RoundPart, now: number): string {
  return sentences[outcomeOfRound(part, now)](part);
}

const sentences: Record<RoundOutcome, (part: RoundPart) => string> = {
  'to-commit': () => 'It was drawn and has to commit to a verdict before the deadline.',
  'to-reveal': () => 'It has committed and has to reveal its verdict before the deadline; a commitment that is not revealed counts as silence.',
  committed: ({ commits, size }) => `It has committed, as ${commits} of ${size} have; it reveals once all have, or once the time to commit is over.`,
  revealed: (part) => `It ${part.vote === 'accept' ? 'accepted' : 'rejected'}; ${part.commits - part.accepts - part.rejects} of ${part.commits} that committed have not revealed yet.`,
  'missed-commit': () => 'It did not commit in time: it will not be paid, and loses stake for silence when the round ends.',
  'missed-reveal': () => 'It committed but did not reveal in time: it will not be paid, and loses stake for silence when the round ends.',
  'to-settle': (part) => joined(`It ${part.vote === 'accept' ? 'accepted' : 'rejected'}.`, `All that will come is there (${votes(part)}); anybody can settle the round.`),
  contestable: (part) => joined(besideQuorum(part), 'Nobody is paid before the time to challenge the run is over and somebody finalizes it.'),
  contested: (part) => joined(besideQuorum(part), 'The run is being challenged; nobody is paid before that is decided.'),
  paid: (part) => joined(
    `Paid ${ncr(part.reward ?? 0n)}: it ${part.vote === 'accept' ? 'accepted' : 'rejected'}, as the quorum did (${votes(part)}).`, sharing(part), segments(part),
    part.resolved === 'silence' ? 'The run failed all the same, because nobody spoke for its receipt in a challenge; that shows nothing about those who accepted it.' : undefined,
    part.resolved === 'overlooked' ? 'The run failed all the same, because a challenge showed a wrong step that was not among those that the chain had drawn; that shows nothing about those who did their part.' : undefined,
  ),
  'paid-after-challenge': (part) => joined(
    `Paid ${ncr(part.reward ?? 0n)}: it ${part.vote === 'accept' ? 'accepted, the quorum rejected' : 'rejected, the quorum accepted'} (${votes(part)}), and a challenge of the run showed that it was right.`, sharing(part),
  ),
  'no-fee': (part) => `It ${part.vote === 'accept' ? 'accepted' : 'rejected'} and was right, but this round carried no fee.`,
  'never-committed': (part) => joined('Not paid: it was drawn and did not commit in time.', unsettled(part), lost(part)),
  'never-revealed': (part) => joined('Not paid: it committed and did not reveal in time, which counts as silence.', unsettled(part), lost(part)),
  'no-quorum': (part) => joined(`Not paid, nothing lost: it ${part.vote === 'accept' ? 'accepted' : 'rejected'}, but no verdict had two thirds of the committee (${votes(part)}).`, returned(part)),
  minority: (part) => joined(`Not paid: it ${part.vote === 'accept' ? 'accepted, the quorum rejected' : 'rejected, the quorum accepted'} (${votes(part)}).`, part.slash ? lost(part) : unpunished(part)),
  overruled: (part) => joined(`Not paid: it ${part.vote === 'accept' ? 'accepted' : 'rejected'} with the quorum, and ${part.resolved === 'canary' ? 'the receipt was a canary, wrong on purpose' : 'referees found the opposite'}.`, lost(part)),
  overturned: (part) => joined(`Not paid: it ${part.vote === 'accept' ? 'accepted' : 'rejected'} with the quorum, and a challenge of the run showed the opposite.`, 'It had nothing left at stake to lose.'),
  accused: (part) => joined(`Not paid: two thirds of the other members (${part.accusers.length === 1 ? 'validator' : 'validators'} ${part.accusers.join(', ')}) said that its evidence is not that of somebody who did the work.`, lost(part)),
};

/** While a run may be challenged there is a quorum. */
function besideQuorum(part: RoundPart): string {
  if (part.vote === part.verdict) return `It and the quorum ${part.vote === 'accept' ? 'accepted' : 'rejected'} (${votes(part)}).`;
  return `It ${part.vote === 'accept' ? 'accepted, the quorum rejected' : 'rejected, the quorum accepted'} (${votes(part)}).`;
}

function segments({ segments: drawn }: RoundPart): string | undefined {
  return drawn && `Its duty was to have ${drawn.drawn} of ${drawn.all} segments of the run re-executed, drawn by the chain after the receipt.`;
}

function votes({ size, accepts, rejects }: RoundPart): string {
  const silent = size - accepts - rejects;
  return silent > 0 ? `accepted by ${accepts} of ${size}, rejected by ${rejects}, ${silent} silent` : `accepted by ${accepts} of ${size}, rejected by ${rejects}`;
}

function sharing({ fee, winners, reward = 0n }: RoundPart): string {
  if (winners < 2) return `The whole fee was ${ncr(fee)}, and nobody else earned of it.`;
  const dust = reward - fee / BigInt(winners);
  if (dust <= 0n) return `The fee of ${ncr(fee)} was shared by the ${winners} that were right.`;
  return `The fee of ${ncr(fee)} was shared by the ${winners} that were right; the ${dust} base unit${dust === 1n ? '' : 's'} that could not be divided came to it as the first of them.`;
}

function lost({ slash }: RoundPart): string {
  if (!slash) return 'Nothing was lost: it had nothing left at stake here, or this fault costs nothing now.';
  const [amount, lent] = [ncr(slash.amount), ncr(slash.delegated)];
  if (slash.to === 'run') {
    return slash.delegated > 0n
      ? `It lost ${amount} of its stake; that, with ${lent} that others had delegated to it, went to who showed the verdict to be wrong, and to the treasury.`
      : `It lost ${amount} of its stake; that went to who showed the verdict to be wrong, and to the treasury.`;
  }
  return slash.delegated > 0n
    ? `It lost ${amount} of its stake; that, with ${lent} that others had delegated to it, went into the pool that rewards all stake.`
    : `It lost ${amount} of its stake; that went into the pool that rewards all stake.`;
}

function unpunished(part: RoundPart): string {
  if (!part.judgesRun) return 'In a round of this kind a minority earns nothing and loses nothing.';
  if (part.spared) return 'The worker owned up to a canary, so nobody was slashed.';
  if (part.resolved === 'silence') return 'The run failed all the same, because nobody spoke for its receipt in a challenge; nobody is paid or slashed for that.';
  if (part.resolved === 'overlooked') return 'The run failed all the same, because a challenge showed a wrong step that was not among those that the chain had drawn; nobody is slashed for that.';
  return part.doubtful ? 'A challenge of the run was left undecided, so the minority loses nothing.' : 'Nothing was lost: it had nothing left at stake, or this fault costs nothing now.';
}

const payers: Record<RoundPart['kind'], string> = {
  version: "the asset's owner", run: "the run's buyer", order: 'the dispute that it was about', step: 'who had put up the bond of the challenge', grant: 'who had put up the bond of the accusation',
};

function returned({ kind, judgesRun, fee }: RoundPart): string {
  if (fee === 0n) return 'The round carried no fee.';
  return `The fee of ${ncr(fee)} went back to ${kind === 'run' && !judgesRun ? payers.step : payers[kind]}.`;
}

function unsettled(part: RoundPart): string | undefined {
  return part.right === 'none' ? `Nor was anybody else: no verdict had two thirds of the committee (${votes(part)}).` : undefined;
}
