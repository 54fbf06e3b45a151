// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {Permit} from "../interfaces/Types.sol";

/// @notice Uses an ERC-2612 approval that came with a call.
library PermitLib {
    /// @dev The caller's, to this contract.
    function tryPermit(IERC20 token, Permit calldata permit) internal {
        tryPermitOf(token, msg.sender, address(this), permit);
    }

    /// @dev A permit is public once it is in the mempool: whoever sends it first makes ours fail although the allowance
    /// is there. So a failure is no reason to stop; the transfer that follows decides.
    function tryPermitOf(IERC20 token, address owner, address spender, Permit calldata permit) internal {
        if (permit.deadline == 0) return;
        try IERC20Permit(address(token))
            .permit(owner, spender, permit.value, permit.deadline, permit.v, permit.r, permit.s) {}
            catch {}
    }
}
