// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {ERC20Wrapper} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Wrapper.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {INeuroVotes} from "./interfaces/INeuroVotes.sol";
import {Permit} from "./interfaces/Types.sol";
import {PermitLib} from "./libraries/PermitLib.sol";

/// @title NeuroVotes
/// @notice NCR that votes, one for one, returned at any time. Votes count at a past second, so coins that were borrowed
/// for one transaction have none. They live here, not in the coin, so that a purchase does not pay for them.
contract NeuroVotes is INeuroVotes, ERC20, ERC20Permit, ERC20Votes, ERC20Wrapper {
    using PermitLib for IERC20;

    constructor(address coin, string memory name_, string memory symbol_)
        ERC20(name_, symbol_)
        ERC20Permit(name_)
        ERC20Wrapper(IERC20(coin))
    {}

    /// @inheritdoc INeuroVotes
    function wrap(uint256 amount, address delegatee, Permit calldata permit_) external {
        underlying().tryPermit(permit_);
        depositFor(msg.sender, amount);
        if (delegatee != address(0)) _delegate(msg.sender, delegatee);
    }

    /// @inheritdoc INeuroVotes
    function unwrap(uint256 amount) external {
        withdrawTo(msg.sender, amount);
    }

    /// @notice Seconds, not block numbers: the same vote lasts as long on every chain.
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @notice As ERC-6372 has it.
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    function decimals() public view override(ERC20, ERC20Wrapper) returns (uint8) {
        return super.decimals();
    }

    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
