// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IChallenges} from "../src/interfaces/IChallenges.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {Outcome, RoundKind, Verdict} from "../src/interfaces/Types.sol";
import {ChallengeTest, Trees} from "./ChallengeTest.sol";
import {vm} from "./Vm.sol";

/// @dev What a worker may do about a verdict on its own receipt: own up to a canary, or appeal. See Challenge.tree.
contract CanariesTest is ChallengeTest {
    using Trees for bytes32[];

    bytes32[] private right = _run(8, 8);
    bytes32[] private wrong = _run(8, 5);

    function test_aCanaryThatWasAcceptedPaysItsWorker() public {
        uint256 before = coin.balanceOf(buyer);
        _judgedCanary(wrong, right, [Verdict.Accept, Verdict.Accept, Verdict.Accept]);
        uint256 id = _reveal(right);
        assertEq(uint8(challenges.challengeOf(id).kind), uint8(IChallenges.Kind.Canary), "a challenge");
        _play(id, wrong, right);
        _referees(id, Verdict.Accept);
        _assertOver(id, Outcome.Canary);
        _assertJob(jobId, ITraining.JobState.Refunded);
        assertEq(coin.balanceOf(buyer), before, "the buyer is whole");
        assertEq(staking.stakeOf(worker), 1_000e18, "the worker too");
        assertEq(staking.lockedOf(worker), 0, "its bond is free");
        assertEq(challenges.owed(worker), CHALLENGE_BOND - ROUND_FEE, "the challenge's bond returns");
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(staking.stakeOf(_member(i)), MIN_STAKE - OVERRULED, "who accepted blindly loses");
        }
        uint256 pot = 3 * OVERRULED;
        assertEq(training.owed(worker), pot * 4_000 / 10_000, "and pays the worker");
        assertEq(training.owed(treasury), pot - training.owed(worker), "the rest");
        _assertBooks();
    }

    /// @dev A worker cannot make a right receipt into a canary: referees are asked about the other checkpoint.
    function test_aCanaryAroundARightReceiptHurtsNobodyElse() public {
        _judgedCanary(right, wrong, [Verdict.Accept, Verdict.Accept, Verdict.Accept]);
        uint256 id = _reveal(wrong);
        _play(id, right, wrong);
        _referees(id, Verdict.Reject);
        _assertOver(id, Outcome.Kept);
        assertEq(challenges.owed(treasury), CHALLENGE_BOND - ROUND_FEE, "the worker has wronged itself");
        assertEq(challenges.owed(worker), 0, "and gets nothing for it");
        _finalize(jobId);
        _assertJob(jobId, ITraining.JobState.Settled);
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(staking.stakeOf(_member(i)), MIN_STAKE, "nobody is slashed");
        }
        _assertBooks();
    }

    function test_aCanaryThatNamesNoOtherCheckpointIsNone() public {
        bytes32[] memory nearly = _run(8, 8);
        nearly[1] = "elsewhere";
        _judgedCanary(right, nearly, [Verdict.Accept, Verdict.Accept, Verdict.Accept]);
        uint256 id = _reveal(nearly);
        _play(id, right, nearly);
        _assertOver(id, Outcome.Kept);
    }

    function test_aCanaryWhoseWorkerStopsPlayingIsLost() public {
        _judgedCanary(wrong, right, [Verdict.Accept, Verdict.Accept, Verdict.Accept]);
        uint256 id = _reveal(right);
        _post(id, right, true);
        skip(MOVE_WINDOW + 1);
        challenges.poke(id);
        _assertOver(id, Outcome.Kept);
        _assertJob(jobId, ITraining.JobState.Accepted);
    }

    /// @dev Costs what a stalled run costs: a prepared excuse must not make forging free.
    function test_aCanaryThatWasCaughtSparesTheBond() public {
        uint256 before = coin.balanceOf(buyer);
        _judgedCanary(wrong, right, [Verdict.Accept, Verdict.Reject, Verdict.Reject]);
        uint256 earned = validators.owed(_member(1));
        assertEq(_reveal(right), 0, "no challenge");
        _assertJob(jobId, ITraining.JobState.Refunded);
        assertEq(coin.balanceOf(buyer), before + STALL_PENALTY, "everything and the penalty");
        assertEq(staking.stakeOf(worker), 1_000e18 - STALL_PENALTY - ROUND_FEE, "penalty and fee");
        assertEq(staking.lockedOf(worker), 0, "the rest is free");
        assertEq(validators.owed(_member(1)) - earned, ROUND_FEE / 2 + 1, "who found it keeps the reward");
        assertEq(staking.stakeOf(_member(0)), MIN_STAKE, "nobody is slashed on a worker's word");
        _assertBooks();
    }

    function test_canaryRefusals() public {
        _judgedCanary(wrong, right, [Verdict.Accept, Verdict.Accept, Verdict.Accept]);
        bytes32 root = right.root();
        vm.expectRevert(abi.encodeWithSelector(IChallenges.NotJobWorker.selector, jobId, stranger));
        vm.prank(stranger);
        challenges.revealCanary(jobId, root, SALT, _noPermit());
        bytes memory not = abi.encodeWithSelector(IChallenges.NotTheCanary.selector, jobId);
        vm.expectRevert(not);
        vm.prank(worker);
        challenges.revealCanary(jobId, root, "another salt", _noPermit());
        bytes32 same = wrong.root();
        _judgedCanary(wrong, wrong, [Verdict.Accept, Verdict.Accept, Verdict.Accept]);
        vm.expectRevert(abi.encodeWithSelector(IChallenges.NotTheCanary.selector, jobId));
        vm.prank(worker);
        challenges.revealCanary(jobId, same, SALT, _noPermit());
    }

    function test_whoAppealsCannotBeSparedToo() public {
        _judgedCanary(wrong, right, [Verdict.Reject, Verdict.Reject, Verdict.Reject]);
        _appeal();
        bytes32 root = right.root();
        vm.expectRevert(abi.encodeWithSelector(ITraining.StillContested.selector, jobId, 1));
        vm.prank(worker);
        challenges.revealCanary(jobId, root, SALT, _noPermit());
    }

    function test_withoutAnythingSlashedTheWorkerGetsWhatThereIs() public {
        vm.prank(owner);
        validators.setParams(_noPenalties());
        uint256 before = coin.balanceOf(buyer);
        _judgedCanary(wrong, right, [Verdict.Accept, Verdict.Accept, Verdict.Accept]);
        uint256 id = _reveal(right);
        _play(id, wrong, right);
        _referees(id, Verdict.Accept);
        assertEq(coin.balanceOf(buyer), before, "the fee that nobody earned goes to the buyer");
        assertEq(training.owed(worker), 0, "nothing is left");
        _assertBooks();
    }

    // Appeals

    function test_anAppealWinsTheJobBack() public {
        _judged(right, "canary", [Verdict.Reject, Verdict.Reject, Verdict.Accept]);
        uint256 earned = validators.owed(_member(2));
        uint256 id = _appeal();
        bytes32 round = challenges.challengeOf(id).roundId;
        assertEq(uint8(validators.round(round).kind), uint8(RoundKind.Run), "the whole run");
        _referees(id, Verdict.Accept);
        _assertOver(id, Outcome.Overturned);
        _assertJob(jobId, ITraining.JobState.Settled);
        assertEq(validators.owed(_member(2)) - earned, ROUND_FEE, "who was right earns the fee");
        assertEq(staking.stakeOf(_member(0)), MIN_STAKE - OVERRULED, "who rejected loses");
        uint256 pot = 2 * OVERRULED;
        assertEq(training.owed(worker), WORKER_FEE + pot * 4_000 / 10_000, "the worker is paid, and for its trouble");
        assertEq(staking.stakeOf(worker), 1_000e18, "it keeps its bond");
        _assertBooks();
    }

    function test_aLostAppeal() public {
        _judged(wrong, "canary", [Verdict.Reject, Verdict.Reject, Verdict.Accept]);
        uint256 id = _appeal();
        _referees(id, Verdict.Reject);
        _assertOver(id, Outcome.Kept);
        assertEq(challenges.owed(treasury), CHALLENGE_BOND - ROUND_FEE, "the bond");
        _finalize(jobId);
        _assertJob(jobId, ITraining.JobState.Slashed);
        assertEq(staking.stakeOf(_member(2)), MIN_STAKE - MINORITY, "who accepted was wrong");
        _assertBooks();
    }

    function test_anUndecidedAppeal() public {
        _judged(right, "canary", [Verdict.Reject, Verdict.Reject, Verdict.Accept]);
        uint256 id = _appeal();
        _referees(id, Verdict.None);
        _assertOver(id, Outcome.Doubt);
        _finalize(jobId);
        _assertJob(jobId, ITraining.JobState.Slashed);
        assertEq(staking.stakeOf(_member(2)), MIN_STAKE, "in doubt nobody else is slashed");
        _assertBooks();
    }

    function test_appealRefusals() public {
        _judged(wrong, "canary", [Verdict.Reject, Verdict.Reject, Verdict.Reject]);
        vm.expectRevert(abi.encodeWithSelector(IChallenges.NotJobWorker.selector, jobId, stranger));
        vm.prank(stranger);
        challenges.appeal(jobId, _noPermit());
        _appeal();
        vm.expectRevert(abi.encodeWithSelector(IChallenges.AppealUnderWay.selector, jobId));
        vm.prank(worker);
        challenges.appeal(jobId, _noPermit());
        _accepted(right);
        vm.expectRevert(abi.encodeWithSelector(IChallenges.NothingToChallenge.selector, jobId));
        vm.prank(worker);
        challenges.appeal(jobId, _noPermit());
    }

    /// @dev Who would appeal runs the job again first, and needs the rows for that.
    function test_aRejectedWorkerMayReadAgainUntilTheWindowIsOver() public {
        _judged(right, "canary", [Verdict.Reject, Verdict.Reject, Verdict.Accept]);
        ITraining.Job memory job = training.job(jobId);
        assertTrue(market.entitled(worker, job.assetId, job.version, jobId), "the worker");
        assertTrue(!market.entitled(stranger, job.assetId, job.version, jobId), "nobody else");
        assertTrue(!market.entitled(worker, job.assetId + 1, job.version, jobId), "no other asset");
        assertTrue(!market.entitled(worker, job.assetId, job.version + 1, jobId), "no other version");
        vm.warp(uint256(job.changedAt) + CHALLENGE_WINDOW);
        assertTrue(market.entitled(worker, job.assetId, job.version, jobId), "to the last second");
        vm.warp(uint256(job.changedAt) + CHALLENGE_WINDOW + 1);
        assertTrue(!market.entitled(worker, job.assetId, job.version, jobId), "and no longer");
    }

    function test_anAcceptedWorkerReadsNoMore() public {
        _accepted(right);
        ITraining.Job memory job = training.job(jobId);
        assertTrue(!market.entitled(worker, job.assetId, job.version, jobId), "its work is done");
    }

    function _judgedCanary(bytes32[] memory digests, bytes32[] memory counter, Verdict[3] memory words) private {
        // The job's id follows from the count of jobs: a dry run tells it.
        uint256 snapshot = vm.snapshotState();
        bytes32 next = _openJob(listingId);
        vm.revertToState(snapshot);
        bytes32 canary = keccak256(abi.encode(next, bytes32("receipt"), counter.root(), SALT));
        _judged(digests, canary, words);
        assertEq(jobId, next, "as foreseen");
    }

    function _reveal(bytes32[] memory counter) private returns (uint256) {
        bytes32 root = counter.root();
        vm.prank(worker);
        return challenges.revealCanary(jobId, root, SALT, _noPermit());
    }

    function _appeal() private returns (uint256) {
        vm.prank(worker);
        return challenges.appeal(jobId, _noPermit());
    }
}
