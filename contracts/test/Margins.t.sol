// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IDisputes} from "../src/interfaces/IDisputes.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {IValidators} from "../src/interfaces/IValidators.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {Verdict} from "../src/interfaces/Types.sol";
import {OpenListings} from "../src/libraries/OpenListings.sol";
import {CurationTest} from "./CurationTest.sol";
import {JuryTest} from "./JuryTest.sol";
import {Logs} from "./Logs.sol";
import {RoundTest} from "./RoundTest.sol";
import {vm} from "./Vm.sol";

/// @dev One step to either side of a rule: quorums, juries and hashes that are just enough, or just not.
contract SystemMarginsTest is CurationTest {
    using OpenListings for uint256;

    function test_anotherRoundIsPaidByPermit() public {
        uint256 id = _publish(true);
        _conclude(registry.roundOf(id, 1), Verdict.None);
        vm.startPrank(publisher);
        coin.approve(address(registry), 0);
        registry.retryRound(id, 1, _permit("publisher", address(registry), ROUND_FEE));
        vm.stopPrank();
        assertEq(coin.allowance(publisher, address(registry)), 0, "permitted and spent");
    }

    function test_aWorkersOwnValidatorIsNotCounted() public {
        address both = keepers[0];
        for (uint256 i = 0; i < 3; ++i) {
            vm.prank(trainers[i]);
            workers.deregister();
        }
        _trainer(both, 1_000e18);
        mine(1);
        bytes32 jobId = _openJob(_list(assetId, IMarket.LicenseKind.Compute, PRICE, 0));
        assertEq(_claimJob(jobId), both, "the only worker");
        vm.prank(keepers[3]);
        validators.deregister();
        assertEq(validators.activeCount(), 3, "as many as a committee has");
        ITraining.Receipt memory receipt = _receipt();
        vm.expectRevert(abi.encodeWithSelector(IValidators.TooFewValidators.selector, 2, 3));
        vm.prank(both);
        training.submitReceipt(jobId, receipt);
    }

    function test_noRedrawWhileTheHashIsNear() public {
        bytes32 jobId = _openJob(_list(assetId, IMarket.LicenseKind.Compute, PRICE, 0));
        uint256 anchor = training.job(jobId).anchorBlock;
        bytes memory early =
            abi.encodeWithSelector(ITraining.TooEarly.selector, jobId, block.timestamp + CLAIM_WINDOW + 1);
        uint256[3] memory blocks = [anchor, anchor + 1, anchor + 256];
        for (uint256 i = 0; i < 3; ++i) {
            vm.roll(blocks[i]);
            vm.expectRevert(early);
            training.redraw(jobId);
        }
        vm.roll(anchor + 257);
        training.redraw(jobId);
        assertEq(training.job(jobId).anchorBlock, anchor + 258, "anchored anew, in no time");
    }

    function test_onlyAChallengeSparesAWorker() public {
        bytes32 jobId = _openJob(_list(assetId, IMarket.LicenseKind.Compute, PRICE, 0));
        _claimJob(jobId);
        _conclude(_submit(jobId), Verdict.Reject);
        _assertJob(jobId, ITraining.JobState.Rejected);
        vm.expectRevert(abi.encodeWithSelector(ITraining.NotChallengesContract.selector, stranger));
        vm.prank(stranger);
        training.spare(jobId);
    }

    function test_anAppealHasTwoSides() public {
        _suspend(assetId);
        assertEq(disputes.dispute(_appeal(assetId)).choices, 2, "reinstated or not");
    }

    function test_removingAListingLeavesTheOthers() public pure {
        uint256 one = uint256(0).added(7);
        uint256 two = one.added(9);
        assertEq(two.removed(9), one, "the last");
        assertEq(two.removed(7).idAt(0), 0, "an empty place");
        assertEq(two.removed(7).idAt(1), 9, "the other stays where it was");
        assertEq(two.removed(8), two, "who is not there");
    }
}

contract JuryMarginsTest is JuryTest {
    function test_justEnoughTicketsForALargerJury() public {
        for (uint256 i = 1; i < JURORS; ++i) {
            vm.prank(jurors[i]);
            disputes.leaveJury();
        }
        jurors[1] = account("newcomer");
        _join(jurors[1], 3);
        mine(1);
        assertEq(disputes.activeTickets(), 7, "twice three and one");
        uint256 id = _open();
        _vote(id, 1);
        assertEq(disputes.appealCost(id, ""), 2 * 7 * FEE, "a jury of seven, not governance");
        _appeal(id);
        _assertPhase(id, IDisputes.Phase.Drawing);
    }
}

contract RoundMarginsTest is RoundTest, Logs {
    function test_threeOfFiveAreNoTwoThirds() public {
        vm.prank(owner);
        validators.setParams(_with(MIN_STAKE, FEE, COMMIT, REVEAL, 5));
        keepers.push(account("v5"));
        _register(keepers[4], MIN_STAKE);
        mine(1);
        for (uint256 side = 0; side < 2; ++side) {
            bytes32 roundId = _open();
            uint16[] memory committee = _draw(roundId);
            Verdict most = side == 0 ? Verdict.Reject : Verdict.Accept;
            for (uint256 i = 0; i < 5; ++i) {
                _commit(roundId, committee[i], _word(i, most));
            }
            for (uint256 i = 0; i < 5; ++i) {
                _reveal(roundId, committee[i], _word(i, most));
            }
            if (heardTimes == side) validators.settle(roundId);
            assertEq(uint8(heardVerdict), uint8(Verdict.None), "no quorum");
        }
        assertEq(heardTimes, 2, "both ended");
    }

    function test_aPenaltyOfNothingIsNotTold() public {
        IValidators.Params memory params = _params();
        params.silenceBps = 0;
        vm.prank(owner);
        validators.setParams(params);
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        _commit(roundId, committee[0], Verdict.Accept);
        skip(COMMIT + REVEAL + 2);
        _record();
        validators.settle(roundId);
        _stop();
        assertEq(times[address(validators)][IValidators.ValidatorSlashed.selector], 0, "nothing was taken");
        assertEq(times[address(staking)][keccak256("Slashed(address,address,uint256)")], 0, "nor asked for");
    }

    function _word(uint256 seat, Verdict most) private pure returns (Verdict) {
        if (seat < 3) return most;
        return most == Verdict.Reject ? Verdict.Accept : Verdict.Reject;
    }
}
