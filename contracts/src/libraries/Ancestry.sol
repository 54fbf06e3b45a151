// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAssetRegistry} from "../interfaces/IAssetRegistry.sol";

/// @notice An asset's parents in two storage words, two in each (from the lowest bit: assetId 64, version 32,
/// shareBps 16, empty 16), and what follows from the parents of parents.
library Ancestry {
    uint256 internal constant MAX_PARENTS = 4;
    uint256 internal constant MAX_ROYALTIES = 8;
    uint256 internal constant MAX_DEPTH = 4;
    uint256 private constant BPS = 10_000;

    function set(uint256[2] storage words, uint256 place, IAssetRegistry.Parent memory parent) internal {
        uint256 packed = parent.assetId | (uint256(parent.version) << 64) | (uint256(parent.shareBps) << 96);
        words[place / 2] |= packed << (128 * (place % 2));
    }

    /// @return parent With assetId 0 where there is none.
    function get(uint256[2] storage words, uint256 place) internal view returns (IAssetRegistry.Parent memory parent) {
        uint256 packed = words[place / 2] >> (128 * (place % 2));
        return IAssetRegistry.Parent(uint64(packed), uint32(packed >> 64), uint16(packed >> 96));
    }

    function all(uint256[2] storage words) internal view returns (IAssetRegistry.Parent[] memory parents) {
        uint256 count = 0;
        while (count < MAX_PARENTS && get(words, count).assetId != 0) ++count;
        parents = new IAssetRegistry.Parent[](count);
        for (uint256 i = 0; i < count; ++i) {
            parents[i] = get(words, i);
        }
    }

    /// @dev A list of assets by falling id, each with its part so far and its distance from the asset that is asked about:
    /// assetId << 32 | distance << 16 | bps. An asset is always newer than its parents, so every child of an entry
    /// stands before it, and when its turn comes its part is whole: one pass, and no loop over what may be large.
    function royaltiesOf(mapping(uint256 assetId => uint256[2]) storage parents, uint256 assetId)
        internal
        view
        returns (IAssetRegistry.Royalty[] memory royalties)
    {
        if (parents[assetId][0] == 0) return royalties;
        uint256[] memory entries = new uint256[](MAX_ROYALTIES + 1);
        entries[0] = (assetId << 32) | BPS;
        uint256 count = 1;
        for (uint256 i = 0; i < count; ++i) {
            if (_distance(entries[i]) < MAX_DEPTH) count = _shareOut(parents[entries[i] >> 32], entries, count, i);
        }
        royalties = new IAssetRegistry.Royalty[](count - 1);
        for (uint256 i = 1; i < count; ++i) {
            royalties[i - 1] = IAssetRegistry.Royalty(uint64(entries[i] >> 32), uint16(entries[i]));
        }
    }

    function _shareOut(uint256[2] storage words, uint256[] memory entries, uint256 count, uint256 place)
        private
        view
        returns (uint256)
    {
        uint256 whole = uint16(entries[place]);
        for (uint256 k = 0; k < MAX_PARENTS; ++k) {
            IAssetRegistry.Parent memory parent = get(words, k);
            uint256 part = whole * parent.shareBps / BPS;
            if (part == 0) continue;
            uint256 grown = _give(entries, count, parent.assetId, _distance(entries[place]) + 1, part);
            if (grown == 0) continue;
            count = grown;
            entries[place] -= part;
        }
        return count;
    }

    /// @return The new count, or 0 where the list is full.
    function _give(uint256[] memory entries, uint256 count, uint256 assetId, uint256 distance, uint256 part)
        private
        pure
        returns (uint256)
    {
        uint256 place = count;
        // Ends at the latest at the first entry, which is newer than all of its ancestors.
        while (entries[place - 1] >> 32 < assetId) --place;
        uint256 found = entries[place - 1];
        if (found >> 32 == assetId) {
            if (distance < _distance(found)) found -= (_distance(found) - distance) << 16;
            entries[place - 1] = found + part;
            return count;
        }
        if (count == entries.length) return 0;
        for (uint256 i = count; i > place; --i) {
            entries[i] = entries[i - 1];
        }
        entries[place] = (assetId << 32) | (distance << 16) | part;
        return count + 1;
    }

    function _distance(uint256 entry) private pure returns (uint256) {
        return uint16(entry >> 16);
    }
}
