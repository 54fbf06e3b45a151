// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice NCR for those who stake liquidity tokens, from a budget that was paid in before.
interface ILiquidityMining {
    /// @param staked Liquidity tokens in the pool.
    /// @param budget Base units of NCR that the pool has still to give out, evenly until `endsAt`.
    /// @param updatedAt Unix seconds up to which `perToken` counts.
    /// @param endsAt Unix seconds; moves on while nobody is staked.
    /// @param perToken Reward for one base unit staked since the beginning, in 2**-96ths of a base unit of NCR.
    /// @param rest Divided out with the next update: what the last division left over, in 2**-96ths.
    struct Pool {
        uint128 staked;
        uint128 budget;
        uint40 updatedAt;
        uint40 endsAt;
        uint256 perToken;
        uint256 rest;
    }

    event BudgetFunded(address indexed from, uint256 amount);
    event PoolScheduled(address indexed lpToken, uint256 amount, uint40 endsAt);
    event LiquidityStaked(address indexed lpToken, address indexed account, uint256 amount);
    event LiquidityUnstaked(address indexed lpToken, address indexed account, uint256 amount);
    event LiquidityRewardPaid(address indexed lpToken, address indexed account, uint256 amount);
    event EmergencyExit(address indexed lpToken, address indexed account, uint256 amount, uint256 forfeited);

    error ZeroAmount();
    error NothingArrived(address token);
    error NotEnoughStaked(uint256 staked, uint256 wanted);
    error NotEnoughReserve(uint256 reserve, uint256 wanted);
    error PeriodOutOfRange(uint256 duration);
    error RewardTokenAsLiquidity();
    error PoolNotScheduled(address lpToken);

    /// @notice Anybody: pays NCR into the reserve, out of which the owner schedules rewards.
    function fund(uint256 amount) external;
    /// @notice Owner only: moves `amount` from the reserve to a pool, to be given out evenly, with what the pool has left,
    /// over `duration` seconds from now.
    function schedule(address lpToken, uint256 amount, uint40 duration) external;
    /// @notice Stakes liquidity tokens; what arrives is what counts.
    function stake(address lpToken, uint256 amount) external returns (uint256 arrived);
    function unstake(address lpToken, uint256 amount) external;
    function claim(address lpToken) external returns (uint256 paid);
    /// @notice Gives the caller all its liquidity tokens, touching no reward but its own, which goes back to the reserve.
    function emergencyExit(address lpToken) external returns (uint256 amount);

    function reserve() external view returns (uint256);
    /// @notice Base units of NCR in the reserve, in budgets, and earned but not claimed: what this contract has to hold.
    function liabilities() external view returns (uint256);
    function pool(address lpToken) external view returns (Pool memory);
    function stakedOf(address lpToken, address account) external view returns (uint256);
    function pendingOf(address lpToken, address account) external view returns (uint256);
}
