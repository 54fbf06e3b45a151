// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAssetRegistry} from "../interfaces/IAssetRegistry.sol";

/// @notice A version in one storage word. From the lowest bit: status 8, validatorsMayRead 1, whether the key was handed on 1,
/// unused 6, threshold 8, publishedAt 40, then 12 places of 16 bits for the committee (0 = empty place).
library VersionWord {
    uint256 internal constant MAX_COMMITTEE = 12;
    uint256 private constant FIRST_MEMBER = 64;
    uint256 private constant MOVED = 1 << 9;

    function make(IAssetRegistry.VersionInput calldata input, uint40 time) internal pure returns (uint256 word) {
        word = uint256(uint8(IAssetRegistry.VersionStatus.Pending)) | (input.validatorsMayRead ? 1 << 8 : 0)
            | (uint256(input.threshold) << 16) | (uint256(time) << 24);
        for (uint256 i = 0; i < input.committee.length; ++i) {
            word |= uint256(input.committee[i]) << (FIRST_MEMBER + 16 * i);
        }
    }

    function withStatus(uint256 word, IAssetRegistry.VersionStatus status_) internal pure returns (uint256) {
        return (word & ~uint256(0xff)) | uint8(status_);
    }

    function status(uint256 word) internal pure returns (IAssetRegistry.VersionStatus) {
        return IAssetRegistry.VersionStatus(uint8(word));
    }

    function isLive(uint256 word) internal pure returns (bool) {
        return status(word) == IAssetRegistry.VersionStatus.Live;
    }

    function isRefused(uint256 word) internal pure returns (bool) {
        return status(word) == IAssetRegistry.VersionStatus.Refused;
    }

    function validatorsMayRead(uint256 word) internal pure returns (bool) {
        return (word >> 8) & 1 != 0;
    }

    /// @return Whether other holders, or other shares, have followed the first ones: see Custody.
    function isMoved(uint256 word) internal pure returns (bool) {
        return word & MOVED != 0;
    }

    /// @param committee_ Packed as in Draw.
    function withCommittee(uint256 word, uint256 committee_) internal pure returns (uint256) {
        return (word & ((1 << FIRST_MEMBER) - 1)) | (committee_ << FIRST_MEMBER) | MOVED;
    }

    function withTime(uint256 word, uint40 time) internal pure returns (uint256) {
        return (word & ~(uint256(type(uint40).max) << 24)) | (uint256(time) << 24);
    }

    function threshold(uint256 word) internal pure returns (uint8) {
        return uint8(word >> 16);
    }

    function publishedAt(uint256 word) internal pure returns (uint40) {
        return uint40(word >> 24);
    }

    function committee(uint256 word) internal pure returns (uint16[] memory members) {
        uint256 size = 0;
        while (size < MAX_COMMITTEE && memberAt(word, size) != 0) ++size;
        members = new uint16[](size);
        for (uint256 i = 0; i < size; ++i) {
            members[i] = memberAt(word, i);
        }
    }

    /// @return position Index of the validator in the committee, or `MAX_COMMITTEE` if it is not there.
    function positionOf(uint256 word, uint16 validatorId) internal pure returns (uint256 position) {
        if (validatorId == 0) return MAX_COMMITTEE;
        while (position < MAX_COMMITTEE && memberAt(word, position) != validatorId) ++position;
    }

    function memberAt(uint256 word, uint256 position) private pure returns (uint16) {
        return uint16(word >> (FIRST_MEMBER + 16 * position));
    }
}
