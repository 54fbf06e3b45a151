// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAssetRegistry} from "../src/interfaces/IAssetRegistry.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

/// @dev The cheat code for events.
interface EmitVm {
    function expectEmit(address emitter) external;
}

/// @dev See Sample.tree.
contract SamplesTest is SystemTest {
    EmitVm private constant CHEATS = EmitVm(address(uint160(uint256(keccak256("hevm cheat code")))));

    uint256 private assetId;
    uint256 private sample;

    function setUp() public override {
        super.setUp();
        assetId = _publishLive(true);
        sample = _publishLive(true);
    }

    function test_anOwnerLinksReplacesAndUnlinks() public {
        uint256 other = _publish(true);
        uint256[3] memory links = [sample, other, 0];
        for (uint256 i = 0; i < 3; ++i) {
            CHEATS.expectEmit(address(registry));
            emit IAssetRegistry.SampleLinked(assetId, links[i]);
            vm.prank(publisher);
            registry.linkSample(assetId, links[i]);
            assertEq(registry.sampleOf(assetId), links[i], "is what was said last");
        }
        assertEq(registry.sampleOf(sample), 0, "one way");
    }

    function test_onlyWhoOwnsBothLinks() public {
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.NotAssetOwner.selector, assetId, stranger));
        vm.prank(stranger);
        registry.linkSample(assetId, sample);
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.NotAssetOwner.selector, assetId, stranger));
        vm.prank(stranger);
        registry.linkSample(assetId, 0);
        vm.prank(publisher);
        registry.transferFrom(publisher, stranger, sample);
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.NotAssetOwner.selector, sample, publisher));
        vm.prank(publisher);
        registry.linkSample(assetId, sample);
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.NotAssetOwner.selector, sample + 1, publisher));
        vm.prank(publisher);
        registry.linkSample(assetId, sample + 1);
    }

    function test_aSampleIsAnotherAssetOfTheSameKind() public {
        vm.startPrank(publisher);
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.BadSample.selector, assetId, assetId));
        registry.linkSample(assetId, assetId);
        uint256 model = registry.publish(IAssetRegistry.AssetKind.Model, _input(true), _noPermit());
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.BadSample.selector, assetId, model));
        registry.linkSample(assetId, model);
        vm.stopPrank();
    }

    function test_aTestPurchaseIsAWholeOne() public {
        vm.prank(publisher);
        registry.linkSample(assetId, sample);
        uint32 listingId = _list(sample, IMarket.LicenseKind.Download, 0, 0);
        vm.prank(stranger);
        bytes32 orderId = market.buy(listingId, 1, 0, KEY);
        assertTrue(market.entitled(stranger, sample, 1, orderId), "to the sample");
        assertTrue(!market.entitled(stranger, assetId, 1, orderId), "and nothing else");
        _grantAll(orderId);
        vm.prank(stranger);
        market.confirm(orderId);
        assertEq(_claimOne(orderId), 0, "nothing is paid");
        _assertState(orderId, IMarket.OrderState.Claimed);
    }
}
