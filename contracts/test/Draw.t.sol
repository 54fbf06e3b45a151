// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Draw} from "../src/libraries/Draw.sol";
import {Test} from "./Test.sol";

contract DrawTest is Test {
    function testFuzz_picksAreDistinctAndFromTheSet(bytes32 seed, uint8 count, uint8 size_, bool weightless)
        public
        pure
    {
        uint256 size = bound(size_, 1, 12);
        (uint16[] memory ids, uint256[] memory weights) = _set(bound(count, 1, 64), weightless ? 0 : 7);
        uint256 length = ids.length;
        uint16[] memory picked = Draw.pick(seed, ids, weights, size);
        assertEq(picked.length, size < length ? size : length, "as many as asked for, or all");
        uint256 seen = 0;
        for (uint256 i = 0; i < picked.length; ++i) {
            if (length <= 12) assertTrue(Draw.contains(Draw.pack(picked), picked[i]), "contained");
            assertTrue(picked[i] >= 1 && picked[i] <= length, "from the set");
            assertTrue(seen & (1 << picked[i]) == 0, "once");
            seen |= 1 << picked[i];
        }
    }

    function testFuzz_packing(uint16[12] memory ids_, uint8 size_) public pure {
        uint16[] memory ids = new uint16[](bound(size_, 0, 12));
        for (uint256 i = 0; i < ids.length; ++i) {
            ids[i] = ids_[i] == 0 ? 1 : ids_[i];
        }
        uint16[] memory back = Draw.unpack(Draw.pack(ids));
        assertEq(back.length, ids.length, "length");
        for (uint256 i = 0; i < ids.length; ++i) {
            assertEq(back[i], ids[i], "id");
        }
        assertTrue(!Draw.contains(Draw.pack(ids), 0), "0 is nobody");
    }

    /// @dev A set without the heavy one never has it; with almost all the weight it is nearly always first.
    function test_weights() public pure {
        uint256 first = 0;
        for (uint256 i = 0; i < 500; ++i) {
            (uint16[] memory ids, uint256[] memory weights) = _set(10, 1);
            weights[4] = 91;
            if (Draw.pick(keccak256(abi.encode(i)), ids, weights, 3)[0] == 5) ++first;
        }
        // 91 of 100: 455 expected, standard deviation 6.4.
        assertTrue(first > 425 && first < 485, "nine of ten");
    }

    /// @dev Who takes the place of one that was picked brings its own weight along.
    function test_whoWeighsNothingIsPickedLast() public pure {
        for (uint256 i = 0; i < 64; ++i) {
            (uint16[] memory ids, uint256[] memory weights) = _set(4, 1);
            weights[3] = 0;
            uint16[] memory picked = Draw.pick(keccak256(abi.encode(i)), ids, weights, 3);
            assertTrue(!Draw.contains(Draw.pack(picked), 4), "three others have weight");
        }
    }

    function _set(uint256 count, uint256 weight) private pure returns (uint16[] memory ids, uint256[] memory weights) {
        ids = new uint16[](count);
        weights = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            (ids[i], weights[i]) = (uint16(i + 1), weight);
        }
    }
}
