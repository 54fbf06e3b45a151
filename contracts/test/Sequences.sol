// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Test} from "./Test.sol";
import {vm} from "./Vm.sol";

/// @dev Plays sequences made from a reference model in packages/protocol/src/model: after each step the outcome (done, or
/// the custom error) must be the model's, and after the last one everything that `_words` lists.
abstract contract Sequences is Test {
    uint256 private constant STEP = 5;
    uint256 private constant DIGEST = 32;

    bytes4[] private errors;

    /// @dev Each sequence starts from the state that `setUp` left. NEURODATA_SEQUENCES: only so many of them.
    function _playAll(string memory path) internal {
        string memory json = vm.readFile(path);
        bytes[] memory selectors = vm.parseJsonBytesArray(json, ".errors");
        for (uint256 i = 0; i < selectors.length; ++i) {
            errors.push(bytes4(selectors[i]));
        }
        bytes[] memory sequences = vm.parseJsonBytesArray(json, ".sequences");
        assertTrue(sequences.length != 0, "there are sequences");
        uint256 count = vm.envOr("NEURODATA_SEQUENCES", sequences.length);
        // Thousands of sequences cost more than one test may.
        vm.pauseGasMetering();
        uint256 snapshot = vm.snapshotState();
        for (uint256 i = 0; i < count && i < sequences.length; ++i) {
            // A call of its own gives the memory back.
            this.playOne(i, sequences[i]);
            vm.revertToState(snapshot);
        }
    }

    function playOne(uint256 number, bytes calldata sequence) external {
        uint256 length = sequence.length - DIGEST;
        for (uint256 i = 0; i < length; i += STEP) {
            uint8[3] memory arguments = [uint8(sequence[i + 1]), uint8(sequence[i + 2]), uint8(sequence[i + 3])];
            bytes4 wanted = errors[uint8(sequence[i + 4])];
            bytes4 got = _step(uint8(sequence[i]), arguments);
            if (got != wanted) revert NotEqualWord(_name(number, i / STEP), got, wanted);
        }
        bytes32 digest = keccak256(abi.encodePacked(_words()));
        assertEq(digest, bytes32(sequence[length:]), _name(number, length / STEP));
    }

    /// @return The selector of the error with which it was refused, or 0.
    function _step(uint8 op, uint8[3] memory arguments) internal virtual returns (bytes4);

    function _words() internal view virtual returns (uint256[] memory);

    function _call(address who, address target, bytes memory data) internal returns (bytes4) {
        vm.prank(who);
        (bool done, bytes memory answer) = target.call(data);
        return done ? bytes4(0) : bytes4(answer);
    }

    function _seconds(uint8[3] memory arguments) internal pure returns (uint256) {
        return (uint256(arguments[0]) << 16) | (uint256(arguments[1]) << 8) | arguments[2];
    }

    function _name(uint256 sequence, uint256 step) private pure returns (string memory) {
        return string.concat("sequence ", vm.toString(sequence), ", step ", vm.toString(step));
    }
}
