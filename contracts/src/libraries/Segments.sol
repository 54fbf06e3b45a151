// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Which steps of a run its committee has to re-execute: of a long one those that its round's lot draws. Mirrors
/// `drawSegments` of packages/engine; both are read against `vectors/segments.json`.
library Segments {
    /// @notice Runs with fewer checkpoints are re-executed whole.
    uint256 internal constant LEAST_CHECKPOINTS = 1_000;
    /// @notice What finds a forgery of a tenth of the steps with 99 %: 1 - 0.9^44 = 0.990.
    uint256 internal constant DRAWS = 44;

    /// @notice Whether the committee had to see what is wrong at a place of the checkpoint tree. `position` 1 is the
    /// start, `position` p what the step p - 2 leads to, `checkpoints` + 1 what follows the last checkpoint: the ends are
    /// always looked at.
    function isAudited(uint64 lot, uint256 checkpoints, uint256 position) internal pure returns (bool) {
        if (checkpoints < LEAST_CHECKPOINTS || position <= 2 || position >= checkpoints) return true;
        for (uint256 draw = 0; draw < DRAWS; ++draw) {
            if (drawn(lot, draw, checkpoints - 1) == position - 2) return true;
        }
        return false;
    }

    /// @notice The step of so many that a draw takes: the upper 64 bits of sha256(lot as 32 bytes, draw as 4 bytes,
    /// little-endian), times the steps, over 2^64.
    function drawn(uint64 lot, uint256 draw, uint256 steps) internal pure returns (uint256) {
        // Draws are fewer than 256, so that the first byte holds them.
        bytes32 hash = sha256(abi.encodePacked(uint256(lot), uint8(draw), uint24(0)));
        return (uint256(hash) >> 192) * steps >> 64;
    }
}
