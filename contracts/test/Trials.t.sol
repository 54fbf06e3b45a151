// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Trials} from "../src/Trials.sol";
import {IAssetRegistry} from "../src/interfaces/IAssetRegistry.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {ITrials} from "../src/interfaces/ITrials.sol";
import {Permit, System, Verdict} from "../src/interfaces/Types.sol";
import {Logs} from "./Logs.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

contract TrialsTest is SystemTest, Logs {
    uint96 private constant FEE = 4e18;
    uint256 private constant RUN = uint256(WORKER_FEE) + ROUND_FEE;

    uint256 private assetId;
    uint32 private listingId;
    uint32 private saleId;

    function setUp() public override {
        super.setUp();
        assetId = _publishLive(true);
        listingId = _list(assetId, IMarket.LicenseKind.Compute, PRICE, 0);
        saleId = _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
        vm.prank(publisher);
        trials.offer(listingId, FEE, 2);
    }

    // Offering

    function test_onlyTheSellerOfRunsOffersTrials() public {
        vm.expectRevert(abi.encodeWithSelector(ITrials.NotTrialSeller.selector, listingId, stranger));
        vm.prank(stranger);
        trials.offer(listingId, FEE, 3);
        vm.expectRevert(abi.encodeWithSelector(ITrials.TrialsNeedRuns.selector, saleId));
        vm.prank(publisher);
        trials.offer(saleId, FEE, 3);
        ITrials.Offer memory offered = trials.offerOf(listingId);
        assertEq(offered.fee, FEE, "fee");
        assertEq(offered.cap, 2, "cap");
        assertEq(trials.offerOf(saleId).cap, 0, "off by default");
    }

    function test_noTrialsWhereNoneAreOffered() public {
        vm.prank(publisher);
        trials.offer(listingId, FEE, 0);
        vm.expectRevert(abi.encodeWithSelector(ITrials.NoTrialsOffered.selector, listingId));
        _try(type(uint256).max);
    }

    function test_aHoldPeriodWithinBounds() public {
        System memory system;
        uint32[2] memory wrong = [uint32(0), trials.MAX_HOLD_PERIOD() + 1];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ITrials.BadHoldPeriod.selector, wrong[i]));
            new Trials(system, wrong[i]);
        }
        assertEq(new Trials(system, 90 days).holdPeriod(), trials.MAX_HOLD_PERIOD(), "the longest");
    }

    // Opening

    function test_theFeeWaitsHereAndTheListingsPriceIsNotAsked() public {
        uint256 before = coin.balanceOf(buyer);
        bytes32 jobId = _try(RUN + FEE);
        assertEq(before - coin.balanceOf(buyer), RUN + FEE, "run and fee");
        assertEq(coin.balanceOf(address(training)), RUN, "the run's part");
        assertEq(coin.balanceOf(address(trials)), FEE, "the fee");
        ITraining.Job memory job = training.job(jobId);
        assertTrue(job.trial && job.buyer == buyer && job.price == 0, "a trial of the buyer");
        ITrials.Trial memory held = trials.trial(jobId);
        assertTrue(held.state == ITrials.State.Held && held.buyer == buyer && held.fee == FEE, "held");
        assertEq(trials.used(assetId, buyer), 1, "one of two");
    }

    function test_aPermitTravelsWithIt() public {
        address holder = vm.addr(keyOf("permitted"));
        coin.transfer(holder, RUN + FEE);
        Permit memory permit = _permit("permitted", address(trials), RUN + FEE);
        vm.prank(holder);
        bytes32 jobId = trials.open(_asked(listingId, 1, keccak256("spec"), KEY, RUN + FEE), permit);
        assertEq(training.job(jobId).buyer, holder, "paid by permit");
        assertEq(coin.balanceOf(holder), 0, "all of it");
    }

    function test_neverMoreThanAgreedTo() public {
        vm.expectRevert(abi.encodeWithSelector(ITraining.TotalAboveMax.selector, RUN + FEE, RUN + FEE - 1));
        _try(RUN + FEE - 1);
        assertEq(trials.used(assetId, buyer), 0, "nothing happened");
    }

    function test_cappedForEachAccount() public {
        _try(RUN + FEE);
        _try(RUN + FEE);
        vm.expectRevert(abi.encodeWithSelector(ITrials.TrialsUsedUp.selector, assetId, buyer, 2));
        _try(RUN + FEE);
        _fund(stranger, 100e18);
        vm.prank(stranger);
        trials.open(_asked(listingId, 1, keccak256("spec"), KEY, RUN + FEE), _noPermit());
        assertEq(trials.used(assetId, stranger), 1, "another account has its own");
    }

    function test_trialsComeThroughTrialsOnly() public {
        vm.expectRevert(abi.encodeWithSelector(ITraining.NotTrialsContract.selector, buyer));
        vm.prank(buyer);
        training.openTrial(buyer, _asked(listingId, 1, keccak256("spec"), KEY, RUN));
    }

    function test_aTrialGivesNoModel() public {
        bytes32 jobId = _tried();
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.TrialHasNoModel.selector, jobId));
        vm.prank(buyer);
        registry.publishModel(jobId, _input(true), _noPermit());
    }

    // Counting towards a purchase

    function test_aCompletedOrderBringsTheFeeBackAtOnce() public {
        bytes32 jobId = _tried();
        bytes32 orderId = _bought();
        uint256 before = coin.balanceOf(buyer);
        vm.prank(stranger);
        trials.count(jobId, orderId);
        _assertOver(jobId, ITrials.State.Returned, before, 0);
    }

    function test_aClaimedOrderCountsToo() public {
        bytes32 jobId = _tried();
        bytes32 orderId = _bought();
        _claimOne(orderId);
        uint256 before = coin.balanceOf(buyer);
        trials.count(jobId, orderId);
        _assertOver(jobId, ITrials.State.Returned, before, 0);
    }

    function test_anOpenOrderIsWaitedForPastThePeriod() public {
        bytes32 jobId = _tried();
        skip(HOLD_PERIOD);
        bytes32 orderId = _buy(saleId, KEY);
        trials.count(jobId, orderId);
        skip(1);
        bytes memory open = abi.encodeWithSelector(ITrials.TrialOrderNotOver.selector, jobId, orderId);
        vm.expectRevert(open);
        trials.settle(jobId);
        _grantAll(orderId);
        vm.expectRevert(open);
        trials.settle(jobId);
        vm.prank(buyer);
        market.confirm(orderId);
        uint256 before = coin.balanceOf(buyer);
        trials.settle(jobId);
        _assertOver(jobId, ITrials.State.Returned, before, 0);
    }

    function test_aDisputedOrderIsWaitedFor() public {
        bytes32 jobId = _tried();
        bytes32 orderId = _buy(saleId, KEY);
        _grantAll(orderId);
        _dispute(orderId);
        trials.count(jobId, orderId);
        skip(HOLD_PERIOD + 1);
        vm.expectRevert(abi.encodeWithSelector(ITrials.TrialOrderNotOver.selector, jobId, orderId));
        trials.settle(jobId);
    }

    function test_aRefundedOrderMakesRoomForAnother() public {
        bytes32 jobId = _tried();
        bytes32 first = _buy(saleId, KEY);
        trials.count(jobId, first);
        bytes32 second = _buy(saleId, "another key");
        vm.expectRevert(abi.encodeWithSelector(ITrials.OrderCountsAlready.selector, jobId, first));
        trials.count(jobId, second);
        skip(GRANT_WINDOW + 1);
        market.refund(first);
        vm.expectRevert(abi.encodeWithSelector(ITrials.OrderDoesNotCount.selector, jobId, first));
        trials.count(jobId, first);
        trials.count(jobId, second);
        assertEq(trials.trial(jobId).orderId, second, "the other one");
    }

    function test_ordersThatDoNotCount() public {
        bytes32 earlier = _bought();
        skip(1);
        bytes32 jobId = _tried();
        _refused(jobId, earlier);
        _refused(jobId, "no order");
        uint32 other = _list(_publishLive(true), IMarket.LicenseKind.Download, PRICE, 0);
        _refused(jobId, _buy(other, KEY));
        _fund(stranger, 100e18);
        vm.prank(stranger);
        _refused(jobId, market.buy(saleId, 1, PRICE, KEY));
        skip(HOLD_PERIOD + 1);
        _refused(jobId, _buy(saleId, "too late"));
    }

    function test_whileTheRunGoesOnAnOrderCounts() public {
        bytes32 jobId = _try(RUN + FEE);
        bytes32 orderId = _bought();
        uint256 before = coin.balanceOf(buyer);
        trials.count(jobId, orderId);
        _assertOver(jobId, ITrials.State.Returned, before, 0);
    }

    function test_aRunThatIsNotOverEndsNoPeriod() public {
        bytes32 jobId = _try(RUN + FEE);
        skip(HOLD_PERIOD + OPEN_WINDOW);
        bytes32 orderId = _bought();
        uint256 before = coin.balanceOf(buyer);
        trials.count(jobId, orderId);
        _assertOver(jobId, ITrials.State.Returned, before, 0);
    }

    // Without a purchase

    function test_afterThePeriodTheFeeIsThePublishers() public {
        bytes32 jobId = _tried();
        uint256 until = uint256(training.job(jobId).changedAt) + HOLD_PERIOD;
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(ITrials.TrialTooEarly.selector, jobId, until + 1));
        trials.settle(jobId);
        skip(1);
        uint256 before = coin.balanceOf(publisher);
        trials.settle(jobId);
        assertEq(coin.balanceOf(publisher) - before, FEE, "earned");
        assertEq(coin.balanceOf(address(trials)), 0, "nothing is left");
        bytes memory over = abi.encodeWithSelector(ITrials.TrialNotHeld.selector, jobId, ITrials.State.Paid);
        vm.expectRevert(over);
        trials.settle(jobId);
        vm.expectRevert(over);
        trials.count(jobId, "order");
    }

    function test_aRefundedOrderHoldsNothingUp() public {
        bytes32 jobId = _tried();
        bytes32 orderId = _buy(saleId, KEY);
        trials.count(jobId, orderId);
        skip(HOLD_PERIOD + 1);
        market.refund(orderId);
        trials.settle(jobId);
        assertTrue(trials.trial(jobId).state == ITrials.State.Paid, "the publisher's");
    }

    function test_aRunThatIsNotOverHoldsItsFee() public {
        bytes32 jobId = _try(RUN + FEE);
        vm.expectRevert(abi.encodeWithSelector(ITrials.TrialRunNotOver.selector, jobId, ITraining.JobState.Open));
        trials.settle(jobId);
    }

    // Failed runs

    function test_aRunWithoutAReceiptCostsNothingAndIsNoneOfTheCap() public {
        uint256 before = coin.balanceOf(buyer);
        bytes32 jobId = _try(RUN + FEE);
        skip(OPEN_WINDOW + 1);
        training.refundJob(jobId);
        trials.settle(jobId);
        assertEq(coin.balanceOf(buyer), before, "everything came back");
        assertEq(trials.used(assetId, buyer), 0, "not counted");
    }

    function test_aForgedRunReturnsTheFeeButIsCounted() public {
        bytes32 jobId = _try(RUN + FEE);
        _claimJob(jobId);
        _endRun(jobId, Verdict.Reject);
        _assertJob(jobId, ITraining.JobState.Slashed);
        uint256 before = coin.balanceOf(buyer);
        trials.settle(jobId);
        _assertOver(jobId, ITrials.State.Returned, before, 1);
    }

    // What is said

    function test_eachStepIsSaid() public {
        _record();
        vm.prank(publisher);
        trials.offer(listingId, FEE, 3);
        bytes32 jobId = _tried();
        bytes32 orderId = _bought();
        trials.count(jobId, orderId);
        skip(1);
        bytes32 unbought = _tried();
        skip(HOLD_PERIOD + 1);
        trials.settle(unbought);
        _stop();
        address source = address(trials);
        bytes32 who = _id(buyer);
        bytes memory topics = abi.encodePacked(ITrials.TrialsOffered.selector, uint256(listingId), assetId);
        _assertSeen(source, topics, abi.encode(FEE, uint16(3)), "TrialsOffered");
        topics = abi.encodePacked(ITrials.TrialOpened.selector, jobId, assetId, who);
        _assertSeen(source, topics, abi.encode(listingId, FEE), "TrialOpened");
        _assertSeen(source, abi.encodePacked(ITrials.TrialCounted.selector, jobId, orderId), "", "TrialCounted");
        _assertSeen(source, abi.encodePacked(ITrials.TrialReturned.selector, jobId, who), abi.encode(FEE), "TrialReturned");
        topics = abi.encodePacked(ITrials.TrialPaid.selector, unbought, _id(publisher));
        _assertSeen(source, topics, abi.encode(FEE), "TrialPaid");
    }

    /// @dev Whatever becomes of it: the fee is the buyer's or the publisher's, and nobody's twice.
    function testFuzz_theFeeGoesToOneOfTwo(uint96 fee, uint8 end, uint32 wait) public {
        fee = uint96(fee % 1_000e18);
        vm.prank(publisher);
        trials.offer(listingId, fee, 2);
        (uint256 buyers, uint256 publishers) = (coin.balanceOf(buyer), coin.balanceOf(publisher));
        bytes32 jobId = end % 3 == 0 ? _try(type(uint256).max) : _tried();
        uint256 spent = buyers - coin.balanceOf(buyer) - fee;
        if (end % 3 == 0) skip(OPEN_WINDOW + 1);
        if (end % 3 == 0) training.refundJob(jobId);
        if (end % 3 == 1) trials.count(jobId, _bought());
        if (end % 3 == 2) skip(HOLD_PERIOD + 1 + uint256(wait));
        if (end % 3 != 1) trials.settle(jobId);
        assertEq(coin.balanceOf(address(trials)), 0, "nothing stays");
        assertEq(coin.balanceOf(publisher) - publishers, end % 3 == 2 ? fee : 0, "the publisher's");
        uint256 wanted = end % 3 == 0 ? buyers : buyers - spent - (end % 3 == 1 ? PRICE : fee);
        assertEq(coin.balanceOf(buyer), wanted, "the buyer's");
    }

    function _try(uint256 maxTotal) private returns (bytes32) {
        ITraining.JobInput memory input = _asked(listingId, 1, keccak256("spec"), KEY, maxTotal);
        vm.prank(buyer);
        return trials.open(input, _noPermit());
    }

    /// @dev Run to its end.
    function _tried() private returns (bytes32 jobId) {
        jobId = _try(type(uint256).max);
        _claimJob(jobId);
        _endRun(jobId, Verdict.Accept);
        _assertJob(jobId, ITraining.JobState.Settled);
    }

    function _bought() private returns (bytes32 orderId) {
        orderId = _buy(saleId, keccak256(abi.encode("key", block.timestamp)));
        _grantAll(orderId);
        vm.prank(buyer);
        market.confirm(orderId);
    }

    function _refused(bytes32 jobId, bytes32 orderId) private {
        vm.expectRevert(abi.encodeWithSelector(ITrials.OrderDoesNotCount.selector, jobId, orderId));
        trials.count(jobId, orderId);
    }

    function _assertOver(bytes32 jobId, ITrials.State state, uint256 before, uint16 had) private view {
        assertTrue(trials.trial(jobId).state == state, "over");
        assertEq(coin.balanceOf(buyer) - before, FEE, "the fee is the buyer's again");
        assertEq(coin.balanceOf(address(trials)), 0, "nothing is left");
        if (had != 0) assertEq(trials.used(assetId, buyer), had, "counted");
    }
}
