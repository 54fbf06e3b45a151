// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice NCR put at stake by validators and workers: earns a yearly rate from a funded pool, can be locked and
/// slashed by the role contracts only.
interface IStaking {
    event Staked(address indexed account, uint256 amount);
    event Unbonding(address indexed account, uint256 amount, uint40 availableAt);
    event Withdrawn(address indexed account, uint256 amount);
    event Locked(address indexed account, uint256 amount);
    event Unlocked(address indexed account, uint256 amount);
    event Slashed(address indexed account, uint256 amount, address indexed to);
    event RewardPaid(address indexed account, uint256 amount);
    event PoolFunded(address indexed from, uint256 amount);
    event RateChanged(uint16 rateBps);

    error NotRole(address caller);
    error NothingToWithdraw();
    error UnbondingUntil(uint40 availableAt);
    error NotEnoughFreeStake(uint256 free, uint256 wanted);
    error RateTooHigh(uint16 rateBps, uint16 cap);
    error ZeroAmount();

    /// @notice Moves `amount` base units of NCR from the caller into stake.
    function stake(uint256 amount) external;
    /// @notice Starts unbonding free (unlocked) stake; a second call adds to it and restarts the delay. Unbonding
    /// stake earns nothing but can still be slashed until it is withdrawn.
    function unbond(uint256 amount) external;
    /// @notice Pays out what has finished unbonding.
    function withdraw() external;
    /// @notice Pays accrued rewards, as far as the pool holds them; the rest stays accrued.
    function claimRewards() external returns (uint256 paid);
    /// @notice Adds NCR to the reward pool.
    function fundPool(uint256 amount) external;
    /// @notice Role contracts: reserves part of an account's free stake.
    function lock(address account, uint256 amount) external;
    /// @notice Role contracts: gives a reservation back.
    function unlock(address account, uint256 amount) external;
    /// @notice Role contracts: takes locked stake and sends it to `to`.
    function slash(address account, uint256 amount, address to) external;
    /// @notice Active stake, locked part included, unbonding excluded.
    function stakeOf(address account) external view returns (uint256);
    function lockedOf(address account) external view returns (uint256);
    function freeOf(address account) external view returns (uint256);
    function pendingRewards(address account) external view returns (uint256);
}
