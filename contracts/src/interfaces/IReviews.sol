// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice One review for one completed order, by its buyer, who may change it once.
interface IReviews {
    /// @param rating 1 to 5; 0 where there is no review.
    /// @param digest sha256 of the text (its CID follows from it), or 0 for none.
    struct Review {
        uint8 rating;
        bool edited;
        uint40 writtenAt;
        bytes32 digest;
    }

    event Reviewed(
        bytes32 indexed orderId, uint256 indexed assetId, address indexed reviewer, uint8 rating, bytes32 digest
    );
    event ReviewEdited(
        bytes32 indexed orderId, uint256 indexed assetId, address indexed reviewer, uint8 rating, bytes32 digest
    );

    error NotBuyer(bytes32 orderId, address caller);
    error OrderNotCompleted(bytes32 orderId);
    error RatingOutOfRange(uint8 rating);
    error AlreadyReviewed(bytes32 orderId);
    error NotReviewed(bytes32 orderId);
    error AlreadyEdited(bytes32 orderId);

    /// @notice The buyer of an order that was released or claimed says what it was worth.
    function review(bytes32 orderId, uint8 rating, bytes32 digest) external;
    /// @notice Its author changes it, once.
    function edit(bytes32 orderId, uint8 rating, bytes32 digest) external;
    function reviewOf(bytes32 orderId) external view returns (Review memory);
    /// @notice How many reviews an asset has, and the sum of their ratings.
    function ratingsOf(uint256 assetId) external view returns (uint64 count, uint64 sum);
}
