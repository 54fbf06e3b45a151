// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Pull payments: what was credited to an account waits until it is withdrawn.
interface IPayouts {
    event Credited(address indexed account, uint256 amount);
    event Withdrawn(address indexed account, uint256 amount);

    /// @notice Pays everything credited to the caller; 0 if there is nothing.
    function withdraw() external returns (uint256 paid);
    /// @notice Base units of NCR credited to the account and not withdrawn yet.
    function owed(address account) external view returns (uint256);
}
