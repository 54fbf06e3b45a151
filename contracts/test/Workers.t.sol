// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMarket} from "../src/interfaces/IMarket.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {IWorkers} from "../src/interfaces/IWorkers.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

/// @dev Who may run what, and for how much.
contract WorkersTest is SystemTest {
    uint32 private listingId;

    function setUp() public override {
        super.setUp();
        listingId = _list(_publishLive(true), IMarket.LicenseKind.Compute, PRICE, 0);
    }

    function test_registerAndLeave() public {
        assertEq(workers.workerCount(), 3, "three");
        assertTrue(workers.worker(trainers[0]).active, "active");
        vm.expectRevert(abi.encodeWithSelector(IWorkers.AlreadyRegistered.selector, trainers[0]));
        vm.prank(trainers[0]);
        workers.register("x", _offer(1));
        vm.prank(trainers[0]);
        workers.deregister();
        assertEq(workers.workerCount(), 2, "two");
        assertTrue(workers.accounts()[0] == trainers[2] && workers.accounts()[1] == trainers[1], "the last fills the gap");
        bytes memory none = abi.encodeWithSelector(IWorkers.NotWorker.selector, trainers[0]);
        vm.startPrank(trainers[0]);
        vm.expectRevert(none);
        workers.deregister();
        vm.expectRevert(none);
        workers.setOffer("x", _offer(1));
        vm.stopPrank();
        vm.startPrank(trainers[2]);
        workers.deregister();
        workers.register("again", _offer(3));
        vm.stopPrank();
        assertEq(workers.accounts()[1], trainers[2], "last again");
        IWorkers.Worker memory found = workers.worker(trainers[2]);
        IWorkers.Worker memory wanted = IWorkers.Worker(trainers[2], true, "again", _offer(3));
        assertEq(keccak256(abi.encode(found)), keccak256(abi.encode(wanted)), "as it says");
    }

    function test_registerNeedsTheBond() public {
        _stake(stranger, MIN_BOND - 1);
        vm.expectRevert(abi.encodeWithSelector(IWorkers.StakeTooLow.selector, MIN_BOND - 1, MIN_BOND));
        vm.prank(stranger);
        workers.register("x", _offer(1));
    }

    function test_offersThatSayNothing() public {
        IWorkers.Offer memory offer = _offer(1);
        offer.cores = 0;
        _refused(offer);
        offer = _offer(1);
        offer.runtimes = new bytes32[](0);
        _refused(offer);
        offer.runtimes = new bytes32[](9);
        _refused(offer);
        offer.runtimes = new bytes32[](8);
        vm.prank(trainers[0]);
        workers.setOffer("x", offer);
        assertEq(workers.worker(trainers[0]).offer.runtimes.length, 8, "eight");
    }

    function test_atMost256Workers() public {
        for (uint256 i = 3; i < 256; ++i) {
            _trainer(vm.addr(3_000 + i), MIN_BOND);
        }
        _stake(stranger, MIN_BOND);
        vm.expectRevert(IWorkers.TooManyWorkers.selector);
        vm.prank(stranger);
        workers.register("x", _offer(1));
    }

    function test_onlyWhoFitsIsDrawn() public {
        _keepOne();
        _assertDrawn(true, "as it is");
        needs.cores = 4;
        needs.memoryMiB = 8_192;
        _assertDrawn(true, "all that it has");
        needs.cores = 5;
        _assertDrawn(false, "more cores than it has");
        needs.cores = 1;
        needs.memoryMiB = 8_193;
        _assertDrawn(false, "more memory");
        needs.memoryMiB = 1;
        needs.runtime = "another";
        _assertDrawn(false, "another engine");
        needs.runtime = "engine";
        needs.maxFee = WORKER_FEE - 1;
        _assertDrawn(false, "too little money");
        needs.maxFee = WORKER_FEE;
        needs.units = UNITS + 1;
        _assertDrawn(false, "too much work for it");
    }

    function test_everyRuntimeOfAnOfferIsServed() public {
        _keepOne();
        IWorkers.Offer memory offer = _offer(UNIT_PRICE);
        offer.runtimes = new bytes32[](2);
        (offer.runtimes[0], offer.runtimes[1]) = ("other", "engine");
        vm.prank(trainers[0]);
        workers.setOffer("x", offer);
        mine(1);
        _assertDrawn(true, "the second");
        needs.runtime = "other";
        _assertDrawn(true, "the first");
    }

    /// @dev Otherwise the anchor's hash could be answered with a price.
    function test_aNewOfferHoldsForLaterDraws() public {
        _keepOne();
        bytes32 jobId = _openJob(listingId);
        mine(1);
        vm.prank(trainers[0]);
        workers.setOffer("x", _offer(UNIT_PRICE / 2));
        mine(1);
        assertEq(training.drawnWorker(jobId), address(0), "passed over");
        skip(CLAIM_WINDOW + 1);
        training.redraw(jobId);
        _claimJob(jobId);
        assertEq(training.job(jobId).workerFee, WORKER_FEE / 2, "by the new price");
    }

    function test_theWorkersOwnPriceIsPaidAndTheRestReturns() public {
        needs.maxFee = 3 * WORKER_FEE;
        uint256 before = coin.balanceOf(buyer);
        bytes32 jobId = _openJob(listingId);
        assertEq(before - coin.balanceOf(buyer), uint256(PRICE) + 3 * WORKER_FEE + ROUND_FEE, "the most");
        address worker = _claimJob(jobId);
        assertEq(training.job(jobId).workerFee, WORKER_FEE, "fixed");
        vm.prank(worker);
        workers.setOffer("x", _offer(3 * UNIT_PRICE));
        _submit(jobId);
        assertEq(before - coin.balanceOf(buyer), uint256(PRICE) + WORKER_FEE + ROUND_FEE, "with the receipt");
    }

    function test_candidates() public {
        vm.prank(trainers[1]);
        workers.setOffer("x", _offer(2 * UNIT_PRICE));
        vm.prank(trainers[2]);
        workers.setOffer("x", _offer(0));
        IWorkers.Ask memory ask = IWorkers.Ask(needs, buyer, publisher, MIN_BOND, type(uint256).max, new address[](0));
        _assertCandidates(ask, [true, false, true]);
        assertEq(workers.candidates(ask)[0].fee, WORKER_FEE, "by its offer");
        ask.lost = new address[](2);
        (ask.lost[0], ask.lost[1]) = (trainers[1], trainers[2]);
        _assertCandidates(ask, [true, false, false]);
        ask.bond = 1_000e18 + 1;
        _assertCandidates(ask, [false, false, false]);
        (ask.bond, ask.buyer) = (0, trainers[0]);
        _assertCandidates(ask, [false, false, false]);
        (ask.buyer, ask.publisher) = (buyer, trainers[0]);
        _assertCandidates(ask, [false, false, false]);
    }

    /// @dev The largest numbers that fit their fields neither overflow nor wrap into a low price.
    function testFuzz_noFeeIsAboveTheMost(uint96 price, uint32 units, uint96 maxFee) public {
        _keepOne();
        vm.prank(trainers[0]);
        workers.setOffer("x", _offer(price));
        mine(1);
        (needs.units, needs.maxFee) = (units, maxFee);
        IWorkers.Ask memory ask = IWorkers.Ask(needs, buyer, publisher, 0, type(uint256).max, new address[](0));
        (address drawn, uint96 fee) = workers.draw("job", "hash", ask);
        bool fits = uint256(price) * units <= maxFee;
        assertTrue((drawn == trainers[0]) == fits, "by its price");
        if (fits) assertEq(fee, uint256(price) * units, "all of it");
    }

    function _keepOne() private {
        for (uint256 i = 1; i < 3; ++i) {
            vm.prank(trainers[i]);
            workers.deregister();
        }
    }

    function _assertDrawn(bool wanted, string memory why) private {
        bytes32 jobId = _openJob(listingId);
        mine(2);
        assertTrue((training.drawnWorker(jobId) == trainers[0]) == wanted, why);
        if (wanted) return;
        vm.expectRevert(abi.encodeWithSelector(ITraining.NoEligibleWorker.selector, jobId));
        vm.prank(trainers[0]);
        training.claimJob(jobId);
    }

    function _assertCandidates(IWorkers.Ask memory ask, bool[3] memory fits) private view {
        IWorkers.Candidate[] memory found = workers.candidates(ask);
        for (uint256 i = 0; i < 3; ++i) {
            assertTrue(found[i].account == trainers[i] && found[i].fits == fits[i], "fits or not");
        }
    }

    function _refused(IWorkers.Offer memory offer) private {
        vm.expectRevert(IWorkers.BadOffer.selector);
        vm.prank(trainers[0]);
        workers.setOffer("x", offer);
    }
}
