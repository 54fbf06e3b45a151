// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Order, job, round and subscription ids share one space, so that one `proofId` says by itself what kind of right it claims:
/// a prefix byte, then the low 31 bytes of a keccak256 digest.
library EntitlementIds {
    uint8 internal constant ORDER = 0x01;
    uint8 internal constant JOB = 0x02;
    uint8 internal constant ROUND = 0x03;
    uint8 internal constant SUBSCRIPTION = 0x04;

    function make(uint8 prefix, bytes32 digest) internal pure returns (bytes32) {
        return bytes32((uint256(prefix) << 248) | (uint256(digest) & (type(uint256).max >> 8)));
    }

    function prefixOf(bytes32 id) internal pure returns (uint8) {
        return uint8(id[0]);
    }
}
