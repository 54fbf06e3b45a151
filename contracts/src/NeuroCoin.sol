// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC7802} from "@openzeppelin/contracts/interfaces/draft-IERC7802.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {INeuroCoin} from "./interfaces/INeuroCoin.sol";
import {TokenBucket} from "./libraries/TokenBucket.sol";

/// @title NeuroCoin (NCR)
/// @notice The marketplace's coin: ERC-20 with permit and burn, 18 decimals, never more than a billion. Beyond the first
/// allocation it is minted only out of budgets, and by bridge adapters within a rate.
/// @dev Transfers are OpenZeppelin's plain ones: no votes, no pause, no callback. The cap is looked at where coins are
/// minted, not where they move. Supply and unspent budgets together stay under the cap, so a bridge cannot use up what a
/// pool was promised, and no pool is promised what it could not mint.
contract NeuroCoin is INeuroCoin, IERC7802, ERC20, ERC20Permit, ERC20Burnable, Ownable2Step {
    using TokenBucket for Bucket;

    struct Adapter {
        Bucket minting;
        Bucket burning;
    }

    uint256 public constant MAX_SUPPLY = 1_000_000_000e18;

    /// @inheritdoc INeuroCoin
    uint256 public totalBudget;
    /// @inheritdoc INeuroCoin
    mapping(address minter => uint256) public budgetOf;
    mapping(address adapter => Adapter) private _adapters;

    constructor(
        string memory name_,
        string memory symbol_,
        address owner_,
        Allocation[] memory allocations,
        Budget[] memory budgets
    ) ERC20(name_, symbol_) ERC20Permit(name_) Ownable(owner_) {
        for (uint256 i = 0; i < allocations.length; ++i) {
            _mintCapped(allocations[i].to, allocations[i].amount);
            emit Allocated(allocations[i].to, allocations[i].amount);
        }
        for (uint256 i = 0; i < budgets.length; ++i) {
            _setBudget(budgets[i].minter, budgets[i].amount);
        }
    }

    /// @inheritdoc INeuroCoin
    function mint(address to, uint256 amount) external {
        uint256 left = budgetOf[msg.sender];
        require(amount <= left, OverBudget(msg.sender, left, amount));
        unchecked {
            // A budget is part of the total, and `amount` is part of the budget.
            budgetOf[msg.sender] = left - amount;
            totalBudget -= amount;
        }
        emit BudgetSpent(msg.sender, to, amount, left - amount);
        _mint(to, amount);
    }

    /// @inheritdoc INeuroCoin
    function setBudget(address minter, uint256 amount) external onlyOwner {
        _setBudget(minter, amount);
    }

    /// @inheritdoc INeuroCoin
    function setAdapter(address adapter_, uint96 mintCapacity, uint96 burnCapacity, uint24 window) external onlyOwner {
        require(adapter_ != address(0) && window != 0, BadAdapter(adapter_, window));
        Adapter storage known = _adapters[adapter_];
        if (mintCapacity == 0 && burnCapacity == 0) {
            delete _adapters[adapter_];
        } else {
            known.minting = known.minting.resize(mintCapacity, window);
            known.burning = known.burning.resize(burnCapacity, window);
        }
        emit AdapterSet(adapter_, mintCapacity, burnCapacity, window);
    }

    /// @inheritdoc IERC7802
    function crosschainMint(address to, uint256 amount) external {
        Adapter storage known = _adapters[msg.sender];
        known.minting = _drawFrom(known.minting, amount);
        _mintCapped(to, amount);
        emit CrosschainMint(to, amount, msg.sender);
    }

    /// @inheritdoc IERC7802
    /// @dev Needs the holder's allowance: an adapter can leave with nobody's coins but those that were handed to it.
    function crosschainBurn(address from, uint256 amount) external {
        Adapter storage known = _adapters[msg.sender];
        known.burning = _drawFrom(known.burning, amount);
        if (from != msg.sender) _spendAllowance(from, msg.sender, amount);
        _burn(from, amount);
        emit CrosschainBurn(from, amount, msg.sender);
    }

    /// @inheritdoc INeuroCoin
    function adapterLimits(address adapter_) external view returns (uint256 mintable, uint256 burnable) {
        Adapter storage known = _adapters[adapter_];
        return (known.minting.level(), known.burning.level());
    }

    /// @inheritdoc INeuroCoin
    function adapter(address account) external view returns (Bucket memory minting, Bucket memory burning) {
        return (_adapters[account].minting, _adapters[account].burning);
    }

    /// @notice The most that can ever be in existence at one time.
    function cap() external pure returns (uint256) {
        return MAX_SUPPLY;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC7802).interfaceId || interfaceId == type(IERC20).interfaceId
            || interfaceId == type(IERC165).interfaceId;
    }

    function _drawFrom(Bucket memory bucket, uint256 amount) private view returns (Bucket memory) {
        require(bucket.window != 0, NotAdapter(msg.sender));
        uint256 available = bucket.level();
        require(amount <= available, RateLimited(msg.sender, available, amount));
        return bucket.take(amount);
    }

    function _mintCapped(address to, uint256 amount) private {
        uint256 promised = totalSupply() + totalBudget;
        require(amount <= MAX_SUPPLY - promised, OverCap(amount, MAX_SUPPLY - promised));
        _mint(to, amount);
    }

    function _setBudget(address minter, uint256 amount) private {
        uint256 others = totalBudget - budgetOf[minter];
        uint256 room = MAX_SUPPLY - totalSupply() - others;
        require(amount <= room, OverCap(amount, room));
        budgetOf[minter] = amount;
        totalBudget = others + amount;
        emit BudgetSet(minter, amount);
    }
}
