// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IValidators} from "../src/interfaces/IValidators.sol";
import {RoundKind, Verdict} from "../src/interfaces/Types.sol";
import {RoundTest} from "./RoundTest.sol";
import {vm} from "./Vm.sol";

/// @dev Registration, opening and drawing of rounds, parameters.
contract ValidatorsTest is RoundTest {
    // Registration

    function test_registerLocksTheStake() public view {
        IValidators.Validator memory v = validators.validator(2);
        assertEq(v.account, keepers[1], "account");
        assertTrue(v.active && validators.isActive(2), "active");
        assertEq(validators.validatorIdOf(keepers[1]), 2, "id");
        assertEq(validators.validatorCount(), 4, "count");
        assertEq(validators.activeCount(), 4, "active count");
        assertEq(staking.lockedOf(keepers[1]), MIN_STAKE, "locked");
    }

    function test_registerRefusals() public {
        vm.expectRevert(abi.encodeWithSelector(IValidators.StakeTooLow.selector, 0, MIN_STAKE));
        validators.register("key", "x");
        vm.expectRevert(IValidators.EmptyKey.selector);
        validators.register(0, "x");
        vm.expectRevert(abi.encodeWithSelector(IValidators.AlreadyRegistered.selector, 1));
        vm.prank(keepers[0]);
        validators.register("key", "x");
    }

    function test_atMost64() public {
        for (uint256 i = 4; i < 64; ++i) {
            _register(vm.addr(1_000 + i), MIN_STAKE);
        }
        _stake(vm.addr(2_000), MIN_STAKE);
        vm.expectRevert(IValidators.TooManyValidators.selector);
        vm.prank(vm.addr(2_000));
        validators.register("key", "x");
    }

    function test_setEndpoint() public {
        vm.prank(keepers[0]);
        validators.setEndpoint("https://new.example");
        assertEq(keccak256(bytes(validators.validator(1).endpoint)), keccak256("https://new.example"), "endpoint");
        vm.expectRevert(abi.encodeWithSelector(IValidators.NotValidator.selector, stranger));
        vm.prank(stranger);
        validators.setEndpoint("x");
    }

    function test_deregisterAndComeBack() public {
        vm.prank(keepers[0]);
        validators.deregister();
        assertEq(validators.activeCount(), 3, "left");
        assertEq(staking.lockedOf(keepers[0]), 0, "unlocked");
        vm.expectRevert(abi.encodeWithSelector(IValidators.NotValidator.selector, keepers[0]));
        vm.prank(keepers[0]);
        validators.deregister();

        vm.prank(keepers[0]);
        assertEq(validators.register(_keyOf(keepers[0]), "x"), 1, "same key, same id");
        vm.prank(keepers[0]);
        validators.deregister();
        vm.prank(keepers[0]);
        assertEq(validators.register("another", "x"), 5, "another key, another id");
    }

    function test_nobodyLeavesWhileOnDuty() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        address caller = _accountOf(committee[0]);
        vm.expectRevert(abi.encodeWithSelector(IValidators.OnDuty.selector, committee[0], 1));
        vm.prank(caller);
        validators.deregister();
        skip(COMMIT + 1);
        validators.settle(roundId);
        vm.prank(_accountOf(committee[0]));
        validators.deregister();
    }

    // Opening and drawing

    function test_onlyRequestersOpen() public {
        vm.expectRevert(abi.encodeWithSelector(IValidators.NotRequester.selector, stranger));
        vm.prank(stranger);
        validators.openRound(RoundKind.Version, SUBJECT, 0);
    }

    function test_tooFewValidators() public {
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(keepers[i]);
            validators.deregister();
        }
        vm.expectRevert(abi.encodeWithSelector(IValidators.TooFewValidators.selector, 2, 3));
        validators.openRound(RoundKind.Version, SUBJECT, FEE);
    }

    function test_roundIdsDiffer() public {
        bytes32 first = _open();
        bytes32 second = _open();
        assertTrue(first != second, "an attempt is a round of its own");
        assertEq(uint8(first[0]), 3, "prefix");
    }

    function test_drawing() public {
        bytes32 unknown = "unknown";
        vm.expectRevert(abi.encodeWithSelector(IValidators.UnknownRound.selector, unknown));
        validators.drawCommittee(unknown);
        assertEq(uint8(validators.phaseOf(unknown)), uint8(IValidators.Phase.None), "none");

        bytes32 roundId = _open();
        _assertPhase(roundId, IValidators.Phase.Drawing);
        mine(1);
        vm.expectRevert(abi.encodeWithSelector(IValidators.NotDrawable.selector, roundId));
        validators.drawCommittee(roundId);
        mine(1);
        uint16[] memory committee = validators.drawCommittee(roundId);
        assertEq(committee.length, 3, "size");
        _assertPhase(roundId, IValidators.Phase.Commit);
        IValidators.Round memory round = validators.round(roundId);
        assertEq(round.committee.length, 3, "stored");
        assertEq(round.commitUntil, block.timestamp + COMMIT, "commit until");
        assertEq(round.revealUntil, block.timestamp + COMMIT + REVEAL, "reveal until");
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(round.committee[i], committee[i], "same");
            assertTrue(validators.isMember(roundId, _accountOf(committee[i])), "member");
        }
        assertTrue(!validators.isMember(roundId, stranger), "stranger");
        assertTrue(!validators.isMember(roundId, _outsider(committee)), "who was not drawn");
        vm.expectRevert(abi.encodeWithSelector(IValidators.WrongPhase.selector, roundId, IValidators.Phase.Commit));
        validators.drawCommittee(roundId);
    }

    function test_aHashOutOfReachIsAnchoredAnew() public {
        bytes32 roundId = _open();
        mine(258);
        assertEq(validators.drawCommittee(roundId).length, 0, "nobody drawn");
        assertEq(validators.round(roundId).anchorBlock, block.number + 1, "new anchor");
        _assertPhase(roundId, IValidators.Phase.Drawing);
        mine(2);
        assertEq(validators.drawCommittee(roundId).length, 3, "drawn");
    }

    function test_theLastBlockInReach() public {
        bytes32 roundId = _open();
        mine(257);
        assertEq(validators.drawCommittee(roundId).length, 3, "drawn");
    }

    function test_commitDraws() public {
        bytes32 roundId = _open();
        mine(2);
        vm.roll(block.number);
        (uint256 accepted, uint256 refused) = (0, 0);
        for (uint256 i = 0; i < 4; ++i) {
            bytes32 commitment = _commitment(roundId, keepers[i], Verdict.Accept);
            vm.prank(keepers[i]);
            try validators.commit(roundId, commitment) {
                ++accepted;
            } catch {
                ++refused;
            }
        }
        assertEq(accepted, 3, "members");
        assertEq(refused, 1, "the one who was not drawn");
        bytes32 late = _open();
        mine(300);
        vm.expectRevert(abi.encodeWithSelector(IValidators.NotDrawable.selector, late));
        vm.prank(keepers[0]);
        validators.commit(late, "x");
    }

    /// @dev Stake borrowed once the seed is known, or a crowd that joins then, changes nothing.
    function testFuzz_lateStakeMovesNothing(uint256 which, uint96 amount) public {
        bytes32 roundId = _open();
        mine(2);
        uint256 snapshot = block.number;
        uint16[] memory honest = _peek(roundId);
        address cheat = keepers[which % 4];
        _stake(cheat, bound(amount, 1, 100_000_000e18));
        _register(account("late"), 50_000_000e18);
        vm.roll(snapshot);
        uint16[] memory drawn = validators.drawCommittee(roundId);
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(drawn[i], honest[i], "the same committee");
        }
    }

    /// @dev Who leaves once the seed is known is drawn nevertheless, so that leaving cannot steer a draw.
    function test_leavingDoesNotSteer() public {
        bytes32 roundId = _open();
        mine(2);
        uint16[] memory honest = _peek(roundId);
        vm.prank(_accountOf(honest[0]));
        validators.deregister();
        uint16[] memory drawn = validators.drawCommittee(roundId);
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(drawn[i], honest[i], "the same committee");
        }
    }

    function test_stakeIsChance() public {
        _stake(keepers[3], 17 * MIN_STAKE);
        vm.prank(owner);
        validators.setParams(_with(MIN_STAKE, FEE, COMMIT, REVEAL, 1));
        uint256 hits = 0;
        for (uint256 i = 0; i < 200; ++i) {
            mine(1);
            if (_draw(_open())[0] == 4) ++hits;
        }
        // 18 of 21 parts: 171 expected, standard deviation 5.
        assertTrue(hits > 150 && hits < 192, "about six of seven");
    }

    // Parameters

    function test_paramsHaveCaps() public {
        IValidators.Params memory p = _with(MIN_STAKE, FEE, COMMIT, REVEAL, 3);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
        vm.prank(stranger);
        validators.setParams(p);
        _refused(_with(0, FEE, COMMIT, REVEAL, 3));
        _refused(_with(10_000_000e18 + 1, FEE, COMMIT, REVEAL, 3));
        _refused(_with(MIN_STAKE, 100_000e18 + 1, COMMIT, REVEAL, 3));
        _refused(_with(MIN_STAKE, FEE, 0, REVEAL, 3));
        _refused(_with(MIN_STAKE, FEE, 30 days + 1, REVEAL, 3));
        _refused(_with(MIN_STAKE, FEE, COMMIT, 0, 3));
        _refused(_with(MIN_STAKE, FEE, COMMIT, 30 days + 1, 3));
        _refused(_with(MIN_STAKE, FEE, COMMIT, REVEAL, 0));
        _refused(_with(MIN_STAKE, FEE, COMMIT, REVEAL, 13));
        vm.prank(owner);
        validators.setParams(_with(1, 0, 1, 1, 12));
        assertEq(validators.roundFee(), 0, "fee");
        assertEq(validators.params().committeeSize, 12, "size");
    }

    function test_anOpenRoundKeepsItsSize() public {
        bytes32 roundId = _open();
        vm.prank(owner);
        validators.setParams(_with(MIN_STAKE, FEE, COMMIT, REVEAL, 4));
        assertEq(_draw(roundId).length, 3, "as opened");
    }
}
