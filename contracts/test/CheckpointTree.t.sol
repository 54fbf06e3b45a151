// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {CheckpointTree} from "../src/libraries/CheckpointTree.sol";
import {Trees} from "./ChallengeTest.sol";
import {Test} from "./Test.sol";
import {vm} from "./Vm.sol";

/// @dev `vectors/checkpoints.json` is what the engine makes: both sides read the same tree.
contract CheckpointTreeTest is Test {
    using Trees for bytes32[];

    function test_vectors() public view {
        string memory json = vm.readFile("vectors/checkpoints.json");
        uint256 trees = vm.parseJsonUint(json, ".count");
        for (uint256 t = 0; t < trees; ++t) {
            string memory at_ = string.concat(".trees[", _text(t), "]");
            bytes32 root = vm.parseJsonBytes32(json, string.concat(at_, ".root"));
            bytes32[] memory digests = vm.parseJsonBytes32Array(json, string.concat(at_, ".digests"));
            assertEq(digests.root(), root, "the tests' own tree");
            uint256[] memory indexes = vm.parseJsonUintArray(json, string.concat(at_, ".indexes"));
            for (uint256 i = 0; i < indexes.length; ++i) {
                bytes32[] memory path = vm.parseJsonBytes32Array(json, string.concat(at_, ".paths[", _text(i), "]"));
                assertTrue(this.proves(root, digests[indexes[i]], indexes[i], digests.length, path), "proved");
            }
        }
    }

    function testFuzz_onlyTheLeafAtItsPlace(uint256 count, uint256 index, uint256 other, bytes32 noise) public view {
        count = bound(count, 1, 40);
        index = bound(index, 0, count - 1);
        other = bound(other, 0, count + 3);
        bytes32[] memory digests = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            digests[i] = keccak256(abi.encode(noise, i));
        }
        (bytes32 root, bytes32[] memory path) = (digests.root(), digests.path(index));
        assertTrue(this.proves(root, digests[index], index, count, path), "its place");
        if (other != index) assertTrue(!this.proves(root, digests[index], other, count, path), "no other place");
        assertTrue(!this.proves(root, noise, index, count, path), "no other digest");
        assertTrue(!this.proves(noise, digests[index], index, count, path), "no other root");
        bytes32[] memory longer = new bytes32[](path.length + 1);
        assertTrue(!this.proves(root, digests[index], index, count, longer), "no longer path");
        if (path.length == 0) return;
        path[other % path.length] ^= bytes32(uint256(1));
        assertTrue(!this.proves(root, digests[index], index, count, path), "no other path");
        assertTrue(!this.proves(root, digests[index], index, count, new bytes32[](path.length - 1)), "no shorter");
    }

    function proves(bytes32 root, bytes32 digest, uint256 index, uint256 count, bytes32[] calldata path)
        external
        pure
        returns (bool)
    {
        return CheckpointTree.proves(root, digest, index, count, path);
    }

    function _text(uint256 value) private pure returns (string memory) {
        bytes memory digits = value < 10 ? new bytes(1) : new bytes(2);
        if (value > 9) digits[0] = bytes1(uint8(48 + value / 10));
        digits[digits.length - 1] = bytes1(uint8(48 + value % 10));
        return string(digits);
    }
}
