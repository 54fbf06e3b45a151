// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IMarket} from "./interfaces/IMarket.sol";
import {ITraining} from "./interfaces/ITraining.sol";
import {ITrials} from "./interfaces/ITrials.sol";
import {Permit, System} from "./interfaces/Types.sol";
import {PermitLib} from "./libraries/PermitLib.sol";

/// @title Trials
/// @notice Holds the fees of trial runs, each until it is the buyer's again or the publisher's. Has no owner.
contract Trials is ITrials, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using PermitLib for IERC20;

    uint32 public constant MAX_HOLD_PERIOD = 90 days;

    IERC20 public immutable token;
    IMarket public immutable market;
    ITraining public immutable training;
    uint32 public immutable holdPeriod;

    mapping(uint32 listingId => Offer) private _offers;
    mapping(bytes32 jobId => Trial) private _trials;
    mapping(uint256 assetId => mapping(address account => uint16)) public used;

    constructor(System memory system, uint32 holdPeriod_) {
        require(holdPeriod_ != 0 && holdPeriod_ <= MAX_HOLD_PERIOD, BadHoldPeriod(holdPeriod_));
        token = IERC20(system.token);
        market = IMarket(system.market);
        training = ITraining(system.training);
        holdPeriod = holdPeriod_;
    }

    /// @inheritdoc ITrials
    function offer(uint32 listingId, uint96 fee, uint16 cap) external {
        IMarket.Listing memory listing = market.listing(listingId);
        require(listing.seller == msg.sender, NotTrialSeller(listingId, msg.sender));
        require(listing.kind == IMarket.LicenseKind.Compute, TrialsNeedRuns(listingId));
        _offers[listingId] = Offer(fee, cap);
        emit TrialsOffered(listingId, listing.assetId, fee, cap);
    }

    /// @inheritdoc ITrials
    function open(ITraining.JobInput calldata input, Permit calldata permit)
        external
        nonReentrant
        returns (bytes32 jobId)
    {
        Offer memory offer_ = _offers[input.listingId];
        require(offer_.cap != 0, NoTrialsOffered(input.listingId));
        uint64 assetId = market.listing(input.listingId).assetId;
        uint16 had = used[assetId][msg.sender];
        require(had < offer_.cap, TrialsUsedUp(assetId, msg.sender, offer_.cap));
        used[assetId][msg.sender] = had + 1;
        uint256 total;
        (jobId, total) = training.openTrial(msg.sender, input);
        require(total + offer_.fee <= input.maxTotal, ITraining.TotalAboveMax(total + offer_.fee, input.maxTotal));
        _trials[jobId] = Trial(msg.sender, offer_.fee, State.Held, uint40(block.timestamp), assetId, 0);
        emit TrialOpened(jobId, assetId, msg.sender, input.listingId, offer_.fee);
        token.tryPermit(permit);
        token.safeTransferFrom(msg.sender, address(training), total);
        token.safeTransferFrom(msg.sender, address(this), offer_.fee);
    }

    /// @inheritdoc ITrials
    /// @dev An order is not replaced while it may still be completed: nobody can put another in its place to gain time.
    function count(bytes32 jobId, bytes32 orderId) external nonReentrant {
        Trial storage trial_ = _held(jobId);
        IMarket.OrderState named = market.order(trial_.orderId).state;
        require(_decidesNothing(named), OrderCountsAlready(jobId, trial_.orderId));
        IMarket.Order memory order = market.order(orderId);
        bool counts = order.buyer == trial_.buyer && market.listing(order.listingId).assetId == trial_.assetId
            && !_decidesNothing(order.state) && order.changedAt >= trial_.openedAt
            && order.changedAt <= _heldUntil(training.job(jobId));
        require(counts, OrderDoesNotCount(jobId, orderId));
        trial_.orderId = orderId;
        emit TrialCounted(jobId, orderId);
        if (_isCompleted(order.state)) _giveBack(jobId, trial_);
    }

    /// @inheritdoc ITrials
    function settle(bytes32 jobId) external nonReentrant {
        Trial storage trial_ = _held(jobId);
        ITraining.Job memory job = training.job(jobId);
        if (job.state == ITraining.JobState.Refunded || job.state == ITraining.JobState.Slashed) {
            // Nothing was learned from it.
            if (job.receiptDigest == 0) --used[trial_.assetId][trial_.buyer];
            return _giveBack(jobId, trial_);
        }
        IMarket.OrderState named = market.order(trial_.orderId).state;
        if (_isCompleted(named)) return _giveBack(jobId, trial_);
        require(job.state == ITraining.JobState.Settled, TrialRunNotOver(jobId, job.state));
        require(_decidesNothing(named), TrialOrderNotOver(jobId, trial_.orderId));
        uint256 notBefore = _heldUntil(job) + 1;
        require(block.timestamp >= notBefore, TrialTooEarly(jobId, notBefore));
        trial_.state = State.Paid;
        address publisher = market.listing(job.listingId).seller;
        emit TrialPaid(jobId, publisher, trial_.fee);
        token.safeTransfer(publisher, trial_.fee);
    }

    /// @inheritdoc ITrials
    function offerOf(uint32 listingId) external view returns (Offer memory) {
        return _offers[listingId];
    }

    /// @inheritdoc ITrials
    function trial(bytes32 jobId) external view returns (Trial memory) {
        return _trials[jobId];
    }

    function _held(bytes32 jobId) private view returns (Trial storage trial_) {
        trial_ = _trials[jobId];
        require(trial_.state == State.Held, TrialNotHeld(jobId, trial_.state));
    }

    /// @dev A run that is not over holds its fee. A settled job does not change any more.
    function _heldUntil(ITraining.Job memory job) private view returns (uint256) {
        if (job.state != ITraining.JobState.Settled) return type(uint40).max;
        return uint256(job.changedAt) + holdPeriod;
    }

    function _isCompleted(IMarket.OrderState state) private pure returns (bool) {
        return state == IMarket.OrderState.Released || state == IMarket.OrderState.Claimed;
    }

    function _decidesNothing(IMarket.OrderState state) private pure returns (bool) {
        return state == IMarket.OrderState.None || state == IMarket.OrderState.Refunded;
    }

    function _giveBack(bytes32 jobId, Trial storage trial_) private {
        trial_.state = State.Returned;
        emit TrialReturned(jobId, trial_.buyer, trial_.fee);
        token.safeTransfer(trial_.buyer, trial_.fee);
    }
}
