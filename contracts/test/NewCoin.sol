// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {NeuroCoin} from "../src/NeuroCoin.sol";
import {INeuroCoin} from "../src/interfaces/INeuroCoin.sol";

/// @dev A coin whose whole supply is with `holder`, without budgets.
function newCoin(address owner, address holder, uint256 supply) returns (NeuroCoin) {
    return NewCoin.make(owner, holder, supply);
}

/// @dev In a library, because forge links `new` by address in contracts and libraries only. From a free function the
/// tests would keep the coin that was compiled first, and no mutant of it could be noticed.
library NewCoin {
    function make(address owner, address holder, uint256 supply) internal returns (NeuroCoin) {
        INeuroCoin.Allocation[] memory allocations = new INeuroCoin.Allocation[](1);
        allocations[0] = INeuroCoin.Allocation(holder, supply);
        return new NeuroCoin("NeuroCoin", "NCR", owner, allocations, new INeuroCoin.Budget[](0));
    }
}
