// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {vm} from "./Vm.sol";

/// @dev Assertions that say what they compared.
abstract contract Test {
    bool public IS_TEST = true;

    error NotEqual(string what, uint256 got, uint256 wanted);
    error NotEqualWord(string what, bytes32 got, bytes32 wanted);
    error NotTrue(string what);

    function assertEq(uint256 got, uint256 wanted, string memory what) internal pure {
        if (got != wanted) revert NotEqual(what, got, wanted);
    }

    function assertEq(bytes32 got, bytes32 wanted, string memory what) internal pure {
        if (got != wanted) revert NotEqualWord(what, got, wanted);
    }

    function assertEq(address got, address wanted, string memory what) internal pure {
        assertEq(uint256(uint160(got)), uint256(uint160(wanted)), what);
    }

    function assertTrue(bool condition, string memory what) internal pure {
        if (!condition) revert NotTrue(what);
    }

    function bound(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
        uint256 range = high - low;
        return range == type(uint256).max ? value : low + (value % (range + 1));
    }

    function account(string memory name) internal returns (address who) {
        who = vm.addr(keyOf(name));
        vm.label(who, name);
    }

    function keyOf(string memory name) internal pure returns (uint256) {
        return uint256(keccak256(bytes(name))) >> 1;
    }

    /// @dev The clock is read by a cheat code: the IR pipeline takes `block.timestamp` as constant within a call.
    function skip(uint256 seconds_) internal {
        vm.warp(vm.getBlockTimestamp() + seconds_);
    }

    /// @dev As `skip`.
    function mine(uint256 blocks) internal {
        vm.roll(vm.getBlockNumber() + blocks);
    }
}
