// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMarket} from "../interfaces/IMarket.sol";

/// @notice What a purchase needs of a listing, in one storage word that is loaded once. From the lowest bit: price 96,
/// assetId 64, firstVersion 16, lastVersion 16, kind 8, tokenId 8, retired, split, suspended and royalties 1 each of 8, newestLive 16,
/// periodMinutes 24.
library TermsWord {
    uint256 private constant ASSET = 96;
    uint256 private constant FIRST = 160;
    uint256 private constant LAST = 176;
    uint256 private constant KIND = 192;
    uint256 private constant TOKEN = 200;
    uint256 private constant RETIRED = 208;
    uint256 private constant SPLIT = 209;
    uint256 private constant SUSPENDED = 210;
    uint256 private constant ROYALTIES = 211;
    uint256 private constant NEWEST_LIVE = 216;
    uint256 private constant PERIOD = 232;

    /// @dev Versions were checked to fit 16 bits, as an order's do.
    function make(IMarket.ListingInput memory input) internal pure returns (uint256) {
        return input.price | (uint256(input.assetId) << ASSET) | (uint256(uint16(input.firstVersion)) << FIRST)
            | (uint256(uint16(input.lastVersion)) << LAST) | (uint256(uint8(input.kind)) << KIND);
    }

    function withExtras(uint256 word, uint8 tokenId_, uint24 periodMinutes_, bool split_)
        internal
        pure
        returns (uint256)
    {
        return word | (uint256(tokenId_) << TOKEN) | (uint256(periodMinutes_) << PERIOD) | (split_ ? 1 << SPLIT : 0);
    }

    function withRetired(uint256 word) internal pure returns (uint256) {
        return word | (1 << RETIRED);
    }

    function withSuspended(uint256 word, bool suspended_) internal pure returns (uint256) {
        return (word & ~uint256(1 << SUSPENDED)) | (suspended_ ? 1 << SUSPENDED : 0);
    }

    function withRoyalties(uint256 word) internal pure returns (uint256) {
        return word | (1 << ROYALTIES);
    }

    /// @dev 0 where no version is known to be live.
    function withNewestLive(uint256 word, uint16 version) internal pure returns (uint256) {
        return (word & ~(uint256(type(uint16).max) << NEWEST_LIVE)) | (uint256(version) << NEWEST_LIVE);
    }

    function price(uint256 word) internal pure returns (uint96) {
        return uint96(word);
    }

    function assetId(uint256 word) internal pure returns (uint64) {
        return uint64(word >> ASSET);
    }

    function firstVersion(uint256 word) internal pure returns (uint16) {
        return uint16(word >> FIRST);
    }

    function lastVersion(uint256 word) internal pure returns (uint16) {
        return uint16(word >> LAST);
    }

    function covers(uint256 word, uint256 version) internal pure returns (bool) {
        uint256 last = lastVersion(word);
        return version >= firstVersion(word) && (last == 0 || version <= last);
    }

    function kind(uint256 word) internal pure returns (IMarket.LicenseKind) {
        return IMarket.LicenseKind(uint8(word >> KIND));
    }

    function tokenId(uint256 word) internal pure returns (uint8) {
        return uint8(word >> TOKEN);
    }

    function retired(uint256 word) internal pure returns (bool) {
        return (word >> RETIRED) & 1 != 0;
    }

    /// @dev Retired or suspended: one test for what hardly ever is.
    function stopped(uint256 word) internal pure returns (bool) {
        return word & ((1 << RETIRED) | (1 << SUSPENDED)) != 0;
    }

    function split(uint256 word) internal pure returns (bool) {
        return (word >> SPLIT) & 1 != 0;
    }

    /// @dev More royalties than the one that stands with the payees: the registry has them.
    function royalties(uint256 word) internal pure returns (bool) {
        return (word >> ROYALTIES) & 1 != 0;
    }

    function newestLive(uint256 word) internal pure returns (uint16) {
        return uint16(word >> NEWEST_LIVE);
    }

    function periodMinutes(uint256 word) internal pure returns (uint24) {
        return uint24(word >> PERIOD);
    }
}
