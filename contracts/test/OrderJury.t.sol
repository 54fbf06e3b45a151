// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IDisputes} from "../src/interfaces/IDisputes.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {IOrderDisputes} from "../src/interfaces/IOrderDisputes.sol";
import {Permit, Verdict} from "../src/interfaces/Types.sol";
import {CourtTest} from "./CourtTest.sol";
import {vm} from "./Vm.sol";

/// @dev The jury's tier of a dispute about an order. Behaviours are listed in Dispute.tree.
contract OrderJuryTest is CourtTest {
    uint256 private assetId;
    uint32 private listingId;

    function setUp() public override {
        super.setUp();
        assetId = _publishLive(true);
        listingId = _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
    }

    /// @dev Validators accept, the buyer asks jurors with real stake, they rule for the buyer: everybody's money.
    function test_jurorsOverrideTheValidators() public {
        uint256 before = coin.balanceOf(buyer);
        bytes32 orderId = _judged(listingId, KEY, Verdict.Accept);
        uint256 id = _escalate(orderId, buyer);
        _assertDispute(orderId, IOrderDisputes.DisputeState.Jury);
        _assertState(orderId, IMarket.OrderState.Disputed);
        assertEq(orderDisputes.orderOf(id), orderId, "known by its number");
        assertEq(orderDisputes.disputeOf(orderId).juryDispute, id, "and the other way");
        assertEq(before - coin.balanceOf(buyer), PRICE + ROUND_FEE + COST, "price, bond and jurors' fee");
        assertEq(coin.balanceOf(address(disputes)), COST, "waits for the jurors");
        _rule(id, FOR_BUYER);
        _assertEnded(orderId, false);
        assertEq(before - coin.balanceOf(buyer), ROUND_FEE + COST - ROUND_FEE, "the price is back, and the reserve");
        assertEq(registry.reserveOf(assetId, 1), 0, "which the publisher put up");
        assertTrue(registry.version(assetId, 1).threshold != 0 && _isLive(), "one order is not the version");
        for (uint256 i = 0; i < jurors.length; ++i) {
            if (disputes.seat(id, 0, jurors[i]).count != 0) disputes.claimFee(id, 0, jurors[i]);
        }
        assertEq(coin.balanceOf(address(orderDisputes)) + coin.balanceOf(address(market)), 0, "nothing is left over");
        uint256 due = 0;
        for (uint256 i = 0; i < jurors.length; ++i) {
            due += disputes.owed(jurors[i]);
        }
        assertEq(due, COST, "the jurors have it all");
        assertTrue(!market.entitled(buyer, assetId, 1, orderId), "no longer");
    }

    function test_jurorsConfirmTheValidators() public {
        bytes32 orderId = _judged(listingId, KEY, Verdict.Accept);
        uint256 held = coin.balanceOf(buyer);
        _rule(_escalate(orderId, buyer), FOR_SELLER);
        _assertEnded(orderId, true);
        assertEq(held - coin.balanceOf(buyer), COST, "who asked in vain has paid");
        assertEq(registry.reserveOf(assetId, 1), ROUND_FEE, "the reserve stays");
        assertEq(_claimOne(orderId), PRICE - PRICE * 25 / 10_000, "the seller is paid");
    }

    function test_theReservePaysNoMoreThanWasSpent() public {
        IDisputes.Params memory p = _juryParams();
        p.jurorFee = 1;
        vm.prank(owner);
        disputes.setParams(p);
        bytes32 orderId = _judged(listingId, KEY, Verdict.Accept);
        _rule(_escalate(orderId, buyer), FOR_BUYER);
        assertEq(registry.reserveOf(assetId, 1), ROUND_FEE - 3, "three seats of one base unit");
        bytes32 second = _judged(listingId, "second", Verdict.Reject);
        _assertState(second, IMarket.OrderState.Refunded);
        assertEq(registry.reserveOf(assetId, 1), 0, "the rest goes to the first whom validators confirm");
    }

    function test_theSellerAsksAndWins() public {
        (bytes32 orderId,) = _undecidedBlind();
        uint256 held = coin.balanceOf(buyer);
        uint256 id = _escalate(orderId, publisher);
        assertTrue(orderDisputes.disputeOf(orderId).bySeller, "by the seller");
        _rule(id, FOR_SELLER);
        _assertEnded(orderId, true);
        assertEq(coin.balanceOf(buyer), held, "the buyer pays with the bond");
        assertEq(orderDisputes.owed(publisher), ROUND_FEE, "which is less than the jurors cost");
        assertEq(orderDisputes.owed(buyer), 0, "so nothing of it is left");
        assertEq(coin.balanceOf(address(orderDisputes)), ROUND_FEE, "held");
    }

    function test_theSellerGetsNoMoreThanTheJurorsCost() public {
        IDisputes.Params memory p = _juryParams();
        p.jurorFee = 1;
        vm.prank(owner);
        disputes.setParams(p);
        (bytes32 orderId,) = _undecidedBlind();
        _rule(_escalate(orderId, publisher), FOR_SELLER);
        assertEq(orderDisputes.owed(publisher), 3, "what it paid");
        assertEq(orderDisputes.owed(buyer), ROUND_FEE - 3, "the rest of the bond");
    }

    function test_theSellerAsksAndLoses() public {
        (bytes32 orderId, uint256 blind) = _undecidedBlind();
        _rule(_escalate(orderId, publisher), FOR_BUYER);
        _assertEnded(orderId, false);
        assertEq(orderDisputes.owed(buyer), ROUND_FEE, "the bond is back");
        assertEq(orderDisputes.owed(publisher), 0, "the seller has paid the jurors");
        assertEq(registry.reserveOf(blind, 1), ROUND_FEE, "the buyer has paid nothing, so the reserve stays");
    }

    function test_theBuyerAsksWithoutAQuorumAndLoses() public {
        bytes32 orderId = _judged(listingId, KEY, Verdict.None);
        _rule(_escalate(orderId, buyer), FOR_SELLER);
        _assertEnded(orderId, true);
        assertEq(orderDisputes.owed(buyer), ROUND_FEE, "the bond is back: the seller paid nothing");
    }

    function test_theBuyerAsksWithoutAQuorumAndWins() public {
        bytes32 orderId = _judged(listingId, KEY, Verdict.None);
        uint256 held = coin.balanceOf(buyer);
        _rule(_escalate(orderId, buyer), FOR_BUYER);
        _assertEnded(orderId, false);
        assertEq(orderDisputes.owed(buyer), ROUND_FEE, "bond");
        assertEq(coin.balanceOf(buyer) + COST - held, PRICE + ROUND_FEE, "price, and the reserve towards the fee");
    }

    function test_jurorsWhoRefuseLeaveItAtTheDefault() public {
        bytes32 accepted = _judged(listingId, KEY, Verdict.Accept);
        _rule(_escalate(accepted, buyer), FOR_NOBODY);
        _assertEnded(accepted, true);
        bytes32 readable = _judged(listingId, "readable", Verdict.None);
        _rule(_escalate(readable, buyer), FOR_NOBODY);
        _assertEnded(readable, true);
        (bytes32 blind,) = _undecidedBlind();
        _rule(_escalate(blind, buyer), FOR_NOBODY);
        _assertEnded(blind, false);
    }

    function test_aJuryThatNeverFormsLocksNothing() public {
        bytes32 orderId = _judged(listingId, KEY, Verdict.Accept);
        uint256 id = _escalate(orderId, buyer);
        _refusedIn(orderId, IOrderDisputes.DisputeState.Jury);
        _execute(id);
        _assertEnded(orderId, true);
        assertEq(disputes.owed(buyer), COST, "nobody earned the fee");
    }

    /// @dev A version is proved wrong while jurors still sit on an order of it that validators accepted.
    function test_aDefaultNeverPaysForARefusedVersion() public {
        bytes32 orderId = _judged(listingId, KEY, Verdict.Accept);
        uint256 id = _escalate(orderId, buyer);
        _judged(listingId, "other", Verdict.Reject);
        _execute(id);
        _assertEnded(orderId, false);
    }

    function test_anAppealTurnsIt() public {
        bytes32 orderId = _judged(listingId, KEY, Verdict.Accept);
        uint256 id = _escalate(orderId, buyer);
        _vote(id, FOR_BUYER);
        _fund(publisher, 1_000e18);
        vm.startPrank(publisher);
        coin.approve(address(disputes), type(uint256).max);
        disputes.appeal(id, "");
        vm.stopPrank();
        _rule(id, FOR_SELLER);
        _assertEnded(orderId, true);
    }

    function test_noPartyIsDrawn() public {
        _fund(publisher, 10_000e18);
        _juror(buyer, 10);
        _juror(publisher, 10);
        mine(1);
        bytes32 orderId = _judged(listingId, KEY, Verdict.Accept);
        uint256 id = _escalate(orderId, buyer);
        _drawJury(id);
        assertEq(disputes.seat(id, 0, buyer).count, 0, "not the buyer");
        assertEq(disputes.seat(id, 0, publisher).count, 0, "nor the seller");
        assertEq(disputes.juror(buyer).openSeats + disputes.juror(publisher).openSeats, 0, "owe no vote");
    }

    /// @dev Only the parties hold tickets that count: the draw ends empty, and the default ruling holds.
    function test_partiesAloneMakeNoJury() public {
        for (uint256 i = 0; i < jurors.length; ++i) {
            vm.prank(jurors[i]);
            disputes.leaveJury();
        }
        _fund(publisher, 10_000e18);
        _juror(buyer, 10);
        _juror(publisher, 10);
        mine(1);
        bytes32 orderId = _judged(listingId, KEY, Verdict.Accept);
        uint256 id = _escalate(orderId, buyer);
        mine(2);
        for (uint256 i = 0; i < 8; ++i) {
            assertEq(disputes.draw(id), 0, "nobody to draw");
        }
        _execute(id);
        _assertEnded(orderId, true);
    }

    function test_whoMayEscalate() public {
        bytes32 orderId = _granted(listingId, KEY);
        bytes32 roundId = _dispute(orderId);
        _refusedTo(buyer, orderId, _wrong(orderId, IOrderDisputes.DisputeState.Round));
        _conclude(roundId, Verdict.Accept);
        _refusedTo(publisher, orderId, abi.encodeWithSelector(IOrderDisputes.NotParty.selector, orderId, publisher));
        _refusedTo(stranger, orderId, abi.encodeWithSelector(IOrderDisputes.NotParty.selector, orderId, stranger));
        uint256 until = block.timestamp + ESCALATION_WINDOW;
        vm.warp(until + 1);
        _refusedTo(buyer, orderId, abi.encodeWithSelector(IOrderDisputes.TooLate.selector, orderId, until));
        vm.warp(until);
        _escalate(orderId, buyer);
        _refusedTo(buyer, orderId, _wrong(orderId, IOrderDisputes.DisputeState.Jury));
        bytes32 undecided = _judged(listingId, "undecided", Verdict.None);
        _refusedTo(stranger, undecided, abi.encodeWithSelector(IOrderDisputes.NotParty.selector, undecided, stranger));
        _refusedTo(buyer, "none", _wrong("none", IOrderDisputes.DisputeState.None));
    }

    function test_tooFewJurors() public {
        for (uint256 i = 0; i < jurors.length; ++i) {
            vm.prank(jurors[i]);
            disputes.leaveJury();
        }
        bytes32 orderId = _judged(listingId, KEY, Verdict.Accept);
        _refusedTo(buyer, orderId, abi.encodeWithSelector(IDisputes.TooFewTickets.selector, 0, 3));
        skip(ESCALATION_WINDOW + 1);
        orderDisputes.resolve(orderId);
        _assertEnded(orderId, true);
    }

    function test_escalateWithPermit() public {
        bytes32 orderId = _judged(listingId, KEY, Verdict.Accept);
        vm.prank(buyer);
        coin.approve(address(orderDisputes), 0);
        Permit memory p = _permit("buyer", address(orderDisputes), COST);
        vm.prank(buyer);
        orderDisputes.escalate(orderId, p);
        _assertDispute(orderId, IOrderDisputes.DisputeState.Jury);
    }

    function test_onlyDisputesRules() public {
        bytes32 orderId = _judged(listingId, KEY, Verdict.Accept);
        uint256 id = _escalate(orderId, buyer);
        vm.expectRevert(abi.encodeWithSelector(IOrderDisputes.NotDisputes.selector, stranger));
        vm.prank(stranger);
        orderDisputes.rule(id, FOR_BUYER);
    }

    function test_onlyPartiesGiveEvidence() public {
        bytes32 orderId = _granted(listingId, KEY);
        vm.expectRevert(_wrong(orderId, IOrderDisputes.DisputeState.None));
        vm.prank(buyer);
        orderDisputes.submitEvidence(orderId, "ipfs://x");
        _dispute(orderId);
        vm.prank(buyer);
        orderDisputes.submitEvidence(orderId, "ipfs://buyer");
        vm.prank(publisher);
        orderDisputes.submitEvidence(orderId, "ipfs://seller");
        vm.expectRevert(abi.encodeWithSelector(IOrderDisputes.NotParty.selector, orderId, stranger));
        vm.prank(stranger);
        orderDisputes.submitEvidence(orderId, "ipfs://x");
    }

    /// @dev Whatever was said by whom, the order ends once, and every coin that came in has gone to somebody.
    function testFuzz_everyEndConservesMoney(uint8 word, bool mayRead, bool bySeller, uint8 ruling) public {
        Verdict verdict = Verdict(word % 3);
        assetId = _publishLive(mayRead);
        listingId = _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
        uint256 before = _sum();
        bytes32 orderId = _judged(listingId, KEY, verdict);
        if (verdict != Verdict.Reject) {
            address who = bySeller && verdict == Verdict.None ? publisher : buyer;
            _rule(_escalate(orderId, who), ruling % 3);
        }
        bool toSeller = market.order(orderId).state == IMarket.OrderState.Released;
        if (toSeller) _claimOne(orderId);
        else _assertState(orderId, IMarket.OrderState.Refunded);
        assertTrue(!toSeller || verdict != Verdict.Reject, "a machine-confirmed accuser never loses");
        assertEq(coin.balanceOf(address(market)), 0, "market is empty");
        uint256 owed = orderDisputes.owed(buyer) + orderDisputes.owed(publisher);
        assertEq(coin.balanceOf(address(orderDisputes)), owed, "credits alone");
        assertEq(_sum(), before, "conserved");
    }

    function _sum() private view returns (uint256) {
        return coin.balanceOf(buyer) + coin.balanceOf(publisher) + coin.balanceOf(treasury)
            + coin.balanceOf(address(market)) + coin.balanceOf(address(orderDisputes))
            + coin.balanceOf(address(registry)) + coin.balanceOf(address(disputes))
            + coin.balanceOf(address(validators));
    }

    function _isLive() private view returns (bool) {
        return uint8(registry.statusOf(assetId, 1)) == 2;
    }

    /// @dev No verdict about a version that validators may not read, so that the default is the buyer.
    function _undecidedBlind() private returns (bytes32 orderId, uint256 blind) {
        blind = _publishLive(false);
        uint32 offer = _list(blind, IMarket.LicenseKind.Download, PRICE, 0);
        orderId = _judged(offer, "blind", Verdict.None);
    }

    function _wrong(bytes32 orderId, IOrderDisputes.DisputeState state) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IOrderDisputes.WrongDisputeState.selector, orderId, state);
    }

    function _refusedIn(bytes32 orderId, IOrderDisputes.DisputeState state) private {
        skip(365 days);
        vm.expectRevert(_wrong(orderId, state));
        orderDisputes.resolve(orderId);
        vm.warp(block.timestamp - 365 days);
    }

    function _refusedTo(address who, bytes32 orderId, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(who);
        orderDisputes.escalate(orderId, _noPermit());
    }
}
