// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice The open download listings of one asset: up to eight ids of 32 bits in one word, 0 = empty place. So the
/// registry's news about a version reaches each of them in a bounded loop.
library OpenListings {
    uint256 internal constant MAX_OPEN = 8;

    function idAt(uint256 word, uint256 place) internal pure returns (uint32) {
        return uint32(word >> (32 * place));
    }

    /// @return The word with the id in its first empty place, or 0 where there is none.
    function added(uint256 word, uint32 id) internal pure returns (uint256) {
        for (uint256 i = 0; i < MAX_OPEN; ++i) {
            if (idAt(word, i) == 0) return word | (uint256(id) << (32 * i));
        }
        return 0;
    }

    function removed(uint256 word, uint32 id) internal pure returns (uint256) {
        for (uint256 i = 0; i < MAX_OPEN; ++i) {
            if (idAt(word, i) == id) return word & ~(uint256(type(uint32).max) << (32 * i));
        }
        return word;
    }
}
