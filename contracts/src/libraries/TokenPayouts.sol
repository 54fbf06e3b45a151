// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ITokenPayouts} from "../interfaces/ITokenPayouts.sol";
import {Payouts} from "./Payouts.sol";

/// @notice Money in tokens that are not ours. They may call back, keep a part, lie or bar somebody: what comes in is
/// measured, and what goes out waits until its owner asks, so that nobody's exit hangs on another's transfer.
abstract contract TokenPayouts is Payouts, ITokenPayouts {
    using SafeERC20 for IERC20;

    mapping(address token => mapping(address account => uint256 amount)) private _owedIn;

    /// @inheritdoc ITokenPayouts
    function withdrawToken(address token_) external nonReentrant returns (uint256 paid) {
        paid = _owedIn[token_][msg.sender];
        if (paid == 0) return 0;
        _owedIn[token_][msg.sender] = 0;
        emit TokenWithdrawn(token_, msg.sender, paid);
        IERC20(token_).safeTransfer(msg.sender, paid);
    }

    /// @inheritdoc ITokenPayouts
    function owedIn(address token_, address account) external view returns (uint256) {
        return _owedIn[token_][account];
    }

    /// @dev Guarded: a token that calls back while it is measured could have one payment counted twice.
    function _collect(address token_, address from, uint256 amount) internal nonReentrant {
        uint256 before = IERC20(token_).balanceOf(address(this));
        IERC20(token_).safeTransferFrom(from, address(this), amount);
        uint256 arrived = IERC20(token_).balanceOf(address(this)) - before;
        require(arrived >= amount, ShortPayment(token_, arrived, amount));
    }

    function _creditIn(address token_, address account, uint256 amount) internal {
        if (token_ == address(token)) return _credit(account, amount);
        if (amount == 0) return;
        _owedIn[token_][account] += amount;
        emit TokenCredited(token_, account, amount);
    }
}
