// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Whether new orders, jobs and assets are stopped at this moment.
interface IPause {
    function paused() external view returns (bool);
}
