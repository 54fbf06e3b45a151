// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMarket} from "../interfaces/IMarket.sol";

/// @notice An order in one storage word. From the lowest bit: state 4, one bit for each of 12 committee places that has
/// granted, version 16, listingId 32, changedAt 32 (enough until 2106), buyer 160.
library OrderWord {
    uint256 private constant GRANTS = 4;
    uint256 private constant VERSION = 16;
    uint256 private constant LISTING = 32;
    uint256 private constant CHANGED_AT = 64;
    uint256 private constant BUYER = 96;

    function make(address buyer_, uint32 listingId_, uint16 version_) internal view returns (uint256) {
        return (uint256(uint160(buyer_)) << BUYER) | (uint256(uint32(block.timestamp)) << CHANGED_AT)
            | (uint256(listingId_) << LISTING) | (uint256(version_) << VERSION) | uint8(IMarket.OrderState.Open);
    }

    /// @return The word in another state, changed now.
    function moved(uint256 word, IMarket.OrderState state_) internal view returns (uint256) {
        uint256 kept = word & ~(uint256(type(uint32).max) << CHANGED_AT) & ~uint256(0xf);
        return kept | (uint256(uint32(block.timestamp)) << CHANGED_AT) | uint8(state_);
    }

    function state(uint256 word) internal pure returns (IMarket.OrderState) {
        return IMarket.OrderState(word & 0xf);
    }

    function isOpenOrGranted(uint256 word) internal pure returns (bool) {
        IMarket.OrderState state_ = state(word);
        return state_ == IMarket.OrderState.Open || state_ == IMarket.OrderState.Granted;
    }

    function hasGrant(uint256 word, uint256 position) internal pure returns (bool) {
        return (word >> (GRANTS + position)) & 1 != 0;
    }

    function withGrant(uint256 word, uint256 position) internal pure returns (uint256) {
        return word | (1 << (GRANTS + position));
    }

    function grants(uint256 word) internal pure returns (uint16) {
        return uint16(word >> GRANTS) & 0xfff;
    }

    function grantCount(uint256 word) internal pure returns (uint256 count) {
        for (uint256 bits = grants(word); bits != 0; bits &= bits - 1) {
            ++count;
        }
    }

    function version(uint256 word) internal pure returns (uint16) {
        return uint16(word >> VERSION);
    }

    function listingId(uint256 word) internal pure returns (uint32) {
        return uint32(word >> LISTING);
    }

    function changedAt(uint256 word) internal pure returns (uint256) {
        return uint32(word >> CHANGED_AT);
    }

    function buyer(uint256 word) internal pure returns (address) {
        return address(uint160(word >> BUYER));
    }
}
