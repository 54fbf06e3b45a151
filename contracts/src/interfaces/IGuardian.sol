// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPause} from "./IPause.sol";

/// @notice An account that may stop new business for a while, and nothing else.
interface IGuardian is IPause {
    event GuardianSet(address indexed guardian);
    event Paused(address indexed by, uint40 until);
    event PauseEnded(address indexed by);

    error NotGuardian(address account);
    error BadPause(uint32 seconds_, uint32 max);
    error CoolingDown(uint40 until);
    error NotPaused();
    error BadBounds(uint32 maxPause, uint32 coolDown);

    /// @notice Stops new business for `seconds_`, at most `maxPause`. Guardian, not before `nextPauseAt`.
    function pause(uint32 seconds_) external;

    /// @notice Ends the pause before its time. Guardian or owner.
    function endPause() external;

    /// @notice Another guardian; the zero address: none. A pause that goes on is left as it is. Owner.
    function setGuardian(address guardian_) external;

    /// @notice Who may pause.
    function guardian() external view returns (address);

    /// @notice When the pause ends or ended, in seconds since 1970; 0: there was none.
    function pausedUntil() external view returns (uint40);

    /// @notice From when on the guardian may pause again, in seconds since 1970.
    function nextPauseAt() external view returns (uint40);
}
