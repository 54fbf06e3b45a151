// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev An ordinary coin of somebody else's; the hostile ones below differ from it in one thing each.
contract PlainToken is ERC20 {
    uint8 private immutable _places;

    constructor(uint8 places) ERC20("Plain", "PLN") {
        _places = places;
    }

    function decimals() public view override returns (uint8) {
        return _places;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// @dev Keeps 1 % of each transfer.
contract FeeToken is PlainToken(18) {
    function _update(address from, address to, uint256 value) internal override {
        uint256 fee = from == address(0) || to == address(0) ? 0 : value / 100;
        super._update(from, to, value - fee);
        if (fee != 0) super._update(from, address(0), fee);
    }
}

/// @dev Says false where others revert, and moves nothing.
contract FalseToken is PlainToken(18) {
    function transferFrom(address, address, uint256) public pure override returns (bool) {
        return false;
    }
}

/// @dev Says true and moves nothing.
contract LyingToken is PlainToken(18) {
    function transferFrom(address, address, uint256) public pure override returns (bool) {
        return true;
    }
}

/// @dev Bars accounts.
contract BlockingToken is PlainToken(6) {
    mapping(address => bool) public barred;

    error Barred();

    function bar(address who) external {
        barred[who] = true;
    }

    function _update(address from, address to, uint256 value) internal override {
        require(!barred[from] && !barred[to], Barred());
        super._update(from, to, value);
    }
}

/// @dev Takes a part of an account's balance away whenever it likes.
contract RebasingToken is PlainToken(18) {
    function shrink(address who) external {
        _burn(who, balanceOf(who) / 2);
    }
}

/// @dev Transfers without a return value, as some old coins do.
contract SilentToken {
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address spender, uint256 amount) external {
        allowance[msg.sender][spender] = amount;
    }

    function transfer(address to, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

/// @dev Calls back once during a transfer, with whatever call was planted.
contract ReentrantToken is PlainToken(18) {
    address public target;
    bytes public plan;
    bool public reached;

    function plant(address target_, bytes calldata plan_) external {
        (target, plan) = (target_, plan_);
    }

    function _update(address from, address to, uint256 value) internal override {
        if (plan.length != 0 && from != address(0)) {
            bytes memory call = plan;
            delete plan;
            (reached,) = target.call(call);
        }
        super._update(from, to, value);
    }
}
