// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IStaking} from "./interfaces/IStaking.sol";
import {IValidators} from "./interfaces/IValidators.sol";
import {System} from "./interfaces/Types.sol";

/// @title Staking
/// @notice The stake of validators, workers and jurors, and what others delegate to validators. Rewards are a yearly
/// rate from a pool that somebody has to fund: accrual stops when all that the pool holds is spoken for, so that every
/// reward shown can be paid, and no stake is ever touched for one.
/// @dev Rewards are counted in YEAR_BPS-ths of a base unit, the unit of stake x basis points x seconds, so that nothing
/// is rounded before it is paid. An account's checkpoints hold its weight: own stake plus what is delegated to it.
contract Staking is IStaking, Ownable2Step, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;
    using Checkpoints for Checkpoints.Trace208;

    /// @dev `pooled`: somebody has delegated to it once. Lets the others' paths pass by the pools.
    struct Hold {
        uint96 locked;
        uint96 delegatedIn;
        uint40 availableAt;
        bool pooled;
    }

    struct Account {
        Hold hold;
        uint96 unbonding;
        uint160 accrued;
        uint64 paidIndex;
    }

    struct Rewards {
        uint16 rateBps;
        uint40 indexedAt;
        uint64 index;
        uint96 earning;
        uint96 pool;
        uint160 unpromised;
    }

    /// @dev What is delegated to a validator (its assets are `Account.delegatedIn`) and what is leaving it, in shares
    /// whose value falls when the validator is slashed. `perShare` is in 2**-64ths of a reward unit.
    struct Pool {
        uint256 shares;
        uint256 leavingShares;
        uint96 leaving;
        uint64 paidIndex;
        uint256 perShare;
    }

    struct Part {
        uint256 shares;
        uint256 leavingShares;
        uint256 paidPerShare;
        uint160 accrued;
        uint40 availableAt;
    }

    uint16 public constant MAX_RATE_BPS = 2_000;
    uint256 private constant YEAR_BPS = 365 days * 10_000;
    uint256 private constant COIN = 1e18;

    IERC20 public immutable token;
    address public immutable validators;
    address public immutable training;
    address public immutable disputes;
    uint32 public immutable unbondDelay;

    Rewards private _rewards;
    mapping(address account => Account) private _accounts;
    mapping(address account => Checkpoints.Trace208) private _weights;
    mapping(address validator => Pool) private _pools;
    mapping(address delegator => mapping(address validator => Part)) private _parts;

    modifier onlyRole() {
        bool known = msg.sender == validators || msg.sender == training || msg.sender == disputes;
        require(known, NotRole(msg.sender));
        _;
    }

    constructor(System memory system, address disputes_, address owner_, uint16 rateBps_, uint32 unbondDelay_)
        Ownable(owner_)
    {
        token = IERC20(system.token);
        validators = system.validators;
        training = system.training;
        disputes = disputes_;
        unbondDelay = unbondDelay_;
        _setRate(rateBps_);
    }

    /// @inheritdoc IStaking
    function stake(uint256 amount) external nonReentrant {
        require(amount != 0, ZeroAmount());
        _accrue(msg.sender);
        _rewards.earning += amount.toUint96();
        _addWeight(msg.sender, amount);
        emit Staked(msg.sender, amount);
        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IStaking
    function unbond(uint256 amount) external {
        _takeFree(amount);
        _rewards.earning -= uint96(amount);
        Account storage account = _accounts[msg.sender];
        account.unbonding += uint96(amount);
        account.hold.availableAt = uint40(block.timestamp + unbondDelay);
        emit Unbonding(msg.sender, amount, account.hold.availableAt);
    }

    /// @inheritdoc IStaking
    function withdraw() external nonReentrant {
        Account storage account = _accounts[msg.sender];
        uint256 amount = account.unbonding;
        require(amount != 0, NothingToWithdraw());
        require(block.timestamp >= account.hold.availableAt, UnbondingUntil(account.hold.availableAt));
        account.unbonding = 0;
        emit Withdrawn(msg.sender, amount);
        token.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IStaking
    function claimRewards() external nonReentrant returns (uint256 paid) {
        _accrue(msg.sender);
        Account storage account = _accounts[msg.sender];
        paid = account.accrued / YEAR_BPS;
        if (paid == 0) return 0;
        account.accrued -= uint160(paid * YEAR_BPS);
        emit RewardPaid(msg.sender, paid);
        _payReward(paid);
    }

    /// @inheritdoc IStaking
    function fundPool(uint256 amount) external nonReentrant {
        require(amount != 0, ZeroAmount());
        _advance();
        _addToPool(amount);
        emit PoolFunded(msg.sender, amount);
        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IStaking
    function delegate(address validator, uint256 amount) external {
        require(_isActive(validator), NotActiveValidator(validator));
        _takeFree(amount);
        Account storage account = _accounts[validator];
        Pool storage pool_ = _settle(msg.sender, validator);
        uint256 shares = _toShares(amount, account.hold.delegatedIn, pool_.shares, Math.Rounding.Floor);
        // A pool that has lost nearly all would give out shares without measure.
        require(shares <= amount << 64, DelegationWiped(validator));
        pool_.shares += shares;
        _parts[msg.sender][validator].shares += shares;
        account.hold.delegatedIn += uint96(amount);
        if (!account.hold.pooled) account.hold.pooled = true;
        _addWeight(validator, amount);
        emit Delegated(msg.sender, validator, amount);
    }

    /// @inheritdoc IStaking
    function undelegate(address validator, uint256 amount) external {
        require(amount != 0, ZeroAmount());
        Account storage account = _accounts[validator];
        Pool storage pool_ = _settle(msg.sender, validator);
        Part storage part = _parts[msg.sender][validator];
        uint256 delegated = _toAssets(part.shares, account.hold.delegatedIn, pool_.shares);
        require(amount <= delegated, NotEnoughDelegated(delegated, amount));
        uint256 shares = _toShares(amount, account.hold.delegatedIn, pool_.shares, Math.Rounding.Ceil);
        uint256 leavingShares = _toShares(amount, pool_.leaving, pool_.leavingShares, Math.Rounding.Floor);
        (part.shares, pool_.shares) = (part.shares - shares, pool_.shares - shares);
        (part.leavingShares, pool_.leavingShares) =
        (part.leavingShares + leavingShares, pool_.leavingShares + leavingShares);
        pool_.leaving += uint96(amount);
        account.hold.delegatedIn -= uint96(amount);
        _rewards.earning -= uint96(amount);
        _subWeight(validator, amount);
        part.availableAt = uint40(block.timestamp + unbondDelay);
        emit Undelegated(msg.sender, validator, amount, part.availableAt);
    }

    /// @inheritdoc IStaking
    function withdrawDelegation(address validator) external nonReentrant returns (uint256 paid) {
        Pool storage pool_ = _pools[validator];
        Part storage part = _parts[msg.sender][validator];
        uint256 shares = part.leavingShares;
        require(shares != 0, NothingToWithdraw());
        require(block.timestamp >= part.availableAt, UnbondingUntil(part.availableAt));
        paid = _toAssets(shares, pool_.leaving, pool_.leavingShares);
        part.leavingShares = 0;
        pool_.leavingShares -= shares;
        pool_.leaving -= uint96(paid);
        emit DelegationWithdrawn(msg.sender, validator, paid);
        token.safeTransfer(msg.sender, paid);
    }

    /// @inheritdoc IStaking
    function claimDelegationRewards(address validator) external nonReentrant returns (uint256 paid) {
        _settle(msg.sender, validator);
        Part storage part = _parts[msg.sender][validator];
        paid = part.accrued / YEAR_BPS;
        if (paid == 0) return 0;
        part.accrued -= uint160(paid * YEAR_BPS);
        emit DelegationRewardPaid(msg.sender, validator, paid);
        _payReward(paid);
    }

    /// @inheritdoc IStaking
    function lock(address account, uint256 amount) external onlyRole {
        uint256 free = freeOf(account);
        require(amount <= free, NotEnoughFreeStake(free, amount));
        _accounts[account].hold.locked += uint96(amount);
        emit Locked(account, amount);
    }

    /// @inheritdoc IStaking
    function unlock(address account, uint256 amount) external onlyRole {
        _accounts[account].hold.locked -= amount.toUint96();
        emit Unlocked(account, amount);
    }

    /// @inheritdoc IStaking
    function recall(address account, uint256 amount) external onlyRole returns (uint256 locked) {
        uint256 free = freeOf(account);
        locked = Math.min(amount, free + _accounts[account].unbonding);
        if (locked > free) _rebond(account, locked - free);
        _accounts[account].hold.locked += uint96(locked);
        emit Locked(account, locked);
    }

    /// @inheritdoc IStaking
    function slash(address account, uint256 amount, address to) external onlyRole nonReentrant {
        _accrue(account);
        uint256 own = stakeOf(account);
        _accounts[account].hold.locked -= amount.toUint96();
        _rewards.earning -= uint96(amount);
        _subWeight(account, amount);
        emit Slashed(account, amount, to);
        if (_accounts[account].hold.pooled && amount != 0) _slashPool(account, amount, own);
        if (to == address(this)) _addToPool(amount);
        else token.safeTransfer(to, amount);
    }

    /// @inheritdoc IStaking
    function setRate(uint16 rateBps_) external onlyOwner {
        _setRate(rateBps_);
    }

    /// @inheritdoc IStaking
    function stakeOf(address account) public view returns (uint256) {
        return weightOf(account) - _accounts[account].hold.delegatedIn;
    }

    /// @inheritdoc IStaking
    function weightOf(address account) public view returns (uint256) {
        return _weights[account].latest();
    }

    /// @inheritdoc IStaking
    function stakeAt(address account, uint256 blockNumber) external view returns (uint256) {
        require(blockNumber < block.number, BlockNotYetPast(blockNumber));
        return _weights[account].upperLookupRecent(blockNumber.toUint48());
    }

    /// @inheritdoc IStaking
    function lockedOf(address account) external view returns (uint256) {
        return _accounts[account].hold.locked;
    }

    /// @inheritdoc IStaking
    function freeOf(address account) public view returns (uint256) {
        // One look at the slot that holds both.
        Hold memory hold = _accounts[account].hold;
        return weightOf(account) - hold.delegatedIn - hold.locked;
    }

    /// @inheritdoc IStaking
    function delegatedTo(address validator) external view returns (uint256) {
        return _accounts[validator].hold.delegatedIn;
    }

    /// @inheritdoc IStaking
    function delegationOf(address delegator, address validator) external view returns (Delegation memory) {
        Pool storage pool_ = _pools[validator];
        Part storage part = _parts[delegator][validator];
        (uint256 gain,) = _gain();
        return Delegation({
            amount: _toAssets(part.shares, _accounts[validator].hold.delegatedIn, pool_.shares),
            leaving: _toAssets(part.leavingShares, pool_.leaving, pool_.leavingShares),
            availableAt: part.availableAt,
            rewards: (part.accrued + _earned(part, _perShare(validator, _rewards.index + gain))) / YEAR_BPS
        });
    }

    /// @inheritdoc IStaking
    function priorityOf(address account) external view returns (uint8) {
        uint256 coins = stakeOf(account) / COIN;
        return coins == 0 ? 0 : uint8(Math.log2(coins) + 1);
    }

    /// @inheritdoc IStaking
    function unbondingOf(address account) external view returns (uint256 amount, uint40 availableAt) {
        return (_accounts[account].unbonding, _accounts[account].hold.availableAt);
    }

    /// @inheritdoc IStaking
    function pendingRewards(address account) external view returns (uint256) {
        Account storage account_ = _accounts[account];
        (uint256 gain,) = _gain();
        return (account_.accrued + stakeOf(account) * (_rewards.index + gain - account_.paidIndex)) / YEAR_BPS;
    }

    /// @inheritdoc IStaking
    function pool() external view returns (uint256) {
        return _rewards.pool;
    }

    /// @inheritdoc IStaking
    function unpromised() external view returns (uint256) {
        (, uint256 cost) = _gain();
        return (_rewards.unpromised - cost) / YEAR_BPS;
    }

    /// @inheritdoc IStaking
    function earningStake() external view returns (uint256) {
        return _rewards.earning;
    }

    /// @inheritdoc IStaking
    function rateBps() external view returns (uint16) {
        return _rewards.rateBps;
    }

    function _setRate(uint16 rateBps_) private {
        require(rateBps_ <= MAX_RATE_BPS, RateTooHigh(rateBps_, MAX_RATE_BPS));
        _advance();
        _rewards.rateBps = rateBps_;
        emit RateChanged(rateBps_);
    }

    /// @dev What one base unit of stake has earned since the last change, and what that costs the pool for all stake: the
    /// rate times the seconds, or as far as the pool goes.
    function _gain() private view returns (uint256 gain, uint256 cost) {
        gain = uint256(_rewards.rateBps) * (block.timestamp - _rewards.indexedAt);
        cost = gain * _rewards.earning;
        if (cost <= _rewards.unpromised) return (gain, cost);
        gain = _rewards.unpromised / _rewards.earning;
        cost = gain * _rewards.earning;
    }

    function _advance() private {
        (uint256 gain, uint256 cost) = _gain();
        // At most 2000 x 2**40 in all, and at most the unpromised part: neither cast cuts anything off.
        _rewards.index += uint64(gain);
        _rewards.indexedAt = uint40(block.timestamp);
        if (cost != 0) _rewards.unpromised -= uint160(cost);
    }

    function _accrue(address account) private {
        _advance();
        Account storage account_ = _accounts[account];
        uint256 earned = stakeOf(account) * (_rewards.index - account_.paidIndex);
        account_.accrued += earned.toUint160();
        account_.paidIndex = _rewards.index;
    }

    function _addToPool(uint256 amount) private {
        _rewards.pool += amount.toUint96();
        _rewards.unpromised += uint160(amount * YEAR_BPS);
    }

    function _payReward(uint256 amount) private {
        _rewards.pool -= uint96(amount);
        token.safeTransfer(msg.sender, amount);
    }

    function _rebond(address account, uint256 amount) private {
        _accrue(account);
        _accounts[account].unbonding -= uint96(amount);
        _rewards.earning += uint96(amount);
        _addWeight(account, amount);
        emit Recalled(account, amount);
    }

    /// @dev Takes free stake out of the caller's weight; the accrual goes first, as it needs the old weight.
    function _takeFree(uint256 amount) private {
        require(amount != 0, ZeroAmount());
        uint256 free = freeOf(msg.sender);
        require(amount <= free, NotEnoughFreeStake(free, amount));
        _accrue(msg.sender);
        _subWeight(msg.sender, amount);
    }

    function _addWeight(address account, uint256 amount) private {
        _weights[account].push(uint48(block.number), (weightOf(account) + amount).toUint208());
    }

    function _subWeight(address account, uint256 amount) private {
        _weights[account].push(uint48(block.number), (weightOf(account) - amount).toUint208());
    }

    /// @dev Books what a validator's pool, and the delegator's part of it, have earned until now.
    function _settle(address delegator, address validator) private returns (Pool storage pool_) {
        pool_ = _settlePool(validator);
        Part storage part = _parts[delegator][validator];
        part.accrued += _earned(part, pool_.perShare).toUint160();
        part.paidPerShare = pool_.perShare;
    }

    function _settlePool(address validator) private returns (Pool storage pool_) {
        _advance();
        pool_ = _pools[validator];
        pool_.perShare = _perShare(validator, _rewards.index);
        pool_.paidIndex = _rewards.index;
    }

    /// @dev The part that the account's own stake lost, rounded up, is lost by its delegators too. One base unit stays, so
    /// that shares keep a price.
    function _slashPool(address account, uint256 amount, uint256 own) private {
        Pool storage pool_ = _settlePool(account);
        uint256 lost = _lossOf(_accounts[account].hold.delegatedIn, amount, own);
        uint256 lostLeaving = _lossOf(pool_.leaving, amount, own);
        _accounts[account].hold.delegatedIn -= uint96(lost);
        _rewards.earning -= uint96(lost);
        _subWeight(account, lost);
        pool_.leaving -= uint96(lostLeaving);
        _addToPool(lost + lostLeaving);
        emit DelegationSlashed(account, lost + lostLeaving);
    }

    function _isActive(address account) private view returns (bool) {
        return IValidators(validators).isActive(IValidators(validators).validatorIdOf(account));
    }

    function _perShare(address validator, uint256 index) private view returns (uint256) {
        Pool storage pool_ = _pools[validator];
        if (pool_.shares == 0) return pool_.perShare;
        return pool_.perShare
            + Math.mulDiv(
            uint256(_accounts[validator].hold.delegatedIn) * (index - pool_.paidIndex), 1 << 64, pool_.shares
        );
    }

    function _earned(Part storage part, uint256 perShare) private view returns (uint256) {
        return Math.mulDiv(part.shares, perShare - part.paidPerShare, 1 << 64);
    }

    function _lossOf(uint256 assets, uint256 amount, uint256 own) private pure returns (uint256) {
        if (assets == 0) return 0;
        return Math.min(Math.mulDiv(assets, amount, own, Math.Rounding.Ceil), assets - 1);
    }

    function _toShares(uint256 amount, uint256 assets, uint256 shares, Math.Rounding rounding)
        private
        pure
        returns (uint256)
    {
        return shares == 0 ? amount : Math.mulDiv(amount, shares, assets, rounding);
    }

    function _toAssets(uint256 part, uint256 assets, uint256 shares) private pure returns (uint256) {
        return shares == 0 ? 0 : Math.mulDiv(part, assets, shares);
    }
}
