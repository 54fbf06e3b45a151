// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IStaking} from "../src/interfaces/IStaking.sol";
import {IValidators} from "../src/interfaces/IValidators.sol";
import {RoundKind, Verdict} from "../src/interfaces/Types.sol";
import {ChallengeTest} from "./ChallengeTest.sol";
import {vm} from "./Vm.sol";

/// @dev What a round about a run costs those who were silent, wrong or idle, and when.
contract RunRoundsTest is ChallengeTest {
    bytes32[] private right = _run(8, 8);

    // Waiting

    function test_aRunsRoundWaitsForChallenges() public {
        _judged(right, "canary", [Verdict.Accept, Verdict.Accept, Verdict.Reject]);
        IValidators.Round memory round = validators.round(roundId);
        assertTrue(round.settled && !round.ended, "settled, not ended");
        address member = _member(2);
        vm.expectRevert(abi.encodeWithSelector(IValidators.OnDuty.selector, validators.validatorIdOf(member), 1));
        vm.prank(member);
        validators.deregister();
        assertEq(staking.stakeOf(member), MIN_STAKE, "nor is anybody slashed");
        uint256 earned = validators.owed(_member(0));
        uint256 pool = staking.pool();
        _finalize(jobId);
        assertTrue(validators.round(roundId).ended, "ended");
        assertEq(validators.owed(_member(0)) - earned, ROUND_FEE / 2 + 1, "half the fee");
        assertEq(staking.stakeOf(member), MIN_STAKE - MINORITY, "the minority");
        assertEq(staking.pool() - pool, MINORITY, "into the reward pool");
        vm.prank(member);
        validators.deregister();
        assertEq(staking.lockedOf(member), 0, "free to go");
    }

    function test_silenceCostsALittle() public {
        _judged(right, "canary", [Verdict.Accept, Verdict.Accept, Verdict.None]);
        _finalize(jobId);
        assertEq(staking.stakeOf(_member(2)), MIN_STAKE - SILENT, "in a run's round");
        bytes32 other = registry.roundOf(_publish(true), 1);
        _speak(other, [Verdict.None, Verdict.None, Verdict.None]);
        uint256 lost = 0;
        for (uint256 i = 0; i < 8; ++i) {
            lost += MIN_STAKE - staking.stakeOf(keepers[i]);
        }
        assertEq(lost, 4 * SILENT, "in another round at once");
    }

    function test_aMinorityIsSlashedOnlyWhereARefereeCouldHaveClearedIt() public {
        bytes32 round = registry.roundOf(_publish(true), 1);
        _speak(round, [Verdict.Accept, Verdict.Accept, Verdict.Reject]);
        for (uint256 i = 0; i < 8; ++i) {
            assertEq(staking.stakeOf(keepers[i]), MIN_STAKE, "nobody");
        }
    }

    // Places

    function test_whatIsLostIsFilledUpFromFreeStake() public {
        for (uint256 i = 0; i < 8; ++i) {
            _stake(keepers[i], 50e18);
        }
        mine(1);
        _judged(right, "canary", [Verdict.Accept, Verdict.Accept, Verdict.Reject]);
        _finalize(jobId);
        address member = _member(2);
        assertEq(validators.validator(validators.validatorIdOf(member)).locked, MIN_STAKE, "full again");
        assertEq(staking.freeOf(member), 50e18 - MINORITY, "out of the free part");
    }

    function test_whoFallsBelowHalfLosesItsPlace() public {
        IValidators.Params memory p = _validatorParams();
        p.overruledBps = 5_000;
        vm.prank(owner);
        validators.setParams(p);
        bytes32[] memory wrong = _run(8, 5);
        _judged(wrong, "canary", [Verdict.Accept, Verdict.Accept, Verdict.Accept]);
        address member = _member(0);
        uint16 id = validators.validatorIdOf(member);
        // One base unit less than half of it is left.
        p.minStake = MIN_STAKE + 2;
        vm.prank(owner);
        validators.setParams(p);
        uint256 challengeId = _challenge(right);
        _play(challengeId, wrong, right);
        _referees(challengeId, Verdict.Reject);
        assertTrue(!validators.isActive(id), "off the list");
        uint256 left = validators.validator(id).locked;
        assertTrue(left != 0 && left * 2 < MIN_STAKE + 2, "with what is left still locked");
        _stake(member, 2_000e18);
        vm.expectRevert(abi.encodeWithSelector(IValidators.AlreadyRegistered.selector, id));
        vm.prank(member);
        validators.register(keccak256(abi.encode("key", member)), "again");
        vm.startPrank(member);
        validators.deregister();
        assertEq(staking.lockedOf(member), 0, "taken back");
        assertEq(validators.register(keccak256(abi.encode("key", member)), "again"), id, "and back again");
        vm.stopPrank();
    }

    // Accusations

    function test_twoThirdsOfTheOthersConvict() public {
        _accepted(right);
        uint256 earned = validators.owed(_member(0));
        _accuse(1, 0);
        _accuse(2, 0);
        _accuse(0, 1);
        _finalize(jobId);
        assertEq(validators.owed(_member(0)) - earned, 0, "no reward");
        assertEq(staking.stakeOf(_member(0)), MIN_STAKE - MINORITY, "and a loss");
        assertEq(staking.stakeOf(_member(1)), MIN_STAKE, "one of two is not enough");
        assertEq(coin.balanceOf(address(validators)), _owedToAll(), "the others share the fee");
    }

    function test_whereAllAreConvictedTheFeeReturns() public {
        _accepted(right);
        for (uint256 i = 0; i < 3; ++i) {
            _accuse(i, (i + 1) % 3);
            _accuse(i, (i + 2) % 3);
        }
        _finalize(jobId);
        assertEq(training.owed(treasury), uint256(PRICE) * 25 / 10_000 + ROUND_FEE, "nobody earned it");
        _assertBooks();
    }

    /// @dev Eight of eleven others are just two thirds, and the last of twelve counts as the first does.
    function test_allTwelvePlacesAccuse() public {
        for (uint256 i = 0; i < 4; ++i) {
            keepers.push(_keeper(account(string(abi.encodePacked("more", bytes1(uint8(65 + i))))), MIN_STAKE));
        }
        IValidators.Params memory p = _validatorParams();
        p.committeeSize = 12;
        vm.prank(owner);
        validators.setParams(p);
        jobId = _openJob(listingId);
        _claimJob(jobId);
        roundId = _submit(jobId);
        _conclude(roundId, Verdict.Accept);
        for (uint256 i = 4; i < 12; ++i) {
            _accuse(i, 0);
            if (i != 11) _accuse(i, 1);
        }
        _finalize(jobId);
        assertEq(staking.stakeOf(_member(0)), MIN_STAKE - MINORITY, "by eight");
        assertEq(staking.stakeOf(_member(1)), MIN_STAKE, "seven are not enough");
    }

    /// @dev With one member there are no others, and two thirds of none are none.
    function test_aLonelyMemberIsNotConvicted() public {
        IValidators.Params memory p = _validatorParams();
        p.committeeSize = 1;
        vm.prank(owner);
        validators.setParams(p);
        jobId = _openJob(listingId);
        _claimJob(jobId);
        _endRun(jobId, Verdict.Accept);
        for (uint256 i = 0; i < 8; ++i) {
            assertEq(staking.stakeOf(keepers[i]), MIN_STAKE, "nobody");
        }
    }

    function test_accusationRefusals() public {
        jobId = _openJob(listingId);
        _claimJob(jobId);
        roundId = _submit(jobId);
        bytes memory closed = abi.encodeWithSelector(IValidators.RoundNotOpenToAccusations.selector, roundId);
        vm.expectRevert(closed);
        validators.accuse(roundId, 1);
        _speak(roundId, [Verdict.Accept, Verdict.Accept, Verdict.None]);
        uint16[] memory committee = validators.round(roundId).committee;
        uint16 outsider = _outsider();
        _refused(_accountOf(outsider), committee[0], IValidators.NotInCommittee.selector, outsider);
        _refused(_member(0), outsider, IValidators.NotInCommittee.selector, outsider);
        _refused(_member(2), committee[0], IValidators.NotRevealed.selector, committee[2]);
        _refused(_member(0), committee[2], IValidators.NotRevealed.selector, committee[2]);
        _refused(_member(0), committee[0], IValidators.AlreadyAccused.selector, committee[0]);
        _accuse(0, 1);
        _refused(_member(0), committee[1], IValidators.AlreadyAccused.selector, committee[1]);
        _finalize(jobId);
        address member = _member(1);
        vm.expectRevert(closed);
        vm.prank(member);
        validators.accuse(roundId, committee[0]);
        vm.expectRevert(abi.encodeWithSelector(IValidators.UnknownRound.selector, bytes32("x")));
        validators.accuse("x", 1);
    }

    // Doors

    function test_onlyChallengesCallRefereesAndOnlyTrainingEndsRounds() public {
        bytes memory refusal = abi.encodeWithSelector(IValidators.NotRequester.selector, stranger);
        vm.expectRevert(refusal);
        vm.prank(stranger);
        validators.openReferee(RoundKind.Step, "job", 0, "round", stranger);
        vm.expectRevert(refusal);
        vm.prank(stranger);
        validators.endRound("round", Verdict.Accept, true);
    }

    function test_aWorkerThatChallengesItselfIsExcludedOnce() public {
        for (uint256 i = 0; i < 3; ++i) {
            vm.prank(trainers[i]);
            workers.deregister();
        }
        _trainer(keepers[0], 1_000e18);
        _fund(keepers[0], CHALLENGE_BOND);
        for (uint256 i = 4; i < 8; ++i) {
            vm.prank(keepers[i]);
            validators.deregister();
        }
        mine(1);
        _judged(right, "canary", [Verdict.Reject, Verdict.Reject, Verdict.Reject]);
        vm.prank(worker);
        uint256 id = challenges.appeal(jobId, _noPermit());
        assertEq(_draw(challenges.challengeOf(id).roundId).length, 3, "the three others are enough");
    }

    function test_thePoolTakesASlash() public {
        uint256 pool = staking.pool();
        address member = keepers[0];
        vm.expectRevert(abi.encodeWithSelector(IStaking.NotRole.selector, address(this)));
        staking.slash(member, 1, address(staking));
        vm.prank(address(validators));
        staking.slash(member, 5, address(staking));
        assertEq(staking.pool() - pool, 5, "counted");
        assertEq(staking.stakeOf(member), MIN_STAKE - 5, "taken");
    }

    function _accuse(uint256 accuser, uint256 accused) private {
        uint16 id = validators.round(roundId).committee[accused];
        address who = _member(accuser);
        vm.prank(who);
        validators.accuse(roundId, id);
    }

    function _refused(address who, uint16 accused, bytes4 why, uint16 about) private {
        vm.expectRevert(abi.encodeWithSelector(why, roundId, about));
        vm.prank(who);
        validators.accuse(roundId, accused);
    }

    function _outsider() private view returns (uint16 id) {
        uint16[] memory committee = validators.round(roundId).committee;
        for (id = 1; id == committee[0] || id == committee[1] || id == committee[2];) {
            ++id;
        }
    }

    function _owedToAll() private view returns (uint256 sum) {
        for (uint256 i = 0; i < 8; ++i) {
            sum += validators.owed(keepers[i]);
        }
    }
}
