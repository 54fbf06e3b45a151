// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Test} from "./Test.sol";

/// @dev Cheat codes for logs: what the contracts said since `recordLogs`.
interface LogVm {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    function recordLogs() external;
    function getRecordedLogs() external returns (Log[] memory);
}

/// @dev Remembers what was said, so that a test may ask for it in any order, and how often nothing was moved.
abstract contract Logs is Test {
    LogVm private constant LOGS = LogVm(address(uint160(uint256(keccak256("hevm cheat code")))));
    bytes32 private constant TRANSFER = keccak256("Transfer(address,address,uint256)");

    mapping(bytes32 log => bool) internal seen;
    mapping(address emitter => mapping(bytes32 selector => uint256)) internal times;
    uint256 internal emptyTransfers;

    function _record() internal {
        LOGS.recordLogs();
    }

    function _stop() internal {
        LogVm.Log[] memory logs = LOGS.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            bytes memory topics = abi.encodePacked(logs[i].topics);
            seen[keccak256(abi.encode(logs[i].emitter, topics, logs[i].data))] = true;
            seen[keccak256(abi.encode(logs[i].emitter, topics))] = true;
            ++times[logs[i].emitter][logs[i].topics[0]];
            bool isEmpty = logs[i].data.length == 32 && abi.decode(logs[i].data, (uint256)) == 0;
            if (logs[i].topics[0] == TRANSFER && isEmpty) ++emptyTransfers;
        }
    }

    function _assertSeen(address emitter, bytes memory topics, bytes memory data, string memory what) internal view {
        assertTrue(seen[keccak256(abi.encode(emitter, topics, data))], what);
    }

    function _id(address who) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(who)));
    }
}
