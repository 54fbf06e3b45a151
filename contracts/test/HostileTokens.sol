// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMilestoneEscrow} from "../src/interfaces/IMilestoneEscrow.sol";

/// @dev An ERC-20 that can be told to misbehave in the ways that tokens do.
contract HostileToken {
    uint256 public feeBps;
    bool public lies;
    bool public silent;
    IMilestoneEscrow public reenter;
    bool public reentered;
    mapping(address => bool) public blocked;
    mapping(address => uint256) private _units;
    mapping(address => mapping(address => uint256)) public allowance;
    uint256 public scale = 1e18;

    function mint(address to, uint256 amount) external {
        _units[to] += amount * 1e18 / scale;
    }

    function setFee(uint256 bps) external {
        feeBps = bps;
    }

    function lie(bool lies_) external {
        lies = lies_;
    }

    function say(bool nothing) external {
        silent = nothing;
    }

    function blockAccount(address who, bool blocked_) external {
        blocked[who] = blocked_;
    }

    function callBack(IMilestoneEscrow escrow) external {
        reenter = escrow;
    }

    /// @dev Everybody's balance becomes `percent` of what it was.
    function rebase(uint256 percent) external {
        scale = scale * percent / 100;
    }

    function balanceOf(address who) public view returns (uint256) {
        return _units[who] * scale / 1e18;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }

    function transfer(address to, uint256 amount) external {
        _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private {
        require(!blocked[from] && !blocked[to], "blocked");
        if (address(reenter) != address(0)) {
            try reenter.withdraw(address(this), address(this)) {
                reentered = true;
            } catch {}
        }
        uint256 units = amount * 1e18 / scale;
        _units[from] -= units;
        _units[to] += units - units * feeBps / 10_000;
        if (silent) {
            assembly {
                return(0, 0)
            }
        }
        uint256 answer = lies ? 0 : 1;
        assembly {
            mstore(0, answer)
            return(0, 32)
        }
    }
}
