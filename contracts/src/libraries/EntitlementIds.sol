// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Order, job, round and subscription ids share one space, so that one `proofId` says by itself what kind of
/// right it claims: a prefix byte, then the low 31 bytes of a keccak256 digest; of a subscription, 7 zero bytes, the
/// listing (4) and the account (20), so that nothing of it needs storing; of an asset's owner, the asset (27) and the version (4).
library EntitlementIds {
    uint8 internal constant ORDER = 0x01;
    uint8 internal constant JOB = 0x02;
    uint8 internal constant ROUND = 0x03;
    uint8 internal constant SUBSCRIPTION = 0x04;
    uint8 internal constant OWNER = 0x05;

    function make(uint8 prefix, bytes32 digest) internal pure returns (bytes32) {
        return bytes32((uint256(prefix) << 248) | (uint256(digest) & (type(uint256).max >> 8)));
    }

    /// @param listingId Below 2^32. A larger one makes no id of another account, and of no other listing that exists.
    function subscription(uint256 listingId, address account) internal pure returns (bytes32) {
        return bytes32((uint256(SUBSCRIPTION) << 248) | (listingId << 160) | uint160(account));
    }

    function owner(uint256 assetId, uint32 version) internal pure returns (bytes32) {
        return bytes32((uint256(OWNER) << 248) | (assetId << 32) | version);
    }

    function prefixOf(bytes32 id) internal pure returns (uint8) {
        return uint8(id[0]);
    }

    /// @dev Of a subscription's id.
    function listingOf(bytes32 id) internal pure returns (uint32) {
        return uint32(uint256(id) >> 160);
    }

    /// @dev Of a subscription's id.
    function accountOf(bytes32 id) internal pure returns (address) {
        return address(uint160(uint256(id)));
    }
}
