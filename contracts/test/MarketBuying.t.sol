// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IAssetRegistry} from "../src/interfaces/IAssetRegistry.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {IPause} from "../src/interfaces/IPause.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {Verdict} from "../src/interfaces/Types.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

contract Switch is IPause {
    bool public paused;

    function set(bool paused_) external {
        paused = paused_;
    }
}

/// @dev Batches, gifts, payees, the remembered live version and the pause.
contract MarketBuyingTest is SystemTest {
    uint256 private assetId;
    uint32 private listingId;

    function setUp() public override {
        super.setUp();
        assetId = _publishLive(true);
        listingId = _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
    }

    // Batches and gifts

    function testFuzz_aBatchPaysTheSum(uint8 size, uint96 price) public {
        uint256 n = bound(size, 0, 12);
        price = uint96(bound(price, 0, 100e18));
        uint32 other = _list(assetId, IMarket.LicenseKind.Download, price, 0);
        IMarket.Purchase[] memory wanted = new IMarket.Purchase[](n);
        uint256 sum = 0;
        for (uint256 i = 0; i < n; ++i) {
            bool first = i % 2 == 0;
            wanted[i] = IMarket.Purchase(first ? listingId : other, 1, first ? PRICE : price, keccak256(abi.encode(i)));
            sum += wanted[i].maxPrice;
        }
        vm.prank(buyer);
        bytes32[] memory ids = market.batchBuy(wanted);
        assertEq(coin.balanceOf(address(market)), sum, "held");
        for (uint256 i = 0; i < n; ++i) {
            _assertState(ids[i], IMarket.OrderState.Open);
            assertEq(market.order(ids[i]).buyer, buyer, "buyer");
        }
    }

    function test_aBatchIsAllOrNothing() public {
        IMarket.Purchase[] memory wanted = new IMarket.Purchase[](2);
        wanted[0] = IMarket.Purchase(listingId, 1, PRICE, "a");
        wanted[1] = IMarket.Purchase(listingId, 1, PRICE - 1, "b");
        vm.expectRevert(abi.encodeWithSelector(IMarket.PriceAboveMax.selector, PRICE, PRICE - 1));
        vm.prank(buyer);
        market.batchBuy(wanted);
        wanted[1] = wanted[0];
        bytes32 orderId = market.orderIdOf(listingId, 1, buyer, "a");
        vm.expectRevert(abi.encodeWithSelector(IMarket.OrderExists.selector, orderId));
        vm.prank(buyer);
        market.batchBuy(wanted);
    }

    function test_aGiftIsTheReceivers() public {
        uint256 before = coin.balanceOf(buyer);
        vm.prank(buyer);
        bytes32 orderId = market.gift(listingId, 1, PRICE, KEY, stranger);
        assertEq(before - coin.balanceOf(buyer), PRICE, "the giver pays");
        assertTrue(market.entitled(stranger, assetId, 1, orderId), "the receiver is entitled");
        assertTrue(!market.entitled(buyer, assetId, 1, orderId), "the giver is not");
        skip(GRANT_WINDOW + 1);
        uint256 held = coin.balanceOf(stranger);
        market.refund(orderId);
        assertEq(coin.balanceOf(stranger) - held, PRICE, "and refunded to the receiver");
    }

    function test_aGiftToNobody() public {
        vm.expectRevert(IMarket.EmptyAccount.selector);
        vm.prank(buyer);
        market.gift(listingId, 1, PRICE, KEY, address(0));
    }

    // Payees

    /// @dev Whatever the parts, fee, payees and seller together get the price.
    function testFuzz_splitsConserveMoney(uint96 price, uint16 a, uint16 b) public {
        price = uint96(bound(price, 0, 1_000e18));
        IMarket.Split[] memory splits = new IMarket.Split[](2);
        splits[0] = IMarket.Split(stranger, uint16(bound(a, 1, 5_000)));
        splits[1] = IMarket.Split(keepers[0], uint16(bound(b, 1, 5_000)));
        bytes32 orderId = _buy(_listWith(price, splits), KEY);
        _grantAll(orderId);
        vm.prank(buyer);
        market.confirm(orderId);
        uint256 before = coin.balanceOf(publisher);
        uint256 paid = _claimOne(orderId);
        uint256 fee = uint256(price) * 25 / 10_000;
        assertEq(coin.balanceOf(publisher) - before, paid, "seller");
        assertEq(market.owed(stranger), (price - fee) * splits[0].bps / 10_000, "first payee");
        assertEq(market.owed(keepers[0]), (price - fee) * splits[1].bps / 10_000, "second payee");
        assertEq(paid + market.owed(stranger) + market.owed(keepers[0]) + fee, price, "all");
        assertEq(market.splitsOf(market.listingCount()).length, 2, "readable");
    }

    function test_extrasRefusals() public {
        IMarket.Split[] memory splits = new IMarket.Split[](5);
        for (uint256 i = 0; i < 5; ++i) {
            splits[i] = IMarket.Split(stranger, 1);
        }
        _refused(IMarket.LicenseKind.Download, splits, 0);
        splits = new IMarket.Split[](2);
        splits[0] = IMarket.Split(stranger, 10_000);
        splits[1] = IMarket.Split(stranger, 1);
        _refused(IMarket.LicenseKind.Download, splits, 0);
        splits[1] = IMarket.Split(stranger, 0);
        _refused(IMarket.LicenseKind.Download, splits, 0);
        // Small parts, so that it is the missing payee that is refused, not the sum.
        (splits[0].bps, splits[1]) = (1, IMarket.Split(address(0), 1));
        _refused(IMarket.LicenseKind.Download, splits, 0);
        splits = new IMarket.Split[](1);
        splits[0] = IMarket.Split(stranger, 1);
        _refused(IMarket.LicenseKind.Compute, splits, 0);
        splits = new IMarket.Split[](0);
        _refused(IMarket.LicenseKind.Download, splits, 60);
        _refused(IMarket.LicenseKind.Subscription, splits, 0);
    }

    // The remembered version

    function test_atMostEightOpenDownloadListings() public {
        for (uint256 i = 0; i < 7; ++i) {
            _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
        }
        IMarket.ListingInput memory input = _input(IMarket.LicenseKind.Download);
        vm.expectRevert(abi.encodeWithSelector(IMarket.TooManyListings.selector, assetId));
        vm.prank(publisher);
        market.createListing(input);
        _list(assetId, IMarket.LicenseKind.Compute, PRICE, 0);
        vm.prank(publisher);
        market.retireListing(listingId);
        _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
    }

    /// @dev The newest live version is bought from memory, older ones by asking; each only while it is live.
    function test_versionsComeAndGo() public {
        vm.prank(publisher);
        registry.addVersion(assetId, _input(true), _noPermit());
        vm.expectRevert(abi.encodeWithSelector(IMarket.VersionNotLive.selector, assetId, 2));
        _buyVersion(2, "pending");
        _conclude(registry.roundOf(assetId, 2), Verdict.Accept);
        _buyVersion(1, "a");
        _buyVersion(2, "b");
        vm.prank(publisher);
        registry.revokeVersion(assetId, 2, "x");
        vm.expectRevert(abi.encodeWithSelector(IMarket.VersionNotLive.selector, assetId, 2));
        _buyVersion(2, "c");
        _buyVersion(1, "d");
        vm.prank(publisher);
        registry.revokeVersion(assetId, 1, "x");
        vm.expectRevert(abi.encodeWithSelector(IMarket.VersionNotLive.selector, assetId, 1));
        _buyVersion(1, "e");
    }

    function test_onlyTheRegistryBringsNews() public {
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotRegistry.selector, stranger));
        vm.prank(stranger);
        market.onVersionChange(assetId, 1, false);
    }

    // The pause

    function test_aPauseStopsWhatIsNewAndNothingElse() public {
        bytes32 open = _buy(listingId, "open");
        bytes32 granted = _buy(listingId, "granted");
        _grantAll(granted);
        uint32 runs = _list(assetId, IMarket.LicenseKind.Compute, PRICE, 0);
        uint256 until = _pause();
        vm.expectRevert(abi.encodeWithSelector(IMarket.NewOrdersStopped.selector, until));
        _buy(listingId, KEY);
        vm.expectRevert(ITraining.NewJobsStopped.selector);
        vm.prank(buyer);
        training.openJob(_asked(runs, 1, "spec", KEY, type(uint256).max), _noPermit());
        vm.startPrank(publisher);
        vm.expectRevert(IAssetRegistry.PublishingStopped.selector);
        registry.publish(IAssetRegistry.AssetKind.Dataset, _input(true), _noPermit());
        vm.expectRevert(abi.encodeWithSelector(IMarket.NewOrdersStopped.selector, until));
        market.createListing(_input(IMarket.LicenseKind.Download));
        vm.stopPrank();

        vm.prank(buyer);
        market.confirm(granted);
        _claimOne(granted);
        _grant(open, keepers[0]);
        skip(GRANT_WINDOW + 1);
        market.refund(open);
        vm.prank(publisher);
        market.retireListing(listingId);
    }

    function test_aPauseEndsByItself() public {
        uint256 until = _pause();
        vm.warp(until - 1);
        assertTrue(market.paused(), "the last second");
        vm.warp(until);
        _buy(listingId, KEY);
    }

    function test_aPauseEndsWithTheGuardians() public {
        _pause();
        Switch(market.guardian()).set(false);
        vm.prank(stranger);
        market.syncPause();
        _buy(listingId, KEY);
    }

    function test_onlyTheOwnerNamesTheGuardian() public {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
        vm.prank(stranger);
        market.setGuardian(stranger);
        market.syncPause();
        assertTrue(!market.paused(), "nobody can pause without one");
    }

    function _pause() private returns (uint256) {
        Switch guardian = new Switch();
        vm.prank(owner);
        market.setGuardian(address(guardian));
        guardian.set(true);
        vm.prank(stranger);
        market.syncPause();
        return market.pausedUntil();
    }

    function _buyVersion(uint16 version, bytes32 key) private {
        vm.prank(buyer);
        market.buy(listingId, version, PRICE, key);
    }

    function _input(IMarket.LicenseKind kind) private view returns (IMarket.ListingInput memory) {
        return IMarket.ListingInput(uint64(assetId), 1, 0, kind, PRICE, 0, "terms");
    }

    function _listWith(uint96 price, IMarket.Split[] memory splits) private returns (uint32) {
        IMarket.ListingInput memory input = _input(IMarket.LicenseKind.Download);
        input.price = price;
        vm.prank(publisher);
        return market.createListingWith(input, IMarket.ListingExtras(address(0), 0, splits));
    }

    function _refused(IMarket.LicenseKind kind, IMarket.Split[] memory splits, uint24 period) private {
        vm.expectRevert(IMarket.BadExtras.selector);
        vm.prank(publisher);
        market.createListingWith(_input(kind), IMarket.ListingExtras(address(coin), period, splits));
    }
}
