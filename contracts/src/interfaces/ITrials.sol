// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ITraining} from "./ITraining.sol";
import {Permit} from "./Types.sol";

/// @notice Training runs of which the buyer gets rounded metrics and no model, for a fee that is returned once the same account
/// has bought the asset.
interface ITrials {
    enum State {
        None,
        Held,
        Returned,
        Paid
    }

    /// @param fee Base units of NCR, for one run, besides what worker and validators get.
    /// @param cap How many runs on the asset an account may have; 0: none are offered.
    struct Offer {
        uint96 fee;
        uint16 cap;
    }

    /// @param orderId The order that decides about the fee, or 0 while none was named.
    struct Trial {
        address buyer;
        uint96 fee;
        State state;
        uint40 openedAt;
        uint64 assetId;
        bytes32 orderId;
    }

    event TrialsOffered(uint32 indexed listingId, uint256 indexed assetId, uint96 fee, uint16 cap);
    event TrialOpened(
        bytes32 indexed jobId, uint256 indexed assetId, address indexed buyer, uint32 listingId, uint96 fee
    );
    event TrialCounted(bytes32 indexed jobId, bytes32 indexed orderId);
    event TrialReturned(bytes32 indexed jobId, address indexed buyer, uint96 fee);
    event TrialPaid(bytes32 indexed jobId, address indexed publisher, uint96 fee);

    error NotTrialSeller(uint32 listingId, address caller);
    error TrialsNeedRuns(uint32 listingId);
    error NoTrialsOffered(uint32 listingId);
    error TrialsUsedUp(uint256 assetId, address account, uint16 cap);
    error TrialNotHeld(bytes32 jobId, State state);
    error OrderDoesNotCount(bytes32 jobId, bytes32 orderId);
    error OrderCountsAlready(bytes32 jobId, bytes32 orderId);
    error TrialRunNotOver(bytes32 jobId, ITraining.JobState state);
    error TrialOrderNotOver(bytes32 jobId, bytes32 orderId);
    error TrialTooEarly(bytes32 jobId, uint256 notBefore);
    error BadHoldPeriod(uint32 holdPeriod);

    /// @notice The seller of a compute listing: allows trials under its terms, or changes what the next ones cost. A cap of 0 ends
    /// them.
    function offer(uint32 listingId, uint96 fee, uint16 cap) external;
    /// @notice Opens a trial run: what worker and validators may cost goes to Training, the fee is held here. `maxTotal` bounds
    /// their sum.
    function open(ITraining.JobInput calldata input, Permit calldata permit) external returns (bytes32 jobId);
    /// @notice Anybody: names an order of the asset by the trial's buyer which the fee counts towards. It must have been under way
    /// since the trial was opened, and be named, or have last changed its state, before the period is over. Where the order is completed
    /// the fee returns at once; else the trial waits for it.
    function count(bytes32 jobId, bytes32 orderId) external;
    /// @notice Anybody: sends the fee where it belongs. To the buyer where the run has failed or the order is completed; to the publisher
    /// once the period is over and no order is open.
    function settle(bytes32 jobId) external;

    function offerOf(uint32 listingId) external view returns (Offer memory);
    function trial(bytes32 jobId) external view returns (Trial memory);
    /// @notice How many runs on the asset the account has had; one that ended without a receipt is not among them once it is settled.
    function used(uint256 assetId, address account) external view returns (uint16);
    /// @notice Seconds for which a fee is held, from the end of its run.
    function holdPeriod() external view returns (uint32);
}
