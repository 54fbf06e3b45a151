// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {IOrderDisputes} from "../src/interfaces/IOrderDisputes.sol";
import {Permit, Verdict} from "../src/interfaces/Types.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

/// @dev Behaviours are listed in Dispute.tree.
contract OrderDisputesTest is SystemTest {
    uint256 private assetId;
    uint32 private listingId;

    function setUp() public override {
        super.setUp();
        assetId = _publishLive(true);
        listingId = _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
    }

    function test_disputeRefusals() public {
        bytes32 orderId = _granted();
        uint256 notAfter = block.timestamp + CONFIRM_WINDOW;
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotBuyer.selector, orderId, stranger));
        vm.prank(stranger);
        orderDisputes.dispute(orderId, "x", _noPermit());
        vm.warp(notAfter + 1);
        vm.expectRevert(abi.encodeWithSelector(IMarket.TooLate.selector, orderId, notAfter));
        vm.prank(buyer);
        orderDisputes.dispute(orderId, "x", _noPermit());
        vm.warp(notAfter);
        vm.prank(buyer);
        orderDisputes.dispute(orderId, "x", _noPermit());
        _assertState(orderId, IMarket.OrderState.Disputed);
        vm.expectRevert(abi.encodeWithSelector(IMarket.WrongState.selector, orderId, IMarket.OrderState.Disputed));
        vm.prank(buyer);
        orderDisputes.dispute(orderId, "x", _noPermit());
    }

    function test_disputeWithPermit() public {
        bytes32 orderId = _granted();
        vm.prank(buyer);
        coin.approve(address(orderDisputes), 0);
        Permit memory p = _permit("buyer", address(orderDisputes), ROUND_FEE);
        vm.prank(buyer);
        orderDisputes.dispute(orderId, "x", p);
        _assertState(orderId, IMarket.OrderState.Disputed);
    }

    function test_anUpheldDisputeMakesTheBuyerWhole() public {
        bytes32 bystander = _buy(listingId, "bystander");
        uint256 before = coin.balanceOf(buyer);
        (bytes32 orderId, bytes32 roundId) = _disputed();
        assertEq(before - coin.balanceOf(buyer), PRICE + ROUND_FEE, "price and bond");
        _conclude(roundId, Verdict.Reject);
        _assertState(orderId, IMarket.OrderState.Refunded);
        assertEq(coin.balanceOf(buyer), before, "price and bond are back");
        assertEq(registry.reserveOf(assetId, 1), 0, "out of the publisher's reserve");
        uint256 held = coin.balanceOf(buyer);
        market.refund(bystander);
        assertEq(coin.balanceOf(buyer) - held, PRICE, "open orders are refunded at once");
        vm.expectRevert(abi.encodeWithSelector(IMarket.VersionNotLive.selector, assetId, 1));
        vm.prank(buyer);
        market.buy(listingId, 1, PRICE, "another");
    }

    function test_onceRefusedGrantedOrdersAreRefundedNotClaimed() public {
        bytes32 silent = _buy(listingId, "silent");
        _grantAll(silent);
        vm.expectRevert(abi.encodeWithSelector(IMarket.WrongState.selector, silent, IMarket.OrderState.Granted));
        market.refund(silent);
        (, bytes32 roundId) = _disputed();
        _conclude(roundId, Verdict.Reject);
        skip(CONFIRM_WINDOW + 1);
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = silent;
        vm.expectRevert(abi.encodeWithSelector(IMarket.VersionNotLive.selector, assetId, 1));
        market.claim(publisher, ids);
        market.refund(silent);
        _assertState(silent, IMarket.OrderState.Refunded);
    }

    function test_aSecondUpheldDisputeFindsTheReserveSpent() public {
        bytes32 other = _buy(listingId, "other");
        _grantAll(other);
        bytes32 secondRound = _dispute(other);
        (, bytes32 roundId) = _disputed();
        _conclude(roundId, Verdict.Reject);
        uint256 before = coin.balanceOf(buyer);
        _conclude(secondRound, Verdict.Reject);
        assertEq(coin.balanceOf(buyer) - before, PRICE, "the price, but no reserve");
    }

    function test_aDismissedDisputeReleases() public {
        (bytes32 orderId, bytes32 roundId) = _disputed();
        _conclude(roundId, Verdict.Accept);
        _assertState(orderId, IMarket.OrderState.Released);
        assertEq(orderDisputes.owed(buyer), 0, "the bond is spent");
        _claimOne(orderId);
    }

    function test_noQuorumReturnsTheBond() public {
        (bytes32 orderId, bytes32 roundId) = _disputed();
        uint256 disputedAt = block.timestamp;
        _conclude(roundId, Verdict.None);
        _assertState(orderId, IMarket.OrderState.Disputed);
        assertEq(orderDisputes.owed(buyer), ROUND_FEE, "credited");
        vm.prank(buyer);
        assertEq(orderDisputes.withdraw(), ROUND_FEE, "withdrawn");
        vm.prank(buyer);
        assertEq(orderDisputes.withdraw(), 0, "once");
        vm.warp(disputedAt + VERDICT_WINDOW);
        vm.expectRevert(
            abi.encodeWithSelector(IOrderDisputes.TooEarly.selector, orderId, disputedAt + VERDICT_WINDOW + 1)
        );
        orderDisputes.resolve(orderId);
        skip(1);
        orderDisputes.resolve(orderId);
        _assertState(orderId, IMarket.OrderState.Released);
        _refusedIn(orderId, IOrderDisputes.DisputeState.Dismissed);
    }

    function test_theDefaultIsTheBuyerWhereValidatorsCouldNotRead() public {
        assetId = _publishLive(false);
        listingId = _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
        (bytes32 orderId,) = _disputed();
        skip(VERDICT_WINDOW + 1);
        orderDisputes.resolve(orderId);
        _assertState(orderId, IMarket.OrderState.Refunded);
    }

    function test_theDefaultIsTheBuyerAfterRevocation() public {
        (bytes32 orderId,) = _disputed();
        vm.prank(publisher);
        registry.revokeVersion(assetId, 1, "x");
        skip(VERDICT_WINDOW + 1);
        orderDisputes.resolve(orderId);
        _assertState(orderId, IMarket.OrderState.Refunded);
    }

    /// @dev The round ends after the default ruling: the ruling stands, the money of the round finds its way.
    function testFuzz_aLateVerdictChangesNoOrder(uint8 word) public {
        Verdict verdict = Verdict(word % 3);
        (bytes32 orderId, bytes32 roundId) = _disputed();
        skip(VERDICT_WINDOW + 1);
        orderDisputes.resolve(orderId);
        _claimOne(orderId);
        _conclude(roundId, verdict);
        _assertState(orderId, IMarket.OrderState.Claimed);
        assertEq(orderDisputes.owed(buyer), verdict == Verdict.None ? ROUND_FEE : 0, "bond");
        assertEq(coin.balanceOf(address(orderDisputes)), orderDisputes.owed(buyer), "held");
        assertEq(registry.reserveOf(assetId, 1), verdict == Verdict.Reject ? 0 : ROUND_FEE, "reserve");
    }

    function test_onlyValidatorsBringVerdicts() public {
        vm.expectRevert(abi.encodeWithSelector(IOrderDisputes.NotValidatorsContract.selector, stranger));
        vm.prank(stranger);
        orderDisputes.onVerdict("round", "order", Verdict.Accept, 0);
    }

    function test_paramsHaveCaps() public {
        IOrderDisputes.Params memory p = _disputeParams();
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
        vm.prank(stranger);
        orderDisputes.setParams(p);
        p.verdictWindow = 0;
        _refused(p);
        p.verdictWindow = 30 days + 1;
        _refused(p);
        p.verdictWindow = 30 days;
        vm.prank(owner);
        orderDisputes.setParams(p);
        assertEq(orderDisputes.params().verdictWindow, 30 days, "changed");
    }

    function _refused(IOrderDisputes.Params memory p) private {
        vm.expectRevert(IOrderDisputes.ParamOutOfRange.selector);
        vm.prank(owner);
        orderDisputes.setParams(p);
    }

    function _refusedIn(bytes32 orderId, IOrderDisputes.DisputeState state) private {
        vm.expectRevert(abi.encodeWithSelector(IOrderDisputes.WrongDisputeState.selector, orderId, state));
        orderDisputes.resolve(orderId);
    }

    function _granted() private returns (bytes32 orderId) {
        orderId = _buy(listingId, KEY);
        _grantAll(orderId);
    }

    function _disputed() private returns (bytes32 orderId, bytes32 roundId) {
        orderId = _granted();
        roundId = _dispute(orderId);
    }
}
