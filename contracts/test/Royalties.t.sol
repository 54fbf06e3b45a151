// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAssetRegistry} from "../src/interfaces/IAssetRegistry.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

/// @dev The cheat code for events.
interface EmitVm {
    function expectEmit(address emitter) external;
}

/// @dev See Royalty.tree; what holds for any price is in Standards.t.sol.
contract RoyaltiesTest is SystemTest {
    EmitVm private constant CHEATS = EmitVm(address(uint160(uint256(keccak256("hevm cheat code")))));

    uint256 private assetId;

    function setUp() public override {
        super.setUp();
        assetId = _publish(true);
    }

    function test_anOwnerSetsReplacesAndSwitchesOff() public {
        _set(publisher, buyer, 1_000, buyer, 1_000);
        _assertRoyalty(buyer, 1e17);
        _set(publisher, stranger, 25, stranger, 25);
        _assertRoyalty(stranger, 25e14);
        _set(publisher, stranger, 0, address(0), 0);
        _assertRoyalty(address(0), 0);
        _set(publisher, stranger, 1, stranger, 1);
        _set(publisher, address(0), 1_000, address(0), 0);
        _assertRoyalty(address(0), 0);
    }

    function test_aTenthAndNoMore() public {
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.RoyaltyTooLarge.selector, 1_001, 1_000));
        vm.prank(publisher);
        registry.setRoyalty(assetId, buyer, 1_001);
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.RoyaltyTooLarge.selector, 1_001, 1_000));
        vm.prank(publisher);
        registry.setRoyalty(assetId, address(0), 1_001);
    }

    function test_onlyTheOwnerSetsIt() public {
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.NotAssetOwner.selector, assetId, stranger));
        vm.prank(stranger);
        registry.setRoyalty(assetId, stranger, 1);
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.NotAssetOwner.selector, assetId + 1, publisher));
        vm.prank(publisher);
        registry.setRoyalty(assetId + 1, publisher, 1);
    }

    function test_itStaysWithTheAsset() public {
        _set(publisher, publisher, 500, publisher, 500);
        vm.prank(publisher);
        registry.transferFrom(publisher, buyer, assetId);
        _assertRoyalty(publisher, 5e16);
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.NotAssetOwner.selector, assetId, publisher));
        vm.prank(publisher);
        registry.setRoyalty(assetId, publisher, 600);
        _set(buyer, address(0), 0, address(0), 0);
        _assertRoyalty(address(0), 0);
    }

    function test_eachAssetHasItsOwn() public {
        uint256 other = _publish(true);
        _set(publisher, buyer, 700, buyer, 700);
        (address to, uint256 amount) = registry.royaltyInfo(other, 1e18);
        assertEq(to, address(0), "none");
        assertEq(amount, 0, "nothing");
    }

    function _set(address who, address receiver, uint96 bps, address saidReceiver, uint96 saidBps) private {
        CHEATS.expectEmit(address(registry));
        emit IAssetRegistry.RoyaltySet(assetId, saidReceiver, saidBps);
        vm.prank(who);
        registry.setRoyalty(assetId, receiver, bps);
    }

    /// @dev Of a price of one coin.
    function _assertRoyalty(address receiver, uint256 amount) private view {
        (address to, uint256 due) = registry.royaltyInfo(assetId, 1e18);
        assertEq(to, receiver, "to whom");
        assertEq(due, amount, "how much");
    }
}
