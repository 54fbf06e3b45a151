// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICuration} from "../src/interfaces/ICuration.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {ISubscriptions} from "../src/interfaces/ISubscriptions.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {Verdict} from "../src/interfaces/Types.sol";
import {CurationTest} from "./CurationTest.sol";
import {vm} from "./Vm.sol";

/// @dev What a suspension stops, and what it never touches.
contract CurationEffectsTest is CurationTest {
    uint32 private downloads;
    uint32 private runs;
    uint32 private plan;

    function setUp() public override {
        super.setUp();
        downloads = _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
        runs = _list(assetId, IMarket.LicenseKind.Compute, PRICE, 500);
        plan = _listPlan();
    }

    function test_aPendingAssetSells() public {
        _buy(downloads, KEY);
        _openJob(runs);
        _subscribe();
    }

    function test_newOrdersStopAndGoOn() public {
        uint32 second = _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
        uint32 other = _list(_publishLive(true), IMarket.LicenseKind.Download, PRICE, 0);
        _suspend(assetId);
        IMarket.Purchase[] memory wanted = new IMarket.Purchase[](1);
        wanted[0] = IMarket.Purchase(second, 1, PRICE, KEY);
        vm.startPrank(buyer);
        vm.expectRevert(_suspended());
        market.buy(downloads, 1, PRICE, KEY);
        vm.expectRevert(_suspended());
        market.buy(second, 1, PRICE, KEY);
        vm.expectRevert(_suspended());
        market.buyWithPermit(downloads, 1, PRICE, KEY, _noPermit());
        vm.expectRevert(_suspended());
        market.gift(downloads, 1, PRICE, KEY, stranger);
        vm.expectRevert(_suspended());
        market.batchBuy(wanted);
        market.buy(other, 1, PRICE, KEY);
        vm.stopPrank();
        _reinstate(assetId);
        vm.startPrank(buyer);
        market.buy(downloads, 1, PRICE, KEY);
        market.batchBuy(wanted);
        vm.stopPrank();
    }

    function test_theJuryOpensTheListingsAgain() public {
        _suspend(assetId);
        _rule(_appeal(assetId), 1);
        _buy(downloads, KEY);
    }

    function test_aRetiredListingSaysSo() public {
        _suspend(assetId);
        vm.prank(publisher);
        market.retireListing(downloads);
        vm.expectRevert(abi.encodeWithSelector(IMarket.ListingIsRetired.selector, downloads));
        _buy(downloads, KEY);
    }

    function test_newVersionsDoNotLiftASuspension() public {
        _suspend(assetId);
        vm.prank(publisher);
        registry.addVersion(assetId, _input(true), _noPermit());
        _conclude(registry.roundOf(assetId, 2), Verdict.Accept);
        vm.expectRevert(_suspended());
        vm.prank(buyer);
        market.buy(downloads, 2, PRICE, KEY);
        _reinstate(assetId);
        vm.prank(buyer);
        market.buy(downloads, 2, PRICE, KEY);
    }

    function test_newListingsRunsAndSubscriptionsStop() public {
        _suspend(assetId);
        IMarket.ListingInput memory input =
            IMarket.ListingInput(uint64(assetId), 1, 0, IMarket.LicenseKind.Download, PRICE, 0, "terms");
        vm.expectRevert(_suspended());
        vm.prank(publisher);
        market.createListing(input);
        input.kind = IMarket.LicenseKind.Subscription;
        vm.expectRevert(_suspended());
        vm.prank(publisher);
        market.createListingWith(input, IMarket.ListingExtras(address(0), 1440, new IMarket.Split[](0)));
        vm.expectRevert(_suspended());
        _openJob(runs);
        vm.expectRevert(_suspended());
        _subscribe();
        _reinstate(assetId);
        _openJob(runs);
        _subscribe();
        _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
    }

    function test_renewalsStopOnceSomebodySaysSo() public {
        bytes32 id = _subscribe();
        _suspend(assetId);
        EMITS.expectEmit(address(subscriptions));
        emit ISubscriptions.SubscriptionClosed(id);
        vm.prank(stranger);
        subscriptions.closePlan(plan, _accounts());
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.RenewalsAreClosed.selector, id));
        vm.prank(buyer);
        subscriptions.renewNow(plan);
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.ListingIsStopped.selector, plan));
        subscriptions.reopenPlan(plan, _accounts());
        _reinstate(assetId);
        EMITS.expectEmit(address(subscriptions));
        emit ISubscriptions.SubscriptionReopened(id);
        vm.prank(stranger);
        subscriptions.reopenPlan(plan, _accounts());
        vm.prank(buyer);
        subscriptions.renewNow(plan);
        assertEq(subscriptions.heldFor(id), 2 * uint256(PRICE), "renewed");
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.ListingIsOpen.selector, plan));
        subscriptions.closePlan(plan, _accounts());
    }

    function test_aRetiredPlanStaysClosed() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                ISubscriptions.UnknownSubscription.selector, subscriptions.subscriptionIdOf(plan, buyer)
            )
        );
        subscriptions.reopenPlan(plan, _accounts());
        _subscribe();
        vm.prank(publisher);
        market.retireListing(plan);
        subscriptions.closePlan(plan, _accounts());
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.ListingIsStopped.selector, plan));
        subscriptions.reopenPlan(plan, _accounts());
    }

    function _accounts() private view returns (address[] memory accounts) {
        accounts = new address[](1);
        accounts[0] = buyer;
    }

    function test_whatWasBoughtKeepsAllItsRights() public {
        bytes32 kept = _buy(downloads, "kept");
        bytes32 late = _buy(downloads, "late");
        bytes32 silent = _buy(downloads, "silent");
        bytes32 wrong = _buy(downloads, "wrong");
        bytes32 subscribed = _subscribe();
        bytes32 jobId = _openJob(runs);
        _suspend(assetId);
        _grantAll(kept);
        _grantAll(silent);
        _grantAll(wrong);
        assertTrue(market.entitled(buyer, assetId, 1, kept), "entitled");
        vm.prank(buyer);
        market.confirm(kept);
        assertTrue(_claimOne(kept) != 0, "paid");
        _dispute(wrong);
        assertTrue(market.entitled(buyer, assetId, 1, subscribed), "subscribed");
        vm.prank(buyer);
        subscriptions.requestKey(subscribed, 1, "fresh");
        _claimJob(jobId);
        _endRun(jobId, Verdict.Accept);
        _assertJob(jobId, ITraining.JobState.Settled);
        skip(GRANT_WINDOW + 1);
        market.refund(late);
        vm.prank(buyer);
        subscriptions.cancel(subscribed);
        skip(CONFIRM_WINDOW);
        _claimOne(silent);
        skip(VERDICT_WINDOW);
        orderDisputes.resolve(wrong);
        _assertState(wrong, IMarket.OrderState.Released);
        vm.prank(publisher);
        registry.transferFrom(publisher, stranger, assetId);
    }

    function test_onlyCurationSuspends() public {
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotCuration.selector, curator));
        vm.prank(curator);
        market.onSuspension(assetId, true);
    }

    function _suspended() private view returns (bytes memory) {
        return abi.encodeWithSelector(ICuration.AssetSuspended.selector, assetId);
    }

    function _listPlan() private returns (uint32) {
        IMarket.ListingInput memory input =
            IMarket.ListingInput(uint64(assetId), 1, 0, IMarket.LicenseKind.Subscription, PRICE, 0, "terms");
        vm.prank(publisher);
        return market.createListingWith(input, IMarket.ListingExtras(address(0), 1440, new IMarket.Split[](0)));
    }

    function _subscribe() private returns (bytes32) {
        vm.prank(buyer);
        return subscriptions.subscribe(plan, 1, 1, PRICE, KEY, _noPermit());
    }
}
