// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Drawing without replacement, and the small lists that come out of it.
library Draw {
    uint256 internal constant MAX_SIZE = 12;
    uint256 private constant IDS = (1 << (16 * MAX_SIZE)) - 1;

    /// @notice Takes `size` of `ids`, each in turn with a chance proportional to its weight among those left; all of
    /// them if there are no more than that. Uses up both arrays.
    function pick(bytes32 seed, uint16[] memory ids, uint256[] memory weights, uint256 size)
        internal
        pure
        returns (uint16[] memory picked)
    {
        if (ids.length <= size) return ids;
        picked = new uint16[](size);
        uint256 total = 0;
        for (uint256 i = 0; i < weights.length; ++i) {
            total += weights[i];
        }
        for (uint256 n = 0; n < size; ++n) {
            uint256 left = ids.length - n;
            uint256 at_ = _find(weights, left, total == 0 ? 0 : uint256(keccak256(abi.encode(seed, n))) % total);
            picked[n] = ids[at_];
            total -= weights[at_];
            (ids[at_], weights[at_]) = (ids[left - 1], weights[left - 1]);
        }
    }

    /// @notice Up to 12 ids in one word, the first in the lowest bits. The 64 bits above them are free.
    function pack(uint16[] memory ids) internal pure returns (uint256 word) {
        for (uint256 i = 0; i < ids.length; ++i) {
            word |= uint256(ids[i]) << (16 * i);
        }
    }

    function unpack(uint256 word) internal pure returns (uint16[] memory ids) {
        uint256 size = 0;
        while (size < MAX_SIZE && uint16(word >> (16 * size)) != 0) ++size;
        ids = new uint16[](size);
        for (uint256 i = 0; i < size; ++i) {
            ids[i] = uint16(word >> (16 * i));
        }
    }

    function contains(uint256 word, uint16 id) internal pure returns (bool) {
        if (id == 0) return false;
        for (word &= IDS; word != 0; word >>= 16) {
            if (uint16(word) == id) return true;
        }
        return false;
    }

    /// @notice A word with 64 bits of a seed above its ids, and these bits.
    function withLot(uint256 word, bytes32 seed) internal pure returns (uint256) {
        return word | uint256(seed) << (16 * MAX_SIZE);
    }

    function lotOf(uint256 word) internal pure returns (uint64) {
        return uint64(word >> (16 * MAX_SIZE));
    }

    /// @notice The place of an id in a word that contains it.
    function placeOf(uint256 word, uint16 id) internal pure returns (uint256 place) {
        while (uint16(word >> (16 * place)) != id) ++place;
    }

    /// @dev The place at which the running sum of weights passes `target`; the last one if none does.
    function _find(uint256[] memory weights, uint256 left, uint256 target) private pure returns (uint256 place) {
        uint256 sum = weights[0];
        while (sum <= target && place < left - 1) sum += weights[++place];
    }
}
