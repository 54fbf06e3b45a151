// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IValidators} from "../src/interfaces/IValidators.sol";
import {RoundKind, Verdict} from "../src/interfaces/Types.sol";
import {RoundTest} from "./RoundTest.sol";
import {vm} from "./Vm.sol";

/// @dev What members of a committee say, and how a round ends.
contract ValidatorRoundsTest is RoundTest {
    // Commit and reveal

    function test_commitRefusals() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        address member = _accountOf(committee[0]);
        address outsider = _outsider(committee);
        uint16 outsiderId = validators.validatorIdOf(outsider);
        vm.expectRevert(abi.encodeWithSelector(IValidators.NotInCommittee.selector, roundId, outsiderId));
        vm.prank(outsider);
        validators.commit(roundId, "x");
        vm.expectRevert(abi.encodeWithSelector(IValidators.NotInCommittee.selector, roundId, 0));
        vm.prank(stranger);
        validators.commit(roundId, "x");
        vm.expectRevert(abi.encodeWithSelector(IValidators.NotCommitted.selector, roundId, committee[0]));
        vm.prank(member);
        validators.commit(roundId, 0);
        vm.prank(member);
        validators.commit(roundId, "x");
        vm.expectRevert(abi.encodeWithSelector(IValidators.AlreadyCommitted.selector, roundId, committee[0]));
        vm.prank(member);
        validators.commit(roundId, "y");
    }

    function test_commitWindow() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        vm.warp(validators.round(roundId).commitUntil);
        _commit(roundId, committee[0], Verdict.Accept);
        skip(1);
        _assertPhase(roundId, IValidators.Phase.Reveal);
        address caller = _accountOf(committee[1]);
        vm.expectRevert(abi.encodeWithSelector(IValidators.WrongPhase.selector, roundId, IValidators.Phase.Reveal));
        vm.prank(caller);
        validators.commit(roundId, "x");
    }

    function test_revealRefusals() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        address member = _accountOf(committee[0]);
        _commit(roundId, committee[0], Verdict.Accept);
        _commit(roundId, committee[1], Verdict.Accept);
        vm.expectRevert(abi.encodeWithSelector(IValidators.WrongPhase.selector, roundId, IValidators.Phase.Commit));
        vm.prank(member);
        validators.reveal(roundId, Verdict.Accept, "evidence", SALT);
        vm.warp(validators.round(roundId).commitUntil + 1);

        vm.startPrank(member);
        vm.expectRevert(abi.encodeWithSelector(IValidators.WrongReveal.selector, roundId, committee[0]));
        validators.reveal(roundId, Verdict.Reject, "evidence", SALT);
        vm.expectRevert(IValidators.BadVerdict.selector);
        validators.reveal(roundId, Verdict.None, "evidence", SALT);
        validators.reveal(roundId, Verdict.Accept, "evidence", SALT);
        vm.expectRevert(abi.encodeWithSelector(IValidators.NotCommitted.selector, roundId, committee[0]));
        validators.reveal(roundId, Verdict.Accept, "evidence", SALT);
        vm.stopPrank();
        address caller = _accountOf(committee[2]);
        vm.expectRevert(abi.encodeWithSelector(IValidators.NotCommitted.selector, roundId, committee[2]));
        vm.prank(caller);
        validators.reveal(roundId, Verdict.Accept, "evidence", SALT);
        assertEq(uint8(validators.verdictOf(roundId, committee[0])), uint8(Verdict.Accept), "verdict");
    }

    function test_aCopiedCommitmentDoesNotOpen() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        bytes32 copied = _commitment(roundId, _accountOf(committee[0]), Verdict.Accept);
        _commit(roundId, committee[0], Verdict.Accept);
        address copier = _accountOf(committee[1]);
        vm.prank(copier);
        validators.commit(roundId, copied);
        skip(COMMIT + 1);
        _reveal(roundId, committee[0], Verdict.Accept);
        vm.expectRevert(abi.encodeWithSelector(IValidators.WrongReveal.selector, roundId, committee[1]));
        vm.prank(copier);
        validators.reveal(roundId, Verdict.Accept, "evidence", SALT);
    }

    function test_phasesEndEarly() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        for (uint256 i = 0; i < 3; ++i) {
            _commit(roundId, committee[i], Verdict.Accept);
        }
        _assertPhase(roundId, IValidators.Phase.Reveal);
        for (uint256 i = 0; i < 3; ++i) {
            _reveal(roundId, committee[i], Verdict.Accept);
        }
        _assertPhase(roundId, IValidators.Phase.Settleable);
        validators.settle(roundId);
        _assertPhase(roundId, IValidators.Phase.Settled);
    }

    function test_revealWindow() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        for (uint256 i = 0; i < 3; ++i) {
            _commit(roundId, committee[i], Verdict.Accept);
        }
        vm.warp(validators.round(roundId).revealUntil);
        _reveal(roundId, committee[0], Verdict.Accept);
        _assertPhase(roundId, IValidators.Phase.Reveal);
        vm.expectRevert(abi.encodeWithSelector(IValidators.WrongPhase.selector, roundId, IValidators.Phase.Reveal));
        validators.settle(roundId);
        skip(1);
        _assertPhase(roundId, IValidators.Phase.Settleable);
        address caller = _accountOf(committee[1]);
        vm.expectRevert(abi.encodeWithSelector(IValidators.WrongPhase.selector, roundId, IValidators.Phase.Settleable));
        vm.prank(caller);
        validators.reveal(roundId, Verdict.Accept, "evidence", SALT);
    }

    // Settling

    function test_allAgree() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        _speak(roundId, committee, [Verdict.Accept, Verdict.Accept, Verdict.Accept]);
        validators.settle(roundId);
        _assertHeard(roundId, Verdict.Accept, 0);
        // 10e18 + 1 in three: one base unit is left and goes to the first.
        assertEq(validators.owed(_accountOf(committee[0])), 3333333333333333335, "first, with the dust");
        assertEq(validators.owed(_accountOf(committee[1])), 3333333333333333333, "second");
        assertEq(validators.owed(_accountOf(committee[2])), 3333333333333333333, "third");
        assertTrue(!validators.isMember(roundId, _accountOf(committee[0])), "a settled round entitles nobody");
        vm.expectRevert(abi.encodeWithSelector(IValidators.WrongPhase.selector, roundId, IValidators.Phase.Settled));
        validators.settle(roundId);
    }

    function test_twoOfThreeDecideAndTheMinorityEarnsNothing() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        _speak(roundId, committee, [Verdict.Accept, Verdict.Reject, Verdict.Reject]);
        validators.settle(roundId);
        _assertHeard(roundId, Verdict.Reject, 0);
        assertEq(validators.owed(_accountOf(committee[0])), 0, "minority");
        assertEq(
            validators.owed(_accountOf(committee[1])) + validators.owed(_accountOf(committee[2])), FEE, "all of it"
        );
    }

    function test_theSilentEarnNothing() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        for (uint256 i = 0; i < 3; ++i) {
            _commit(roundId, committee[i], Verdict.Accept);
        }
        _reveal(roundId, committee[0], Verdict.Accept);
        _reveal(roundId, committee[1], Verdict.Accept);
        skip(COMMIT + REVEAL + 1);
        validators.settle(roundId);
        _assertHeard(roundId, Verdict.Accept, 0);
        assertEq(validators.owed(_accountOf(committee[2])), 0, "silent");
    }

    function test_noQuorumReturnsTheFee() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        _commit(roundId, committee[0], Verdict.Accept);
        skip(COMMIT + 1);
        _reveal(roundId, committee[0], Verdict.Accept);
        uint256 before = coin.balanceOf(address(this));
        validators.settle(roundId);
        _assertHeard(roundId, Verdict.None, FEE);
        assertEq(coin.balanceOf(address(this)) - before, FEE, "fee is back");
        assertEq(validators.owed(_accountOf(committee[0])), 0, "no reward without a verdict");
    }

    function test_nobodyCommits() public {
        bytes32 roundId = _open();
        _draw(roundId);
        vm.warp(validators.round(roundId).commitUntil + 1);
        _assertPhase(roundId, IValidators.Phase.Settleable);
        validators.settle(roundId);
        _assertHeard(roundId, Verdict.None, FEE);
    }

    /// @dev Everybody has left and the anchor is out of reach: the round still ends and the money still returns.
    function test_aRoundWithoutCandidatesEnds() public {
        bytes32 roundId = _open();
        for (uint256 i = 0; i < 4; ++i) {
            vm.prank(keepers[i]);
            validators.deregister();
        }
        mine(300);
        validators.drawCommittee(roundId);
        assertEq(_draw(roundId).length, 0, "nobody");
        skip(COMMIT + 1);
        validators.settle(roundId);
        _assertHeard(roundId, Verdict.None, FEE);
    }

    function test_withdraw() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        _speak(roundId, committee, [Verdict.Accept, Verdict.Accept, Verdict.Accept]);
        validators.settle(roundId);
        address first = _accountOf(committee[0]);
        uint256 due = validators.owed(first);
        vm.prank(first);
        assertEq(validators.withdraw(), due, "paid");
        assertEq(coin.balanceOf(first), due, "received");
        vm.prank(first);
        assertEq(validators.withdraw(), 0, "once");
    }

    /// @dev Whatever is said, the fee ends with the members or with the requester, to the last base unit.
    function testFuzz_theFeeIsConserved(uint96 fee, uint8[3] memory words) public {
        fee = uint96(bound(fee, 0, 100_000e18));
        coin.transfer(address(validators), fee);
        bytes32 roundId = validators.openRound(RoundKind.Version, SUBJECT, fee);
        uint16[] memory committee = _draw(roundId);
        for (uint256 i = 0; i < 3; ++i) {
            if (words[i] % 3 != 0) _commit(roundId, committee[i], Verdict(words[i] % 3));
        }
        skip(COMMIT + 1);
        for (uint256 i = 0; i < 3; ++i) {
            if (words[i] % 3 != 0) _reveal(roundId, committee[i], Verdict(words[i] % 3));
        }
        validators.settle(roundId);
        uint256 credited = 0;
        for (uint256 i = 0; i < 4; ++i) {
            credited += validators.owed(keepers[i]);
        }
        assertEq(credited + heardFee, fee, "conserved");
        assertEq(coin.balanceOf(address(validators)), credited, "held for the members");
    }
}
