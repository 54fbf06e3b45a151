// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Capped} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Capped.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title NeuroCoin (NCR)
/// @notice The marketplace's coin: ERC-20 with permit and burn, 18 decimals, never more than a billion.
/// @dev The supply is minted once, at deployment: there is no minter. The cap stays, so that a later version with a
/// minting budget cannot exceed it. Transfers call nobody back, so a transfer cannot re-enter its sender.
contract NeuroCoin is ERC20, ERC20Permit, ERC20Burnable, ERC20Capped {
    uint256 public constant MAX_SUPPLY = 1_000_000_000e18;

    constructor(string memory name_, string memory symbol_, address initialHolder, uint256 initialSupply)
        ERC20(name_, symbol_)
        ERC20Permit(name_)
        ERC20Capped(MAX_SUPPLY)
    {
        _mint(initialHolder, initialSupply);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Capped) {
        super._update(from, to, value);
    }
}
