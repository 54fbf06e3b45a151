// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMarket} from "../src/interfaces/IMarket.sol";
import {IPayouts} from "../src/interfaces/IPayouts.sol";
import {IPrivateOffers} from "../src/interfaces/IPrivateOffers.sol";
import {ITokenPayouts} from "../src/interfaces/ITokenPayouts.sol";
import {Logs} from "./Logs.sol";
import {OffersTest} from "./OffersTest.sol";
import {PlainToken} from "./Tokens.sol";
import {vm} from "./Vm.sol";

/// @dev What indexers hear of listings, gifts, other tokens and pauses, and that nothing is said of nothing.
contract MarketEventsTest is OffersTest, Logs {
    function test_listings() public {
        IMarket.ListingInput memory input = _input(PRICE);
        IMarket.ListingExtras memory extras = IMarket.ListingExtras(address(0), 0, new IMarket.Split[](1));
        extras.splits[0] = IMarket.Split(stranger, 700);
        _record();
        vm.startPrank(publisher);
        uint32 plain = market.createListing(input);
        uint32 extended = market.createListingWith(input, extras);
        vm.stopPrank();
        _stop();
        bytes memory topics = abi.encodePacked(IMarket.ListingCreated.selector, uint256(plain), assetId, _id(publisher));
        _assertHeard(topics, abi.encode(input), "created");
        topics = abi.encodePacked(IMarket.ListingExtended.selector, uint256(extended));
        _assertHeard(topics, abi.encode(extras), "extended");
        assertEq(times[address(market)][IMarket.ListingExtended.selector], 1, "only where there is more to say");
    }

    function test_anOffersListing() public {
        IPrivateOffers.Offer memory offer = _offer();
        _record();
        _accept(offer);
        _stop();
        bytes memory topics = abi.encodePacked(IMarket.ListingExtended.selector, uint256(market.listingCount()));
        _assertHeard(topics, abi.encode(IMarket.ListingExtras(address(0), 0, new IMarket.Split[](0))), "extended");
    }

    function test_aGift() public {
        uint32 listingId = _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
        _record();
        vm.prank(buyer);
        bytes32 orderId = market.gift(listingId, 1, PRICE, KEY, stranger);
        _stop();
        _assertHeard(abi.encodePacked(IMarket.OrderGifted.selector, orderId, _id(buyer)), "", "from whom");
    }

    function test_otherTokens() public {
        PlainToken plain = new PlainToken(18);
        plain.mint(buyer, PRICE);
        vm.prank(buyer);
        plain.approve(address(market), PRICE);
        _record();
        vm.prank(owner);
        market.allowToken(address(plain), true);
        vm.prank(publisher);
        uint32 listingId =
            market.createListingWith(_input(PRICE), IMarket.ListingExtras(address(plain), 0, new IMarket.Split[](0)));
        bytes32 orderId = _buy(listingId, KEY);
        _grantAll(orderId);
        skip(CONFIRM_WINDOW + 1);
        _claimOne(orderId);
        vm.startPrank(publisher);
        uint256 paid = market.withdrawToken(address(plain));
        assertEq(market.withdrawToken(address(plain)), 0, "once");
        vm.stopPrank();
        _stop();
        bytes32 token = _id(address(plain));
        _assertHeard(abi.encodePacked(IMarket.TokenAllowed.selector, token), abi.encode(1, true), "allowed");
        bytes memory topics = abi.encodePacked(ITokenPayouts.TokenCredited.selector, token, _id(publisher));
        _assertHeard(topics, abi.encode(paid), "credited");
        topics = abi.encodePacked(ITokenPayouts.TokenWithdrawn.selector, token, _id(publisher));
        _assertHeard(topics, abi.encode(paid), "withdrawn");
        assertEq(times[address(market)][ITokenPayouts.TokenWithdrawn.selector], 1, "nothing is not withdrawn");
        assertEq(emptyTransfers, 0, "nor moved");
    }

    function test_guardianAndPause() public {
        _record();
        vm.prank(owner);
        market.setGuardian(stranger);
        vm.prank(owner);
        market.setGuardian(address(0));
        market.syncPause();
        _stop();
        _assertHeard(abi.encodePacked(IMarket.GuardianChanged.selector), abi.encode(stranger), "guardian");
        _assertHeard(abi.encodePacked(IMarket.NewOrdersPaused.selector), abi.encode(0), "no pause");
    }

    /// @dev A holder's history shows no payments of nothing.
    function test_aFreeSaleMovesNothing() public {
        uint32 listingId = _list(assetId, IMarket.LicenseKind.Download, 0, 0);
        _record();
        IMarket.Purchase[] memory wanted = new IMarket.Purchase[](1);
        wanted[0] = IMarket.Purchase(listingId, 1, 0, "batch");
        vm.prank(buyer);
        market.batchBuy(wanted);
        bytes32 sold = _buy(listingId, KEY);
        _grantAll(sold);
        bytes32 late = _buy(listingId, keccak256("late"));
        skip(CONFIRM_WINDOW + 1);
        _claimOne(sold);
        market.refund(late);
        vm.prank(publisher);
        market.withdraw();
        _stop();
        assertEq(emptyTransfers, 0, "nothing is not moved");
        assertEq(times[address(market)][IPayouts.Credited.selector], 0, "credited");
        assertEq(times[address(market)][IPayouts.Withdrawn.selector], 0, "or withdrawn");
    }

    function test_aVersionsFeeIsReturnedOnlyWhereThereIsOne() public {
        _record();
        _publishLive(true);
        _stop();
        assertEq(emptyTransfers, 0, "the fee was earned, so none came back");
    }

    function _input(uint96 price) private view returns (IMarket.ListingInput memory) {
        return IMarket.ListingInput(uint64(assetId), 1, 0, IMarket.LicenseKind.Download, price, 0, "terms");
    }

    function _assertHeard(bytes memory topics, bytes memory data, string memory what) private view {
        _assertSeen(address(market), topics, data, what);
    }
}
