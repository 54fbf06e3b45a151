// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ILiquidityMining} from "./interfaces/ILiquidityMining.sol";

/// @title LiquidityMining
/// @notice Holds staked liquidity tokens, and NCR for their owners. Rewards leave a budget only as they are earned, so
/// that nobody is promised what is not there.
/// @dev Nothing is lost to rounding but less than one base unit for each account: what the division by the stake leaves
/// over is carried to the next one, and accounts are credited in 2**-96ths.
contract LiquidityMining is ILiquidityMining, Ownable2Step, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    struct Position {
        uint128 staked;
        uint256 accrued;
        uint256 paidPerToken;
    }

    uint256 public constant MIN_PERIOD = 1 minutes;
    uint256 public constant MAX_PERIOD = 4 * 365 days;
    uint256 private constant ONE = 1 << 96;

    IERC20 public immutable token;
    uint256 public reserve;
    uint256 public liabilities;
    mapping(address lpToken => Pool) private _pools;
    mapping(address lpToken => mapping(address account => Position)) private _positions;

    constructor(IERC20 token_, address owner_) Ownable(owner_) {
        token = token_;
    }

    /// @inheritdoc ILiquidityMining
    function fund(uint256 amount) external nonReentrant {
        require(amount != 0, ZeroAmount());
        reserve += amount;
        liabilities += amount;
        emit BudgetFunded(msg.sender, amount);
        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc ILiquidityMining
    function schedule(address lpToken, uint256 amount, uint40 duration) external onlyOwner {
        require(lpToken != address(token), RewardTokenAsLiquidity());
        require(duration >= MIN_PERIOD && duration <= MAX_PERIOD, PeriodOutOfRange(duration));
        require(amount <= reserve, NotEnoughReserve(reserve, amount));
        _update(lpToken);
        reserve -= amount;
        Pool storage pool_ = _pools[lpToken];
        pool_.budget += amount.toUint128();
        pool_.endsAt = uint40(block.timestamp + duration);
        emit PoolScheduled(lpToken, amount, pool_.endsAt);
    }

    /// @inheritdoc ILiquidityMining
    function stake(address lpToken, uint256 amount) external nonReentrant returns (uint256 arrived) {
        require(_pools[lpToken].endsAt != 0, PoolNotScheduled(lpToken));
        require(amount != 0, ZeroAmount());
        _settle(lpToken, msg.sender);
        uint256 before = IERC20(lpToken).balanceOf(address(this));
        IERC20(lpToken).safeTransferFrom(msg.sender, address(this), amount);
        arrived = Math.min(IERC20(lpToken).balanceOf(address(this)) - before, amount);
        require(arrived != 0, NothingArrived(lpToken));
        _positions[lpToken][msg.sender].staked += arrived.toUint128();
        _pools[lpToken].staked += arrived.toUint128();
        emit LiquidityStaked(lpToken, msg.sender, arrived);
    }

    /// @inheritdoc ILiquidityMining
    function unstake(address lpToken, uint256 amount) external nonReentrant {
        require(amount != 0, ZeroAmount());
        Position storage position = _settle(lpToken, msg.sender);
        require(amount <= position.staked, NotEnoughStaked(position.staked, amount));
        position.staked -= uint128(amount);
        _pools[lpToken].staked -= uint128(amount);
        emit LiquidityUnstaked(lpToken, msg.sender, amount);
        IERC20(lpToken).safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc ILiquidityMining
    function claim(address lpToken) external nonReentrant returns (uint256 paid) {
        Position storage position = _settle(lpToken, msg.sender);
        paid = position.accrued / ONE;
        if (paid == 0) return 0;
        position.accrued -= paid * ONE;
        liabilities -= paid;
        emit LiquidityRewardPaid(lpToken, msg.sender, paid);
        token.safeTransfer(msg.sender, paid);
    }

    /// @inheritdoc ILiquidityMining
    /// @dev Leaves the pool's own account alone: seconds not yet counted are shared by those who stay.
    function emergencyExit(address lpToken) external nonReentrant returns (uint256 amount) {
        Position memory position = _positions[lpToken][msg.sender];
        amount = position.staked;
        require(amount != 0, ZeroAmount());
        Pool storage pool_ = _pools[lpToken];
        uint256 earned = position.accrued + amount * (pool_.perToken - position.paidPerToken);
        uint256 forfeited = earned / ONE;
        delete _positions[lpToken][msg.sender];
        pool_.staked -= uint128(amount);
        reserve += forfeited;
        emit EmergencyExit(lpToken, msg.sender, amount, forfeited);
        IERC20(lpToken).safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc ILiquidityMining
    function pool(address lpToken) external view returns (Pool memory) {
        return _pools[lpToken];
    }

    /// @inheritdoc ILiquidityMining
    function stakedOf(address lpToken, address account) external view returns (uint256) {
        return _positions[lpToken][account].staked;
    }

    /// @inheritdoc ILiquidityMining
    function pendingOf(address lpToken, address account) external view returns (uint256) {
        Position storage position = _positions[lpToken][account];
        Pool memory pool_ = _advanced(_pools[lpToken]);
        return (position.accrued + position.staked * (pool_.perToken - position.paidPerToken)) / ONE;
    }

    function _update(address lpToken) private {
        _pools[lpToken] = _advanced(_pools[lpToken]);
    }

    function _settle(address lpToken, address account) private returns (Position storage position) {
        _update(lpToken);
        position = _positions[lpToken][account];
        uint256 perToken = _pools[lpToken].perToken;
        position.accrued += position.staked * (perToken - position.paidPerToken);
        position.paidPerToken = perToken;
    }

    /// @dev The pool as it is now: the budget falls evenly to zero at `endsAt`; while nobody is staked it waits.
    function _advanced(Pool memory pool_) private view returns (Pool memory) {
        uint256 from = Math.min(pool_.updatedAt, pool_.endsAt);
        uint256 elapsed = block.timestamp - from;
        uint256 left = pool_.endsAt - from;
        pool_.updatedAt = uint40(block.timestamp);
        if (pool_.staked == 0 || left == 0) {
            if (left != 0) pool_.endsAt = uint40(pool_.endsAt + elapsed);
            return pool_;
        }
        uint256 earned = elapsed >= left ? pool_.budget : pool_.budget * elapsed / left;
        uint256 share = earned * ONE + pool_.rest;
        pool_.budget -= uint128(earned);
        pool_.perToken += share / pool_.staked;
        pool_.rest = share % pool_.staked;
        return pool_;
    }
}
