// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMarket} from "./interfaces/IMarket.sol";
import {IReviews} from "./interfaces/IReviews.sol";

/// @title Reviews
/// @notice Holds no coins and has no owner: what was written stays.
contract Reviews is IReviews {
    struct Ratings {
        uint64 count;
        uint64 sum;
    }

    IMarket public immutable market;
    mapping(bytes32 orderId => Review) private _reviews;
    mapping(uint256 assetId => Ratings) private _ratings;

    constructor(IMarket market_) {
        market = market_;
    }

    /// @inheritdoc IReviews
    function review(bytes32 orderId, uint8 rating, bytes32 digest) external {
        uint256 assetId = _check(orderId, rating);
        require(_reviews[orderId].rating == 0, AlreadyReviewed(orderId));
        _reviews[orderId] = Review(rating, false, uint40(block.timestamp), digest);
        Ratings storage ratings = _ratings[assetId];
        (ratings.count, ratings.sum) = (ratings.count + 1, ratings.sum + rating);
        emit Reviewed(orderId, assetId, msg.sender, rating, digest);
    }

    /// @inheritdoc IReviews
    function edit(bytes32 orderId, uint8 rating, bytes32 digest) external {
        uint256 assetId = _check(orderId, rating);
        Review memory old = _reviews[orderId];
        require(old.rating != 0, NotReviewed(orderId));
        require(!old.edited, AlreadyEdited(orderId));
        _reviews[orderId] = Review(rating, true, uint40(block.timestamp), digest);
        _ratings[assetId].sum = _ratings[assetId].sum - old.rating + rating;
        emit ReviewEdited(orderId, assetId, msg.sender, rating, digest);
    }

    /// @inheritdoc IReviews
    function reviewOf(bytes32 orderId) external view returns (Review memory) {
        return _reviews[orderId];
    }

    /// @inheritdoc IReviews
    function ratingsOf(uint256 assetId) external view returns (uint64 count, uint64 sum) {
        return (_ratings[assetId].count, _ratings[assetId].sum);
    }

    function _check(bytes32 orderId, uint8 rating) private view returns (uint256 assetId) {
        require(rating != 0 && rating <= 5, RatingOutOfRange(rating));
        IMarket.Order memory order = market.order(orderId);
        require(order.buyer == msg.sender, NotBuyer(orderId, msg.sender));
        bool completed = order.state == IMarket.OrderState.Released || order.state == IMarket.OrderState.Claimed;
        require(completed, OrderNotCompleted(orderId));
        return market.listing(order.listingId).assetId;
    }
}
