// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAssetRegistry} from "../src/interfaces/IAssetRegistry.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {IPause} from "../src/interfaces/IPause.sol";
import {ISubscriptions} from "../src/interfaces/ISubscriptions.sol";
import {ITokenPayouts} from "../src/interfaces/ITokenPayouts.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {Permit, Verdict} from "../src/interfaces/Types.sol";
import {SubscriptionTest} from "./SubscriptionTest.sol";
import {FeeToken, PlainToken, ReentrantToken, RebasingToken} from "./Tokens.sol";
import {vm} from "./Vm.sol";

contract Stopped is IPause {
    function paused() external pure returns (bool) {
        return true;
    }
}

/// @dev See Subscription.tree: boundary seconds, several periods, other tokens, and who is paid.
contract SubscriptionEdgesTest is SubscriptionTest {
    // Renewing

    function test_whoHeldTheKeyWhenItWasAskedForGrants() public {
        bytes32 id = _subscribe(1);
        vm.prank(keepers[1]);
        validators.deregister();
        vm.prank(keepers[0]);
        custody.open(assetId, 1, new uint16[](0));
        mine(2);
        custody.draw(assetId, 1, keepers[0]);
        vm.prank(keepers[0]);
        custody.confirm(assetId, 1, keepers[0], "next");
        vm.prank(keepers[2]);
        custody.confirm(assetId, 1, keepers[0], "next");
        skip(1);
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotKeyHolder.selector, id, keepers[3]));
        this.grantSub(id, keepers[3]);
        _grantSub(id, keepers[1]);
        _grantSub(id, keepers[2]);
        assertEq(subscriptions.request(id).grantedUntil, uint32(start + PERIOD), "by the old ones");
        _request(id, 1);
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotKeyHolder.selector, id, keepers[1]));
        this.grantSub(id, keepers[1]);
        _grantSub(id, keepers[3]);
        assertEq(subscriptions.request(id).grants, 2, "by a new one, in the same place");
    }

    function grantSub(bytes32 id, address who) external {
        _grantSub(id, who);
    }

    function test_renewAtTheBoundary() public {
        bytes32 id = _subscribe(1);
        vm.warp(start + PERIOD - 1);
        uint256 before = vm.snapshotState();
        _renew();
        assertEq(subscriptions.subscription(id).paidUntil, start + 2 * PERIOD, "the last second goes on");
        assertEq(subscriptions.heldFor(id), 2 * PRICE, "both are held");
        vm.revertToState(before);
        vm.warp(start + PERIOD);
        _renew();
        assertEq(subscriptions.subscription(id).paidUntil, start + 2 * PERIOD, "the first second after begins anew");
        assertEq(subscriptions.heldFor(id), PRICE, "the old one is the seller's");
    }

    function test_renewRefusals() public {
        bytes32 id = subscriptions.subscriptionIdOf(listingId, buyer);
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.UnknownSubscription.selector, id));
        _renew();
        _subscribe(1);
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.BadPeriods.selector, 0));
        vm.prank(buyer);
        subscriptions.renew(id, 0, _noPermit());
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.BadPeriods.selector, 121));
        vm.prank(buyer);
        subscriptions.renew(id, 121, _noPermit());
        vm.prank(buyer);
        subscriptions.renew(id, 120, _noPermit());
        assertEq(subscriptions.heldFor(id), 121 * PRICE, "120 more");
    }

    /// @dev Its argument is wider than a listing's number: nothing beyond it is anybody else's subscription.
    function testFuzz_aWideListingNumberIsNobodyElses(uint256 number) public {
        bytes32 id = _subscribe(1);
        uint256 before = coin.balanceOf(buyer);
        vm.prank(buyer);
        (bool renewed,) = address(subscriptions).call(abi.encodeCall(ISubscriptions.renewNow, (number)));
        bool own = subscriptions.subscription(id).paidUntil == start + 2 * PERIOD;
        assertTrue(renewed == own, "their own or none");
        assertEq(before - coin.balanceOf(buyer), own ? PRICE : 0, "paid for what was renewed");
    }

    function test_aWideListingNumberThatMeansTheSameRenewsTheSame() public {
        bytes32 id = _subscribe(1);
        vm.prank(buyer);
        subscriptions.renewNow(uint256(listingId) | (1 << 90) | (1 << 100));
        assertEq(
            subscriptions.subscription(id).paidUntil, start + 2 * PERIOD, "the bits that fall away or are set anyway"
        );
    }

    function test_theEndOfTime() public {
        vm.warp(type(uint32).max - 3 * PERIOD / 2);
        bytes32 id = _subscribe(1);
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.BadPeriods.selector, 1));
        _renew();
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.BadPeriods.selector, 1));
        vm.prank(buyer);
        subscriptions.renew(id, 1, _noPermit());
    }

    function test_aFinitePermitPaysForAll() public {
        vm.prank(buyer);
        coin.approve(address(subscriptions), 0);
        Permit memory permit = _permit("buyer", address(subscriptions), 2 * PRICE);
        vm.prank(buyer);
        bytes32 id = subscriptions.subscribe(listingId, 1, 2, 2 * PRICE, KEY, permit);
        permit = _permit("buyer", address(subscriptions), PRICE);
        vm.prank(buyer);
        subscriptions.renew(id, 1, permit);
        assertEq(subscriptions.heldFor(id), 3 * PRICE, "paid");
        assertEq(coin.allowance(buyer, address(subscriptions)), 0, "used up");
    }

    function test_aFreeSubscription() public {
        listingId = _listPlan(address(0), 0);
        bytes32 id = _subscribe(1);
        _renew();
        vm.prank(buyer);
        subscriptions.renew(id, 1, _noPermit());
        assertEq(subscriptions.subscription(id).paidUntil, start + 3 * PERIOD, "for nothing");
        _grantKey(id);
        assertEq(_cancel(id), 0, "nothing back");
        _assertAllPaidOut(0);
    }

    function test_aPauseStopsNewOnesOnly() public {
        bytes32 id = _subscribe(1);
        address guardian = address(new Stopped());
        vm.prank(owner);
        market.setGuardian(guardian);
        market.syncPause();
        vm.expectRevert(abi.encodeWithSelector(IMarket.NewOrdersStopped.selector, market.pausedUntil()));
        vm.prank(stranger);
        subscriptions.subscribe(listingId, 1, 1, PRICE, KEY, _noPermit());
        _renew();
        _request(id, 1);
        _grantKey(id);
        assertEq(_cancel(id), PRICE, "the second period");
    }

    // Taking it again

    function test_takingItAgainPaysTheSellerForTheLastTime() public {
        bytes32 id = _subscribe(2);
        vm.warp(start + 2 * PERIOD);
        assertEq(_subscribe(1), id, "the same");
        assertEq(subscriptions.heldFor(id), PRICE, "the new one is held");
        assertEq(subscriptions.owed(publisher), 2 * (PRICE - PRICE * 25 / 10_000), "the old ones are the seller's");
        _cancelLater(id);
        _assertAllPaidOut(3 * PRICE);
    }

    function test_aClosedOneMayRunAndBeCancelled() public {
        bytes32 id = _subscribe(3);
        vm.prank(publisher);
        market.retireListing(listingId);
        subscriptions.closePlan(listingId, _one(buyer));
        subscriptions.closePlan(listingId, _one(buyer));
        assertTrue(market.entitled(buyer, assetId, 1, id), "still");
        _request(id, 1);
        _grantKey(id);
        assertEq(_cancel(id), 2 * PRICE, "the periods to come");
        vm.warp(start + PERIOD);
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.RenewalsAreClosed.selector, id));
        _renew();
    }

    // Keys

    function test_oneKeyInEachOfTwoPeriods() public {
        bytes32 id = _subscribe(3);
        _grantKey(id);
        vm.warp(start + PERIOD);
        _request(id, 1);
        _grantKey(id);
        assertEq(_cancel(id), PRICE, "the third alone");
        _claimSub(id);
        assertEq(subscriptions.heldFor(id), 0, "two are the seller's");
        _assertAllPaidOut(3 * PRICE);
    }

    /// @dev Less than a quorum delivers nothing: once the request is over, what is left comes back.
    function test_aPartOfAKeyKeepsNothing() public {
        bytes32 id = _subscribe(2);
        _grantSub(id, keepers[0]);
        vm.warp(start + GRANT_WINDOW + 1);
        _grantSub(id, keepers[1]);
        assertEq(subscriptions.request(id).grantedUntil, 0, "too late");
        assertEq(_cancel(id), uint256(PRICE) * (2 * PERIOD - GRANT_WINDOW - 1) / PERIOD, "the rest, to the second");
        _assertAllPaidOut(2 * PRICE);
    }

    /// @dev Whichever of the two comes first in one second, the seller and the subscriber get the same.
    function test_cancelInTheSecondOfTheGrant() public {
        bytes32 id = _subscribe(2);
        skip(100);
        _grantSub(id, keepers[0]);
        uint256 before = vm.snapshotState();
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.RequestPending.selector, id, start + GRANT_WINDOW + 1));
        _cancel(id);
        _grantSub(id, keepers[1]);
        assertEq(_cancel(id), PRICE, "the second period");
        vm.revertToState(before);
        _grantSub(id, keepers[1]);
        assertEq(_cancel(id), PRICE, "the same");
        _grantSub(id, keepers[2]);
        assertEq(subscriptions.request(id).grants, 7, "the running period is served to its end");
        vm.warp(start + PERIOD);
        _grantSub(id, keepers[2]);
        assertEq(subscriptions.request(id).grants, 7, "not beyond");
    }

    function test_anAnswerInAnEarlierPeriodIsNoOpenRequest() public {
        bytes32 id = _subscribe(2);
        vm.warp(start + PERIOD - 1);
        _request(id, 1);
        _grantKey(id);
        vm.warp(start + PERIOD);
        assertEq(_cancel(id), PRICE, "all of the second, from its first second");
    }

    function test_aRequestAtTheBoundaryIsOpen() public {
        bytes32 id = _subscribe(2);
        _grantKey(id);
        vm.warp(start + PERIOD);
        _request(id, 1);
        vm.expectRevert(
            abi.encodeWithSelector(ISubscriptions.RequestPending.selector, id, start + PERIOD + GRANT_WINDOW + 1)
        );
        _cancel(id);
    }

    function test_aRequestAnsweredInTheNextPeriodUsesThat() public {
        bytes32 id = _subscribe(3);
        vm.warp(start + PERIOD - 1);
        _request(id, 1);
        vm.warp(start + PERIOD);
        _grantKey(id);
        assertEq(subscriptions.request(id).grantedUntil, start + 2 * PERIOD, "the second");
        assertEq(_cancel(id), PRICE, "the third");
    }

    function test_aNewVersionIsAskedFor() public {
        bytes32 id = _subscribe(1);
        _grantKey(id);
        IAssetRegistry.VersionInput memory input = _input(true);
        vm.prank(publisher);
        registry.addVersion(assetId, input, _noPermit());
        vm.expectRevert(abi.encodeWithSelector(IMarket.VersionNotLive.selector, assetId, 2));
        _request(id, 2);
        _conclude(registry.roundOf(assetId, 2), Verdict.Accept);
        vm.expectRevert(abi.encodeWithSelector(IMarket.VersionNotCovered.selector, listingId, 0));
        _request(id, 0);
        vm.expectRevert(IMarket.EmptyRecipientKey.selector);
        vm.prank(buyer);
        subscriptions.requestKey(id, 2, 0);
        _request(id, 2);
        _grantKey(id);
        ISubscriptions.Request memory asked = subscriptions.request(id);
        assertEq(asked.version, 2, "version");
        assertEq(asked.grants, 3, "granted");
        assertTrue(market.entitled(buyer, assetId, 2, id), "entitled to both");
    }

    function test_anAnswerToAReplacedRequestIsPassedOver() public {
        bytes32 id = _subscribe(1);
        skip(1);
        _request(id, 1);
        ISubscriptions.Grant[] memory grants = new ISubscriptions.Grant[](1);
        grants[0] = ISubscriptions.Grant(id, uint32(start), _share());
        vm.prank(keepers[0]);
        subscriptions.grant(grants);
        assertEq(subscriptions.request(id).grants, 0, "it was sealed to another key");
        _grantKey(id);
        assertEq(subscriptions.request(id).grants, 3, "the new one is served");
    }

    function test_requestsOfNobodyArePassedOver() public {
        bytes32 id = subscriptions.subscriptionIdOf(listingId, stranger);
        _grantSub(id, keepers[0]);
        assertEq(subscriptions.request(id).grants, 0, "nothing happens");
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.UnknownSubscription.selector, id));
        _claimSub(id);
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.UnknownSubscription.selector, id));
        subscriptions.subscription(id);
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.UnknownSubscription.selector, id));
        _request(id, 1);
    }

    // Claiming

    function test_claimAtTheBoundary() public {
        bytes32 id = _subscribe(2);
        vm.warp(start + PERIOD - 1);
        _claimSub(id);
        assertEq(subscriptions.heldFor(id), 2 * PRICE, "the last second is not over");
        vm.warp(start + PERIOD);
        _claimSub(id);
        assertEq(subscriptions.heldFor(id), PRICE, "it is");
        vm.warp(start + 2 * PERIOD);
        _claimSub(id);
        assertEq(subscriptions.heldFor(id), 0, "and the last");
    }

    function test_theParentsOwnerGetsItsShare() public {
        bytes32 jobId = _openJob(_list(assetId, IMarket.LicenseKind.Compute, PRICE, 500));
        _claimJob(jobId);
        _endRun(jobId, Verdict.Accept);
        _assertJob(jobId, ITraining.JobState.Settled);
        _fund(buyer, 1_000e18);
        vm.prank(buyer);
        uint256 model = registry.publishModel(jobId, _input(true), _noPermit());
        _conclude(registry.roundOf(model, 1), Verdict.Accept);
        IMarket.ListingInput memory input =
            IMarket.ListingInput(uint64(model), 1, 0, IMarket.LicenseKind.Subscription, PRICE, 0, "terms");
        IMarket.Split[] memory none = new IMarket.Split[](0);
        vm.prank(buyer);
        listingId = market.createListingWith(input, IMarket.ListingExtras(address(0), PERIOD_MINUTES, none));
        bytes32 id = _subscribe(1);
        skip(PERIOD);
        _claimSub(id);
        uint256 parent = uint256(PRICE) * 500 / 10_000;
        assertEq(subscriptions.owed(publisher), parent, "parent");
        assertEq(subscriptions.owed(treasury), uint256(PRICE) * 25 / 10_000, "fee");
        _assertAllPaidOut(PRICE);
    }

    // Other tokens

    function test_aTokenThatKeepsAPartIsRefused() public {
        FeeToken fee = new FeeToken();
        _offer(fee);
        vm.expectRevert(
            abi.encodeWithSelector(ITokenPayouts.ShortPayment.selector, address(fee), PRICE - PRICE / 100, PRICE)
        );
        _subscribe(1);
    }

    function test_aTokenThatCallsBackPaysOnce() public {
        ReentrantToken evil = new ReentrantToken();
        _offer(evil);
        bytes32 id = _subscribe(1);
        evil.mint(address(evil), PRICE);
        vm.prank(address(evil));
        evil.approve(address(subscriptions), PRICE);
        evil.plant(address(subscriptions), abi.encodeCall(ISubscriptions.renew, (id, 1, _noPermit())));
        _renew();
        assertTrue(!evil.reached(), "refused by the guard");
        assertEq(subscriptions.heldFor(id), 2 * PRICE, "two");
        assertEq(evil.balanceOf(address(subscriptions)), 2 * PRICE, "and two paid");
    }

    function test_aShrinkingTokenFailsOnlyItsOwn() public {
        bytes32 own = _subscribe(1);
        RebasingToken shrinking = new RebasingToken();
        _offer(shrinking);
        bytes32 id = _subscribe(2);
        shrinking.shrink(address(subscriptions));
        _grantKey(id);
        _grantKey(own);
        assertEq(_cancel(id), PRICE, "owed");
        _claimSub(own);
        vm.prank(publisher);
        assertEq(subscriptions.withdraw(), PRICE - PRICE * 25 / 10_000, "NCR is untouched");
    }

    /// @dev However periods, grants, claims and a cancellation fall, what came in is what goes out.
    function testFuzz_anotherTokenIsConserved(uint8 periods, uint8 grants, uint32 moment, uint96 price) public {
        PlainToken plain = new PlainToken(6);
        price = uint96(bound(price, 0, type(uint88).max));
        uint256 n = bound(periods, 2, 10);
        plain.mint(buyer, uint256(price) * n);
        _allow(plain);
        listingId = _listPlan(address(plain), price);
        bytes32 id = _subscribe(uint16(n));
        for (uint256 i = 0; i < grants % 4; ++i) {
            _grantSub(id, keepers[i]);
        }
        vm.warp(start + bound(moment, GRANT_WINDOW + 1, n * PERIOD - 1));
        _claimSub(id);
        uint256 held = subscriptions.heldFor(id);
        uint256 refunded = _cancel(id);
        assertTrue(refunded <= held, "out of what was held");
        _claimSub(id);
        assertEq(subscriptions.heldFor(id), 0, "nothing is left");
        address token = address(plain);
        assertEq(subscriptions.owedIn(token, buyer), refunded, "credited");
        uint256 others = subscriptions.owedIn(token, publisher) + subscriptions.owedIn(token, treasury);
        assertEq(refunded + others, uint256(price) * n, "all of it");
        assertEq(plain.balanceOf(address(subscriptions)), uint256(price) * n, "and held");
    }

    function _cancelLater(bytes32 id) private {
        skip(GRANT_WINDOW + 1);
        _cancel(id);
    }

    function _offer(PlainToken plain) private {
        plain.mint(buyer, 10 * PRICE);
        _allow(plain);
        listingId = _listPlan(address(plain), PRICE);
    }

    function _allow(PlainToken plain) private {
        vm.prank(owner);
        market.allowToken(address(plain), true);
        vm.prank(buyer);
        plain.approve(address(subscriptions), type(uint256).max);
    }
}
