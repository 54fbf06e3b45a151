// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Verdict} from "./Types.sol";

/// @notice Implemented by the contracts that ask Validators for a round.
interface IVerdictReceiver {
    /// @notice Called once by Validators when a round ends. Must not revert for a round that it opened.
    /// @param roundId The round that ended.
    /// @param subject What the round was about (version key, job id or order id).
    /// @param verdict The quorum's verdict, or `None` if there was no quorum.
    /// @param returnedFee Base units of NCR that Validators has just sent back (the whole fee on `None`, else 0).
    function onVerdict(bytes32 roundId, bytes32 subject, Verdict verdict, uint96 returnedFee) external;
}
