// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {INeuroCoin} from "../interfaces/INeuroCoin.sol";

/// @notice A rate limit: a bucket that refills evenly and never holds more than its capacity.
library TokenBucket {
    /// @notice What may be taken now.
    function level(INeuroCoin.Bucket memory bucket) internal view returns (uint256) {
        if (bucket.window == 0) return 0;
        // The widest product is 96 + 40 bits.
        uint256 refilled = uint256(bucket.capacity) * (block.timestamp - bucket.updatedAt) / bucket.window;
        uint256 sum = bucket.available + refilled;
        return sum < bucket.capacity ? sum : bucket.capacity;
    }

    /// @notice The bucket after `amount`, at most its level, was taken.
    function take(INeuroCoin.Bucket memory bucket, uint256 amount) internal view returns (INeuroCoin.Bucket memory) {
        bucket.available = uint96(level(bucket) - amount);
        bucket.updatedAt = uint40(block.timestamp);
        return bucket;
    }

    /// @notice The bucket with other bounds: full if it is new, else with what it holds, up to the new capacity.
    function resize(INeuroCoin.Bucket memory bucket, uint96 capacity, uint24 window)
        internal
        view
        returns (INeuroCoin.Bucket memory)
    {
        uint256 held = bucket.window == 0 ? capacity : level(bucket);
        uint96 available = held < capacity ? uint96(held) : capacity;
        return INeuroCoin.Bucket(capacity, available, window, uint40(block.timestamp));
    }
}
