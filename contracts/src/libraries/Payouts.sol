// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IPayouts} from "../interfaces/IPayouts.sol";

/// @notice Credits that wait for their owner.
abstract contract Payouts is IPayouts, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    IERC20 public immutable token;
    mapping(address account => uint256 amount) private _owed;

    constructor(address token_) {
        token = IERC20(token_);
    }

    /// @inheritdoc IPayouts
    function withdraw() external nonReentrant returns (uint256 paid) {
        paid = _owed[msg.sender];
        if (paid == 0) return 0;
        _owed[msg.sender] = 0;
        emit Withdrawn(msg.sender, paid);
        token.safeTransfer(msg.sender, paid);
    }

    /// @inheritdoc IPayouts
    function owed(address account) external view returns (uint256) {
        return _owed[account];
    }

    function _credit(address account, uint256 amount) internal {
        if (amount == 0) return;
        _owed[account] += amount;
        emit Credited(account, amount);
    }
}
