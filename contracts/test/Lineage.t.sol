// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAssetRegistry} from "../src/interfaces/IAssetRegistry.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {Verdict} from "../src/interfaces/Types.sol";
import {LineageTest} from "./LineageTest.sol";
import {vm} from "./Vm.sol";

/// @dev See Lineage.tree.
contract LineageDeclaredTest is LineageTest {
    // Declaring

    function test_declaredParentsAreRecorded() public {
        uint256 a = _publish(true);
        uint256 b = _publish(true);
        IAssetRegistry.Parent[] memory parents = new IAssetRegistry.Parent[](2);
        (parents[0], parents[1]) = (_parent(a, 500), _parent(b, 4_500));
        EMITS.expectEmit(address(registry));
        emit IAssetRegistry.LineageRecorded(b + 1, 0, a, 1, 500);
        EMITS.expectEmit(address(registry));
        emit IAssetRegistry.LineageRecorded(b + 1, 0, b, 1, 4_500);
        uint256 child = _derive(parents);
        assertEq(uint8(registry.kindOf(child)), uint8(IAssetRegistry.AssetKind.Model), "kind");
        IAssetRegistry.Lineage memory lineage = registry.lineageOf(child);
        assertEq(lineage.jobId, 0, "declared");
        assertEq(keccak256(abi.encode(lineage.parents)), keccak256(abi.encode(parents)), "as declared");
        _royalties(child, [b, a, 0, 0], [uint256(4_500), 500, 0, 0]);
        assertEq(curation.record(child).bond, BOND, "a bond as ever");
        assertEq(registry.lineageOf(a).parents.length, 0, "none");
        assertEq(registry.royaltiesOf(a).length, 0, "none");
    }

    function test_parentsAreChecked() public {
        uint256 a = _publish(true);
        bytes memory bad = abi.encodePacked(IAssetRegistry.BadParents.selector);
        _refused(new IAssetRegistry.Parent[](0), bad);
        _refused(new IAssetRegistry.Parent[](5), bad);
        IAssetRegistry.Parent[] memory parents = new IAssetRegistry.Parent[](1);
        _refused(parents, bad);
        parents[0] = _parent(99, 1);
        _refused(parents, abi.encodeWithSelector(IAssetRegistry.UnknownVersion.selector, 99, 1));
        parents[0] = IAssetRegistry.Parent(uint64(a), 2, 1);
        _refused(parents, abi.encodeWithSelector(IAssetRegistry.UnknownVersion.selector, a, 2));
        parents[0] = _parent(a + 1, 1);
        _refused(parents, abi.encodeWithSelector(IAssetRegistry.UnknownVersion.selector, a + 1, 1));
        parents[0] = _parent(a, 5_001);
        _refused(parents, abi.encodeWithSelector(IAssetRegistry.SharesTooLarge.selector, 5_001, 5_000));
        parents = new IAssetRegistry.Parent[](2);
        parents[0] = parents[1] = _parent(a, 1);
        _refused(parents, bad);
        parents[0] = _parent(_publish(true), 1);
        _refused(parents, bad);
    }

    function test_fourVersionsOfOneAssetAreOnePayee() public {
        uint256 a = _publish(true);
        IAssetRegistry.Parent[] memory parents = new IAssetRegistry.Parent[](4);
        for (uint32 i = 0; i < 4; ++i) {
            if (i != 0) {
                vm.prank(publisher);
                registry.addVersion(a, _input(true), _noPermit());
            }
            parents[i] = IAssetRegistry.Parent(uint64(a), i + 1, 1_250);
        }
        uint256 child = _derive(parents);
        assertEq(keccak256(abi.encode(registry.lineageOf(child).parents)), keccak256(abi.encode(parents)), "four");
        _royalties(child, [a, 0, 0, 0], [uint256(5_000), 0, 0, 0]);
    }

    // Sharing further up

    function test_aParentsPartIsSharedWithItsParents() public {
        uint256 a = _publish(true);
        uint256 b = _child(a, 1_000);
        uint256 c = _child(b, 2_000);
        uint256 d = _child(c, 5_000);
        _royalties(d, [c, b, a, 0], [uint256(4_000), 900, 100, 0]);
    }

    function test_waysThatMeetAreMerged() public {
        uint256 a = _publish(true);
        uint256 b = _child(a, 5_000);
        uint256 c = _child(a, 1_000);
        IAssetRegistry.Parent[] memory parents = new IAssetRegistry.Parent[](3);
        (parents[0], parents[1], parents[2]) = (_parent(a, 100), _parent(b, 1_000), _parent(c, 2_000));
        _royalties(_derive(parents), [c, b, a, 0], [uint256(1_800), 500, 800, 0]);
    }

    function test_fourGenerationsAndNoMore() public {
        uint256[6] memory line;
        line[0] = _publish(true);
        for (uint256 i = 1; i < 6; ++i) {
            line[i] = _child(line[i - 1], 5_000);
        }
        _royalties(line[5], [line[4], line[3], line[2], line[1]], [uint256(2_500), 1_250, 625, 625]);
    }

    /// @dev The oldest but one is a parent too: its own parent is near by that way.
    function test_theShortestWayCounts() public {
        uint256[6] memory line;
        line[0] = _publish(true);
        for (uint256 i = 1; i < 5; ++i) {
            line[i] = _child(line[i - 1], 5_000);
        }
        IAssetRegistry.Parent[] memory parents = new IAssetRegistry.Parent[](2);
        (parents[0], parents[1]) = (_parent(line[1], 1_000), _parent(line[4], 4_000));
        IAssetRegistry.Royalty[] memory royalties = registry.royaltiesOf(_derive(parents));
        assertEq(royalties.length, 5, "all five");
        assertEq(royalties[4].assetId, line[0], "the oldest");
        // 4,000 halves three times on its way to line[1], which has 1,000 more and halves it all.
        assertEq(royalties[3].bps, 750, "half of 500 and 1,000");
        assertEq(royalties[4].bps, 750, "the other half");
    }

    function test_eightAncestorsAndNoMore() public {
        IAssetRegistry.Parent[] memory parents = new IAssetRegistry.Parent[](4);
        for (uint256 i = 0; i < 4; ++i) {
            parents[i] = _parent(_publish(true), 1_000);
        }
        uint256 oldest = parents[0].assetId;
        uint256 first = _derive(parents);
        uint256 second = _child(_publish(true), 5_000);
        uint256 third = _child(_publish(true), 4_000);
        parents = new IAssetRegistry.Parent[](3);
        (parents[0], parents[1], parents[2]) = (_parent(first, 2_000), _parent(second, 1_000), _parent(third, 1_000));
        IAssetRegistry.Royalty[] memory royalties = registry.royaltiesOf(_derive(parents));
        assertEq(royalties.length, 8, "eight");
        uint256 sum = 0;
        for (uint256 i = 0; i < 8; ++i) {
            sum += royalties[i].bps;
            if (i != 0) assertTrue(royalties[i].assetId < royalties[i - 1].assetId, "the newest first");
        }
        assertEq(sum, 4_000, "nothing is lost");
        assertEq(royalties[0].bps, 600, "third");
        assertEq(royalties[1].bps, 400, "its parent");
        assertEq(royalties[2].bps, 500, "second");
        assertEq(royalties[3].bps, 500, "its parent");
        assertEq(royalties[4].assetId, first, "first");
        assertEq(royalties[4].bps, 1_400, "keeps what would be the ninth's");
        assertEq(royalties[7].assetId, oldest, "declared first");
    }

    function test_crumbsStayWithTheChild() public {
        uint256 a = _publish(true);
        uint256 b = _child(a, 5_000);
        _royalties(_child(b, 1), [b, 0, 0, 0], [uint256(1), 0, 0, 0]);
        _royalties(_child(a, 0), [uint256(0), 0, 0, 0], [uint256(0), 0, 0, 0]);
    }

    /// @dev Any family of ten: what goes up is what the parents were promised, no more and no less, each ancestor once.
    function testFuzz_sharesAddUp(uint256 dice) public {
        uint256[10] memory ids;
        for (uint256 i = 0; i < 10; ++i) {
            uint256 count = dice % 5 < i ? dice % 5 : i;
            dice = uint256(keccak256(abi.encode(dice)));
            IAssetRegistry.Parent[] memory parents = new IAssetRegistry.Parent[](count);
            for (uint256 k = 0; k < count; ++k) {
                parents[k] = _parent(ids[i - count + k], uint16((dice >> (16 * k)) % 1_251));
            }
            ids[i] = count == 0 ? _publish(true) : _derive(parents);
            _addsUp(ids[i]);
        }
    }

    function _addsUp(uint256 assetId) private view {
        uint256 promised = 0;
        IAssetRegistry.Parent[] memory parents = registry.lineageOf(assetId).parents;
        for (uint256 i = 0; i < parents.length; ++i) {
            promised += parents[i].shareBps;
        }
        (uint256 sum, uint256 last) = (0, assetId);
        IAssetRegistry.Royalty[] memory royalties = registry.royaltiesOf(assetId);
        assertTrue(royalties.length <= 8, "eight at most");
        for (uint256 i = 0; i < royalties.length; ++i) {
            assertTrue(royalties[i].assetId < last && royalties[i].bps != 0, "each once, the newest first");
            (last, sum) = (royalties[i].assetId, sum + royalties[i].bps);
        }
        assertEq(sum, promised, "what was promised");
    }

    function _refused(IAssetRegistry.Parent[] memory parents, bytes memory reason) private {
        vm.expectRevert(reason);
        _derive(parents);
    }
}

/// @dev What ancestors are paid.
contract LineagePaidTest is LineageTest {
    function test_aSaleCreditsEveryAncestor() public {
        (uint256 child, uint32 listingId) = _family();
        vm.prank(publisher);
        registry.transferFrom(publisher, stranger, 1);
        assertEq(registry.royaltiesOf(child).length, 3, "three");
        bytes32 orderId = _sell(listingId);
        uint256 price = PRICE + 3;
        uint256 fee = price * 25 / 10_000;
        uint256[3] memory parts = [price * 1_800 / 10_000, price * 500 / 10_000, price * 800 / 10_000];
        uint256 rest = price - fee - parts[0] - parts[1] - parts[2];
        EMITS.expectEmit(address(market));
        emit IMarket.OrderClaimed(orderId, publisher, rest, fee, parts[0] + parts[1] + parts[2]);
        assertEq(_claimOne(orderId), rest, "the dust is the seller's");
        assertEq(market.owed(publisher), parts[0] + parts[1], "two are the publisher's");
        assertEq(market.owed(stranger), parts[2], "the oldest was sold");
    }

    function test_aListingHasTheRoyaltiesOfItsAsset() public {
        (uint256 child, uint32 listingId) = _family();
        bytes32 wanted = keccak256(abi.encode(registry.royaltiesOf(child)));
        assertEq(keccak256(abi.encode(market.royaltiesOf(listingId))), wanted, "the same");
        IMarket.Listing memory terms = market.listing(listingId);
        assertEq(terms.parentAssetId, 3, "the first of them");
        assertEq(terms.parentShareBps, 1_800, "its part");
        uint32 plain = _list(1, IMarket.LicenseKind.Download, PRICE, 0);
        assertEq(market.royaltiesOf(plain).length, 0, "none");
        assertEq(market.listing(plain).parentShareBps, 0, "none");
        vm.expectRevert(abi.encodeWithSelector(IMarket.UnknownListing.selector, 99));
        market.royaltiesOf(99);
    }

    function test_aListingHasAllEightRoyalties() public {
        IAssetRegistry.Parent[] memory parents = new IAssetRegistry.Parent[](4);
        for (uint256 i = 0; i < 4; ++i) {
            parents[i] = _parent(_publish(true), 500);
        }
        parents[0] = _parent(_derive(parents), 1_250);
        for (uint256 i = 1; i < 4; ++i) {
            parents[i] = _parent(_publish(true), 1_250);
        }
        uint256 child = _derive(parents);
        IAssetRegistry.Royalty[] memory royalties = market.royaltiesOf(_list(child, IMarket.LicenseKind.Download, 1, 0));
        assertEq(royalties.length, 8, "eight");
        bytes32 wanted = keccak256(abi.encode(registry.royaltiesOf(child)));
        assertEq(keccak256(abi.encode(royalties)), wanted, "the same");
    }

    function test_aRunCreditsEveryAncestor() public {
        (uint256 child,) = _family();
        vm.prank(publisher);
        registry.transferFrom(publisher, stranger, 1);
        bytes32 jobId = _openJob(_list(child, IMarket.LicenseKind.Compute, PRICE, 700));
        _claimJob(jobId);
        _conclude(_submit(jobId), Verdict.Accept);
        _finalize(jobId);
        uint256 fee = uint256(PRICE) * 25 / 10_000;
        uint256 oldest = uint256(PRICE) * 800 / 10_000;
        assertEq(training.owed(stranger), oldest, "the oldest's owner");
        assertEq(training.owed(publisher), PRICE - fee - oldest, "the others are one owner's");
        vm.prank(buyer);
        uint256 model = registry.publishModel(jobId, _input(true), _noPermit());
        IAssetRegistry.Lineage memory lineage = registry.lineageOf(model);
        assertEq(lineage.jobId, jobId, "proved");
        assertEq(lineage.parents.length, 1, "by the run");
        assertEq(lineage.parents[0].assetId, child, "parent");
        _royalties(model, [child, 3, 2, 1], [uint256(700 - 126 - 35 - 56), 126, 35, 56]);
    }

    function test_aSubscriptionCreditsEveryAncestor() public {
        (uint256 child,) = _family();
        vm.prank(publisher);
        registry.transferFrom(publisher, stranger, 1);
        IMarket.ListingInput memory input =
            IMarket.ListingInput(uint64(child), 1, 0, IMarket.LicenseKind.Subscription, PRICE, 0, "terms");
        vm.prank(publisher);
        uint32 plan = market.createListingWith(input, IMarket.ListingExtras(address(0), 1440, new IMarket.Split[](0)));
        vm.prank(buyer);
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = subscriptions.subscribe(plan, 1, 1, PRICE, KEY, _noPermit());
        skip(1 days);
        subscriptions.claim(ids);
        uint256 fee = uint256(PRICE) * 25 / 10_000;
        uint256 oldest = uint256(PRICE) * 800 / 10_000;
        assertEq(subscriptions.owed(stranger), oldest, "the oldest");
        assertEq(subscriptions.owed(publisher), PRICE - fee - oldest, "the rest");
    }

    /// @dev Whatever the price and the shares: nothing more than the price goes out, and the dust is the seller's.
    function testFuzz_neverMoreThanThePrice(uint96 price, uint16[4] memory bps) public {
        address[4] memory owners = [account("o1"), account("o2"), account("o3"), account("o4")];
        IAssetRegistry.Parent[] memory parents = new IAssetRegistry.Parent[](4);
        price = uint96(bound(price, 0, 9_000e18));
        for (uint256 i = 0; i < 4; ++i) {
            parents[i] = _parent(_publish(true), bps[i] % 1_251);
            vm.prank(publisher);
            registry.transferFrom(publisher, owners[i], parents[i].assetId);
        }
        uint256 child = _derive(parents);
        _conclude(registry.roundOf(child, 1), Verdict.Accept);
        uint256 paid = _claimOne(_sell(_list(child, IMarket.LicenseKind.Download, price, 0)));
        uint256 sum = 0;
        for (uint256 i = 0; i < 4; ++i) {
            assertEq(market.owed(owners[i]), uint256(price) * parents[i].shareBps / 10_000, "each its part");
            sum += market.owed(owners[i]);
        }
        assertEq(paid + coin.balanceOf(treasury) + sum, price, "the price, whole");
        assertEq(coin.balanceOf(address(market)), sum, "what is left is credited");
    }

    /// @dev 4 declares 1 (1 %), 2 (10 %) and 3 (20 %); 2 gives half to 1, 3 a tenth.
    function _family() private returns (uint256 child, uint32 listingId) {
        uint256 a = _publish(true);
        uint256 b = _child(a, 5_000);
        uint256 c = _child(a, 1_000);
        IAssetRegistry.Parent[] memory parents = new IAssetRegistry.Parent[](3);
        (parents[0], parents[1], parents[2]) = (_parent(a, 100), _parent(b, 1_000), _parent(c, 2_000));
        child = _derive(parents);
        _conclude(registry.roundOf(child, 1), Verdict.Accept);
        listingId = _list(child, IMarket.LicenseKind.Download, PRICE + 3, 0);
    }

    function _sell(uint32 listingId) private returns (bytes32 orderId) {
        orderId = _buy(listingId, KEY);
        _grantAll(orderId);
        vm.prank(buyer);
        market.confirm(orderId);
    }
}
