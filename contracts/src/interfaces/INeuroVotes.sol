// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Permit} from "./Types.sol";

/// @notice What NeuroVotes adds to OpenZeppelin's ERC20Wrapper and ERC20Votes.
interface INeuroVotes {
    /// @notice Takes `amount` of the caller's NCR, mints as many votes to the caller and delegates all of the caller's
    /// votes to `delegatee`; the zero address leaves the delegation as it is.
    /// @param permit The caller's approval of this contract; `deadline` 0: the standing allowance is used.
    function wrap(uint256 amount, address delegatee, Permit calldata permit) external;

    /// @notice Burns `amount` of the caller's votes and returns as much NCR to the caller. Never paused.
    function unwrap(uint256 amount) external;
}
