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
    error BlockNotYetPast(uint256 blockNumber);
    error RateTooHigh(uint16 rateBps, uint16 cap);
    error ZeroAmount();

    /// @notice Moves `amount` base units of NCR from the caller into stake.
    function stake(uint256 amount) external;
    /// @notice Starts unbonding free (unlocked) stake; a second call adds to it and restarts the delay. Unbonding
    /// stake earns nothing. Locked stake cannot be unbonded, so what may have to be slashed never leaves.
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
    /// @notice `stakeOf` as it was at the end of a past block, so that stake moved after a draw's seed is known counts
    /// for nothing. Reverts for the current block.
    function stakeAt(address account, uint256 blockNumber) external view returns (uint256);
    function unbondingOf(address account) external view returns (uint256 amount, uint40 availableAt);
    /// @notice Base units of NCR left in the reward pool.
    function pool() external view returns (uint256);
    function rateBps() external view returns (uint16);
    function unbondDelay() external view returns (uint32);
    /// @notice Owner only: the yearly rate from now on, in basis points, at most 2000.
    function setRate(uint16 rateBps_) external;
}
