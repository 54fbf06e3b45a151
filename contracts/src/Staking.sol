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
import {System} from "./interfaces/Types.sol";

/// @title Staking
/// @notice The stake of validators and workers. Rewards are a yearly rate from a pool that somebody has to fund: when
/// the pool is empty they go on accruing but nothing is paid, and no stake is ever touched for them.
contract Staking is IStaking, Ownable2Step, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using Checkpoints for Checkpoints.Trace208;

    struct Account {
        uint128 locked;
        uint128 unbonding;
        uint40 availableAt;
        uint216 accrued;
        uint256 paidIndex;
    }

    uint16 public constant MAX_RATE_BPS = 2_000;
    uint256 private constant YEAR_BPS = 365 days * 10_000;

    IERC20 public immutable token;
    address public immutable validators;
    address public immutable training;
    uint32 public immutable unbondDelay;

    uint16 public rateBps;
    uint40 private _indexedAt;
    uint256 private _index;
    uint256 public pool;
    mapping(address account => Account) private _accounts;
    mapping(address account => Checkpoints.Trace208) private _stakes;

    modifier onlyRole() {
        require(msg.sender == validators || msg.sender == training, NotRole(msg.sender));
        _;
    }

    constructor(System memory system, address owner_, uint16 rateBps_, uint32 unbondDelay_) Ownable(owner_) {
        token = IERC20(system.token);
        validators = system.validators;
        training = system.training;
        unbondDelay = unbondDelay_;
        _setRate(rateBps_);
    }

    /// @inheritdoc IStaking
    function stake(uint256 amount) external nonReentrant {
        require(amount != 0, ZeroAmount());
        _accrue(msg.sender);
        _setStake(msg.sender, stakeOf(msg.sender) + amount);
        emit Staked(msg.sender, amount);
        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IStaking
    function unbond(uint256 amount) external {
        require(amount != 0, ZeroAmount());
        uint256 free = freeOf(msg.sender);
        require(amount <= free, NotEnoughFreeStake(free, amount));
        _accrue(msg.sender);
        _setStake(msg.sender, stakeOf(msg.sender) - amount);
        Account storage account = _accounts[msg.sender];
        account.unbonding += SafeCast.toUint128(amount);
        account.availableAt = uint40(block.timestamp + unbondDelay);
        emit Unbonding(msg.sender, amount, account.availableAt);
    }

    /// @inheritdoc IStaking
    function withdraw() external nonReentrant {
        Account storage account = _accounts[msg.sender];
        uint256 amount = account.unbonding;
        require(amount != 0, NothingToWithdraw());
        require(block.timestamp >= account.availableAt, UnbondingUntil(account.availableAt));
        account.unbonding = 0;
        emit Withdrawn(msg.sender, amount);
        token.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IStaking
    function claimRewards() external nonReentrant returns (uint256 paid) {
        _accrue(msg.sender);
        Account storage account = _accounts[msg.sender];
        paid = Math.min(account.accrued, pool);
        if (paid == 0) return 0;
        account.accrued -= uint216(paid);
        pool -= paid;
        emit RewardPaid(msg.sender, paid);
        token.safeTransfer(msg.sender, paid);
    }

    /// @inheritdoc IStaking
    function fundPool(uint256 amount) external nonReentrant {
        require(amount != 0, ZeroAmount());
        pool += amount;
        emit PoolFunded(msg.sender, amount);
        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IStaking
    function lock(address account, uint256 amount) external onlyRole {
        uint256 free = freeOf(account);
        require(amount <= free, NotEnoughFreeStake(free, amount));
        _accounts[account].locked += SafeCast.toUint128(amount);
        emit Locked(account, amount);
    }

    /// @inheritdoc IStaking
    function unlock(address account, uint256 amount) external onlyRole {
        _accounts[account].locked -= SafeCast.toUint128(amount);
        emit Unlocked(account, amount);
    }

    /// @inheritdoc IStaking
    function slash(address account, uint256 amount, address to) external onlyRole nonReentrant {
        _accrue(account);
        _accounts[account].locked -= SafeCast.toUint128(amount);
        _setStake(account, stakeOf(account) - amount);
        emit Slashed(account, amount, to);
        token.safeTransfer(to, amount);
    }

    /// @inheritdoc IStaking
    function setRate(uint16 rateBps_) external onlyOwner {
        _setRate(rateBps_);
    }

    /// @inheritdoc IStaking
    function stakeOf(address account) public view returns (uint256) {
        return _stakes[account].latest();
    }

    /// @inheritdoc IStaking
    function stakeAt(address account, uint256 blockNumber) external view returns (uint256) {
        require(blockNumber < block.number, BlockNotYetPast(blockNumber));
        return _stakes[account].upperLookupRecent(SafeCast.toUint48(blockNumber));
    }

    /// @inheritdoc IStaking
    function lockedOf(address account) external view returns (uint256) {
        return _accounts[account].locked;
    }

    /// @inheritdoc IStaking
    function freeOf(address account) public view returns (uint256) {
        return stakeOf(account) - _accounts[account].locked;
    }

    /// @inheritdoc IStaking
    function unbondingOf(address account) external view returns (uint256 amount, uint40 availableAt) {
        return (_accounts[account].unbonding, _accounts[account].availableAt);
    }

    /// @inheritdoc IStaking
    function pendingRewards(address account) public view returns (uint256) {
        Account storage account_ = _accounts[account];
        return account_.accrued + Math.mulDiv(stakeOf(account), _currentIndex() - account_.paidIndex, YEAR_BPS);
    }

    function _setRate(uint16 rateBps_) private {
        require(rateBps_ <= MAX_RATE_BPS, RateTooHigh(rateBps_, MAX_RATE_BPS));
        _index = _currentIndex();
        _indexedAt = uint40(block.timestamp);
        rateBps = rateBps_;
        emit RateChanged(rateBps_);
    }

    /// @dev The sum of rate times seconds: what one base unit of stake has earned, in YEAR_BPS-ths, since the beginning.
    function _currentIndex() private view returns (uint256) {
        return _index + uint256(rateBps) * (block.timestamp - _indexedAt);
    }

    function _accrue(address account) private {
        Account storage account_ = _accounts[account];
        account_.accrued = SafeCast.toUint216(pendingRewards(account));
        account_.paidIndex = _currentIndex();
    }

    function _setStake(address account, uint256 amount) private {
        _stakes[account].push(uint48(block.number), SafeCast.toUint208(amount));
    }
}
