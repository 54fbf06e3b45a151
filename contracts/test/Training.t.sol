// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {IStaking} from "../src/interfaces/IStaking.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {Permit, Verdict} from "../src/interfaces/Types.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

contract TrainingTest is SystemTest {
    uint256 private constant TOTAL = uint256(PRICE) + WORKER_FEE + ROUND_FEE;

    uint256 private assetId;
    uint32 private listingId;

    function setUp() public override {
        super.setUp();
        assetId = _publishLive(true);
        listingId = _list(assetId, IMarket.LicenseKind.Compute, PRICE, 1_000);
    }

    // Opening

    function test_openJob() public {
        uint256 before = coin.balanceOf(buyer);
        (uint96 price, uint96 validationFee, uint96 bond) = training.quote(listingId);
        assertEq(uint256(price) + needs.maxFee + validationFee, TOTAL, "quote");
        assertEq(bond, MIN_BOND, "what a worker must have free");
        vm.prank(buyer);
        bytes32 jobId = training.openJob(_asked(listingId, 1, "spec", KEY, TOTAL), _noPermit());
        assertEq(uint8(jobId[0]), 2, "prefix");
        assertEq(before - coin.balanceOf(buyer), TOTAL, "paid");
        ITraining.Job memory j = training.job(jobId);
        assertEq(j.buyer, buyer, "buyer");
        assertEq(j.assetId, assetId, "asset");
        assertEq(j.anchorBlock, block.number + 1, "anchor");
        _assertJob(jobId, ITraining.JobState.Open);
        assertTrue(_openJob(listingId) != jobId, "the same order again is another job");
    }

    function test_openJobWithPermit() public {
        vm.prank(buyer);
        coin.approve(address(training), 0);
        Permit memory permit = _permit("buyer", address(training), TOTAL);
        vm.prank(buyer);
        training.openJob(_asked(listingId, 1, "spec", KEY, TOTAL), permit);
        assertEq(coin.balanceOf(address(training)), TOTAL, "held");
    }

    function test_openJobRefusals() public {
        uint32 download = _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
        vm.startPrank(buyer);
        vm.expectRevert(ITraining.EmptyDigest.selector);
        training.openJob(_asked(listingId, 1, 0, KEY, TOTAL), _noPermit());
        vm.expectRevert(ITraining.EmptyDigest.selector);
        training.openJob(_asked(listingId, 1, "spec", 0, TOTAL), _noPermit());
        needs.runtime = 0;
        vm.expectRevert(ITraining.EmptyDigest.selector);
        training.openJob(_asked(listingId, 1, "spec", KEY, TOTAL), _noPermit());
        needs.runtime = "engine";
        vm.expectRevert(abi.encodeWithSelector(IMarket.UnknownListing.selector, 99));
        training.openJob(_asked(99, 1, "spec", KEY, TOTAL), _noPermit());
        vm.expectRevert(abi.encodeWithSelector(ITraining.WrongLicense.selector, download));
        training.openJob(_asked(download, 1, "spec", KEY, TOTAL), _noPermit());
        vm.expectRevert(abi.encodeWithSelector(ITraining.VersionNotCovered.selector, listingId, 0));
        training.openJob(_asked(listingId, 0, "spec", KEY, TOTAL), _noPermit());
        vm.expectRevert(abi.encodeWithSelector(ITraining.VersionNotLive.selector, assetId, 2));
        training.openJob(_asked(listingId, 2, "spec", KEY, TOTAL), _noPermit());
        vm.expectRevert(abi.encodeWithSelector(ITraining.TotalAboveMax.selector, TOTAL, TOTAL - 1));
        training.openJob(_asked(listingId, 1, "spec", KEY, TOTAL - 1), _noPermit());
        vm.stopPrank();
        vm.startPrank(publisher);
        registry.addVersion(assetId, _input(false), _noPermit());
        vm.stopPrank();
        _conclude(registry.roundOf(assetId, 2), Verdict.Accept);
        vm.expectRevert(abi.encodeWithSelector(ITraining.RunsNeedReaders.selector, assetId, 2));
        vm.prank(buyer);
        training.openJob(_asked(listingId, 2, "spec", KEY, TOTAL), _noPermit());
        vm.prank(publisher);
        market.retireListing(listingId);
        vm.expectRevert(abi.encodeWithSelector(ITraining.ListingIsRetired.selector, listingId));
        vm.prank(buyer);
        training.openJob(_asked(listingId, 1, "spec", KEY, TOTAL), _noPermit());
    }

    // Drawing and claiming

    function test_claimLocksTheBond() public {
        _list(assetId, IMarket.LicenseKind.Download, 250e18, 0);
        bytes32 jobId = _openJob(listingId);
        assertEq(training.drawnWorker(jobId), address(0), "nobody yet");
        vm.expectRevert(abi.encodeWithSelector(ITraining.NotDrawn.selector, jobId, trainers[0]));
        vm.prank(trainers[0]);
        training.claimJob(jobId);
        mine(2);
        address drawn = training.drawnWorker(jobId);
        address other = drawn == trainers[0] ? trainers[1] : trainers[0];
        vm.expectRevert(abi.encodeWithSelector(ITraining.NotDrawn.selector, jobId, other));
        vm.prank(other);
        training.claimJob(jobId);
        assertTrue(!market.entitled(drawn, assetId, 1, jobId), "not before the claim");
        vm.prank(drawn);
        training.claimJob(jobId);
        assertEq(training.job(jobId).bond, 250e18, "the highest download price");
        assertEq(staking.lockedOf(drawn), 250e18, "locked");
        assertTrue(market.entitled(drawn, assetId, 1, jobId), "entitled");
        assertTrue(!market.entitled(other, assetId, 1, jobId), "nobody else");
        assertTrue(!market.entitled(drawn, assetId, 2, jobId), "this version only");
        assertEq(training.drawnWorker(jobId), address(0), "nobody any more");
        vm.expectRevert(abi.encodeWithSelector(ITraining.WrongState.selector, jobId, ITraining.JobState.Claimed));
        vm.prank(drawn);
        training.claimJob(jobId);
    }

    function test_claimWindow() public {
        bytes32 jobId = _openJob(listingId);
        uint256 openedAt = block.timestamp;
        mine(2);
        address drawn = training.drawnWorker(jobId);
        vm.warp(openedAt + CLAIM_WINDOW);
        vm.expectRevert(abi.encodeWithSelector(ITraining.TooEarly.selector, jobId, openedAt + CLAIM_WINDOW + 1));
        training.redraw(jobId);
        skip(1);
        vm.expectRevert(abi.encodeWithSelector(ITraining.TooLate.selector, jobId, openedAt + CLAIM_WINDOW));
        vm.prank(drawn);
        training.claimJob(jobId);
        training.redraw(jobId);
        assertEq(training.job(jobId).anchorBlock, block.number + 1, "anchored anew");
        _claimJob(jobId);
        _assertJob(jobId, ITraining.JobState.Claimed);
    }

    function test_redrawWhenTheHashIsOutOfReach() public {
        bytes32 jobId = _openJob(listingId);
        mine(258);
        assertEq(training.drawnWorker(jobId), address(0), "out of reach");
        training.redraw(jobId);
        _claimJob(jobId);
        vm.expectRevert(abi.encodeWithSelector(ITraining.WrongState.selector, jobId, ITraining.JobState.Claimed));
        training.redraw(jobId);
    }

    function test_noRedrawPastTheOpenWindow() public {
        bytes32 jobId = _openJob(listingId);
        uint256 closes = block.timestamp + OPEN_WINDOW;
        vm.warp(closes + 1);
        vm.expectRevert(abi.encodeWithSelector(ITraining.TooLate.selector, jobId, closes));
        training.redraw(jobId);
    }

    function test_neitherBuyerNorPublisherNorLatecomerIsDrawn() public {
        for (uint256 i = 0; i < 3; ++i) {
            vm.prank(trainers[i]);
            workers.deregister();
        }
        _trainer(buyer, 1_000e18);
        _trainer(publisher, 1_000e18);
        mine(1);
        bytes32 jobId = _openJob(listingId);
        mine(1);
        _trainer(stranger, 1_000e18);
        mine(1);
        assertEq(training.drawnWorker(jobId), address(0), "nobody is eligible");
        vm.expectRevert(abi.encodeWithSelector(ITraining.NoEligibleWorker.selector, jobId));
        vm.prank(stranger);
        training.claimJob(jobId);
        skip(CLAIM_WINDOW + 1);
        training.redraw(jobId);
        mine(2);
        assertEq(training.drawnWorker(jobId), stranger, "who was there when it was drawn again");
    }

    function test_whoCannotCoverTheBondIsPassedOver() public {
        _list(assetId, IMarket.LicenseKind.Download, 1_000e18, 0);
        bytes32 jobId = _openJob(listingId);
        mine(2);
        address drawn = training.drawnWorker(jobId);
        vm.prank(drawn);
        staking.unbond(1);
        address next = training.drawnWorker(jobId);
        assertTrue(next != drawn && next != address(0), "the next lowest ticket");
        for (uint256 i = 0; i < 3; ++i) {
            if (trainers[i] == drawn) continue;
            vm.prank(trainers[i]);
            staking.unbond(1);
        }
        assertEq(training.drawnWorker(jobId), address(0), "nobody can");
    }

    /// @dev Registering or leaving once the hash is known does not move who was drawn.
    function testFuzz_theDrawCannotBeSteered(uint256 who, uint8 joining) public {
        bytes32 jobId = _openJob(listingId);
        mine(2);
        address drawn = training.drawnWorker(jobId);
        for (uint256 i = 0; i < joining % 8; ++i) {
            _trainer(vm.addr(7_000 + i), 1_000e18);
        }
        address leaver = trainers[who % 3];
        if (leaver != drawn) {
            vm.prank(leaver);
            workers.deregister();
        }
        assertEq(training.drawnWorker(jobId), drawn, "the same");
    }

    function test_everyWorkerIsDrawnNowAndThen() public {
        uint256[3] memory hits;
        for (uint256 i = 0; i < 90; ++i) {
            bytes32 jobId = _openJob(listingId);
            mine(2);
            address drawn = training.drawnWorker(jobId);
            for (uint256 k = 0; k < 3; ++k) {
                if (trainers[k] == drawn) ++hits[k];
            }
        }
        for (uint256 k = 0; k < 3; ++k) {
            assertTrue(hits[k] > 15, "a fair part of 90");
        }
    }

    // Receipts

    function test_submitReceiptRefusals() public {
        bytes32 jobId = _openJob(listingId);
        vm.expectRevert(abi.encodeWithSelector(ITraining.WrongState.selector, jobId, ITraining.JobState.Open));
        vm.prank(trainers[0]);
        training.submitReceipt(jobId, _receipt());
        address worker = _claimJob(jobId);
        uint256 runUntil = block.timestamp + RUN_WINDOW;
        vm.expectRevert(abi.encodeWithSelector(ITraining.NotJobWorker.selector, jobId, stranger));
        vm.prank(stranger);
        training.submitReceipt(jobId, _receipt());
        for (uint256 i = 0; i < 4; ++i) {
            ITraining.Receipt memory receipt = _receipt();
            if (i == 0) receipt.receiptDigest = 0;
            if (i == 1) receipt.modelDigest = 0;
            if (i == 2) receipt.checkpointRoot = 0;
            if (i == 3) receipt.engineId = 0;
            vm.expectRevert(ITraining.EmptyDigest.selector);
            vm.prank(worker);
            training.submitReceipt(jobId, receipt);
        }
        ITraining.Receipt memory foreign = _receipt();
        foreign.engineId = "another";
        vm.expectRevert(abi.encodeWithSelector(ITraining.WrongRuntime.selector, jobId, bytes32("another")));
        vm.prank(worker);
        training.submitReceipt(jobId, foreign);
        vm.warp(runUntil + 1);
        vm.expectRevert(abi.encodeWithSelector(ITraining.TooLate.selector, jobId, runUntil));
        vm.prank(worker);
        training.submitReceipt(jobId, _receipt());
        vm.warp(runUntil);
        vm.prank(worker);
        training.submitReceipt(jobId, _receipt());
        _assertJob(jobId, ITraining.JobState.Submitted);
        assertTrue(!market.entitled(worker, assetId, 1, jobId), "the worker is done");
    }

    function test_aWorkerDoesNotJudgeItsOwnRun() public {
        for (uint256 i = 0; i < 3; ++i) {
            vm.prank(trainers[i]);
            workers.deregister();
        }
        _trainer(keepers[0], 1_000e18);
        mine(1);
        bytes32 jobId = _openJob(listingId);
        assertEq(_claimJob(jobId), keepers[0], "the only worker is a validator too");
        bytes32 roundId = _submit(jobId);
        uint16[] memory committee = _draw(roundId);
        assertEq(committee.length, 3, "the three others");
        assertTrue(!validators.isMember(roundId, keepers[0]), "not itself");
        address member = _accountOf(committee[0]);
        assertTrue(market.entitled(member, assetId, 1, roundId), "members re-execute");
        assertTrue(!market.entitled(member, assetId, 2, roundId), "this version only");
        assertTrue(!market.entitled(member, assetId + 1, 1, roundId), "this asset only");
    }

    // Endings

    function test_acceptSettles() public {
        bytes32 jobId = _openJob(listingId);
        address worker = _claimJob(jobId);
        _endRun(jobId, Verdict.Accept);
        _assertJob(jobId, ITraining.JobState.Settled);
        uint256 fee = uint256(PRICE) * 25 / 10_000;
        assertEq(training.owed(publisher), PRICE - fee, "publisher");
        assertEq(training.owed(treasury), fee, "treasury");
        assertEq(training.owed(worker), WORKER_FEE, "worker");
        assertEq(staking.lockedOf(worker), 0, "bond is free");
        uint256 before = coin.balanceOf(worker);
        vm.prank(worker);
        assertEq(training.withdraw(), WORKER_FEE, "paid");
        assertEq(coin.balanceOf(worker) - before, WORKER_FEE, "received");
    }

    function test_rejectSlashes() public {
        uint256 before = coin.balanceOf(buyer);
        bytes32 jobId = _openJob(listingId);
        address worker = _claimJob(jobId);
        uint256 staked = staking.stakeOf(worker);
        _endRun(jobId, Verdict.Reject);
        _assertJob(jobId, ITraining.JobState.Slashed);
        assertEq(coin.balanceOf(buyer), before, "the buyer is whole");
        assertEq(staked - staking.stakeOf(worker), MIN_BOND, "the bond is gone");
        assertEq(staking.lockedOf(worker), 0, "nothing locked");
        assertEq(training.owed(treasury), MIN_BOND - ROUND_FEE, "the rest of it");
        assertEq(training.owed(publisher) + training.owed(worker), 0, "nobody else gains");
        assertEq(coin.balanceOf(address(training)), training.owed(treasury), "held");
    }

    function test_noQuorumRefunds() public {
        uint256 before = coin.balanceOf(buyer);
        bytes32 jobId = _openJob(listingId);
        address worker = _claimJob(jobId);
        _endRun(jobId, Verdict.None);
        _assertJob(jobId, ITraining.JobState.Refunded);
        assertEq(coin.balanceOf(buyer), before, "everything");
        assertEq(staking.lockedOf(worker), 0, "bond is free");
    }

    function test_refundOfAnUnclaimedJob() public {
        uint256 before = coin.balanceOf(buyer);
        bytes32 jobId = _openJob(listingId);
        uint256 closes = block.timestamp + OPEN_WINDOW;
        vm.warp(closes);
        vm.expectRevert(abi.encodeWithSelector(ITraining.TooEarly.selector, jobId, closes + 1));
        training.refundJob(jobId);
        skip(1);
        training.refundJob(jobId);
        assertEq(coin.balanceOf(buyer), before, "everything");
        vm.expectRevert(abi.encodeWithSelector(ITraining.WrongState.selector, jobId, ITraining.JobState.Refunded));
        training.refundJob(jobId);
    }

    function test_aStalledWorkerPaysThePenalty() public {
        uint256 before = coin.balanceOf(buyer);
        bytes32 jobId = _openJob(listingId);
        address worker = _claimJob(jobId);
        uint256 runUntil = block.timestamp + RUN_WINDOW;
        vm.warp(runUntil);
        vm.expectRevert(abi.encodeWithSelector(ITraining.TooEarly.selector, jobId, runUntil + 1));
        training.refundJob(jobId);
        skip(1);
        training.refundJob(jobId);
        assertEq(coin.balanceOf(buyer), before + STALL_PENALTY, "everything and the penalty");
        assertEq(staking.stakeOf(worker), 990e18, "out of the bond");
        assertEq(staking.lockedOf(worker), 0, "the rest is free");
    }

    function test_aSubmittedJobWaitsForItsRound() public {
        bytes32 jobId = _openJob(listingId);
        _claimJob(jobId);
        _submit(jobId);
        skip(30 days);
        vm.expectRevert(abi.encodeWithSelector(ITraining.WrongState.selector, jobId, ITraining.JobState.Submitted));
        training.refundJob(jobId);
    }

    function test_onlyValidatorsBringVerdicts() public {
        vm.expectRevert(abi.encodeWithSelector(ITraining.NotValidatorsContract.selector, stranger));
        vm.prank(stranger);
        training.onVerdict("round", "job", Verdict.Accept, 0);
    }

    function test_anUnknownJob() public {
        assertEq(training.drawnWorker("x"), address(0), "nobody");
        assertTrue(!training.isWorkerOf("x", address(0), 0, 0), "no job is nobody's");
    }

    /// @dev Whatever the price, the fee and the end: what came in from buyer and bond goes out or is owed.
    function testFuzz_aRunConservesMoney(uint96 price, uint16 feeBps, uint8 word) public {
        ITraining.Params memory p = _trainingParams();
        p.feeBps = uint16(bound(feeBps, 0, 1_000));
        vm.prank(owner);
        training.setParams(p);
        uint32 listing = _list(assetId, IMarket.LicenseKind.Compute, uint96(bound(price, 0, 9_000e18)), 0);
        uint256 before = coin.balanceOf(buyer);
        bytes32 jobId = _openJob(listing);
        address worker = _claimJob(jobId);
        _endRun(jobId, Verdict(word % 3));
        uint256 owed = training.owed(publisher) + training.owed(worker) + training.owed(treasury);
        assertEq(coin.balanceOf(address(training)), owed, "nothing else is held");
        if (word % 3 != 1) assertEq(coin.balanceOf(buyer), before, "the buyer is whole");
        if (word % 3 == 1) assertEq(owed + ROUND_FEE, before - coin.balanceOf(buyer), "paid is earned");
    }

    function test_paramsHaveCaps() public {
        ITraining.Params memory p = _trainingParams();
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
        vm.prank(stranger);
        training.setParams(p);
        p.treasury = address(0);
        _refused(p);
        p = _trainingParams();
        p.feeBps = 1_001;
        _refused(p);
        p = _trainingParams();
        p.stallPenalty = p.minBond + 1;
        _refused(p);
        p = _trainingParams();
        p.claimWindow = 0;
        _refused(p);
        p.claimWindow = p.openWindow + 1;
        _refused(p);
        p = _trainingParams();
        p.openWindow = 30 days + 1;
        _refused(p);
        p = _trainingParams();
        p.runWindow = 0;
        _refused(p);
        p.runWindow = 30 days + 1;
        _refused(p);
        p = _trainingParams();
        p.heartbeatWindow = 0;
        _refused(p);
        p.heartbeatWindow = p.runWindow + 1;
        _refused(p);
        p = _trainingParams();
        p.cancelWindow = 30 days + 1;
        _refused(p);
        p = _trainingParams();
        p.challengeWindow = 0;
        _refused(p);
        p.challengeWindow = 30 days + 1;
        _refused(p);
        p = _trainingParams();
        p.rewardBps = 10_001;
        _refused(p);
        p = ITraining.Params(treasury, 1_000, 0, 0, 1, 1, 1, 1, 0, 1, 0);
        vm.prank(owner);
        training.setParams(p);
        assertEq(training.params().feeBps, 1_000, "changed");
    }

    function _refused(ITraining.Params memory p) private {
        vm.expectRevert(ITraining.ParamOutOfRange.selector);
        vm.prank(owner);
        training.setParams(p);
    }
}
