// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMarket} from "../src/interfaces/IMarket.sol";
import {ISubscriptions} from "../src/interfaces/ISubscriptions.sol";
import {SubscriptionTest} from "./SubscriptionTest.sol";
import {PlainToken} from "./Tokens.sol";
import {vm} from "./Vm.sol";

/// @dev See Subscription.tree.
contract SubscriptionsTest is SubscriptionTest {
    // Taking one

    function test_subscribeHoldsAndEntitles() public {
        bytes32 id = _subscribe(3);
        ISubscriptions.Subscription memory s = subscriptions.subscription(id);
        assertEq(uint8(id[0]), 4, "prefix");
        assertEq(s.account, buyer, "account");
        assertEq(s.listingId, listingId, "listing");
        assertEq(s.claimedUntil, start, "from now");
        assertEq(s.paidUntil, start + 3 * PERIOD, "for three periods");
        assertEq(subscriptions.heldFor(id), 3 * PRICE, "held");
        assertEq(coin.balanceOf(address(subscriptions)), 3 * PRICE, "arrived");
        assertTrue(market.entitled(buyer, assetId, 1, id), "entitled");
        assertTrue(!market.entitled(stranger, assetId, 1, id), "others are not");
        assertTrue(!market.entitled(buyer, assetId + 1, 1, id), "this asset only");
        assertTrue(!market.entitled(buyer, assetId, 0, id), "covered versions only");
        vm.warp(start + 3 * PERIOD - 1);
        assertTrue(market.entitled(buyer, assetId, 1, id), "the last second");
        vm.warp(start + 3 * PERIOD);
        assertTrue(!market.entitled(buyer, assetId, 1, id), "over");
    }

    function test_subscribeRefusals() public {
        uint32 downloads = _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
        vm.startPrank(buyer);
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.NotForSubscription.selector, downloads));
        subscriptions.subscribe(downloads, 1, 1, PRICE, KEY, _noPermit());
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.TotalAboveMax.selector, 2 * PRICE, 2 * PRICE - 1));
        subscriptions.subscribe(listingId, 1, 2, 2 * PRICE - 1, KEY, _noPermit());
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.BadPeriods.selector, 0));
        subscriptions.subscribe(listingId, 1, 0, PRICE, KEY, _noPermit());
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.BadPeriods.selector, 121));
        subscriptions.subscribe(listingId, 1, 121, type(uint96).max, KEY, _noPermit());
        vm.expectRevert(abi.encodeWithSelector(IMarket.VersionNotCovered.selector, listingId, 0));
        subscriptions.subscribe(listingId, 0, 1, PRICE, KEY, _noPermit());
        vm.expectRevert(abi.encodeWithSelector(IMarket.VersionNotLive.selector, assetId, 2));
        subscriptions.subscribe(listingId, 2, 1, PRICE, KEY, _noPermit());
        vm.expectRevert(IMarket.EmptyRecipientKey.selector);
        subscriptions.subscribe(listingId, 1, 1, PRICE, 0, _noPermit());
        bytes32 id = subscriptions.subscribe(listingId, 1, 1, PRICE, KEY, _noPermit());
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.SubscriptionExists.selector, id));
        subscriptions.subscribe(listingId, 1, 1, PRICE, KEY, _noPermit());
        vm.expectRevert(abi.encodeWithSelector(IMarket.WrongLicense.selector, listingId));
        market.buy(listingId, 1, PRICE, KEY);
        vm.stopPrank();
        vm.prank(publisher);
        market.retireListing(listingId);
        vm.expectRevert(abi.encodeWithSelector(IMarket.ListingIsRetired.selector, listingId));
        vm.prank(stranger);
        subscriptions.subscribe(listingId, 1, 1, PRICE, KEY, _noPermit());
    }

    // Keys

    function test_grantsReachTheQuorum() public {
        bytes32 id = _subscribe(2);
        _grantSub(id, keepers[0]);
        assertEq(subscriptions.request(id).grantedUntil, 0, "one share is no key");
        _grantSub(id, keepers[0]);
        assertEq(subscriptions.request(id).grants, 1, "served once");
        _grantSub(id, keepers[1]);
        assertEq(subscriptions.request(id).grantedUntil, start + PERIOD, "this period is used");
        _grantSub(id, keepers[2]);
        assertEq(subscriptions.request(id).grants, 7, "one more in case another is bad");
        vm.warp(start + PERIOD);
        vm.prank(buyer);
        subscriptions.requestKey(id, 1, "fresh");
        assertEq(subscriptions.request(id).grants, 0, "asked anew");
        _grantSub(id, keepers[0]);
        _grantSub(id, keepers[1]);
        assertEq(subscriptions.request(id).grantedUntil, start + 2 * PERIOD, "the next one too");
    }

    function test_grantRefusals() public {
        bytes32 id = _subscribe(1);
        ISubscriptions.Grant[] memory grants = new ISubscriptions.Grant[](1);
        grants[0] = ISubscriptions.Grant(id, uint32(start), _share());
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotKeyHolder.selector, id, keepers[3]));
        vm.prank(keepers[3]);
        subscriptions.grant(grants);
        grants[0] = ISubscriptions.Grant(id, uint32(start), new bytes(513));
        vm.expectRevert(abi.encodeWithSelector(IMarket.BadShare.selector, id));
        vm.prank(keepers[0]);
        subscriptions.grant(grants);
        grants[0].sealedShare = "";
        vm.expectRevert(abi.encodeWithSelector(IMarket.BadShare.selector, id));
        vm.prank(keepers[0]);
        subscriptions.grant(grants);
        vm.warp(start + GRANT_WINDOW - GRANT_MARGIN);
        _grantSub(id, keepers[0]);
        vm.warp(start + GRANT_WINDOW - GRANT_MARGIN + 1);
        _grantSub(id, keepers[1]);
        assertEq(subscriptions.request(id).grants, 1, "past the margin it is passed over");
    }

    function test_onlyTheSubscriberAsksForKeys() public {
        bytes32 id = _subscribe(1);
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.NotSubscriber.selector, id, stranger));
        vm.prank(stranger);
        subscriptions.requestKey(id, 1, KEY);
        vm.warp(start + PERIOD);
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.SubscriptionOver.selector, id, start + PERIOD));
        vm.prank(buyer);
        subscriptions.requestKey(id, 1, KEY);
    }

    // Renewing

    function test_renewMovesTheEnd() public {
        bytes32 id = _subscribe(1);
        _fund(stranger, 10 * PRICE);
        vm.prank(stranger);
        subscriptions.renew(id, 2, _noPermit());
        assertEq(subscriptions.subscription(id).paidUntil, start + 3 * PERIOD, "whole periods");
        assertEq(subscriptions.heldFor(id), 3 * PRICE, "held");
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.UnknownSubscription.selector, bytes32("x")));
        subscriptions.renew("x", 1, _noPermit());
    }

    function test_renewAfterAGapBeginsAnew() public {
        bytes32 id = _subscribe(1);
        vm.warp(start + 5 * PERIOD + 7);
        vm.prank(buyer);
        subscriptions.renewNow(listingId);
        assertEq(subscriptions.subscription(id).claimedUntil, start + 5 * PERIOD + 7, "from now on");
        assertEq(subscriptions.heldFor(id), PRICE, "the new one is held");
        assertEq(subscriptions.owed(publisher), PRICE - PRICE * 25 / 10_000, "the old one is the seller's");
    }

    function test_aClosedPlanIsNotRenewed() public {
        bytes32 id = _subscribe(1);
        address[] memory accounts = new address[](1);
        accounts[0] = buyer;
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.ListingIsOpen.selector, listingId));
        subscriptions.closePlan(listingId, accounts);
        vm.prank(publisher);
        market.retireListing(listingId);
        vm.prank(buyer);
        subscriptions.renewNow(listingId);
        subscriptions.closePlan(listingId, accounts);
        assertTrue(subscriptions.subscription(id).closed, "said");
        assertEq(subscriptions.heldFor(id), 2 * PRICE, "what was paid stays");
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.RenewalsAreClosed.selector, id));
        vm.prank(buyer);
        subscriptions.renewNow(listingId);
        accounts[0] = stranger;
        vm.expectRevert(
            abi.encodeWithSelector(
                ISubscriptions.UnknownSubscription.selector, subscriptions.subscriptionIdOf(listingId, stranger)
            )
        );
        subscriptions.closePlan(listingId, accounts);
    }

    // Cancelling

    function test_cancelWaitsForAnOpenRequest() public {
        bytes32 id = _subscribe(1);
        uint256 notBefore = start + GRANT_WINDOW + 1;
        vm.warp(notBefore - 1);
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.RequestPending.selector, id, notBefore));
        vm.prank(buyer);
        subscriptions.cancel(id);
        vm.warp(notBefore);
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.NotSubscriber.selector, id, stranger));
        vm.prank(stranger);
        subscriptions.cancel(id);
        vm.prank(buyer);
        subscriptions.cancel(id);
        assertTrue(!market.entitled(buyer, assetId, 1, id), "ended");
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.SubscriptionOver.selector, id, notBefore));
        vm.prank(buyer);
        subscriptions.cancel(id);
    }

    /// @dev Nobody answered: what is left is returned to the second, and together with the seller's part it is all.
    function testFuzz_cancelWithoutAKey(uint8 periods, uint32 moment, uint96 price) public {
        uint256 n = bound(periods, 1, 10);
        price = uint96(bound(price, 0, 500e18));
        listingId = _listPlan(address(0), price);
        bytes32 id = _subscribe(uint16(n));
        uint256 when = start + bound(moment, GRANT_WINDOW + 1, n * PERIOD - 1);
        vm.warp(when);
        vm.prank(buyer);
        uint256 refunded = subscriptions.cancel(id);
        assertEq(refunded, uint256(price) * (start + n * PERIOD - when) / PERIOD, "pro rata");
        assertEq(subscriptions.owed(buyer), refunded, "credited");
        _assertAllPaidOut(uint256(price) * n);
    }

    /// @dev A key was granted in this period: only whole periods after it are returned.
    function testFuzz_cancelAfterAKey(uint8 periods, uint32 moment) public {
        uint256 n = bound(periods, 1, 10);
        bytes32 id = _subscribe(uint16(n));
        uint256 passed = bound(moment, 0, n * PERIOD - 1);
        vm.warp(start + passed);
        vm.prank(buyer);
        subscriptions.requestKey(id, 1, "fresh");
        _grantSub(id, keepers[0]);
        _grantSub(id, keepers[1]);
        vm.prank(buyer);
        uint256 refunded = subscriptions.cancel(id);
        assertEq(refunded, PRICE * (n - passed / PERIOD - 1), "later periods");
        assertEq(subscriptions.subscription(id).paidUntil, start + (passed / PERIOD + 1) * PERIOD, "this one stays");
        assertTrue(market.entitled(buyer, assetId, 1, id), "to its end");
        _assertAllPaidOut(PRICE * n);
    }

    function test_afterCancellingOneSubscribesAgain() public {
        bytes32 id = _subscribe(2);
        vm.warp(start + GRANT_WINDOW + 1);
        vm.prank(buyer);
        subscriptions.cancel(id);
        assertEq(_subscribe(1), id, "the same id");
        assertEq(subscriptions.heldFor(id), PRICE, "paid anew");
    }

    // Claiming

    function test_claimPeriodsThatAreOver() public {
        bytes32 id = _subscribe(3);
        vm.warp(start + PERIOD - 1);
        _claimSub(id);
        assertEq(subscriptions.owed(publisher), 0, "nothing is over");
        vm.warp(start + PERIOD);
        _claimSub(id);
        _claimSub(id);
        assertEq(subscriptions.owed(publisher), PRICE - PRICE * 25 / 10_000, "one, once");
        assertEq(subscriptions.owed(treasury), PRICE * 25 / 10_000, "fee");
        vm.warp(start + 30 * PERIOD);
        _claimSub(id);
        assertEq(subscriptions.heldFor(id), 0, "all");
        _assertAllPaidOut(3 * PRICE);
    }

    function test_claimThePeriodOfAKey() public {
        bytes32 id = _subscribe(2);
        _grantSub(id, keepers[0]);
        _grantSub(id, keepers[1]);
        _claimSub(id);
        assertEq(subscriptions.heldFor(id), PRICE, "the first is the seller's at once");
    }

    function test_inAnotherToken() public {
        PlainToken plain = new PlainToken(6);
        plain.mint(buyer, 10 * PRICE);
        vm.prank(owner);
        market.allowToken(address(plain), true);
        vm.prank(buyer);
        plain.approve(address(subscriptions), type(uint256).max);
        listingId = _listPlan(address(plain), PRICE);
        bytes32 id = _subscribe(1);
        vm.prank(buyer);
        subscriptions.renewNow(listingId);
        vm.warp(start + PERIOD + PERIOD / 2);
        vm.prank(buyer);
        assertEq(subscriptions.cancel(id), PRICE / 2, "half a period");
        vm.prank(buyer);
        assertEq(subscriptions.withdrawToken(address(plain)), PRICE / 2, "in that token");
        vm.prank(publisher);
        subscriptions.withdrawToken(address(plain));
        vm.prank(treasury);
        subscriptions.withdrawToken(address(plain));
        assertEq(plain.balanceOf(address(subscriptions)), 0, "nothing left");
        vm.prank(owner);
        market.allowToken(address(plain), false);
        vm.expectRevert(abi.encodeWithSelector(IMarket.TokenNotAllowed.selector, address(plain)));
        vm.prank(buyer);
        subscriptions.renewNow(listingId);
    }
}
