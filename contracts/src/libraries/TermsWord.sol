// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMarket} from "../interfaces/IMarket.sol";

/// @notice What a purchase needs of a listing, in one storage word that is loaded once. From the lowest bit: price 96,
/// assetId 64, firstVersion 32, lastVersion 32, kind 8, retired 8.
library TermsWord {
    uint256 private constant ASSET = 96;
    uint256 private constant FIRST = 160;
    uint256 private constant LAST = 192;
    uint256 private constant KIND = 224;
    uint256 private constant RETIRED = 232;

    function make(IMarket.ListingInput calldata input) internal pure returns (uint256) {
        return input.price | (uint256(input.assetId) << ASSET) | (uint256(input.firstVersion) << FIRST)
            | (uint256(input.lastVersion) << LAST) | (uint256(uint8(input.kind)) << KIND);
    }

    function withRetired(uint256 word) internal pure returns (uint256) {
        return word | (1 << RETIRED);
    }

    function price(uint256 word) internal pure returns (uint96) {
        return uint96(word);
    }

    function assetId(uint256 word) internal pure returns (uint64) {
        return uint64(word >> ASSET);
    }

    function firstVersion(uint256 word) internal pure returns (uint32) {
        return uint32(word >> FIRST);
    }

    function lastVersion(uint256 word) internal pure returns (uint32) {
        return uint32(word >> LAST);
    }

    function covers(uint256 word, uint32 version) internal pure returns (bool) {
        uint32 last = lastVersion(word);
        return version >= firstVersion(word) && (last == 0 || version <= last);
    }

    function kind(uint256 word) internal pure returns (IMarket.LicenseKind) {
        return IMarket.LicenseKind(uint8(word >> KIND));
    }

    function retired(uint256 word) internal pure returns (bool) {
        return word >> RETIRED != 0;
    }
}
