// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IChallenges} from "../src/interfaces/IChallenges.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {IValidators} from "../src/interfaces/IValidators.sol";
import {Outcome, Permit, RoundKind, Verdict} from "../src/interfaces/Types.sol";
import {Segments} from "../src/libraries/Segments.sol";
import {ChallengeTest, Trees} from "./ChallengeTest.sol";
import {Logs} from "./Logs.sol";
import {vm} from "./Vm.sol";

/// @dev See Challenge.tree.
contract ChallengesTest is ChallengeTest, Logs {
    using Trees for bytes32[];

    bytes32[] private right = _run(8, 8);
    bytes32[] private wrong = _run(8, 5);

    // The game

    function test_aForgedStepIsFoundAndPunished() public {
        uint256 before = coin.balanceOf(buyer);
        _accepted(wrong);
        // Of the version's round before.
        uint256[3] memory earned;
        for (uint256 i = 0; i < 3; ++i) {
            earned[i] = validators.owed(_member(i));
        }
        uint256 id = _challenge(right);
        assertEq(_play(id, wrong, right), 3, "at most log2(8 + 1) rounds, rounded up");
        IChallenges.Challenge memory c = challenges.challengeOf(id);
        assertEq(uint8(c.stage), uint8(IChallenges.Stage.Refereed), "before the referees");
        assertEq(c.high, 6, "leaf 5");
        assertEq(c.agreed, right[4], "on leaf 4 they agree");
        assertEq(c.receiptDigest, wrong[5], "the receipt's");
        assertEq(c.counterDigest, right[5], "the challenger's");
        assertEq(uint8(validators.round(c.roundId).kind), uint8(RoundKind.Step), "a round about a step");
        _referees(id, Verdict.Reject);
        _assertOver(id, Outcome.Overturned);
        _assertJob(jobId, ITraining.JobState.Slashed);
        assertEq(coin.balanceOf(buyer), before, "the buyer is whole");
        assertEq(staking.stakeOf(worker), 900e18, "the bond is gone");
        uint256 pot = MIN_BOND - ROUND_FEE + 3 * OVERRULED + ROUND_FEE;
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(staking.stakeOf(_member(i)), MIN_STAKE - OVERRULED, "who accepted loses");
            assertEq(validators.owed(_member(i)), earned[i], "and earns nothing");
        }
        assertEq(training.owed(challenger), pot * 4_000 / 10_000, "the challenger's part");
        assertEq(training.owed(treasury), pot - training.owed(challenger), "the rest");
        assertEq(challenges.owed(challenger), CHALLENGE_BOND - ROUND_FEE, "the bond less the referees' fee");
        _assertBooks();
    }

    function test_theMinorityWasRightAndEarnsTheFee() public {
        _judged(wrong, "canary", [Verdict.Accept, Verdict.Reject, Verdict.Accept]);
        uint256 earned = validators.owed(_member(1));
        uint256 id = _challenge(right);
        _play(id, wrong, right);
        _referees(id, Verdict.Reject);
        assertEq(validators.owed(_member(1)) - earned, ROUND_FEE, "all of it");
        assertEq(staking.stakeOf(_member(1)), MIN_STAKE, "and its stake");
        assertEq(staking.stakeOf(_member(0)), MIN_STAKE - OVERRULED, "the others lose");
        _assertBooks();
    }

    function test_whoChallengesARightReceiptLosesTheBond() public {
        _accepted(right);
        uint256 id = _challenge(wrong);
        _play(id, right, wrong);
        _referees(id, Verdict.Accept);
        _assertOver(id, Outcome.Kept);
        _assertJob(jobId, ITraining.JobState.Accepted);
        uint256 left = CHALLENGE_BOND - ROUND_FEE;
        assertEq(challenges.owed(worker), left / 2, "half to the worker");
        assertEq(challenges.owed(treasury), left - left / 2, "half to the treasury");
        assertEq(challenges.owed(challenger), 0, "nothing returns");
        _finalize(jobId);
        _assertJob(jobId, ITraining.JobState.Settled);
        _assertBooks();
    }

    function test_refereesWithoutAQuorumLeaveEverythingAsItWas() public {
        _judged(wrong, "canary", [Verdict.Accept, Verdict.Reject, Verdict.Accept]);
        uint256 id = _challenge(right);
        _play(id, wrong, right);
        _referees(id, Verdict.None);
        _assertOver(id, Outcome.Doubt);
        assertEq(challenges.owed(challenger), CHALLENGE_BOND, "the bond returns whole");
        _finalize(jobId);
        _assertJob(jobId, ITraining.JobState.Settled);
        assertEq(staking.stakeOf(_member(1)), MIN_STAKE, "in doubt, no minority is slashed");
        _assertBooks();
    }

    function test_aDifferentStart() public {
        bytes32[] memory other = _run(8, 0);
        _accepted(other);
        uint256 id = _challenge(right);
        _play(id, other, right);
        IChallenges.Challenge memory c = challenges.challengeOf(id);
        assertEq(c.high, 1, "leaf 0");
        assertEq(c.agreed, 0, "nothing before it");
        _referees(id, Verdict.Reject);
        _assertJob(jobId, ITraining.JobState.Slashed);
    }

    /// @dev The checkpoints are right, the model or the metrics are not.
    function test_theSameCheckpointsAndAWrongReceipt() public {
        _accepted(right);
        uint256 id = _challenge(right);
        _play(id, right, right);
        IChallenges.Challenge memory c = challenges.challengeOf(id);
        assertEq(c.high, 9, "what follows the last checkpoint");
        assertEq(c.agreed, right[7], "from the last one on");
        assertEq(c.receiptDigest, 0, "the receipt itself");
        _referees(id, Verdict.Reject);
        _assertJob(jobId, ITraining.JobState.Slashed);
    }

    /// @dev A committee re-executes drawn steps of a long run: what it did not have to see costs it nothing.
    function test_aWrongStepThatNobodyDrewCostsItsWorkerOnly() public {
        uint256 id = _challengeLong(false);
        _referees(id, Verdict.Reject);
        _assertOver(id, Outcome.Overlooked);
        _assertJob(jobId, ITraining.JobState.Slashed);
        assertEq(staking.stakeOf(worker), 900e18, "the bond is gone");
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(staking.stakeOf(_member(i)), MIN_STAKE, "who did its duty keeps its stake");
            assertTrue(validators.owed(_member(i)) >= ROUND_FEE / 3, "and is paid for it");
        }
        assertEq(training.owed(challenger), (MIN_BOND - ROUND_FEE) * 4_000 / 10_000, "the challenger's part of the bond");
        _assertBooks();
    }

    function test_aWrongStepThatWasDrawnCostsWhoAcceptedIt() public {
        uint256 id = _challengeLong(true);
        _referees(id, Verdict.Reject);
        _assertOver(id, Outcome.Overturned);
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(staking.stakeOf(_member(i)), MIN_STAKE - OVERRULED, "it was its duty to see it");
        }
        _assertBooks();
    }

    function test_aRightStepThatNobodyDrewStands() public {
        uint256 id = _challengeLong(false);
        _referees(id, Verdict.Accept);
        _assertOver(id, Outcome.Kept);
    }

    /// @dev Narrows a run of 1,000 checkpoints to a step that its committee had to re-execute, or not.
    function _challengeLong(bool drawn) private returns (uint256 id) {
        bytes32[] memory receipt = _run(1_000, 1_000);
        _accepted(receipt);
        uint64 lot = validators.lotOf(roundId);
        assertTrue(lot != 0, "the seed is kept");
        uint256 step = 1;
        while (Segments.isAudited(lot, 1_000, step + 2) != drawn) ++step;
        bytes32[] memory counter = _run(1_000, step + 1);
        id = _challenge(counter);
        _play(id, receipt, counter);
        assertEq(challenges.challengeOf(id).high, step + 2, "where they part");
    }

    function test_allMovesInOneTransaction() public {
        _accepted(wrong);
        uint256 id = _challenge(right);
        IChallenges.Post[] memory posts = new IChallenges.Post[](8);
        uint256[4] memory indexes = [uint256(3), 5, 4, 0];
        for (uint256 i = 0; i < 3; ++i) {
            posts[2 * i] = IChallenges.Post(true, right[indexes[i]], right.path(indexes[i]));
            posts[2 * i + 1] = IChallenges.Post(false, wrong[indexes[i]], wrong.path(indexes[i]));
        }
        IChallenges.Post[] memory six = new IChallenges.Post[](6);
        for (uint256 i = 0; i < 6; ++i) {
            six[i] = posts[i];
        }
        challenges.post(id, six);
        assertEq(uint8(challenges.challengeOf(id).stage), uint8(IChallenges.Stage.Refereed), "at the referees'");
        vm.expectRevert(abi.encodeWithSelector(IChallenges.WrongStage.selector, id, IChallenges.Stage.Refereed));
        challenges.post(id, six);
    }

    /// @dev Wherever two runs part, the step is found in as many rounds as halving takes.
    function testFuzz_theForkIsFound(uint256 count, uint256 fork) public {
        count = bound(count, 1, 70);
        fork = bound(fork, 0, count);
        bytes32[] memory honest = _run(count, count);
        bytes32[] memory forged = _run(count, fork);
        _accepted(forged);
        uint256 id = _challenge(honest);
        uint256 rounds = _play(id, forged, honest);
        IChallenges.Challenge memory c = challenges.challengeOf(id);
        assertEq(c.low, fork, "they agree up to there");
        assertEq(c.high, fork + 1, "and not on the next");
        assertEq(c.agreed, fork == 0 ? bytes32(0) : honest[fork - 1], "agreed");
        if (fork < count) assertEq(c.receiptDigest, forged[fork], "disputed");
        assertTrue(2 ** rounds < 2 * (count + 1), "no more rounds than log2");
    }

    function test_postRefusals() public {
        _accepted(wrong);
        uint256 id = _challenge(right);
        IChallenges.Post[] memory posts = _posts(id, right, true);
        bytes memory wrongPath = abi.encodeWithSelector(IChallenges.WrongPath.selector, id, 4);
        posts[0].counter = false;
        vm.expectRevert(wrongPath);
        challenges.post(id, posts);
        posts[0].counter = true;
        posts[0].digest = "made up";
        vm.expectRevert(wrongPath);
        challenges.post(id, posts);
        posts[0] = IChallenges.Post(true, right[4], right.path(4));
        vm.expectRevert(wrongPath);
        challenges.post(id, posts);
        _post(id, right, true);
        posts = _posts(id, right, true);
        vm.expectRevert(abi.encodeWithSelector(IChallenges.AlreadyPosted.selector, id, 4));
        challenges.post(id, posts);
        vm.warp(challenges.challengeOf(id).moveUntil + 1);
        posts = _posts(id, wrong, false);
        vm.expectRevert(abi.encodeWithSelector(IChallenges.MoveTooLate.selector, id, block.timestamp - 1));
        challenges.post(id, posts);
        vm.warp(block.timestamp - 1);
        challenges.post(id, posts);
        assertEq(challenges.challengeOf(id).low, 4, "the last second counts");
    }

    /// @dev A tree that really holds an empty digest: it would pass for one that nobody has posted.
    function test_anEmptyDigestIsRefused() public {
        bytes32[] memory empty = new bytes32[](1);
        _accepted(empty);
        uint256 id = _challenge(right);
        IChallenges.Post[] memory posts = _posts(id, empty, false);
        vm.expectRevert(abi.encodeWithSelector(IChallenges.WrongPath.selector, id, 1));
        challenges.post(id, posts);
    }

    // Clocks

    function test_aSilentChallengerLoses() public {
        _accepted(right);
        uint256 id = _challenge(wrong);
        _post(id, right, false);
        uint256 until = challenges.challengeOf(id).moveUntil;
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(IChallenges.MoveTooEarly.selector, id, until + 1));
        challenges.poke(id);
        skip(1);
        challenges.poke(id);
        _assertOver(id, Outcome.Kept);
        assertEq(challenges.owed(worker), CHALLENGE_BOND / 2, "no referees, no fee");
        _assertBooks();
    }

    function test_whereBothAreSilentTheChallengerLoses() public {
        _accepted(wrong);
        uint256 id = _challenge(right);
        skip(MOVE_WINDOW + 1);
        challenges.poke(id);
        _assertOver(id, Outcome.Kept);
        vm.expectRevert(abi.encodeWithSelector(IChallenges.WrongStage.selector, id, IChallenges.Stage.Over));
        challenges.poke(id);
    }

    /// @dev The worker and a friend could stage this: nobody but they may lose by it.
    function test_aReceiptThatNobodyDefendsFails() public {
        uint256 before = coin.balanceOf(buyer);
        _accepted(wrong);
        uint256 earned = validators.owed(_member(1));
        uint256 id = _challenge(right);
        _post(id, right, true);
        skip(MOVE_WINDOW + 1);
        challenges.poke(id);
        _assertOver(id, Outcome.Silence);
        _assertJob(jobId, ITraining.JobState.Slashed);
        assertEq(coin.balanceOf(buyer), before, "the buyer is whole");
        assertEq(challenges.owed(challenger), CHALLENGE_BOND, "the bond returns");
        uint256 pot = MIN_BOND - ROUND_FEE;
        assertEq(training.owed(challenger), pot * 4_000 / 10_000, "a part of the worker's bond");
        assertEq(staking.stakeOf(_member(1)), MIN_STAKE, "silence proves nothing about the validators");
        assertEq(validators.owed(_member(1)) - earned, ROUND_FEE / 3, "who have done their work");
        _assertBooks();
    }

    function test_eachMoveHasItsOwnClock() public {
        _accepted(wrong);
        uint256 id = _challenge(right);
        for (uint256 i = 0; i < 2; ++i) {
            skip(MOVE_WINDOW);
            _post(id, right, true);
            _post(id, wrong, false);
        }
        assertEq(challenges.challengeOf(id).moveUntil, block.timestamp + MOVE_WINDOW, "starts again");
    }

    // Several challenges

    function test_aShamChallengeDoesNotHoldUpAnHonestOne() public {
        _accepted(wrong);
        uint256 sham = _challengeBy(stranger = _rich("friend"), bytes32("nobody knows its leaves"));
        uint256 honest = _challenge(right);
        _play(honest, wrong, right);
        _referees(honest, Verdict.Reject);
        _assertJob(jobId, ITraining.JobState.Slashed);
        assertEq(training.job(jobId).contests, 1, "one is left");
        challenges.poke(sham);
        _assertOver(sham, Outcome.Void);
        assertEq(challenges.owed(stranger), CHALLENGE_BOND, "its job is over: the bond returns");
    }

    function test_oneBeforeTheRefereesAtATime() public {
        _accepted(wrong);
        uint256 first = _challenge(right);
        uint256 second = _challengeBy(_rich("second"), right.root());
        uint256 third = _challengeBy(_rich("third"), right.root());
        _play(first, wrong, right);
        _play(second, wrong, right);
        assertEq(uint8(challenges.challengeOf(second).stage), uint8(IChallenges.Stage.Ready), "waits");
        bytes memory busy = abi.encodeWithSelector(IChallenges.RefereesBusy.selector, jobId, first);
        vm.expectRevert(busy);
        challenges.poke(second);
        _post(third, right, true);
        skip(MOVE_WINDOW + 1);
        vm.expectRevert(busy);
        challenges.poke(third);
        _referees(first, Verdict.None);
        challenges.poke(second);
        assertEq(uint8(challenges.challengeOf(second).stage), uint8(IChallenges.Stage.Refereed), "its turn");
        _referees(second, Verdict.Reject);
        challenges.poke(third);
        _assertOver(third, Outcome.Void);
    }

    function test_refereesAreNotCalledForAJobThatIsOver() public {
        vm.prank(owner);
        challenges.setParams(IChallenges.Params(treasury, CHALLENGE_BOND, 1 days, 0));
        _accepted(wrong);
        uint256 first = _challenge(right);
        uint256 second = _challengeBy(_rich("second"), right.root());
        uint256 third = _challengeBy(_rich("third"), right.root());
        _play(first, wrong, right);
        _play(second, wrong, right);
        _referees(first, Verdict.Reject);
        challenges.poke(second);
        _play(third, wrong, right);
        _assertOver(third, Outcome.Void);
        assertEq(challenges.owed(account("second")), CHALLENGE_BOND, "whole");
        assertEq(challenges.owed(account("third")), CHALLENGE_BOND, "whole");
    }

    // Referees

    function test_refereesAreOthers() public {
        challenger = keepers[0];
        _fund(challenger, 1_000e18);
        _accepted(wrong);
        uint256 id = _challenge(right);
        _play(id, wrong, right);
        bytes32 stepRound = challenges.challengeOf(id).roundId;
        uint16[] memory referees = _draw(stepRound);
        assertEq(referees.length, 3, "three");
        for (uint256 i = 0; i < 3; ++i) {
            assertTrue(_accountOf(referees[i]) != challenger, "not the challenger");
            for (uint256 n = 0; n < 3; ++n) {
                assertTrue(_accountOf(referees[i]) != _member(n), "none of those who are accused");
            }
            assertTrue(market.entitled(_accountOf(referees[i]), 1, 1, stepRound), "they may read");
        }
    }

    function test_theAccusedOnlyFillUp() public {
        for (uint256 i = 4; i < 8; ++i) {
            vm.prank(keepers[i]);
            validators.deregister();
        }
        mine(1);
        _accepted(wrong);
        uint256 id = _challenge(right);
        _play(id, wrong, right);
        uint16[] memory referees = _draw(challenges.challengeOf(id).roundId);
        uint256 others = 0;
        for (uint256 i = 0; i < 3; ++i) {
            address referee = _accountOf(referees[i]);
            if (referee != _member(0) && referee != _member(1) && referee != _member(2)) ++others;
        }
        assertEq(others, 1, "the only other one is among them");
    }

    function test_withTooFewRefereesTheVerdictStands() public {
        for (uint256 i = 3; i < 8; ++i) {
            vm.prank(keepers[i]);
            validators.deregister();
        }
        mine(1);
        challenger = keepers[0];
        _fund(challenger, 1_000e18);
        _accepted(wrong);
        uint256 id = _challenge(right);
        _play(id, wrong, right);
        _assertOver(id, Outcome.Doubt);
        assertEq(challenges.owed(challenger), CHALLENGE_BOND, "the bond returns");
        _finalize(jobId);
        _assertJob(jobId, ITraining.JobState.Settled);
    }

    // Doors

    function test_challengeRefusals() public {
        jobId = _openJob(listingId);
        vm.expectRevert(IChallenges.EmptyRoot.selector);
        challenges.challenge(jobId, 0, _noPermit());
        vm.expectRevert(abi.encodeWithSelector(ITraining.WrongState.selector, jobId, ITraining.JobState.Open));
        challenges.challenge(jobId, "root", _noPermit());
        _judged(wrong, "canary", [Verdict.Reject, Verdict.Reject, Verdict.Reject]);
        vm.expectRevert(abi.encodeWithSelector(IChallenges.NothingToChallenge.selector, jobId));
        challenges.challenge(jobId, "root", _noPermit());
        _accepted(wrong);
        uint256 closes = block.timestamp + CHALLENGE_WINDOW;
        vm.warp(closes + 1);
        vm.expectRevert(abi.encodeWithSelector(ITraining.TooLate.selector, jobId, closes));
        challenges.challenge(jobId, "root", _noPermit());
        vm.warp(closes);
        _challenge(right);
        assertEq(challenges.challengeCount(), 1, "the last second counts");
    }

    function test_challengeWithAPermit() public {
        coin.transfer(stranger, CHALLENGE_BOND);
        _accepted(wrong);
        Permit memory permit = _permit("stranger", address(challenges), CHALLENGE_BOND);
        vm.prank(stranger);
        uint256 id = challenges.challenge(jobId, "root", permit);
        assertEq(challenges.challengeOf(id).bond, CHALLENGE_BOND, "paid");
        assertEq(coin.balanceOf(stranger), 0, "by permit");
    }

    function test_aContestedJobIsNotFinalized() public {
        _accepted(wrong);
        uint256 id = _challenge(right);
        skip(CHALLENGE_WINDOW + 1);
        vm.expectRevert(abi.encodeWithSelector(ITraining.StillContested.selector, jobId, 1));
        training.finalize(jobId);
        challenges.poke(id);
        training.finalize(jobId);
        _assertJob(jobId, ITraining.JobState.Settled);
    }

    function test_onlyValidatorsBringVerdicts() public {
        vm.expectRevert(abi.encodeWithSelector(IChallenges.NotValidatorsContract.selector, stranger));
        vm.prank(stranger);
        challenges.onVerdict("round", "job", Verdict.Accept, 0);
    }

    function test_onlyChallengesMoveJobs() public {
        bytes memory refusal = abi.encodeWithSelector(ITraining.NotChallengesContract.selector, address(this));
        vm.expectRevert(refusal);
        training.contest("job");
        vm.expectRevert(refusal);
        training.resolve("job", Outcome.Kept, stranger);
        vm.expectRevert(refusal);
        training.spare("job");
    }

    function test_paramsHaveCaps() public {
        IChallenges.Params memory p = _challengeParams();
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
        vm.prank(stranger);
        challenges.setParams(p);
        p.treasury = address(0);
        _refused(p);
        p = _challengeParams();
        p.bond = 1_000_000e18 + 1;
        _refused(p);
        p = _challengeParams();
        p.wrongedBps = 10_001;
        _refused(p);
        p = _challengeParams();
        p.moveWindow = 0;
        _refused(p);
        p.moveWindow = 30 days + 1;
        _refused(p);
        p = IChallenges.Params(treasury, 0, 1, 0);
        vm.prank(owner);
        challenges.setParams(p);
        assertEq(challenges.params().bond, 0, "changed");
    }

    function test_withoutBondsAndFees() public {
        vm.prank(owner);
        challenges.setParams(IChallenges.Params(treasury, 0, MOVE_WINDOW, 0));
        _accepted(wrong);
        uint256 id = _challenge(right);
        _play(id, wrong, right);
        assertEq(validators.round(challenges.challengeOf(id).roundId).fee, 0, "no bond, no fee");
        _referees(id, Verdict.Reject);
        _assertJob(jobId, ITraining.JobState.Slashed);
        assertEq(challenges.owed(challenger), 0, "nothing to return");
    }

    /// @dev A holder's history shows no payments of nothing.
    function test_aFreeRunMovesNothing() public {
        listingId = _list(1, IMarket.LicenseKind.Compute, 0, 0);
        IValidators.Params memory v = _validatorParams();
        (needs.units, needs.maxFee, v.roundFee) = (0, 0, 0);
        vm.startPrank(owner);
        validators.setParams(v);
        challenges.setParams(IChallenges.Params(treasury, 0, MOVE_WINDOW, 0));
        vm.stopPrank();
        _record();
        bytes32 unclaimed = _openJob(listingId);
        _accepted(wrong);
        uint256 id = _challenge(right);
        _play(id, wrong, right);
        _referees(id, Verdict.Reject);
        _assertJob(jobId, ITraining.JobState.Slashed);
        _accepted(right);
        _finalize(jobId);
        _assertJob(jobId, ITraining.JobState.Settled);
        skip(OPEN_WINDOW + 1);
        training.refundJob(unclaimed);
        _stop();
        assertEq(emptyTransfers, 0, "nothing is not moved");
    }

    function _refused(IChallenges.Params memory p) private {
        vm.expectRevert(IChallenges.ParamOutOfRange.selector);
        vm.prank(owner);
        challenges.setParams(p);
    }

    function _rich(string memory name) private returns (address who) {
        who = account(name);
        _fund(who, 1_000e18);
    }
}
