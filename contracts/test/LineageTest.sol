// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAssetRegistry} from "../src/interfaces/IAssetRegistry.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

/// @dev Cheat code for events: the next call says exactly this.
interface LineageVm {
    function expectEmit(address emitter) external;
}

/// @dev Short helpers for families of assets.
abstract contract LineageTest is SystemTest {
    LineageVm internal constant EMITS = LineageVm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function _parent(uint256 assetId, uint16 bps) internal pure returns (IAssetRegistry.Parent memory) {
        return IAssetRegistry.Parent(uint64(assetId), 1, bps);
    }

    function _child(uint256 parent, uint16 bps) internal returns (uint256) {
        IAssetRegistry.Parent[] memory parents = new IAssetRegistry.Parent[](1);
        parents[0] = _parent(parent, bps);
        return _derive(parents);
    }

    function _derive(IAssetRegistry.Parent[] memory parents) internal returns (uint256) {
        vm.prank(publisher);
        return registry.publishDerived(IAssetRegistry.AssetKind.Model, _input(true), parents, _noPermit());
    }

    function _royalties(uint256 assetId, uint256[4] memory ids, uint256[4] memory bps) internal view {
        IAssetRegistry.Royalty[] memory royalties = registry.royaltiesOf(assetId);
        for (uint256 i = 0; i < 4; ++i) {
            uint256 id = i < royalties.length ? royalties[i].assetId : 0;
            assertEq(id, ids[i], "ancestor");
            assertEq(id == 0 ? 0 : royalties[i].bps, bps[i], "part");
        }
    }
}
