// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Draw} from "../src/libraries/Draw.sol";
import {Segments} from "../src/libraries/Segments.sol";
import {Test} from "./Test.sol";
import {vm} from "./Vm.sol";

/// @dev `vectors/segments.json` is what the engine draws: both sides look at the same steps.
contract SegmentsTest is Test {
    function test_vectors() public view {
        string memory json = vm.readFile("vectors/segments.json");
        uint256 count = vm.parseJsonUint(json, ".count");
        for (uint256 i = 0; i < count; ++i) {
            string memory at_ = string.concat(".draws[", string(abi.encodePacked(uint8(48 + i))), "]");
            uint64 lot = uint64(uint256(vm.parseJsonBytes32(json, string.concat(at_, ".lot"))));
            uint256 checkpoints = vm.parseJsonUint(json, string.concat(at_, ".checkpoints"));
            uint256[] memory segments = vm.parseJsonUintArray(json, string.concat(at_, ".segments"));
            for (uint256 next = 0; next < segments.length; ++next) {
                assertTrue(Segments.isAudited(lot, checkpoints, segments[next] + 2), "what the engine draws");
                bool gap = next + 1 < segments.length && segments[next + 1] > segments[next] + 1;
                if (gap) assertTrue(!Segments.isAudited(lot, checkpoints, segments[next] + 3), "and nothing else");
            }
        }
    }

    function testFuzz_theEndsAndShortRunsAreAlwaysLookedAt(uint64 lot, uint32 checkpoints, uint32 position)
        public
        pure
    {
        checkpoints = uint32(bound(checkpoints, 1, 100_000));
        assertTrue(Segments.isAudited(lot, checkpoints, 1), "the start");
        assertTrue(Segments.isAudited(lot, checkpoints, 2), "the first step");
        assertTrue(Segments.isAudited(lot, checkpoints, checkpoints), "the last step");
        assertTrue(Segments.isAudited(lot, checkpoints, uint256(checkpoints) + 1), "the receipt");
        assertTrue(Segments.isAudited(lot, bound(checkpoints, 1, 999), position), "a short run");
    }

    function testFuzz_aLotStandsAboveTheIds(bytes32 seed, uint16 first, uint16 stranger) public pure {
        first = uint16(bound(first, 1, 100));
        stranger = uint16(bound(stranger, 101, type(uint16).max));
        uint16[] memory ids = new uint16[](1);
        ids[0] = first;
        uint256 word = Draw.withLot(Draw.pack(ids), seed);
        assertEq(Draw.lotOf(word), uint64(uint256(seed)), "the seed's low bits");
        assertEq(Draw.unpack(word).length, 1, "one id");
        assertTrue(Draw.contains(word, first), "it is there");
        assertTrue(!Draw.contains(word, stranger), "what the lot looks like is nobody");
    }
}
