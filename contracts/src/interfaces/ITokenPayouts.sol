// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Credits in tokens other than NCR.
interface ITokenPayouts {
    event TokenCredited(address indexed token, address indexed account, uint256 amount);
    event TokenWithdrawn(address indexed token, address indexed account, uint256 amount);

    /// @notice Less arrived than was to be paid: the token keeps a part of each transfer, or moved nothing.
    error ShortPayment(address token, uint256 arrived, uint256 wanted);

    /// @notice Pays out the caller's credits in a token.
    function withdrawToken(address token) external returns (uint256 paid);
    function owedIn(address token, address account) external view returns (uint256);
}
