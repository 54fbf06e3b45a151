// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IAccusations} from "../src/interfaces/IAccusations.sol";
import {IStaking} from "../src/interfaces/IStaking.sol";
import {IValidators} from "../src/interfaces/IValidators.sol";
import {Permit, RoundKind, Verdict} from "../src/interfaces/Types.sol";
import {Logs} from "./Logs.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

/// @dev Validator 1 is accused by the buyer of what it granted; 2, 3 and 4 are left to look at it.
contract AccusationsTest is SystemTest, Logs {
    bytes32 private constant PROOF = "order";
    bytes32 private constant ENVELOPE = "envelope";
    bytes private constant SHOWN = hex"1234";
    uint256 private constant LOST = uint256(MIN_STAKE) * LOSS_BPS / 10_000;
    uint256 private constant REWARD = ROUND_FEE + (LOST - ROUND_FEE) * REWARD_BPS / 10_000;
    bytes32 private grantId;

    function setUp() public override {
        super.setUp();
        grantId = accusations.grantIdOf(PROOF, 1, ENVELOPE);
    }

    function test_aFalseGrantCostsStakeAndPaysWhoShowedIt() public {
        (uint256 pool, uint256 coins) = (staking.pool(), coin.balanceOf(buyer));
        bytes32 roundId = _accuse();
        assertEq(coins - coin.balanceOf(buyer), ROUND_FEE, "the bond is the round's fee");
        _assertState(IAccusations.State.Open);
        _conclude(roundId, Verdict.Accept);
        _assertState(IAccusations.State.Guilty);
        assertEq(staking.lockedOf(keepers[0]), MIN_STAKE - LOST, "taken");
        assertEq(accusations.owed(buyer), REWARD, "the bond and a part");
        assertEq(staking.pool() - pool, LOST - REWARD, "the rest");
        assertEq(validators.owed(keepers[1]) + validators.owed(keepers[2]) + validators.owed(keepers[3]), ROUND_FEE, "paid");
        vm.prank(buyer);
        accusations.withdraw();
        assertEq(coin.balanceOf(address(accusations)), 0, "nothing is left behind");
        vm.expectRevert(abi.encodeWithSelector(IAccusations.GrantAlreadyPunished.selector, grantId));
        _accuse();
    }

    function test_aWrongAccusationPaysThoseWhoLookedAndMayBeFollowedByAnother() public {
        _conclude(_accuse(), Verdict.Reject);
        _assertState(IAccusations.State.Dismissed);
        assertEq(staking.lockedOf(keepers[0]), MIN_STAKE, "untouched");
        assertEq(accusations.owed(buyer), 0, "lost");
        _conclude(_accuse(), Verdict.Accept);
        _assertState(IAccusations.State.Guilty);
        assertEq(accusations.owed(buyer), REWARD, "as if it were the first");
    }

    function test_withoutAQuorumTheBondReturns() public {
        _conclude(_accuse(), Verdict.None);
        _assertState(IAccusations.State.Undecided);
        assertEq(accusations.owed(buyer), ROUND_FEE, "whole");
        assertEq(staking.lockedOf(keepers[0]), MIN_STAKE, "untouched");
        _conclude(_accuse(), Verdict.Accept);
        assertEq(accusations.owed(buyer), ROUND_FEE + REWARD, "again");
    }

    function test_oneAtATimeForEachGrant() public {
        _accuse();
        vm.expectRevert(abi.encodeWithSelector(IAccusations.GrantAlreadyAccused.selector, grantId));
        _accuse();
        vm.startPrank(buyer);
        accusations.accuse(PROOF, 1, "another envelope", SHOWN, _noPermit());
        accusations.accuse(PROOF, 2, ENVELOPE, SHOWN, _noPermit());
        accusations.accuse("another order", 1, ENVELOPE, SHOWN, _noPermit());
        vm.stopPrank();
    }

    function test_twoGrantsTwoLossesAndThePlace() public {
        vm.prank(buyer);
        accusations.accuse(PROOF, 1, "second", SHOWN, _noPermit());
        vm.prank(owner);
        accusations.setParams(IAccusations.Params(5_000, 0));
        bytes32 roundId = _accuse();
        _conclude(roundId, Verdict.Accept);
        assertTrue(validators.isActive(1), "half is enough to stay");
        vm.prank(buyer);
        bytes32 third = accusations.accuse(PROOF, 1, "third", SHOWN, _noPermit());
        _conclude(third, Verdict.Accept);
        assertTrue(!validators.isActive(1), "less is not");
        assertEq(staking.lockedOf(keepers[0]), 0, "all of it");
        assertEq(accusations.owed(buyer), 2 * uint256(ROUND_FEE), "no part of it is the accuser's");
    }

    function test_theAccusedStaysUntilItIsOver() public {
        bytes32 roundId = _accuse();
        vm.expectRevert(abi.encodeWithSelector(IValidators.OnDuty.selector, 1, 1));
        vm.prank(keepers[0]);
        validators.deregister();
        _conclude(roundId, Verdict.Reject);
        vm.prank(keepers[0]);
        validators.deregister();
        assertEq(staking.lockedOf(keepers[0]), 0, "gone");
    }

    function test_whoLeftAnswersWithWhatIsUnbonding() public {
        vm.startPrank(keepers[0]);
        validators.deregister();
        uint256 all = staking.freeOf(keepers[0]);
        staking.unbond(all);
        vm.stopPrank();
        _record();
        bytes32 roundId = _accuse();
        _stop();
        _assertSeen(address(staking), abi.encodePacked(IStaking.Recalled.selector, _id(keepers[0])), abi.encode(MIN_STAKE), "Recalled");
        assertEq(staking.lockedOf(keepers[0]), MIN_STAKE, "held");
        (uint256 left,) = staking.unbondingOf(keepers[0]);
        assertEq(left, all - MIN_STAKE, "the rest goes on leaving");
        _conclude(roundId, Verdict.Accept);
        assertEq(staking.lockedOf(keepers[0]), MIN_STAKE - LOST, "taken");
        assertEq(accusations.owed(buyer), REWARD, "paid as by one who stayed");
        vm.startPrank(keepers[0]);
        validators.deregister();
        staking.unbond(MIN_STAKE - LOST);
        skip(staking.unbondDelay());
        staking.withdraw();
        assertEq(staking.stakeOf(keepers[0]), 0, "nothing is left behind");
    }

    function test_whoLeftAnswersWithFreeStakeFirst() public {
        vm.startPrank(keepers[0]);
        validators.deregister();
        staking.unbond(MIN_STAKE / 2);
        vm.stopPrank();
        uint256 free = staking.freeOf(keepers[0]);
        bytes32 roundId = _accuse();
        (uint256 leaving,) = staking.unbondingOf(keepers[0]);
        assertEq(free - staking.freeOf(keepers[0]) + MIN_STAKE / 2 - leaving, MIN_STAKE, "both together");
        _conclude(roundId, Verdict.Reject);
        vm.prank(keepers[0]);
        validators.deregister();
        assertEq(staking.lockedOf(keepers[0]), 0, "given back");
    }

    function test_whoTookAllOutLosesNothingAndWhoCameBackAnswers() public {
        vm.startPrank(keepers[0]);
        validators.deregister();
        uint256 all = staking.freeOf(keepers[0]);
        staking.unbond(all);
        skip(staking.unbondDelay());
        staking.withdraw();
        vm.stopPrank();
        bytes32 roundId = _accuse();
        _conclude(roundId, Verdict.Accept);
        assertEq(accusations.owed(buyer), 0, "there was nothing");
        vm.startPrank(keepers[0]);
        coin.approve(address(staking), all);
        staking.stake(all);
        vm.stopPrank();
        vm.prank(keepers[0]);
        assertEq(validators.register("another key", "https://keeper.example"), 5, "under another id");
        mine(1);
        vm.prank(buyer);
        roundId = accusations.accuse(PROOF, 1, "second", SHOWN, _noPermit());
        uint16[] memory committee = _draw(roundId);
        for (uint256 i = 0; i < 3; ++i) {
            assertTrue(committee[i] != 5, "not a judge of itself");
        }
        assertEq(accusations.accusationOf(accusations.grantIdOf(PROOF, 1, "second")).accusedId, 5, "the id of now");
        _vote(roundId, committee);
        assertEq(staking.lockedOf(keepers[0]), MIN_STAKE - LOST, "the same account");
    }

    function test_neitherPartySitsInTheCommittee() public {
        _keeper(account("v5"), MIN_STAKE);
        _fund(keepers[1], 100e18);
        mine(1);
        for (uint256 i = 0; i < 12; ++i) {
            vm.prank(keepers[1]);
            bytes32 roundId = accusations.accuse(PROOF, 1, bytes32(i), SHOWN, _noPermit());
            uint16[] memory committee = _draw(roundId);
            for (uint256 j = 0; j < committee.length; ++j) {
                assertTrue(committee[j] > 2, "neither 1 nor 2");
            }
        }
    }

    function test_withoutACommitteeNobodyIsAccused() public {
        vm.prank(keepers[3]);
        validators.deregister();
        vm.expectRevert(IAccusations.TooFewReferees.selector);
        _accuse();
    }

    function test_anUnknownValidatorIsNobody() public {
        vm.prank(buyer);
        bytes32 roundId = accusations.accuse(PROOF, 99, ENVELOPE, SHOWN, _noPermit());
        _conclude(roundId, Verdict.Reject);
        vm.prank(buyer);
        roundId = accusations.accuse(PROOF, 99, ENVELOPE, SHOWN, _noPermit());
        _conclude(roundId, Verdict.Accept);
        assertEq(accusations.owed(buyer), 0, "who is nobody has nothing to lose");
    }

    function test_aLossBelowTheBondIsAllTheAccusers() public {
        vm.prank(owner);
        accusations.setParams(IAccusations.Params(1, 5_000));
        uint256 pool = staking.pool();
        _conclude(_accuse(), Verdict.Accept);
        assertEq(accusations.owed(buyer), MIN_STAKE / 10_000, "less than the bond");
        assertEq(staking.pool(), pool, "nothing for the pool");
    }

    /// forge-config: default.fuzz.runs = 200
    function testFuzz_coinsAreNeitherMadeNorLost(uint8 what, uint16 loss, uint16 reward) public {
        (loss, reward) = (uint16(bound(loss, 0, 5_000)), uint16(bound(reward, 0, 5_000)));
        vm.prank(owner);
        accusations.setParams(IAccusations.Params(loss, reward));
        uint256 before = coin.balanceOf(buyer) + staking.pool() + staking.lockedOf(keepers[0]);
        Verdict verdict = Verdict(what % 3);
        _conclude(_accuse(), verdict);
        uint256 silent = verdict == Verdict.None ? 3 * uint256(MIN_STAKE) * 10 / 10_000 : 0;
        uint256 paid = verdict == Verdict.None ? 0 : ROUND_FEE;
        uint256 after_ = coin.balanceOf(buyer) + staking.pool() + staking.lockedOf(keepers[0]) + accusations.owed(buyer);
        assertEq(after_, before - paid + silent, "every coin is somewhere");
        assertEq(coin.balanceOf(address(accusations)), accusations.owed(buyer), "and owed to somebody");
    }

    function test_aPermitWillDo() public {
        coin.transfer(stranger, 100e18);
        Permit memory permit = _permit("stranger", address(accusations), ROUND_FEE);
        vm.prank(stranger);
        accusations.accuse(PROOF, 1, ENVELOPE, "", permit);
        assertEq(accusations.accusationOf(grantId).accuser, stranger, "anybody");
    }

    function test_everythingIsSaid() public {
        _record();
        bytes32 roundId = _accuse();
        _conclude(roundId, Verdict.Accept);
        vm.prank(owner);
        accusations.setParams(IAccusations.Params(3, 4));
        _stop();
        _assertSeen(
            address(accusations),
            abi.encodePacked(IAccusations.GrantAccused.selector, roundId, PROOF, uint256(1)),
            abi.encode(buyer, ENVELOPE, ROUND_FEE, SHOWN),
            "GrantAccused"
        );
        _assertSeen(
            address(accusations),
            abi.encodePacked(IAccusations.AccusationEnded.selector, roundId),
            abi.encode(IAccusations.State.Guilty, LOST, REWARD),
            "AccusationEnded"
        );
        _assertSeen(
            address(accusations), abi.encodePacked(IAccusations.ParamsChanged.selector), abi.encode(3, 4), "ParamsChanged"
        );
        _assertSeen(
            address(validators),
            abi.encodePacked(IValidators.ValidatorSlashed.selector, roundId, uint256(1)),
            abi.encode(IValidators.Fault.FalseGrant, LOST),
            "ValidatorSlashed"
        );
    }

    function test_limits() public {
        vm.expectRevert(abi.encodeWithSelector(IAccusations.DisclosureTooLong.selector, 257, 256));
        vm.prank(buyer);
        accusations.accuse(PROOF, 1, ENVELOPE, new bytes(257), _noPermit());
        vm.startPrank(owner);
        vm.expectRevert(IAccusations.ParamOutOfRange.selector);
        accusations.setParams(IAccusations.Params(5_001, 0));
        vm.expectRevert(IAccusations.ParamOutOfRange.selector);
        accusations.setParams(IAccusations.Params(0, 5_001));
        accusations.setParams(IAccusations.Params(5_000, 5_000));
        vm.stopPrank();
        assertEq(accusations.params().lossBps, 5_000, "kept");
        assertEq(accusations.params().rewardBps, 5_000, "kept");
    }

    function test_doors() public {
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
        accusations.setParams(IAccusations.Params(0, 0));
        vm.expectRevert(abi.encodeWithSelector(IAccusations.NotValidatorsContract.selector, stranger));
        accusations.onVerdict("round", grantId, Verdict.Accept, 0);
        bytes memory refusal = abi.encodeWithSelector(IValidators.NotRequester.selector, stranger);
        vm.expectRevert(refusal);
        validators.endAccusation("round", 1, 5_000);
        vm.expectRevert(refusal);
        validators.openReferee(RoundKind.Grant, grantId, 0, 0, stranger);
        vm.stopPrank();
    }

    function test_theGrantsIdNamesTheValidator() public view {
        assertEq(uint256(uint16(uint256(grantId))), 1, "low 16 bits");
        assertTrue(grantId != accusations.grantIdOf(PROOF, 2, ENVELOPE), "validator");
        assertTrue(grantId != accusations.grantIdOf(PROOF, 1, "another"), "envelope");
        assertTrue(grantId != accusations.grantIdOf("another", 1, ENVELOPE), "proof");
    }

    function _accuse() private returns (bytes32) {
        vm.prank(buyer);
        return accusations.accuse(PROOF, 1, ENVELOPE, SHOWN, _noPermit());
    }

    function _vote(bytes32 roundId, uint16[] memory committee) private {
        for (uint256 i = 0; i < committee.length; ++i) {
            _commit(roundId, _accountOf(committee[i]), Verdict.Accept);
        }
        for (uint256 i = 0; i < committee.length; ++i) {
            _reveal(roundId, _accountOf(committee[i]), Verdict.Accept);
        }
        validators.settle(roundId);
    }

    function _assertState(IAccusations.State wanted) private view {
        assertEq(uint8(accusations.accusationOf(grantId).state), uint8(wanted), "state");
    }
}
