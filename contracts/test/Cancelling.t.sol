// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMarket} from "../src/interfaces/IMarket.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {IValidators} from "../src/interfaces/IValidators.sol";
import {Verdict} from "../src/interfaces/Types.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

/// @dev A buyer that changes its mind, and money that returns although nobody can judge.
contract CancellingTest is SystemTest {
    uint256 private constant TOTAL = uint256(PRICE) + WORKER_FEE + ROUND_FEE;

    uint32 private listingId;
    uint256 private before;
    bytes32 private jobId;
    address private worker;

    function setUp() public override {
        super.setUp();
        listingId = _list(_publishLive(true), IMarket.LicenseKind.Compute, PRICE, 0);
        before = coin.balanceOf(buyer);
        jobId = _openJob(listingId);
    }

    function test_beforeAClaimEverythingReturnsAtOnce() public {
        vm.expectRevert(abi.encodeWithSelector(ITraining.NotJobBuyer.selector, jobId, stranger));
        vm.prank(stranger);
        training.cancelJob(jobId);
        _cancel();
        _assertJob(jobId, ITraining.JobState.Refunded);
        assertEq(coin.balanceOf(buyer), before, "everything");
        vm.expectRevert(abi.encodeWithSelector(ITraining.WrongState.selector, jobId, ITraining.JobState.Refunded));
        _cancel();
    }

    function test_afterAClaimTheWorkerHasAShortWhile() public {
        worker = _claimJob(jobId);
        _cancel();
        _assertJob(jobId, ITraining.JobState.Cancelled);
        uint256 until = block.timestamp + CANCEL_WINDOW;
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(ITraining.TooEarly.selector, jobId, until + 1));
        training.refundJob(jobId);
        skip(1);
        ITraining.Receipt memory receipt = _part(6, 100);
        vm.expectRevert(abi.encodeWithSelector(ITraining.TooLate.selector, jobId, until));
        vm.prank(worker);
        training.submitReceipt(jobId, receipt);
        training.refundJob(jobId);
        assertEq(coin.balanceOf(buyer), before, "everything");
        assertEq(staking.stakeOf(worker), 1_000e18, "no penalty");
        assertEq(staking.lockedOf(worker), 0, "bond is free");
    }

    function test_aStalledRunIsNotExcusedByCancelling() public {
        worker = _claimJob(jobId);
        uint256 until = block.timestamp + RUN_WINDOW;
        vm.warp(until + 1);
        vm.expectRevert(abi.encodeWithSelector(ITraining.TooLate.selector, jobId, until));
        _cancel();
        vm.warp(until);
        _cancel();
        _assertJob(jobId, ITraining.JobState.Cancelled);
    }

    function test_finishedStepsArePaid() public {
        worker = _claimJob(jobId);
        _cancel();
        skip(CANCEL_WINDOW);
        _submitPart(6, 20);
        _conclude(training.job(jobId).roundId, Verdict.Accept);
        _finalize(jobId);
        _assertJob(jobId, ITraining.JobState.Settled);
        uint256 price = uint256(PRICE) * 5 / 20;
        uint256 fee = price * 25 / 10_000;
        assertEq(training.owed(publisher), price - fee, "a quarter of the price");
        assertEq(training.owed(worker), WORKER_FEE / 4, "a quarter of the worker's fee");
        assertEq(coin.balanceOf(buyer), before - price - WORKER_FEE / 4 - ROUND_FEE, "the rest returns");
        assertEq(staking.lockedOf(worker), 0, "bond is free");
    }

    function test_aForgedPartIsSlashedLikeAWhole() public {
        worker = _claimJob(jobId);
        _cancel();
        _submitPart(6, 20);
        _conclude(training.job(jobId).roundId, Verdict.Reject);
        _finalize(jobId);
        assertEq(coin.balanceOf(buyer), before, "the buyer is whole");
        assertEq(staking.stakeOf(worker), 1_000e18 - MIN_BOND, "the bond is gone");
    }

    /// @dev Who had just finished hands in the whole run, and is paid for it.
    function test_aWholeReceiptAfterACancellation() public {
        worker = _claimJob(jobId);
        _cancel();
        _endRun(jobId, Verdict.Accept);
        assertEq(training.owed(worker), WORKER_FEE, "all steps were made");
    }

    function test_partsThatDoNotFit() public {
        worker = _claimJob(jobId);
        _refusedPart(6, 20);
        _refusedPart(0, 0);
        _refusedPart(100_001, 0);
        _cancel();
        _refusedPart(1, 20);
        _refusedPart(21, 20);
        _submitPart(20, 20);
        assertEq(training.job(jobId).totalSteps, 20, "all but one");
    }

    function testFuzz_partsConserveMoney(uint32 checkpoints, uint32 total, uint96 price) public {
        total = uint32(bound(total, 2, 100_000));
        checkpoints = uint32(bound(checkpoints, 2, total));
        listingId = _list(1, IMarket.LicenseKind.Compute, uint96(bound(price, 0, 900e18)), 0);
        jobId = _openJob(listingId);
        worker = _claimJob(jobId);
        _cancel();
        _submitPart(checkpoints, total);
        _conclude(training.job(jobId).roundId, Verdict.Accept);
        _finalize(jobId);
        uint256 owed = training.owed(publisher) + training.owed(worker) + training.owed(treasury);
        // The job of setUp is still open.
        assertEq(coin.balanceOf(address(training)), owed + TOTAL, "nothing is left over");
    }

    // Too few validators

    function test_aReceiptThatNobodyCanJudgeCostsTheWorkerNothing() public {
        worker = _claimJob(jobId);
        _leaveTwo();
        ITraining.Receipt memory receipt = _receipt();
        vm.expectRevert(abi.encodeWithSelector(IValidators.TooFewValidators.selector, 2, 3));
        vm.prank(worker);
        training.submitReceipt(jobId, receipt);
        skip(RUN_WINDOW + 1);
        training.refundJob(jobId);
        assertEq(coin.balanceOf(buyer), before, "everything returns by the deadline");
        assertEq(staking.stakeOf(worker), 1_000e18, "it was not the worker's fault");
    }

    function test_anOrderThatNobodyCanJudgeStillEnds() public {
        uint32 downloads = _list(1, IMarket.LicenseKind.Download, PRICE, 0);
        bytes32 orderId = _buy(downloads, KEY);
        _grantAll(orderId);
        _leaveTwo();
        vm.expectRevert(abi.encodeWithSelector(IValidators.TooFewValidators.selector, 2, 3));
        vm.prank(buyer);
        orderDisputes.dispute(orderId, "x", _noPermit());
        _assertState(orderId, IMarket.OrderState.Granted);
        skip(CONFIRM_WINDOW + 1);
        _claimOne(orderId);
        _assertState(orderId, IMarket.OrderState.Claimed);
        assertEq(coin.balanceOf(address(market)), 0, "nothing stays behind");
    }

    function _leaveTwo() private {
        for (uint256 i = 2; i < 4; ++i) {
            vm.prank(keepers[i]);
            validators.deregister();
        }
    }

    function _cancel() private {
        vm.prank(buyer);
        training.cancelJob(jobId);
    }

    function _part(uint32 checkpoints, uint32 total) private pure returns (ITraining.Receipt memory receipt) {
        receipt = _receipt();
        (receipt.checkpoints, receipt.totalSteps) = (checkpoints, total);
    }

    function _submitPart(uint32 checkpoints, uint32 total) private {
        ITraining.Receipt memory receipt = _part(checkpoints, total);
        vm.prank(worker);
        training.submitReceipt(jobId, receipt);
    }

    function _refusedPart(uint32 checkpoints, uint32 total) private {
        ITraining.Receipt memory receipt = _part(checkpoints, total);
        vm.expectRevert(abi.encodeWithSelector(ITraining.BadCheckpoints.selector, checkpoints, total));
        vm.prank(worker);
        training.submitReceipt(jobId, receipt);
    }
}
