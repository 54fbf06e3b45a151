// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMarket} from "../src/interfaces/IMarket.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {Verdict} from "../src/interfaces/Types.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

/// @dev A worker falls silent: another one runs the job, for what was paid already, and no later.
contract TakeoverTest is SystemTest {
    uint256 private assetId;
    uint32 private listingId;
    uint256 private before;
    bytes32 private jobId;
    address private worker;

    function setUp() public override {
        super.setUp();
        assetId = _publishLive(true);
        listingId = _list(assetId, IMarket.LicenseKind.Compute, PRICE, 0);
        needs.maxFee = 2 * WORKER_FEE;
        before = coin.balanceOf(buyer);
        jobId = _openJob(listingId);
        worker = _claimJob(jobId);
    }

    function test_anotherFinishesForTheSameMoney() public {
        uint40 runUntil = training.schedule(jobId).runUntil;
        _takeOver(jobId);
        _assertJob(jobId, ITraining.JobState.Open);
        assertEq(coin.balanceOf(buyer), before - _deposit() + STALL_PENALTY, "nothing is paid again");
        assertEq(staking.stakeOf(worker), 1_000e18 - STALL_PENALTY, "the silent one pays");
        assertEq(staking.lockedOf(worker), 0, "and is free");
        assertTrue(!market.entitled(worker, assetId, 1, jobId), "its entitlement is over");
        address next = _claimJob(jobId);
        assertTrue(next != worker, "another one");
        assertTrue(market.entitled(next, assetId, 1, jobId), "entitled in its place");
        assertEq(training.schedule(jobId).runUntil, runUntil, "the receipt is due when it was");
        vm.expectRevert(abi.encodeWithSelector(ITraining.NotJobWorker.selector, jobId, worker));
        vm.prank(worker);
        training.submitReceipt(jobId, _receipt());
        _endRun(jobId, Verdict.Accept);
        uint256 paid = uint256(PRICE) + WORKER_FEE + ROUND_FEE;
        assertEq(coin.balanceOf(buyer), before - paid + STALL_PENALTY, "one run is paid");
        assertEq(training.owed(next), WORKER_FEE, "to who made it");
        assertEq(training.owed(worker), 0, "and to nobody else");
    }

    function test_heartbeatsKeepTheClaim() public {
        vm.expectRevert(abi.encodeWithSelector(ITraining.NotJobWorker.selector, jobId, stranger));
        vm.prank(stranger);
        training.heartbeat(jobId, 1, "states");
        skip(HEARTBEAT_WINDOW);
        _refused(block.timestamp + 1);
        vm.prank(worker);
        training.heartbeat(jobId, 1, "states");
        skip(HEARTBEAT_WINDOW);
        _refused(block.timestamp + 1);
        skip(1);
        // Nobody has called yet: who is heard of is not dead.
        vm.prank(worker);
        training.heartbeat(jobId, 2, 0);
        _refused(block.timestamp + HEARTBEAT_WINDOW + 1);
        _takeOver(jobId);
        vm.expectRevert(abi.encodeWithSelector(ITraining.WrongState.selector, jobId, ITraining.JobState.Open));
        vm.prank(worker);
        training.heartbeat(jobId, 3, "states");
    }

    function test_aDearerWorkerMayTakeOver() public {
        for (uint256 i = 0; i < 3; ++i) {
            if (trainers[i] == worker) continue;
            vm.prank(trainers[i]);
            workers.setOffer("x", _offer(2 * UNIT_PRICE));
        }
        mine(1);
        _takeOver(jobId);
        address next = _claimJob(jobId);
        _endRun(jobId, Verdict.Accept);
        assertEq(training.owed(next), 2 * WORKER_FEE, "up to the most that was agreed");
        assertEq(coin.balanceOf(buyer), before - _deposit() + STALL_PENALTY, "which was paid at the start");
    }

    function test_atMostThreeTimes() public {
        _trainer(account("w4"), 1_000e18);
        _trainer(account("w5"), 1_000e18);
        mine(1);
        _setHeartbeatWindow(60);
        for (uint256 i = 0; i < 3; ++i) {
            skip(61);
            training.takeOver(jobId);
            assertTrue(_claimJob(jobId) != worker, "who was lost once is not drawn again");
        }
        assertEq(training.schedule(jobId).lost.length, 3, "three");
        skip(61);
        vm.expectRevert(abi.encodeWithSelector(ITraining.TooManyTakeovers.selector, jobId));
        training.takeOver(jobId);
        skip(RUN_WINDOW);
        training.refundJob(jobId);
        assertEq(coin.balanceOf(buyer), before + 4 * STALL_PENALTY, "everything, and four penalties");
        assertEq(coin.balanceOf(address(training)), 0, "nothing stays");
    }

    function test_noWorkerIsLeft() public {
        _setHeartbeatWindow(60);
        for (uint256 i = 0; i < 3; ++i) {
            if (i != 0) _claimJob(jobId);
            skip(61);
            training.takeOver(jobId);
        }
        mine(2);
        assertEq(training.drawnWorker(jobId), address(0), "all three were silent");
        uint256 runUntil = training.schedule(jobId).runUntil;
        vm.warp(runUntil);
        vm.expectRevert(abi.encodeWithSelector(ITraining.TooEarly.selector, jobId, runUntil + 1));
        training.refundJob(jobId);
        training.redraw(jobId);
        skip(1);
        vm.expectRevert(abi.encodeWithSelector(ITraining.TooLate.selector, jobId, runUntil));
        training.redraw(jobId);
        training.refundJob(jobId);
        assertEq(coin.balanceOf(buyer), before + 3 * STALL_PENALTY, "everything, when it was due");
    }

    function test_nobodyTakesOverWhatIsLate() public {
        uint256 runUntil = training.schedule(jobId).runUntil;
        vm.warp(runUntil + 1);
        vm.expectRevert(abi.encodeWithSelector(ITraining.TooLate.selector, jobId, runUntil));
        training.takeOver(jobId);
        vm.warp(runUntil);
        training.takeOver(jobId);
        mine(2);
        address drawn = training.drawnWorker(jobId);
        skip(1);
        vm.expectRevert(abi.encodeWithSelector(ITraining.TooLate.selector, jobId, runUntil));
        vm.prank(drawn);
        training.claimJob(jobId);
        training.refundJob(jobId);
        assertEq(coin.balanceOf(buyer), before + STALL_PENALTY, "everything returns");
    }

    function test_theBuyerMayLeaveMeanwhile() public {
        _takeOver(jobId);
        vm.prank(buyer);
        training.cancelJob(jobId);
        _assertJob(jobId, ITraining.JobState.Refunded);
        assertEq(coin.balanceOf(buyer), before + STALL_PENALTY, "everything");
    }

    function test_onlyClaimedJobsAreTakenOver() public {
        _submit(jobId);
        skip(HEARTBEAT_WINDOW + 1);
        vm.expectRevert(abi.encodeWithSelector(ITraining.WrongState.selector, jobId, ITraining.JobState.Submitted));
        training.takeOver(jobId);
    }

    function test_aTakeoverWithoutPenaltyMovesNothing() public {
        ITraining.Params memory p = _trainingParams();
        p.stallPenalty = 0;
        vm.prank(owner);
        training.setParams(p);
        _takeOver(jobId);
        assertEq(coin.balanceOf(buyer), before - _deposit(), "as before");
        assertEq(staking.lockedOf(worker), 0, "and the bond is free");
    }

    /// @dev However often, whenever and however it ends: the buyer pays for one accepted run, or nothing.
    function testFuzz_theBuyerNeverPaysTwice(uint8 times, uint256 gap, uint8 word, uint96 most) public {
        _trainer(account("w4"), 1_000e18);
        mine(1);
        most = uint96(bound(most, WORKER_FEE, 1_000e18));
        needs.maxFee = most;
        vm.prank(worker);
        training.submitReceipt(jobId, _receipt());
        before = coin.balanceOf(buyer);
        address first = worker;
        jobId = _openJob(listingId);
        worker = _claimJob(jobId);
        uint256 lost = times % 4;
        for (uint256 i = 0; i < lost; ++i) {
            skip(bound(gap, HEARTBEAT_WINDOW + 1, HEARTBEAT_WINDOW + 60));
            training.takeOver(jobId);
            worker = _claimJob(jobId);
        }
        Verdict verdict = Verdict(word % 3);
        _endRun(jobId, verdict);
        uint256 paid = verdict == Verdict.Accept ? uint256(PRICE) + WORKER_FEE + ROUND_FEE : 0;
        assertEq(coin.balanceOf(buyer), before - paid + lost * STALL_PENALTY, "once, or not at all");
        assertEq(
            staking.lockedOf(worker), worker == first ? MIN_BOND : 0, "but for the other job, no bond stays locked"
        );
    }

    function _deposit() private view returns (uint256) {
        return uint256(PRICE) + needs.maxFee + ROUND_FEE;
    }

    function _refused(uint256 notBefore) private {
        vm.expectRevert(abi.encodeWithSelector(ITraining.TooEarly.selector, jobId, notBefore));
        training.takeOver(jobId);
    }

    function _setHeartbeatWindow(uint32 heartbeatWindow) private {
        ITraining.Params memory p = _trainingParams();
        p.heartbeatWindow = heartbeatWindow;
        vm.prank(owner);
        training.setParams(p);
    }
}
