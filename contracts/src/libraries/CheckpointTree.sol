// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice The Merkle tree over a run's checkpoints, as the engine makes it (RFC 6962, section 2.1): leaves are
/// sha256(0x00 | digest), nodes sha256(0x01 | left | right), and a list of n splits at the largest power of two below n.
library CheckpointTree {
    /// @notice Whether `digest` is the leaf at `index` of the `count` under `root` (RFC 9162, section 2.1.3.2, which fixes
    /// the length of the path too).
    function proves(bytes32 root, bytes32 digest, uint256 index, uint256 count, bytes32[] calldata path)
        internal
        pure
        returns (bool)
    {
        if (index >= count) return false;
        uint256 last = count - 1;
        bytes32 hash = sha256(abi.encodePacked(bytes1(0), digest));
        for (uint256 i = 0; i < path.length; ++i) {
            if (last == 0) return false;
            if (index & 1 == 1 || index == last) {
                hash = sha256(abi.encodePacked(bytes1(0x01), path[i], hash));
                while (index & 1 == 0 && index != 0) (index, last) = (index >> 1, last >> 1);
            } else {
                hash = sha256(abi.encodePacked(bytes1(0x01), hash, path[i]));
            }
            (index, last) = (index >> 1, last >> 1);
        }
        return last == 0 && hash == root;
    }
}
