// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IDisputes} from "../src/interfaces/IDisputes.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {IOrderDisputes} from "../src/interfaces/IOrderDisputes.sol";
import {Verdict} from "../src/interfaces/Types.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

/// @dev The whole system with jurors, and short helpers for what a dispute of an order goes through.
abstract contract CourtTest is SystemTest {
    uint256 internal constant FOR_NOBODY = 0;
    uint256 internal constant FOR_BUYER = 1;
    uint256 internal constant FOR_SELLER = 2;
    uint256 internal constant COST = 3 * uint256(JUROR_FEE);

    address[] internal jurors;

    function setUp() public virtual override {
        super.setUp();
        string[5] memory names = ["j1", "j2", "j3", "j4", "j5"];
        for (uint256 i = 0; i < names.length; ++i) {
            jurors.push(_juror(account(names[i]), 4));
        }
        mine(1);
    }

    function _juror(address who, uint8 tickets) internal returns (address) {
        _stake(who, uint256(tickets) * TICKET);
        vm.prank(who);
        disputes.joinJury(tickets);
        return who;
    }

    function _granted(uint32 listingId, bytes32 key) internal returns (bytes32 orderId) {
        orderId = _buy(listingId, key);
        _grantAll(orderId);
    }

    /// @dev An order whose validators have said `verdict` about the buyer's dispute.
    function _judged(uint32 listingId, bytes32 key, Verdict verdict) internal returns (bytes32 orderId) {
        orderId = _granted(listingId, key);
        _conclude(_dispute(orderId), verdict);
    }

    function _escalate(bytes32 orderId, address who) internal returns (uint256) {
        vm.prank(who);
        return orderDisputes.escalate(orderId, _noPermit());
    }

    function _drawJury(uint256 id) internal {
        mine(2);
        while (disputes.phaseOf(id) == IDisputes.Phase.Drawing) disputes.draw(id);
    }

    /// @dev The last jury is drawn and is of one mind; then nobody appeals, and the ruling is carried out.
    function _rule(uint256 id, uint256 ruling) internal {
        _vote(id, ruling);
        _execute(id);
    }

    function _vote(uint256 id, uint256 ruling) internal {
        _drawJury(id);
        uint8 number = disputes.dispute(id).rounds - 1;
        for (uint256 i = 0; i < jurors.length; ++i) {
            if (disputes.seat(id, number, jurors[i]).count == 0) continue;
            bytes32 commitment = keccak256(abi.encode(id, number, jurors[i], uint8(ruling), SALT));
            vm.prank(jurors[i]);
            disputes.commit(id, commitment);
        }
        for (uint256 i = 0; i < jurors.length; ++i) {
            if (disputes.seat(id, number, jurors[i]).count == 0) continue;
            vm.prank(jurors[i]);
            disputes.reveal(id, uint8(ruling), SALT);
        }
    }

    function _execute(uint256 id) internal {
        IDisputes.RoundInfo memory round = disputes.round(id, disputes.dispute(id).rounds - 1);
        vm.warp(uint256(round.appealUntil == 0 ? round.drawUntil : round.appealUntil) + 1);
        disputes.conclude(id);
        disputes.executeRuling(id);
    }

    function _assertDispute(bytes32 orderId, IOrderDisputes.DisputeState wanted) internal view {
        assertEq(uint8(orderDisputes.disputeOf(orderId).state), uint8(wanted), "dispute state");
    }

    function _assertEnded(bytes32 orderId, bool toSeller) internal view {
        _assertDispute(orderId, toSeller ? IOrderDisputes.DisputeState.Dismissed : IOrderDisputes.DisputeState.Upheld);
        _assertState(orderId, toSeller ? IMarket.OrderState.Released : IMarket.OrderState.Refunded);
    }
}
