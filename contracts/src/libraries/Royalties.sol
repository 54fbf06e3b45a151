// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAssetRegistry} from "../interfaces/IAssetRegistry.sol";

/// @notice What the owners of ancestors get of an amount. Rounded down: the dust is the seller's.
library Royalties {
    uint256 private constant BPS = 10_000;

    function total(IAssetRegistry.Royalty[] memory royalties, uint256 amount) internal pure returns (uint256 sum) {
        for (uint256 i = 0; i < royalties.length; ++i) {
            sum += partOf(royalties[i], amount);
        }
    }

    function partOf(IAssetRegistry.Royalty memory royalty, uint256 amount) internal pure returns (uint256) {
        return amount * royalty.bps / BPS;
    }
}
