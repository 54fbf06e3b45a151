// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IArbitrable, IEvidence} from "../src/interfaces/Arbitration.sol";
import {IMilestoneEscrow} from "../src/interfaces/IMilestoneEscrow.sol";
import {DealTest} from "./DealTest.sol";
import {Logs} from "./Logs.sol";
import {vm} from "./Vm.sol";

/// @dev What both parties hear of a deal, and what the books say after each end.
contract DealEventsTest is DealTest, Logs {
    function test_openedDeliveredAndPaid() public {
        IMilestoneEscrow.DealInput memory input = _input(address(coin));
        _record();
        bytes32 id = _open(address(coin));
        _release(id, 0, 4e18);
        vm.prank(seller);
        escrow.refund(id, 0, 5e18);
        _contest(id, 1);
        vm.prank(arbiter);
        escrow.split(id, 1, 7e18);
        vm.prank(buyer);
        escrow.submitEvidence(id, 2, "ipfs://evidence");
        vm.prank(seller);
        escrow.withdraw(address(coin), stranger);
        vm.prank(owner);
        escrow.allowToken(address(hostile), false);
        _stop();
        bytes memory topics = abi.encodePacked(IMilestoneEscrow.DealOpened.selector, id, _id(buyer), _id(seller));
        _assertHeard(topics, abi.encode(arbiter, address(coin), input.amounts, input.deadlines), "opened");
        topics = abi.encodePacked(IEvidence.MetaEvidence.selector, id);
        _assertHeard(topics, abi.encode("ipfs://terms"), "terms");
        _assertOf(id, IMilestoneEscrow.MilestoneReleased.selector, abi.encode(0, 4e18));
        _assertOf(id, IMilestoneEscrow.MilestoneRefunded.selector, abi.encode(0, 5e18));
        _assertOf(id, IMilestoneEscrow.MilestoneDelivered.selector, abi.encode(1, bytes32("digest")));
        _assertOf(id, IMilestoneEscrow.MilestoneContested.selector, abi.encode(1));
        _assertOf(id, IMilestoneEscrow.MilestoneSplit.selector, abi.encode(1, 7e18, 13e18));
        bytes32 group = bytes32(escrow.evidenceGroupOf(id, 2));
        topics = abi.encodePacked(IEvidence.Evidence.selector, _id(address(disputes)), group, _id(buyer));
        _assertHeard(topics, abi.encode("ipfs://evidence"), "evidence");
        topics = abi.encodePacked(IMilestoneEscrow.Withdrawn.selector, _id(address(coin)), _id(seller), _id(stranger));
        _assertHeard(topics, abi.encode(11e18), "withdrawn");
        topics = abi.encodePacked(IMilestoneEscrow.TokenAllowed.selector, _id(address(hostile)));
        _assertHeard(topics, abi.encode(false), "no longer allowed");
    }

    function test_jurors() public {
        _record();
        (bytes32 id, uint256 disputeId) = _escalated("salt");
        _endWithoutJury(disputeId);
        _stop();
        bytes memory topics = abi.encodePacked(IMilestoneEscrow.MilestoneEscalated.selector, id, disputeId);
        _assertHeard(topics, abi.encode(1), "escalated");
        topics = abi.encodePacked(IEvidence.Dispute.selector, _id(address(disputes)), disputeId);
        _assertHeard(topics, abi.encode(id, escrow.evidenceGroupOf(id, 1)), "dispute");
        topics = abi.encodePacked(IArbitrable.Ruling.selector, _id(address(disputes)), disputeId);
        _assertHeard(topics, abi.encode(0), "ruling");
    }

    function test_cancelledAndRecovered() public {
        bytes32 one = _openFor(address(coin), arbiter, "one");
        bytes32 other = _openFor(address(coin), arbiter, "other");
        _record();
        vm.prank(buyer);
        escrow.cancel(one, 20e18);
        vm.prank(seller);
        escrow.cancel(one, 20e18);
        vm.prank(owner);
        escrow.recover(other, 25e18);
        _stop();
        bytes memory topics = abi.encodePacked(IMilestoneEscrow.CancelOffered.selector, one, _id(buyer));
        _assertHeard(topics, abi.encode(20e18), "offered");
        _assertOf(one, IMilestoneEscrow.DealCancelled.selector, abi.encode(20e18, 40e18));
        _assertOf(other, IMilestoneEscrow.DealRecovered.selector, abi.encode(25e18, 35e18));
    }

    /// @dev What a milestone's end has paid out must not be paid again by an end of the whole deal.
    function test_anEndedMilestoneLeavesTheDeal() public {
        bytes32 id = _open(address(coin));
        _contest(id, 1);
        vm.prank(arbiter);
        escrow.split(id, 1, 7e18);
        assertEq(escrow.deal(id).left, 40e18, "the other two");
        vm.prank(owner);
        escrow.recover(id, 0);
        assertEq(escrow.owed(address(coin), seller), 7e18, "seller");
        assertEq(escrow.owed(address(coin), buyer), 53e18, "buyer, and no more than came in");
        _assertSolvent(address(coin));
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.DealEnded.selector, id));
        escrow.poke(id, 0);
    }

    /// @dev One base unit is money too.
    function test_theSmallestPartsAreCredited() public {
        IMilestoneEscrow.DealInput memory input = _input(address(coin));
        (input.amounts[0], input.amounts[1], input.amounts[2]) = (1, 2, 1);
        vm.prank(buyer);
        bytes32 id = escrow.open(input, _noPermit());
        _contest(id, 1);
        vm.prank(arbiter);
        escrow.split(id, 1, 1);
        assertEq(escrow.owed(address(coin), seller), 1, "one for the seller");
        assertEq(escrow.owed(address(coin), buyer), 1, "one for the buyer");
    }

    function test_whoIsOwedNothingIsPaidNothing() public {
        _record();
        vm.prank(stranger);
        assertEq(escrow.withdraw(address(coin), stranger), 0, "nothing is held");
        _open(address(coin));
        vm.prank(stranger);
        assertEq(escrow.withdraw(address(coin), stranger), 0, "nor is anything theirs");
        _stop();
        assertEq(times[address(escrow)][IMilestoneEscrow.Withdrawn.selector], 0, "and nothing is said");
        assertEq(emptyTransfers, 0, "or moved");
    }

    function _assertOf(bytes32 id, bytes32 selector, bytes memory data) private view {
        _assertHeard(abi.encodePacked(selector, id), data, "said of the deal");
    }

    function _assertHeard(bytes memory topics, bytes memory data, string memory what) private view {
        _assertSeen(address(escrow), topics, data, what);
    }
}
