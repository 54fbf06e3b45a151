// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {IOrderDisputes} from "../src/interfaces/IOrderDisputes.sol";
import {IValidators} from "../src/interfaces/IValidators.sol";
import {Permit, Verdict} from "../src/interfaces/Types.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

/// @dev The validators' tier. Behaviours are listed in Dispute.tree; the jury's tier is in OrderJury.t.sol.
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
        _dispute(orderId);
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
        _assertDispute(orderId, IOrderDisputes.DisputeState.Upheld);
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

    function test_aDismissedDisputeReleasesAfterTheEscalationWindow() public {
        (bytes32 orderId, bytes32 roundId) = _disputed();
        _conclude(roundId, Verdict.Accept);
        uint256 until = block.timestamp + ESCALATION_WINDOW;
        _assertDispute(orderId, IOrderDisputes.DisputeState.Accepted);
        _assertState(orderId, IMarket.OrderState.Disputed);
        assertEq(orderDisputes.disputeOf(orderId).until, until, "the buyer may ask jurors");
        vm.warp(until);
        _tooEarly(orderId, until + 1);
        skip(1);
        vm.prank(stranger);
        orderDisputes.resolve(orderId);
        _assertState(orderId, IMarket.OrderState.Released);
        assertEq(orderDisputes.owed(buyer), 0, "the bond is spent");
        _claimOne(orderId);
        _refusedIn(orderId, IOrderDisputes.DisputeState.Dismissed);
    }

    /// @dev What one committee accepts, another may prove wrong while the first buyer still could ask jurors.
    function test_anAcceptedOrderOfARefusedVersionIsTheBuyers() public {
        bytes32 other = _buy(listingId, "other");
        _grantAll(other);
        bytes32 otherRound = _dispute(other);
        (bytes32 orderId, bytes32 roundId) = _disputed();
        _conclude(roundId, Verdict.Accept);
        _conclude(otherRound, Verdict.Reject);
        skip(ESCALATION_WINDOW + 1);
        orderDisputes.resolve(orderId);
        _assertState(orderId, IMarket.OrderState.Refunded);
    }

    function test_anAcceptedOrderOfARevokedVersionIsTheSellers() public {
        (bytes32 orderId, bytes32 roundId) = _disputed();
        _conclude(roundId, Verdict.Accept);
        vm.prank(publisher);
        registry.revokeVersion(assetId, 1, "x");
        skip(ESCALATION_WINDOW + 1);
        orderDisputes.resolve(orderId);
        _assertState(orderId, IMarket.OrderState.Released);
    }

    function test_withoutAQuorumTheBondIsHeldUntilTheEnd() public {
        (bytes32 orderId, bytes32 roundId) = _disputed();
        _conclude(roundId, Verdict.None);
        uint256 until = block.timestamp + ESCALATION_WINDOW;
        _assertDispute(orderId, IOrderDisputes.DisputeState.Undecided);
        _assertState(orderId, IMarket.OrderState.Disputed);
        assertEq(orderDisputes.disputeOf(orderId).bond, ROUND_FEE, "held");
        assertEq(orderDisputes.owed(buyer), 0, "not yet credited");
        vm.warp(until);
        _tooEarly(orderId, until + 1);
        skip(1);
        orderDisputes.resolve(orderId);
        _assertState(orderId, IMarket.OrderState.Released);
        assertEq(orderDisputes.owed(buyer), ROUND_FEE, "credited");
        vm.prank(buyer);
        assertEq(orderDisputes.withdraw(), ROUND_FEE, "withdrawn");
        vm.prank(buyer);
        assertEq(orderDisputes.withdraw(), 0, "once");
        assertEq(coin.balanceOf(address(orderDisputes)), 0, "nothing left");
    }

    function test_theSmallestBondIsReturned() public {
        IValidators.Params memory p = _validatorParams();
        p.roundFee = 1;
        vm.prank(owner);
        validators.setParams(p);
        (bytes32 orderId, bytes32 roundId) = _disputed();
        _conclude(roundId, Verdict.None);
        skip(ESCALATION_WINDOW + 1);
        orderDisputes.resolve(orderId);
        assertEq(orderDisputes.owed(buyer), 1, "one base unit");
    }

    function test_aSilentRoundEndsByDefaultAfterItsWindow() public {
        (bytes32 orderId,) = _disputed();
        uint256 until = block.timestamp + VERDICT_WINDOW;
        vm.warp(until);
        _tooEarly(orderId, until + 1);
        skip(1);
        orderDisputes.resolve(orderId);
        _assertState(orderId, IMarket.OrderState.Released);
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
        _assertDispute(orderId, IOrderDisputes.DisputeState.Dismissed);
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
        _refused(IOrderDisputes.Params(0, 1));
        _refused(IOrderDisputes.Params(30 days + 1, 1));
        _refused(IOrderDisputes.Params(1, 0));
        _refused(IOrderDisputes.Params(1, 30 days + 1));
        vm.prank(owner);
        orderDisputes.setParams(IOrderDisputes.Params(30 days, 30 days));
        assertEq(orderDisputes.params().verdictWindow, 30 days, "changed");
        assertEq(orderDisputes.params().escalationWindow, 30 days, "changed too");
    }

    function test_openDisputesKeepTheirDeadlines() public {
        (bytes32 orderId,) = _disputed();
        uint256 until = block.timestamp + VERDICT_WINDOW;
        vm.prank(owner);
        orderDisputes.setParams(IOrderDisputes.Params(1, 1));
        assertEq(orderDisputes.disputeOf(orderId).until, until, "as it was opened");
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

    function _tooEarly(bytes32 orderId, uint256 notBefore) private {
        vm.expectRevert(abi.encodeWithSelector(IOrderDisputes.TooEarly.selector, orderId, notBefore));
        orderDisputes.resolve(orderId);
    }

    function _assertDispute(bytes32 orderId, IOrderDisputes.DisputeState wanted) private view {
        assertEq(uint8(orderDisputes.disputeOf(orderId).state), uint8(wanted), "dispute state");
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
