// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {Permit, Verdict} from "../src/interfaces/Types.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

contract MarketTest is SystemTest {
    uint256 private assetId;
    uint32 private listingId;

    function setUp() public override {
        super.setUp();
        assetId = _publishLive(true);
        listingId = _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
    }

    // Listings

    function test_createListing() public {
        uint32 compute = _list(assetId, IMarket.LicenseKind.Compute, 7e18, 5_000);
        IMarket.Listing memory terms = market.listing(compute);
        assertEq(terms.seller, publisher, "seller");
        assertEq(terms.price, 7e18, "price");
        assertEq(terms.assetId, assetId, "asset");
        assertEq(terms.firstVersion, 1, "first");
        assertEq(terms.lastVersion, 0, "last");
        assertEq(uint8(terms.kind), uint8(IMarket.LicenseKind.Compute), "kind");
        assertEq(terms.modelShareBps, 5_000, "share");
        assertEq(terms.parentAssetId, 0, "no parent");
        assertTrue(!terms.retired, "open");
        assertEq(market.highestDownloadPrice(assetId), PRICE, "compute prices do not count");
        _list(assetId, IMarket.LicenseKind.Download, PRICE - 1, 0);
        assertEq(market.highestDownloadPrice(assetId), PRICE, "lower ones neither");
        _list(assetId, IMarket.LicenseKind.Download, PRICE + 1, 0);
        assertEq(market.highestDownloadPrice(assetId), PRICE + 1, "higher ones do");
    }

    function test_createListingRefusals() public {
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotAssetOwner.selector, assetId, stranger));
        vm.prank(stranger);
        market.createListing(_listing(assetId, 1, 0, IMarket.LicenseKind.Download, 0));
        vm.startPrank(publisher);
        vm.expectRevert(abi.encodeWithSelector(IMarket.BadVersionRange.selector, 2, 1));
        market.createListing(_listing(assetId, 2, 1, IMarket.LicenseKind.Download, 0));
        vm.expectRevert(abi.encodeWithSelector(IMarket.VersionNotLive.selector, assetId, 2));
        market.createListing(_listing(assetId, 2, 0, IMarket.LicenseKind.Download, 0));
        vm.expectRevert(abi.encodeWithSelector(IMarket.ShareTooLarge.selector, 5_001, 5_000));
        market.createListing(_listing(assetId, 1, 0, IMarket.LicenseKind.Compute, 5_001));
        vm.expectRevert(abi.encodeWithSelector(IMarket.ShareTooLarge.selector, 1, 0));
        market.createListing(_listing(assetId, 1, 0, IMarket.LicenseKind.Download, 1));
        vm.stopPrank();
        uint256 blind = _publish(false);
        vm.expectRevert(abi.encodeWithSelector(IMarket.RunsNeedReaders.selector, blind, 1));
        vm.prank(publisher);
        market.createListing(_listing(blind, 1, 0, IMarket.LicenseKind.Compute, 0));
    }

    function test_aPendingVersionCanBeListedButNotBought() public {
        uint256 pending = _publish(true);
        uint32 early = _list(pending, IMarket.LicenseKind.Download, PRICE, 0);
        vm.expectRevert(abi.encodeWithSelector(IMarket.VersionNotLive.selector, pending, 1));
        vm.prank(buyer);
        market.buy(early, 1, PRICE, KEY);
        _conclude(registry.roundOf(pending, 1), Verdict.Accept);
        _buy(early, KEY);
    }

    function test_retireListing() public {
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotSeller.selector, listingId, stranger));
        vm.prank(stranger);
        market.retireListing(listingId);
        vm.prank(publisher);
        market.retireListing(listingId);
        assertTrue(market.listing(listingId).retired, "retired");
        vm.expectRevert(abi.encodeWithSelector(IMarket.ListingIsRetired.selector, listingId));
        vm.prank(publisher);
        market.retireListing(listingId);
        vm.expectRevert(abi.encodeWithSelector(IMarket.UnknownListing.selector, 99));
        market.retireListing(99);
        vm.expectRevert(abi.encodeWithSelector(IMarket.UnknownListing.selector, 99));
        market.listing(99);
    }

    function test_aNewOwnerRetiresAnOldListing() public {
        vm.prank(publisher);
        registry.transferFrom(publisher, stranger, assetId);
        vm.prank(stranger);
        market.retireListing(listingId);
    }

    // Buying

    function test_buyHoldsThePriceAndEntitles() public {
        uint256 before = coin.balanceOf(buyer);
        bytes32 orderId = _buy(listingId, KEY);
        assertEq(orderId, market.orderIdOf(listingId, 1, buyer, KEY), "id");
        assertEq(uint8(orderId[0]), 1, "prefix");
        IMarket.Order memory o = market.order(orderId);
        assertEq(o.buyer, buyer, "buyer");
        assertEq(o.changedAt, block.timestamp, "changed at");
        assertEq(o.listingId, listingId, "listing");
        assertEq(o.version, 1, "version");
        assertEq(o.grants, 0, "grants");
        _assertState(orderId, IMarket.OrderState.Open);
        assertEq(before - coin.balanceOf(buyer), PRICE, "paid");
        assertEq(coin.balanceOf(address(market)), PRICE, "held");
        assertTrue(market.entitled(buyer, assetId, 1, orderId), "entitled");
        assertTrue(!market.entitled(stranger, assetId, 1, orderId), "others are not");
        assertTrue(!market.entitled(buyer, assetId, 2, orderId), "another version");
        assertTrue(!market.entitled(buyer, assetId + 1, 1, orderId), "another asset");
        assertTrue(!market.entitled(buyer, assetId, 1, bytes32(uint256(orderId) ^ 1)), "another order");
        assertTrue(!market.entitled(address(0), assetId, 1, bytes32(uint256(1) << 248)), "no order is nobody's");
        assertTrue(!market.entitled(buyer, assetId, 1, bytes32(uint256(9) << 248)), "an unknown kind");
    }

    function test_buyRefusals() public {
        uint32 compute = _list(assetId, IMarket.LicenseKind.Compute, PRICE, 0);
        _buy(listingId, KEY);
        vm.startPrank(buyer);
        vm.expectRevert(abi.encodeWithSelector(IMarket.UnknownListing.selector, 99));
        market.buy(99, 1, PRICE, KEY);
        vm.expectRevert(abi.encodeWithSelector(IMarket.WrongLicense.selector, compute));
        market.buy(compute, 1, PRICE, KEY);
        vm.expectRevert(abi.encodeWithSelector(IMarket.VersionNotCovered.selector, listingId, 0));
        market.buy(listingId, 0, PRICE, KEY);
        vm.expectRevert(abi.encodeWithSelector(IMarket.VersionNotLive.selector, assetId, 2));
        market.buy(listingId, 2, PRICE, KEY);
        vm.expectRevert(abi.encodeWithSelector(IMarket.PriceAboveMax.selector, PRICE, PRICE - 1));
        market.buy(listingId, 1, PRICE - 1, KEY);
        vm.expectRevert(IMarket.EmptyRecipientKey.selector);
        market.buy(listingId, 1, PRICE, 0);
        bytes32 orderId = market.orderIdOf(listingId, 1, buyer, KEY);
        vm.expectRevert(abi.encodeWithSelector(IMarket.OrderExists.selector, orderId));
        market.buy(listingId, 1, PRICE, KEY);
        vm.stopPrank();
        vm.prank(publisher);
        market.retireListing(listingId);
        vm.expectRevert(abi.encodeWithSelector(IMarket.ListingIsRetired.selector, listingId));
        vm.prank(buyer);
        market.buy(listingId, 1, PRICE, "other");
    }

    function test_aListingCoversItsVersionsOnly() public {
        vm.startPrank(publisher);
        registry.addVersion(assetId, _input(true), _noPermit());
        uint32 firstOnly = market.createListing(_listing(assetId, 1, 1, IMarket.LicenseKind.Download, 0));
        vm.stopPrank();
        _conclude(registry.roundOf(assetId, 2), Verdict.Accept);
        vm.startPrank(buyer);
        vm.expectRevert(abi.encodeWithSelector(IMarket.VersionNotCovered.selector, firstOnly, 2));
        market.buy(firstOnly, 2, PRICE, KEY);
        bytes32 orderId = market.buy(listingId, 2, PRICE, KEY);
        vm.stopPrank();
        assertTrue(market.entitled(buyer, assetId, 2, orderId), "later versions are covered");
    }

    function test_revokingStopsPurchasesOnly() public {
        bytes32 orderId = _buy(listingId, KEY);
        vm.prank(publisher);
        registry.revokeVersion(assetId, 1, "consent withdrawn");
        vm.expectRevert(abi.encodeWithSelector(IMarket.VersionNotLive.selector, assetId, 1));
        vm.prank(buyer);
        market.buy(listingId, 1, PRICE, "other");
        assertTrue(market.entitled(buyer, assetId, 1, orderId), "who has bought keeps it");
        _grantAll(orderId);
        _assertState(orderId, IMarket.OrderState.Granted);
    }

    function test_buyWithPermit() public {
        vm.prank(buyer);
        coin.approve(address(market), 0);
        Permit memory permit = _permit("buyer", address(market), PRICE);
        vm.prank(buyer);
        market.buyWithPermit(listingId, 1, PRICE, KEY, permit);
        assertEq(coin.balanceOf(address(market)), PRICE, "held");
    }

    /// @dev Somebody saw the permit in the mempool and used it first: the purchase goes through all the same.
    function test_aPermitUsedByAnotherDoesNotBlock() public {
        vm.prank(buyer);
        coin.approve(address(market), 0);
        Permit memory p = _permit("buyer", address(market), PRICE);
        vm.prank(stranger);
        coin.permit(buyer, address(market), p.value, p.deadline, p.v, p.r, p.s);
        vm.prank(buyer);
        market.buyWithPermit(listingId, 1, PRICE, KEY, p);
        assertEq(coin.balanceOf(address(market)), PRICE, "held");
    }

    /// @dev A permit only ever serves its signer, and once.
    function testFuzz_aPermitReplayedPaysNothing(uint96 value) public {
        value = uint96(bound(value, PRICE, 2 * PRICE - 1));
        vm.prank(buyer);
        coin.approve(address(market), 0);
        Permit memory p = _permit("buyer", address(market), value);
        vm.prank(stranger);
        vm.expectRevert();
        market.buyWithPermit(listingId, 1, PRICE, KEY, p);
        vm.startPrank(buyer);
        market.buyWithPermit(listingId, 1, PRICE, KEY, p);
        vm.expectRevert();
        market.buyWithPermit(listingId, 1, PRICE, "other", p);
        vm.stopPrank();
        assertEq(coin.balanceOf(address(market)), PRICE, "one order");
    }

    // Grants

    function test_grantsReachTheQuorum() public {
        bytes32 orderId = _buy(listingId, KEY);
        skip(10);
        _grant(orderId, keepers[2]);
        assertEq(market.order(orderId).grants, 4, "third place");
        _assertState(orderId, IMarket.OrderState.Open);
        assertEq(market.order(orderId).changedAt, block.timestamp - 10, "still counts from the purchase");
        skip(10);
        _grant(orderId, keepers[0]);
        assertEq(market.order(orderId).grants, 5, "first and third");
        _assertState(orderId, IMarket.OrderState.Granted);
        assertEq(market.order(orderId).changedAt, block.timestamp, "granted now");
        skip(10);
        _grant(orderId, keepers[1]);
        assertEq(market.order(orderId).grants, 7, "one more share in case another is bad");
        assertEq(market.order(orderId).changedAt, block.timestamp - 10, "the window does not start again");
    }

    function test_grantRefusals() public {
        bytes32 orderId = _buy(listingId, KEY);
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotKeyHolder.selector, orderId, keepers[3]));
        _grantAs(orderId, keepers[3], 80);
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotKeyHolder.selector, orderId, stranger));
        _grantAs(orderId, stranger, 80);
        vm.expectRevert(abi.encodeWithSelector(IMarket.BadShare.selector, orderId));
        _grantAs(orderId, keepers[0], 0);
        vm.expectRevert(abi.encodeWithSelector(IMarket.BadShare.selector, orderId));
        _grantAs(orderId, keepers[0], 513);
        _grantAs(orderId, keepers[0], 512);
        _grantAs(orderId, keepers[1], 1);
        _assertState(orderId, IMarket.OrderState.Granted);
    }

    function test_grantsPassOver() public {
        bytes32 orderId = _buy(listingId, KEY);
        bytes32 fresh = _buy(listingId, "fresh");
        _grant(orderId, keepers[0]);
        IMarket.Grant[] memory batch = new IMarket.Grant[](4);
        batch[0] = IMarket.Grant("unknown", _share());
        batch[1] = IMarket.Grant(orderId, _share());
        batch[2] = IMarket.Grant(fresh, _share());
        batch[3] = IMarket.Grant(fresh, _share());
        vm.prank(keepers[0]);
        market.grant(batch);
        assertEq(market.order(orderId).grants, 1, "served already");
        assertEq(market.order(fresh).grants, 1, "served once");
        _assertState(orderId, IMarket.OrderState.Open);
    }

    function test_aBatchOverSeveralAssets() public {
        uint256 other = _publishLive(false);
        bytes32 first = _buy(listingId, KEY);
        bytes32 second = _buy(_list(other, IMarket.LicenseKind.Download, 1, 0), KEY);
        IMarket.Grant[] memory batch = new IMarket.Grant[](2);
        batch[0] = IMarket.Grant(first, _share());
        batch[1] = IMarket.Grant(second, _share());
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(keepers[i]);
            market.grant(batch);
        }
        _assertState(first, IMarket.OrderState.Granted);
        _assertState(second, IMarket.OrderState.Granted);
    }

    function test_theMarginBeforeARefund() public {
        bytes32 orderId = _buy(listingId, KEY);
        uint256 boughtAt = block.timestamp;
        vm.warp(boughtAt + GRANT_WINDOW - GRANT_MARGIN);
        _grant(orderId, keepers[0]);
        assertEq(market.order(orderId).grants, 1, "the last second before the margin");
        skip(1);
        _grant(orderId, keepers[1]);
        assertEq(market.order(orderId).grants, 1, "passed over");
        vm.warp(boughtAt + GRANT_WINDOW);
        vm.expectRevert(abi.encodeWithSelector(IMarket.TooEarly.selector, orderId, boughtAt + GRANT_WINDOW + 1));
        market.refund(orderId);
        skip(1);
        uint256 before = coin.balanceOf(buyer);
        market.refund(orderId);
        assertEq(coin.balanceOf(buyer) - before, PRICE, "returned");
        _assertState(orderId, IMarket.OrderState.Refunded);
        assertTrue(!market.entitled(buyer, assetId, 1, orderId), "no longer entitled");
        vm.expectRevert(abi.encodeWithSelector(IMarket.WrongState.selector, orderId, IMarket.OrderState.Refunded));
        market.refund(orderId);
    }

    function test_lateGrantsStopWithTheConfirmWindow() public {
        bytes32 orderId = _granted();
        skip(CONFIRM_WINDOW + 1);
        _grant(orderId, keepers[2]);
        assertEq(market.order(orderId).grants, 3, "passed over");
    }

    // Confirming and claiming

    function test_confirmAndClaim() public {
        bytes32 orderId = _granted();
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotBuyer.selector, orderId, stranger));
        vm.prank(stranger);
        market.confirm(orderId);
        vm.prank(buyer);
        market.confirm(orderId);
        _assertState(orderId, IMarket.OrderState.Released);
        uint256 before = coin.balanceOf(publisher);
        vm.prank(stranger);
        uint256 paid = _claimOne(orderId);
        assertEq(paid, PRICE - PRICE * 25 / 10_000, "price less fee");
        assertEq(coin.balanceOf(publisher) - before, paid, "to the seller");
        assertEq(coin.balanceOf(treasury), PRICE * 25 / 10_000, "fee");
        assertEq(coin.balanceOf(address(market)), 0, "nothing left");
        _assertState(orderId, IMarket.OrderState.Claimed);
        assertTrue(market.entitled(buyer, assetId, 1, orderId), "for ever");
    }

    function test_confirmNeedsAGrant() public {
        bytes32 orderId = _buy(listingId, KEY);
        vm.startPrank(buyer);
        vm.expectRevert(abi.encodeWithSelector(IMarket.WrongState.selector, orderId, IMarket.OrderState.Open));
        market.confirm(orderId);
        vm.expectRevert(abi.encodeWithSelector(IMarket.WrongState.selector, orderId, IMarket.OrderState.Open));
        orderDisputes.dispute(orderId, "x", _noPermit());
        vm.stopPrank();
    }

    function test_claimAfterSilence() public {
        bytes32 orderId = _granted();
        uint256 notBefore = block.timestamp + CONFIRM_WINDOW + 1;
        bytes32[] memory ids = _ids(orderId);
        vm.warp(notBefore - 1);
        vm.expectRevert(abi.encodeWithSelector(IMarket.TooEarly.selector, orderId, notBefore));
        market.claim(publisher, ids);
        vm.warp(notBefore);
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotSeller.selector, listingId, stranger));
        market.claim(stranger, ids);
        market.claim(publisher, ids);
        vm.expectRevert(abi.encodeWithSelector(IMarket.WrongState.selector, orderId, IMarket.OrderState.Claimed));
        market.claim(publisher, ids);
    }

    function test_claimRefusesAnOrderTwiceInABatch() public {
        bytes32 orderId = _granted();
        skip(CONFIRM_WINDOW + 1);
        bytes32[] memory ids = new bytes32[](2);
        (ids[0], ids[1]) = (orderId, orderId);
        vm.expectRevert(abi.encodeWithSelector(IMarket.WrongState.selector, orderId, IMarket.OrderState.Claimed));
        market.claim(publisher, ids);
        ids[1] = "unknown";
        vm.expectRevert(
            abi.encodeWithSelector(IMarket.WrongState.selector, bytes32("unknown"), IMarket.OrderState.None)
        );
        market.claim(publisher, ids);
    }

    function test_aFreeListing() public {
        bytes32 orderId = _buy(_list(assetId, IMarket.LicenseKind.Download, 0, 0), KEY);
        _grantAll(orderId);
        vm.prank(buyer);
        market.confirm(orderId);
        assertEq(_claimOne(orderId), 0, "nothing to pay");
    }

    /// @dev For any price and fee, a sale pays out exactly what came in.
    function testFuzz_aSaleConservesMoney(uint96 price, uint16 feeBps) public {
        price = uint96(bound(price, 0, 10_000e18));
        IMarket.Params memory p = _marketParams();
        p.feeBps = uint16(bound(feeBps, 0, 1_000));
        vm.prank(owner);
        market.setParams(p);
        (uint256 b, uint256 s, uint256 t) = (coin.balanceOf(buyer), coin.balanceOf(publisher), coin.balanceOf(treasury));
        bytes32 orderId = _buy(_list(assetId, IMarket.LicenseKind.Download, price, 0), KEY);
        _grantAll(orderId);
        skip(CONFIRM_WINDOW + 1);
        _claimOne(orderId);
        uint256 fee = coin.balanceOf(treasury) - t;
        assertEq(fee, uint256(price) * p.feeBps / 10_000, "fee");
        assertEq(b - coin.balanceOf(buyer), price, "buyer");
        assertEq(coin.balanceOf(publisher) - s, price - fee, "seller");
        assertEq(coin.balanceOf(address(market)), 0, "market");
    }

    // Disputes

    function test_onlyOrderDisputesOpensAndClosesDisputes() public {
        bytes32 orderId = _granted();
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotOrderDisputes.selector, stranger));
        market.openDispute(orderId, buyer);
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotOrderDisputes.selector, stranger));
        market.closeDispute(orderId, true);
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(IMarket.WrongState.selector, orderId, IMarket.OrderState.Granted));
        vm.prank(address(orderDisputes));
        market.closeDispute(orderId, true);
    }

    function test_aDisputedOrderWaits() public {
        (bytes32 orderId,) = _disputed();
        bytes memory wrong = abi.encodeWithSelector(IMarket.WrongState.selector, orderId, IMarket.OrderState.Disputed);
        vm.expectRevert(wrong);
        vm.prank(buyer);
        market.confirm(orderId);
        vm.expectRevert(wrong);
        market.refund(orderId);
        skip(CONFIRM_WINDOW + 1);
        bytes32[] memory ids = _ids(orderId);
        vm.expectRevert(wrong);
        market.claim(publisher, ids);
    }

    // Entitlement by round

    function test_aDisputeShowsTheContentToItsCommittee() public {
        assetId = _publishLive(false);
        listingId = _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
        (, bytes32 roundId) = _disputed();
        uint16[] memory committee = _draw(roundId);
        address member = _accountOf(committee[0]);
        assertTrue(market.entitled(member, assetId, 1, roundId), "even where validators may not read");
        assertTrue(!market.entitled(member, assetId - 1, 1, roundId), "this asset only");
        assertTrue(!market.entitled(stranger, assetId, 1, roundId), "members only");
        skip(COMMIT_WINDOW + 1);
        validators.settle(roundId);
        assertTrue(!market.entitled(member, assetId, 1, roundId), "until it is settled");
    }

    function test_aVersionRoundShowsWhatTheTermsAllow() public {
        uint256 open = _publish(true);
        uint256 blind = _publish(false);
        bytes32 openRound = registry.roundOf(open, 1);
        bytes32 blindRound = registry.roundOf(blind, 1);
        uint16[] memory committee = _draw(openRound);
        assertTrue(market.entitled(_accountOf(committee[0]), open, 1, openRound), "may read");
        assertTrue(!market.entitled(_accountOf(committee[0]), assetId, 1, openRound), "another asset");
        committee = _draw(blindRound);
        assertTrue(!market.entitled(_accountOf(committee[0]), blind, 1, blindRound), "may not read");
    }

    // Parameters

    function test_paramsHaveCaps() public {
        IMarket.Params memory p = _marketParams();
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
        vm.prank(stranger);
        market.setParams(p);
        p.feeBps = 1_001;
        _refused(p);
        p = _marketParams();
        p.treasury = address(0);
        _refused(p);
        p = _marketParams();
        p.grantMargin = p.grantWindow;
        _refused(p);
        p = _marketParams();
        p.grantWindow = 30 days + 1;
        _refused(p);
        p = _marketParams();
        p.confirmWindow = 0;
        _refused(p);
        p.confirmWindow = 30 days + 1;
        _refused(p);
        p = IMarket.Params(treasury, 1_000, 2, 1, 1);
        vm.prank(owner);
        market.setParams(p);
        assertEq(market.params().feeBps, 1_000, "changed");
    }

    function _refused(IMarket.Params memory p) private {
        vm.expectRevert(IMarket.ParamOutOfRange.selector);
        vm.prank(owner);
        market.setParams(p);
    }

    function _listing(uint256 asset, uint32 first, uint32 last, IMarket.LicenseKind kind, uint16 share)
        private
        pure
        returns (IMarket.ListingInput memory)
    {
        return IMarket.ListingInput(uint64(asset), first, last, kind, PRICE, share, "terms");
    }

    function _granted() private returns (bytes32 orderId) {
        orderId = _buy(listingId, KEY);
        _grantAll(orderId);
    }

    function _disputed() private returns (bytes32 orderId, bytes32 roundId) {
        orderId = _granted();
        roundId = _dispute(orderId);
    }

    function _grantAs(bytes32 orderId, address who, uint256 length) private {
        IMarket.Grant[] memory grants = new IMarket.Grant[](1);
        grants[0] = IMarket.Grant(orderId, new bytes(length));
        vm.prank(who);
        market.grant(grants);
    }

    function _ids(bytes32 orderId) private pure returns (bytes32[] memory ids) {
        ids = new bytes32[](1);
        ids[0] = orderId;
    }
}
