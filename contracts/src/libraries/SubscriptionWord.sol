// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice A subscription in one storage word, with a copy of the terms that a renewal needs (listings never change), so
/// that renewing touches no other slot. From the lowest bit: price 96, claimedUntil 32, period 32 (seconds), unused 32,
/// paidUntil 32 (enough until 2106), closed 1, foreign 1 (paid in another token than NCR). 0: never taken.
library SubscriptionWord {
    uint256 private constant CLAIMED_UNTIL = 96;
    uint256 private constant PERIOD = 128;
    uint256 private constant PAID_UNTIL = 192;
    uint256 private constant CLOSED = 224;
    uint256 private constant FOREIGN = 225;
    uint256 private constant TIMES =
        (uint256(type(uint32).max) << CLAIMED_UNTIL) | (uint256(type(uint32).max) << PAID_UNTIL);

    /// @param time Of both ends: nothing is paid yet.
    function make(uint96 price_, uint32 period_, bool foreign_, uint256 time) internal pure returns (uint256 word) {
        word = price_ | (uint256(period_) << PERIOD) | (foreign_ ? 1 << FOREIGN : 0);
        return withTimes(word, time, time);
    }

    /// @dev Both fit 32 bits: whoever moves the later one further checks it.
    function withTimes(uint256 word, uint256 claimedUntil_, uint256 paidUntil_) internal pure returns (uint256) {
        return (word & ~TIMES) | (claimedUntil_ << CLAIMED_UNTIL) | (paidUntil_ << PAID_UNTIL);
    }

    function withClosed(uint256 word, bool closed_) internal pure returns (uint256) {
        return closed_ ? word | (1 << CLOSED) : word & ~uint256(1 << CLOSED);
    }

    /// @notice One period more of a subscription that runs, is not closed and is paid in NCR.
    /// @return word_ With its new end.
    /// @return until The new end, or 0 where the subscription is not such a one, or its end does not fit.
    function renewed(uint256 word) internal view returns (uint256 word_, uint256 until) {
        unchecked {
            // The field above has room for a carry, and what lies above the end is nought in such a subscription.
            word_ = word + (period(word) << PAID_UNTIL);
            until = word_ >> PAID_UNTIL;
            if (word >> PAID_UNTIL <= block.timestamp || until > type(uint32).max) until = 0;
        }
    }

    function price(uint256 word) internal pure returns (uint96) {
        return uint96(word);
    }

    function claimedUntil(uint256 word) internal pure returns (uint256) {
        return uint32(word >> CLAIMED_UNTIL);
    }

    function paidUntil(uint256 word) internal pure returns (uint256) {
        return uint32(word >> PAID_UNTIL);
    }

    /// @return In seconds.
    function period(uint256 word) internal pure returns (uint256) {
        return uint32(word >> PERIOD);
    }

    function closed(uint256 word) internal pure returns (bool) {
        return (word >> CLOSED) & 1 != 0;
    }

    function foreign(uint256 word) internal pure returns (bool) {
        return (word >> FOREIGN) & 1 != 0;
    }

    /// @notice Base units that were paid for the time between the two ends. Both are on period boundaries, or equal.
    function held(uint256 word) internal pure returns (uint256) {
        uint256 span = paidUntil(word) - claimedUntil(word);
        return span == 0 ? 0 : uint256(price(word)) * (span / period(word));
    }
}
