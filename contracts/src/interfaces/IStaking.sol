// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice NCR put at stake by validators, workers and jurors, or delegated to a validator: earns a yearly rate from a
/// funded pool, can be locked and slashed by the role contracts only.
interface IStaking {
    /// @param amount Delegated and not leaving, in base units, after all slashing so far.
    /// @param leaving On its way out, still exposed to slashing, until `availableAt`.
    /// @param rewards Earned and not claimed.
    struct Delegation {
        uint256 amount;
        uint256 leaving;
        uint40 availableAt;
        uint256 rewards;
    }

    event Staked(address indexed account, uint256 amount);
    event Unbonding(address indexed account, uint256 amount, uint40 availableAt);
    event Withdrawn(address indexed account, uint256 amount);
    event Recalled(address indexed account, uint256 amount);
    event Locked(address indexed account, uint256 amount);
    event Unlocked(address indexed account, uint256 amount);
    event Slashed(address indexed account, uint256 amount, address indexed to);
    event RewardPaid(address indexed account, uint256 amount);
    event PoolFunded(address indexed from, uint256 amount);
    event RateChanged(uint16 rateBps);
    event Delegated(address indexed delegator, address indexed validator, uint256 amount);
    event Undelegated(address indexed delegator, address indexed validator, uint256 amount, uint40 availableAt);
    event DelegationWithdrawn(address indexed delegator, address indexed validator, uint256 amount);
    event DelegationSlashed(address indexed validator, uint256 amount);
    event DelegationRewardPaid(address indexed delegator, address indexed validator, uint256 amount);

    error NotRole(address caller);
    error NothingToWithdraw();
    error UnbondingUntil(uint40 availableAt);
    error NotEnoughFreeStake(uint256 free, uint256 wanted);
    error BlockNotYetPast(uint256 blockNumber);
    error RateTooHigh(uint16 rateBps, uint16 cap);
    error ZeroAmount();
    error NotActiveValidator(address account);
    error NotEnoughDelegated(uint256 delegated, uint256 wanted);
    error DelegationWiped(address validator);

    /// @notice Moves `amount` base units of NCR from the caller into stake.
    function stake(uint256 amount) external;
    /// @notice Starts unbonding free (unlocked) stake; a second call adds to it and restarts the delay. Unbonding
    /// stake earns nothing. Locked stake cannot be unbonded, so what may have to be slashed never leaves.
    function unbond(uint256 amount) external;
    /// @notice Pays out what has finished unbonding.
    function withdraw() external;
    /// @notice Pays the caller's rewards. They are always there: nothing accrues that the pool does not hold.
    function claimRewards() external returns (uint256 paid);
    /// @notice Adds NCR to the reward pool. Seconds in which the pool was spoken for earn nothing, now or later.
    function fundPool(uint256 amount) external;

    /// @notice Lends free stake to an active validator: it counts in the draw (`stakeAt`) as the validator's, earns for
    /// the delegator, and loses the same part as the validator's own stake when that is slashed. The validator can
    /// neither lock nor move it.
    function delegate(address validator, uint256 amount) external;
    /// @notice Starts taking `amount` back; a second call adds to it and restarts the delay. It no longer counts or
    /// earns, but can still be slashed until the delay is over.
    function undelegate(address validator, uint256 amount) external;
    /// @notice Pays out what has finished leaving a validator.
    function withdrawDelegation(address validator) external returns (uint256 paid);
    /// @notice Pays what the caller's delegation to a validator has earned.
    function claimDelegationRewards(address validator) external returns (uint256 paid);

    /// @notice Role contracts: reserves part of an account's free stake.
    function lock(address account, uint256 amount) external;
    /// @notice Role contracts: gives a reservation back.
    function unlock(address account, uint256 amount) external;
    /// @notice Role contracts: reserves up to `amount` of what an account still has here, from free stake and then from what is unbonding,
    /// which becomes stake again. Returns how much it found.
    function recall(address account, uint256 amount) external returns (uint256 locked);
    /// @notice Role contracts: takes locked stake and sends it to `to`, or into the reward pool where that is Staking itself. What was delegated to the account, or is leaving
    /// it, loses the same part, which goes into the reward pool.
    function slash(address account, uint256 amount, address to) external;

    /// @notice The account's own active stake, locked part included; what is unbonding or delegated is not.
    function stakeOf(address account) external view returns (uint256);
    function lockedOf(address account) external view returns (uint256);
    function freeOf(address account) external view returns (uint256);
    /// @notice Own stake and what others have delegated to the account.
    function weightOf(address account) external view returns (uint256);
    function delegatedTo(address validator) external view returns (uint256);
    function delegationOf(address delegator, address validator) external view returns (Delegation memory);
    function pendingRewards(address account) external view returns (uint256);
    /// @notice `weightOf` as it was at the end of a past block, so that stake moved after a draw's seed is known counts
    /// for nothing. Reverts for the current block.
    function stakeAt(address account, uint256 blockNumber) external view returns (uint256);
    /// @notice How far to the front of a queue for compute an account may stand: 1 + floor(log2(own stake in NCR)), 0
    /// below one NCR. Twice the stake is one step, so that no stake buys the whole queue.
    function priorityOf(address account) external view returns (uint8);
    function unbondingOf(address account) external view returns (uint256 amount, uint40 availableAt);
    /// @notice Base units of NCR held for rewards, promised or not.
    function pool() external view returns (uint256);
    /// @notice The part of the pool that no account has earned yet, in base units, rounded down.
    function unpromised() external view returns (uint256);
    /// @notice Base units of stake that earn now: all own and all delegated stake.
    function earningStake() external view returns (uint256);
    function rateBps() external view returns (uint16);
    function unbondDelay() external view returns (uint32);
    /// @notice The third role contract, besides Validators and Training: its jurors lock and lose stake here.
    function disputes() external view returns (address);
    /// @notice Owner only: the yearly rate from now on, in basis points, at most 2000.
    function setRate(uint16 rateBps_) external;
}
