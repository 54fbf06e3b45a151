import { expect, test } from 'vitest';
import { explainRound } from './explainRound.ts';
import { type RoundOutcome, type RoundPart, isConvicted, outcomeOfRound, roundOutcomes, roundPhaseAt } from './roundOutcome.ts';

const coin = 10n ** 18n;
const until = { commitUntil: 1_000, revealUntil: 2_000 };
/** A round of three that all accepted, judged and ended. */
const agreed: RoundPart = {
  kind: 'run', size: 3, committed: true, vote: 'accept', commits: 3, accepts: 3, rejects: 0, ...until, settled: true, verdict: 'accept', right: 'accept',
  judgesRun: true, contests: 0, doubtful: false, spared: false, fee: 600n * coin / 1000n, winners: 3, reward: coin / 5n, accusers: [],
};
const { right: _right, reward: _reward, ...unpaid } = agreed;
const open: RoundPart = { ...unpaid, settled: false, verdict: 'none', winners: 0 };
const { reward: _none, ...wrong } = agreed;
const slash = (fault: 'silence' | 'minority' | 'overruled' | 'accused', amount: bigint, to: 'pool' | 'run' = 'pool') => ({ slash: { fault, amount: amount * coin, delegated: 0n, to } });

const cases: [RoundOutcome, RoundPart, now?: number][] = [
  ['to-commit', { ...open, committed: false, vote: 'none', commits: 1, accepts: 0 }, 1_000],
  ['committed', { ...open, vote: 'none', commits: 2, accepts: 0 }, 1_000],
  ['to-reveal', { ...open, vote: 'none', commits: 3, accepts: 2 }, 500],
  ['revealed', { ...open, accepts: 2 }, 1_500],
  ['missed-commit', { ...open, committed: false, vote: 'none', commits: 2, accepts: 1 }, 1_001],
  ['missed-reveal', { ...open, vote: 'none', accepts: 2 }, 2_001],
  ['to-settle', { ...open, accepts: 2, rejects: 1 }, 1_200],
  ['contestable', { ...open, settled: true, verdict: 'accept' }],
  ['contested', { ...open, settled: true, verdict: 'accept', contests: 1 }],
  ['paid', agreed],
  ['paid', { ...agreed, kind: 'version', judgesRun: false, fee: 5n, winners: 3, reward: 3n }],
  ['paid', { ...agreed, size: 1, commits: 1, accepts: 1, winners: 1, reward: agreed.fee }],
  ['paid', { ...agreed, resolved: 'silence' }],
  ['paid', { ...agreed, segments: { drawn: 44, all: 3_500 } }],
  ['paid', { ...agreed, segments: { drawn: 44, all: 3_500 }, resolved: 'overlooked' }],
  ['contestable', { ...open, vote: 'reject', accepts: 2, rejects: 1, settled: true, verdict: 'accept' }],
  ['paid-after-challenge', { ...agreed, vote: 'reject', accepts: 2, rejects: 1, right: 'reject', winners: 1, reward: agreed.fee, resolved: 'overturned' }],
  ['no-fee', { ...agreed, fee: 0n, reward: 0n }],
  ['never-committed', { ...wrong, committed: false, vote: 'none', commits: 2, accepts: 2, winners: 2, ...slash('silence', 10n) }],
  ['never-committed', { ...wrong, committed: false, vote: 'none', commits: 2, accepts: 1, rejects: 1, verdict: 'none', right: 'none', winners: 0 }],
  ['never-revealed', { ...wrong, vote: 'none', accepts: 2, winners: 2, slash: { fault: 'silence', amount: 10n * coin, delegated: 2n * coin, to: 'pool' } }],
  ['no-quorum', { ...wrong, commits: 2, accepts: 1, rejects: 1, verdict: 'none', right: 'none', winners: 0 }],
  ['no-quorum', { ...wrong, kind: 'version', judgesRun: false, commits: 2, accepts: 1, rejects: 1, verdict: 'none', right: 'none', winners: 0 }],
  ['no-quorum', { ...wrong, judgesRun: false, commits: 2, accepts: 1, rejects: 1, verdict: 'none', right: 'none', winners: 0 }],
  ['no-quorum', { ...wrong, kind: 'order', judgesRun: false, fee: 0n, commits: 2, accepts: 1, rejects: 1, verdict: 'none', right: 'none', winners: 0 }],
  ['minority', { ...wrong, vote: 'reject', accepts: 2, rejects: 1, winners: 2, ...slash('minority', 100n) }],
  ['minority', { ...wrong, vote: 'reject', accepts: 2, rejects: 1, winners: 2, doubtful: true }],
  ['minority', { ...wrong, vote: 'accept', accepts: 1, rejects: 2, verdict: 'reject', right: 'reject', winners: 2, spared: true }],
  ['minority', { ...wrong, vote: 'reject', accepts: 2, rejects: 1, winners: 2 }],
  ['minority', { ...wrong, vote: 'reject', accepts: 2, rejects: 1, winners: 2, resolved: 'silence' }],
  ['minority', { ...wrong, vote: 'reject', accepts: 2, rejects: 1, winners: 2, resolved: 'overlooked' }],
  ['minority', { ...wrong, kind: 'version', judgesRun: false, vote: 'reject', accepts: 2, rejects: 1, winners: 2 }],
  ['overruled', { ...wrong, right: 'reject', winners: 0, resolved: 'overturned', ...slash('overruled', 1000n, 'run') }],
  ['overruled', { ...wrong, right: 'reject', winners: 0, resolved: 'canary', ...slash('overruled', 1000n, 'run') }],
  ['overturned', { ...wrong, right: 'reject', winners: 0, resolved: 'overturned' }],
  ['accused', { ...wrong, winners: 2, accusers: [2, 5], ...slash('accused', 100n) }],
];

test.each(cases)('%s', (outcome, part, now = 10_000) => {
  expect(outcomeOfRound(part, now)).toBe(outcome);
});

test('every outcome has a case, and every case its own sentence', () => {
  expect(new Set(cases.map(([outcome]) => outcome))).toEqual(new Set(roundOutcomes));
  const said = cases.map(([, part, now = 10_000]) => explainRound(part, now));
  expect(new Set(said).size).toBe(said.length);
  expect(said.join('\n')).toMatchInlineSnapshot(`
    "It was drawn and has to commit to a verdict before the deadline.
    It has committed, as 2 of 3 have; it reveals once all have, or once the time to commit is over.
    It has committed and has to reveal its verdict before the deadline; a commitment that is not revealed counts as silence.
    It accepted; 1 of 3 that committed have not revealed yet.
    It did not commit in time: it will not be paid, and loses stake for silence when the round ends.
    It committed but did not reveal in time: it will not be paid, and loses stake for silence when the round ends.
    It accepted. All that will come is there (accepted by 2 of 3, rejected by 1); anybody can settle the round.
    It and the quorum accepted (accepted by 3 of 3, rejected by 0). Nobody is paid before the time to challenge the run is over and somebody finalizes it.
    It and the quorum accepted (accepted by 3 of 3, rejected by 0). The run is being challenged; nobody is paid before that is decided.
    Paid 0.2 NCR: it accepted, as the quorum did (accepted by 3 of 3, rejected by 0). The fee of 0.6 NCR was shared by the 3 that were right.
    Paid 0 NCR: it accepted, as the quorum did (accepted by 3 of 3, rejected by 0). The fee of 0 NCR was shared by the 3 that were right; the 2 base units that could not be divided came to it as the first of them.
    Paid 0.6 NCR: it accepted, as the quorum did (accepted by 1 of 1, rejected by 0). The whole fee was 0.6 NCR, and nobody else earned of it.
    Paid 0.2 NCR: it accepted, as the quorum did (accepted by 3 of 3, rejected by 0). The fee of 0.6 NCR was shared by the 3 that were right. The run failed all the same, because nobody spoke for its receipt in a challenge; that shows nothing about those who accepted it.
    Paid 0.2 NCR: it accepted, as the quorum did (accepted by 3 of 3, rejected by 0). The fee of 0.6 NCR was shared by the 3 that were right. Its duty was to have 44 of 3500 segments of the run re-executed, drawn by the chain after the receipt.
    Paid 0.2 NCR: it accepted, as the quorum did (accepted by 3 of 3, rejected by 0). The fee of 0.6 NCR was shared by the 3 that were right. Its duty was to have 44 of 3500 segments of the run re-executed, drawn by the chain after the receipt. The run failed all the same, because a challenge showed a wrong step that was not among those that the chain had drawn; that shows nothing about those who did their part.
    It rejected, the quorum accepted (accepted by 2 of 3, rejected by 1). Nobody is paid before the time to challenge the run is over and somebody finalizes it.
    Paid 0.6 NCR: it rejected, the quorum accepted (accepted by 2 of 3, rejected by 1), and a challenge of the run showed that it was right. The whole fee was 0.6 NCR, and nobody else earned of it.
    It accepted and was right, but this round carried no fee.
    Not paid: it was drawn and did not commit in time. It lost 10 NCR of its stake; that went into the pool that rewards all stake.
    Not paid: it was drawn and did not commit in time. Nor was anybody else: no verdict had two thirds of the committee (accepted by 1 of 3, rejected by 1, 1 silent). Nothing was lost: it had nothing left at stake here, or this fault costs nothing now.
    Not paid: it committed and did not reveal in time, which counts as silence. It lost 10 NCR of its stake; that, with 2 NCR that others had delegated to it, went into the pool that rewards all stake.
    Not paid, nothing lost: it accepted, but no verdict had two thirds of the committee (accepted by 1 of 3, rejected by 1, 1 silent). The fee of 0.6 NCR went back to the run's buyer.
    Not paid, nothing lost: it accepted, but no verdict had two thirds of the committee (accepted by 1 of 3, rejected by 1, 1 silent). The fee of 0.6 NCR went back to the asset's owner.
    Not paid, nothing lost: it accepted, but no verdict had two thirds of the committee (accepted by 1 of 3, rejected by 1, 1 silent). The fee of 0.6 NCR went back to who had put up the bond of the challenge.
    Not paid, nothing lost: it accepted, but no verdict had two thirds of the committee (accepted by 1 of 3, rejected by 1, 1 silent). The round carried no fee.
    Not paid: it rejected, the quorum accepted (accepted by 2 of 3, rejected by 1). It lost 100 NCR of its stake; that went into the pool that rewards all stake.
    Not paid: it rejected, the quorum accepted (accepted by 2 of 3, rejected by 1). A challenge of the run was left undecided, so the minority loses nothing.
    Not paid: it accepted, the quorum rejected (accepted by 1 of 3, rejected by 2). The worker owned up to a canary, so nobody was slashed.
    Not paid: it rejected, the quorum accepted (accepted by 2 of 3, rejected by 1). Nothing was lost: it had nothing left at stake, or this fault costs nothing now.
    Not paid: it rejected, the quorum accepted (accepted by 2 of 3, rejected by 1). The run failed all the same, because nobody spoke for its receipt in a challenge; nobody is paid or slashed for that.
    Not paid: it rejected, the quorum accepted (accepted by 2 of 3, rejected by 1). The run failed all the same, because a challenge showed a wrong step that was not among those that the chain had drawn; nobody is slashed for that.
    Not paid: it rejected, the quorum accepted (accepted by 2 of 3, rejected by 1). In a round of this kind a minority earns nothing and loses nothing.
    Not paid: it accepted with the quorum, and referees found the opposite. It lost 1000 NCR of its stake; that went to who showed the verdict to be wrong, and to the treasury.
    Not paid: it accepted with the quorum, and the receipt was a canary, wrong on purpose. It lost 1000 NCR of its stake; that went to who showed the verdict to be wrong, and to the treasury.
    Not paid: it accepted with the quorum, and a challenge of the run showed the opposite. It had nothing left at stake to lose.
    Not paid: two thirds of the other members (validators 2, 5) said that its evidence is not that of somebody who did the work. It lost 100 NCR of its stake; that went into the pool that rewards all stake."
  `);
});

test('phases as the contract has them: the boundary second still counts', () => {
  expect([1_000, 1_001, 2_000, 2_001].map((now) => roundPhaseAt({ ...open, commits: 2, accepts: 1 }, now))).toEqual(['commit', 'reveal', 'reveal', 'settleable']);
  expect(roundPhaseAt({ ...open, accepts: 0 }, 10)).toBe('reveal');
  expect(roundPhaseAt({ ...open, accepts: 3 }, 10)).toBe('settleable');
  expect(roundPhaseAt({ ...open, commits: 0, accepts: 0 }, 1_001)).toBe('settleable');
});

test('two thirds of the others convict', () => {
  expect([[], [2], [2, 3]].map((accusers) => isConvicted({ accusers, size: 3 }))).toEqual([false, false, true]);
  expect([[2], [2, 3], [2, 3, 4], [2, 3, 4, 5]].map((accusers) => isConvicted({ accusers, size: 7 }))).toEqual([false, false, false, true]);
  expect(isConvicted({ accusers: [], size: 1 })).toBe(false);
});
