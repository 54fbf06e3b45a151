// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What NeuroCoin adds to ERC-20, ERC-2612 and ERC-7802: minting budgets and the rate limits of bridges.
interface INeuroCoin {
    /// @notice Coins that exist from the start.
    struct Allocation {
        address to;
        uint256 amount;
    }

    /// @notice How much an account may still mint.
    struct Budget {
        address minter;
        uint256 amount;
    }

    /// @notice One direction of a bridge adapter, in one slot: a bucket that holds at most `capacity` and refills from
    /// empty to full in `window` seconds. `available` is what was in it at `updatedAt`.
    struct Bucket {
        uint96 capacity;
        uint96 available;
        uint24 window;
        uint40 updatedAt;
    }

    event Allocated(address indexed to, uint256 amount);
    event BudgetSet(address indexed minter, uint256 amount);
    event BudgetSpent(address indexed minter, address indexed to, uint256 amount, uint256 left);
    event AdapterSet(address indexed adapter, uint96 mintCapacity, uint96 burnCapacity, uint24 window);

    error OverBudget(address minter, uint256 left, uint256 amount);
    /// @param room What supply and budgets leave of the cap.
    error OverCap(uint256 wanted, uint256 room);
    error NotAdapter(address account);
    error RateLimited(address adapter, uint256 available, uint256 amount);
    error BadAdapter(address adapter, uint24 window);

    /// @notice Mints out of the caller's budget.
    function mint(address to, uint256 amount) external;

    /// @notice Sets how much `minter` may still mint. All budgets and the supply together never exceed the cap. Owner.
    function setBudget(address minter, uint256 amount) external;

    /// @notice Lets a bridge adapter mint and burn (ERC-7802) within a rate each way; both capacities 0: no longer. A new
    /// adapter's buckets begin full; those of a known one keep what they hold, up to the new capacity. Owner.
    /// @param window Seconds from empty to full; not 0.
    function setAdapter(address adapter, uint96 mintCapacity, uint96 burnCapacity, uint24 window) external;

    /// @notice What `minter` may still mint.
    function budgetOf(address minter) external view returns (uint256);

    /// @notice The sum of all budgets.
    function totalBudget() external view returns (uint256);

    /// @notice What the adapter may mint and burn at this moment.
    function adapterLimits(address adapter) external view returns (uint256 mintable, uint256 burnable);

    /// @notice The adapter's two buckets as stored.
    function adapter(address account) external view returns (Bucket memory minting, Bucket memory burning);
}
