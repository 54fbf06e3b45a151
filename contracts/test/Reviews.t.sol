// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Reviews} from "../src/Reviews.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {IReviews} from "../src/interfaces/IReviews.sol";
import {Logs} from "./Logs.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

contract ReviewsTest is SystemTest, Logs {
    Reviews private reviews;
    uint256 private assetId;
    bytes32 private orderId;

    function setUp() public override {
        super.setUp();
        reviews = new Reviews(market);
        assetId = _publishLive(true);
        orderId = _buy(_list(assetId, IMarket.LicenseKind.Download, PRICE, 0), KEY);
    }

    function test_onlyCompletedOrders() public {
        bytes memory refusal = abi.encodeWithSelector(IReviews.OrderNotCompleted.selector, orderId);
        vm.expectRevert(refusal);
        _review(buyer, 5);
        _grantAll(orderId);
        vm.expectRevert(refusal);
        _review(buyer, 5);
        vm.prank(buyer);
        market.confirm(orderId);
        _review(buyer, 5);
        assertEq(reviews.reviewOf(orderId).rating, 5, "written");
    }

    function test_aRefundedOrderHasNoReview() public {
        skip(GRANT_WINDOW + 1);
        market.refund(orderId);
        vm.expectRevert(abi.encodeWithSelector(IReviews.OrderNotCompleted.selector, orderId));
        _review(buyer, 1);
    }

    function test_oneReviewEditedOnce() public {
        _complete();
        vm.expectRevert(abi.encodeWithSelector(IReviews.NotReviewed.selector, orderId));
        vm.prank(buyer);
        reviews.edit(orderId, 3, "text");
        _review(buyer, 5);
        vm.expectRevert(abi.encodeWithSelector(IReviews.AlreadyReviewed.selector, orderId));
        _review(buyer, 4);
        (uint64 count, uint64 sum) = reviews.ratingsOf(assetId);
        assertEq(count, 1, "one");
        assertEq(sum, 5, "of five");
        vm.prank(buyer);
        reviews.edit(orderId, 2, "other text");
        (count, sum) = reviews.ratingsOf(assetId);
        assertEq(count, 1, "still one");
        assertEq(sum, 2, "of two");
        assertEq(reviews.reviewOf(orderId).digest, "other text", "text");
        assertTrue(reviews.reviewOf(orderId).edited, "marked");
        vm.expectRevert(abi.encodeWithSelector(IReviews.AlreadyEdited.selector, orderId));
        vm.prank(buyer);
        reviews.edit(orderId, 3, "again");
    }

    function test_whatIsSaid() public {
        _complete();
        _record();
        _review(buyer, 5);
        vm.prank(buyer);
        reviews.edit(orderId, 2, "other text");
        _stop();
        bytes memory written = abi.encodePacked(IReviews.Reviewed.selector, orderId, assetId, _id(buyer));
        _assertSeen(address(reviews), written, abi.encode(5, bytes32("text")), "Reviewed");
        bytes memory edited = abi.encodePacked(IReviews.ReviewEdited.selector, orderId, assetId, _id(buyer));
        _assertSeen(address(reviews), edited, abi.encode(2, bytes32("other text")), "ReviewEdited");
    }

    function test_whoAndHowMuch() public {
        _complete();
        vm.expectRevert(abi.encodeWithSelector(IReviews.NotBuyer.selector, orderId, stranger));
        _review(stranger, 5);
        vm.expectRevert(abi.encodeWithSelector(IReviews.NotBuyer.selector, bytes32("none"), buyer));
        vm.prank(buyer);
        reviews.review("none", 5, "text");
        vm.expectRevert(abi.encodeWithSelector(IReviews.RatingOutOfRange.selector, 0));
        _review(buyer, 0);
        vm.expectRevert(abi.encodeWithSelector(IReviews.RatingOutOfRange.selector, 6));
        _review(buyer, 6);
        _review(buyer, 1);
    }

    function _complete() private {
        _grantAll(orderId);
        skip(CONFIRM_WINDOW + 1);
        _claimOne(orderId);
    }

    function _review(address who, uint8 rating) private {
        vm.prank(who);
        reviews.review(orderId, rating, "text");
    }
}
