// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {PrivateOffers} from "../src/PrivateOffers.sol";
import {IAssetRegistry} from "../src/interfaces/IAssetRegistry.sol";
import {ICuration} from "../src/interfaces/ICuration.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {IPrivateOffers} from "../src/interfaces/IPrivateOffers.sol";
import {Permit, System, Verdict} from "../src/interfaces/Types.sol";
import {OffersTest} from "./OffersTest.sol";
import {vm} from "./Vm.sol";

/// @dev The cheat codes for events and chains.
interface OfferVm {
    function expectEmit(address emitter) external;
    function chainId(uint256 id) external;
}

/// @dev See Offer.tree: who may accept what, when, and what follows.
contract PrivateOffersTest is OffersTest {
    OfferVm private constant CHEATS = OfferVm(address(uint160(uint256(keccak256("hevm cheat code")))));

    // What accepting does

    function test_acceptOpensAnOrder() public {
        uint32 public_ = _list(assetId, IMarket.LicenseKind.Download, 1e18, 0);
        IPrivateOffers.Offer memory offer = _offer();
        bytes32 expected = market.orderIdOf(public_ + 1, 1, buyer, KEY);
        bytes32 offerHash = offers.hashOf(offer);
        bytes memory signature = _signed(offer);
        CHEATS.expectEmit(address(market));
        emit IMarket.ListingRetired(public_ + 1);
        CHEATS.expectEmit(address(offers));
        emit IPrivateOffers.OfferAccepted(offerHash, expected, publisher, buyer, buyer);
        vm.prank(buyer);
        bytes32 orderId = offers.accept(offer, KEY, signature, _noPermit());

        assertEq(orderId, expected, "the id says what is bought");
        _assertState(orderId, IMarket.OrderState.Open);
        assertTrue(market.entitled(buyer, assetId, 1, orderId), "entitled");
        assertEq(coin.balanceOf(address(market)), PRICE, "held");
        assertTrue(offers.isSpent(publisher, offerHash), "spent");
        IMarket.Listing memory listing = market.listing(public_ + 1);
        assertEq(listing.seller, publisher, "seller");
        assertEq(listing.price, PRICE, "price");
        assertEq(listing.assetId, assetId, "asset");
        assertEq(listing.firstVersion, 1, "that version");
        assertEq(listing.lastVersion, 1, "alone");
        assertEq(listing.token, address(coin), "NCR");
        assertTrue(listing.retired, "for nobody else");
        assertTrue(listing.kind == IMarket.LicenseKind.Download, "download");
        assertEq(market.highestDownloadPrice(assetId), 1e18, "what is public counts alone");
        vm.expectRevert(abi.encodeWithSelector(IMarket.ListingIsRetired.selector, public_ + 1));
        _buy(public_ + 1, "other");
    }

    /// @dev Nine accepted offers, then eight listings: an asset has eight open places, and offers take none.
    function test_offersTakeNoPlaceAmongListings() public {
        for (uint256 i = 0; i < 9; ++i) {
            IPrivateOffers.Offer memory offer = _offer();
            offer.salt = bytes32(i);
            _accept(offer);
        }
        for (uint256 i = 0; i < 8; ++i) {
            _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
        }
        vm.prank(publisher);
        registry.revokeVersion(assetId, 1, "over");
    }

    function test_theOrderIsGrantedConfirmedAndClaimed() public {
        bytes32 orderId = _accept(_offer());
        _grantAll(orderId);
        _assertState(orderId, IMarket.OrderState.Granted);
        vm.prank(buyer);
        market.confirm(orderId);
        uint256 fee = uint256(PRICE) * 25 / 10_000;
        assertEq(_claimOne(orderId), PRICE - fee, "the seller is paid");
        assertEq(coin.balanceOf(treasury), fee, "so is the treasury");
        assertEq(coin.balanceOf(address(market)), 0, "all of it");
    }

    function test_theOrderIsRefundedWhenNobodyGrants() public {
        uint256 before = coin.balanceOf(buyer);
        bytes32 orderId = _accept(_offer());
        skip(GRANT_WINDOW + 1);
        market.refund(orderId);
        assertEq(coin.balanceOf(buyer), before, "to the buyer");
        assertTrue(!market.entitled(buyer, assetId, 1, orderId), "no right any more");
    }

    function test_theOrderIsDisputed() public {
        bytes32 orderId = _accept(_offer());
        _grantAll(orderId);
        _dispute(orderId);
        _assertState(orderId, IMarket.OrderState.Disputed);
    }

    function test_theParentsOwnerGetsTheShare() public {
        bytes32 jobId = _openJob(_list(assetId, IMarket.LicenseKind.Compute, PRICE, 500));
        _claimJob(jobId);
        _endRun(jobId, Verdict.Accept);
        vm.prank(buyer);
        uint256 model = registry.publishModel(jobId, _input(true), _noPermit());
        _conclude(registry.roundOf(model, 1), Verdict.Accept);
        _fund(stranger, PRICE);
        IPrivateOffers.Offer memory offer = _offer();
        (offer.assetId, offer.seller, offer.buyer) = (uint64(model), buyer, stranger);
        bytes memory signature = _sign("buyer", offers.hashOf(offer));
        vm.prank(stranger);
        bytes32 orderId = offers.accept(offer, KEY, signature, _noPermit());
        _grantAll(orderId);
        skip(CONFIRM_WINDOW + 1);
        uint256 before = market.owed(publisher);
        _claimOne(orderId);
        assertEq(market.owed(publisher) - before, uint256(PRICE) * 500 / 10_000, "five per cent");
    }

    function test_aFreeOffer() public {
        IPrivateOffers.Offer memory offer = _offer();
        (offer.price, offer.buyer) = (0, stranger);
        _assertState(_accept(offer), IMarket.OrderState.Open);
        assertEq(coin.balanceOf(address(market)), 0, "nothing moves");
    }

    // Permits

    function test_aPermitPays() public {
        vm.prank(buyer);
        coin.approve(address(market), 0);
        IPrivateOffers.Offer memory offer = _offer();
        bytes memory signature = _signed(offer);
        Permit memory permit = _permit("buyer", address(market), PRICE);
        vm.prank(buyer);
        offers.accept(offer, KEY, signature, permit);
        assertEq(coin.balanceOf(address(market)), PRICE, "paid");
        assertEq(coin.allowance(buyer, address(market)), 0, "and no more");
    }

    function test_aPermitThatSomebodySentFirstStillPays() public {
        vm.prank(buyer);
        coin.approve(address(market), 0);
        IPrivateOffers.Offer memory offer = _offer();
        bytes memory signature = _signed(offer);
        Permit memory permit = _permit("buyer", address(market), PRICE);
        coin.permit(buyer, address(market), permit.value, permit.deadline, permit.v, permit.r, permit.s);
        vm.prank(buyer);
        offers.accept(offer, KEY, signature, permit);
        assertEq(coin.balanceOf(address(market)), PRICE, "paid");
    }

    function test_withoutAllowanceNothingIsSpent() public {
        vm.prank(buyer);
        coin.approve(address(market), 0);
        IPrivateOffers.Offer memory offer = _offer();
        bytes memory signature = _signed(offer);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(market), 0, PRICE)
        );
        vm.prank(buyer);
        offers.accept(offer, KEY, signature, _noPermit());
        assertTrue(!offers.isSpent(publisher, offers.hashOf(offer)), "can be tried again");
    }

    // With the buyer's word

    function test_anybodySendsTheBuyersWord() public {
        vm.prank(buyer);
        coin.approve(address(market), 0);
        IPrivateOffers.Offer memory offer = _offer();
        bytes32 offerHash = offers.hashOf(offer);
        bytes memory sellers = _signed(offer);
        bytes memory buyers = _sign("buyer", _acceptance(offerHash, KEY, block.timestamp));
        Permit memory permit = _permit("buyer", address(market), PRICE);
        CHEATS.expectEmit(address(offers));
        emit IPrivateOffers.OfferAccepted(offerHash, market.orderIdOf(1, 1, buyer, KEY), publisher, buyer, stranger);
        vm.prank(stranger);
        bytes32 orderId = offers.acceptFor(offer, KEY, block.timestamp, sellers, buyers, permit);
        assertEq(market.order(orderId).buyer, buyer, "the buyer's");
        assertEq(coin.balanceOf(buyer), 10_000e18 - PRICE, "with their money");
    }

    function test_theBuyersWordHoldsToItsDeadline() public {
        IPrivateOffers.Offer memory offer = _offer();
        bytes32 offerHash = offers.hashOf(offer);
        bytes memory sellers = _signed(offer);
        uint256 deadline = block.timestamp + 60;
        bytes memory buyers = _sign("buyer", _acceptance(offerHash, KEY, deadline));
        vm.warp(deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IPrivateOffers.AcceptanceExpired.selector, offerHash, deadline));
        offers.acceptFor(offer, KEY, deadline, sellers, buyers, _noPermit());
        vm.warp(deadline);
        offers.acceptFor(offer, KEY, deadline, sellers, buyers, _noPermit());
    }

    function test_theBuyersWordIsForOneKeyDeadlineAndOffer() public {
        IPrivateOffers.Offer memory offer = _offer();
        bytes memory sellers = _signed(offer);
        uint256 deadline = block.timestamp;
        bytes memory why =
            abi.encodeWithSelector(IPrivateOffers.BadBuyerSignature.selector, offers.hashOf(offer), buyer);
        bytes memory buyers = _sign("buyer", _acceptance(offers.hashOf(offer), KEY, deadline));
        vm.expectRevert(why);
        offers.acceptFor(offer, "another key", deadline, sellers, buyers, _noPermit());
        vm.expectRevert(why);
        offers.acceptFor(offer, KEY, deadline + 1, sellers, buyers, _noPermit());
        vm.expectRevert(why);
        offers.acceptFor(offer, KEY, deadline, sellers, sellers, _noPermit());
        IPrivateOffers.Offer memory dearer = _offer();
        dearer.price = 2 * PRICE;
        sellers = _signed(dearer);
        vm.expectRevert(abi.encodeWithSelector(IPrivateOffers.BadBuyerSignature.selector, offers.hashOf(dearer), buyer));
        offers.acceptFor(dearer, KEY, deadline, sellers, buyers, _noPermit());
    }

    // Who and what

    function test_theHashIsWhatOthersCompute() public view {
        IPrivateOffers.Offer memory offer = _offer();
        assertEq(offers.hashOf(offer), _digestOf(offer, block.chainid, address(offers)), "EIP-712");
    }

    function test_onlyTheBuyerAccepts() public {
        IPrivateOffers.Offer memory offer = _offer();
        bytes memory signature = _signed(offer);
        vm.expectRevert(abi.encodeWithSelector(IPrivateOffers.NotOfferBuyer.selector, offers.hashOf(offer), stranger));
        vm.prank(stranger);
        offers.accept(offer, KEY, signature, _noPermit());
    }

    function test_everyFieldIsSigned() public {
        bytes memory signature = _signed(_offer());
        for (uint256 i = 0; i < 8; ++i) {
            IPrivateOffers.Offer memory changed = _offer();
            if (i == 0) changed.seller = stranger;
            if (i == 1) changed.buyer = stranger;
            if (i == 2) changed.assetId += 1;
            if (i == 3) changed.version += 1;
            if (i == 4) changed.token = address(coin);
            if (i == 5) changed.price -= 1;
            if (i == 6) changed.termsDigest = "other";
            if (i == 7) changed.expiry += 1;
            _acceptFails(changed, signature, _badSeller(changed));
        }
        IPrivateOffers.Offer memory salted = _offer();
        salted.salt = "other";
        _acceptFails(salted, signature, _badSeller(salted));
    }

    function test_onlyTheSellersSignatureCounts() public {
        IPrivateOffers.Offer memory offer = _offer();
        _acceptFails(offer, _sign("stranger", offers.hashOf(offer)), _badSeller(offer));
        _acceptFails(offer, "", _badSeller(offer));
        offer.seller = address(0);
        _acceptFails(offer, new bytes(65), _badSeller(offer));
        _acceptFails(offer, new bytes(64), _badSeller(offer));
    }

    function test_aSignatureForAnotherChainOrContract() public {
        IPrivateOffers.Offer memory offer = _offer();
        _acceptFails(offer, _sign("publisher", _digestOf(offer, block.chainid + 1, address(offers))), _badSeller(offer));
        bytes memory elsewhere = _sign("publisher", _digestOf(offer, block.chainid, address(market)));
        _acceptFails(offer, elsewhere, _badSeller(offer));
        bytes memory here = _signed(offer);
        CHEATS.chainId(block.chainid + 1);
        _acceptFails(offer, here, _badSeller(offer));
    }

    function test_theMarketListensToOneContract() public {
        System memory system;
        (system.token, system.market) = (address(coin), address(market));
        PrivateOffers copy = new PrivateOffers(system);
        IPrivateOffers.Offer memory offer = _offer();
        bytes memory signature = _sign("publisher", copy.hashOf(offer));
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotPrivateOffers.selector, address(copy)));
        vm.prank(buyer);
        copy.accept(offer, KEY, signature, _noPermit());
        assertEq(address(offers.token()), address(coin), "its coin");
        assertEq(address(offers.market()), address(market), "its market");
        assertEq(market.offers(), address(offers), "and back");
    }

    // Once

    function test_anOfferIsAcceptedOnce() public {
        IPrivateOffers.Offer memory offer = _offer();
        _accept(offer);
        _acceptFails(offer, _spent(offer));
        offer.salt = "another";
        _accept(offer);
    }

    function test_cancelledOffersAreNotAccepted() public {
        IPrivateOffers.Offer memory offer = _offer();
        bytes32 offerHash = offers.hashOf(offer);
        CHEATS.expectEmit(address(offers));
        emit IPrivateOffers.OfferCancelled(publisher, offerHash);
        vm.prank(publisher);
        offers.cancelOffer(offerHash);
        assertTrue(offers.isSpent(publisher, offerHash), "spent");
        _acceptFails(offer, _spent(offer));
        vm.expectRevert(_spent(offer));
        vm.prank(publisher);
        offers.cancelOffer(offerHash);
    }

    function test_anotherCannotCancel() public {
        IPrivateOffers.Offer memory offer = _offer();
        bytes32 offerHash = offers.hashOf(offer);
        vm.prank(stranger);
        offers.cancelOffer(offerHash);
        vm.prank(stranger);
        offers.cancelAll();
        assertTrue(!offers.isSpent(publisher, offerHash), "stands");
        _accept(offer);
    }

    function test_cancelAllEndsEverySignedOffer() public {
        IPrivateOffers.Offer memory offer = _offer();
        bytes memory why = abi.encodeWithSelector(IPrivateOffers.OfferWithdrawn.selector, offers.hashOf(offer), 1);
        CHEATS.expectEmit(address(offers));
        emit IPrivateOffers.OffersCancelled(publisher, 1);
        vm.prank(publisher);
        assertEq(offers.cancelAll(), 1, "counts");
        assertEq(offers.counterOf(publisher), 1, "is asked");
        _acceptFails(offer, why);
        offer.counter = 1;
        _accept(offer);
        // One for a later counter is not good before it either.
        (offer.counter, offer.salt) = (2, "early");
        why = abi.encodeWithSelector(IPrivateOffers.OfferWithdrawn.selector, offers.hashOf(offer), 1);
        _acceptFails(offer, why);
    }

    function test_anOfferHoldsToItsLastSecond() public {
        IPrivateOffers.Offer memory offer = _offer();
        bytes memory signature = _signed(offer);
        vm.warp(offer.expiry + 1);
        bytes memory why =
            abi.encodeWithSelector(IPrivateOffers.OfferExpired.selector, offers.hashOf(offer), offer.expiry);
        _acceptFails(offer, signature, why);
        vm.warp(offer.expiry);
        _accept(offer);
    }

    // What the market and the registry say

    function test_theSellerOwnsTheAssetNow() public {
        IPrivateOffers.Offer memory offer = _offer();
        vm.prank(publisher);
        registry.transferFrom(publisher, stranger, assetId);
        _acceptFails(offer, abi.encodeWithSelector(IMarket.NotAssetOwner.selector, assetId, publisher));
        vm.prank(stranger);
        registry.transferFrom(stranger, publisher, assetId);
        _accept(offer);
    }

    function test_theVersionIsLive() public {
        IPrivateOffers.Offer memory offer = _offer();
        offer.version = 2;
        _acceptFails(offer, abi.encodeWithSelector(IMarket.VersionNotLive.selector, assetId, 2));
        vm.prank(publisher);
        registry.addVersion(assetId, _input(true), _noPermit());
        _acceptFails(offer, abi.encodeWithSelector(IMarket.VersionNotLive.selector, assetId, 2));
        offer.version = 1;
        vm.prank(publisher);
        registry.revokeVersion(assetId, 1, "over");
        _acceptFails(offer, abi.encodeWithSelector(IMarket.VersionNotLive.selector, assetId, 1));
    }

    function test_aPauseStopsAcceptance() public {
        PausedGuardian guardian = new PausedGuardian();
        vm.prank(owner);
        market.setGuardian(address(guardian));
        market.syncPause();
        IPrivateOffers.Offer memory offer = _offer();
        _acceptFails(offer, abi.encodeWithSelector(IMarket.NewOrdersStopped.selector, market.pausedUntil()));
        vm.prank(publisher);
        offers.cancelOffer(offers.hashOf(offer));
    }

    function test_aSuspendedAssetIsNotSoldPrivatelyEither() public {
        IPrivateOffers.Offer memory offer = _offer();
        vm.prank(curator);
        curation.suspend(assetId, "copied");
        _acceptFails(offer, abi.encodeWithSelector(ICuration.AssetSuspended.selector, assetId));
        vm.prank(curator);
        curation.reinstate(assetId, "mistaken");
        _accept(offer);
    }

    function test_aRecipientKeyIsNeeded() public {
        IPrivateOffers.Offer memory offer = _offer();
        bytes memory signature = _signed(offer);
        vm.expectRevert(IMarket.EmptyRecipientKey.selector);
        vm.prank(buyer);
        offers.accept(offer, 0, signature, _noPermit());
    }
}

contract PausedGuardian {
    function paused() external pure returns (bool) {
        return true;
    }
}
