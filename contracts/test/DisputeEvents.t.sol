// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IArbitrator, IEvidence} from "../src/interfaces/Arbitration.sol";
import {IDisputes} from "../src/interfaces/IDisputes.sol";
import {JuryTest} from "./JuryTest.sol";
import {Logs} from "./Logs.sol";
import {vm} from "./Vm.sol";

/// @dev What jurors and their software hear of a dispute: who is drawn until when, and what came of it.
contract DisputeEventsTest is JuryTest, Logs {
    function test_aRound() public {
        _record();
        uint256 id = _open();
        _vote(id, 1);
        vm.prank(payer);
        disputes.submitEvidence(id, "ipfs://evidence");
        _stop();
        _assertHeard(abi.encodePacked(IArbitrator.DisputeCreation.selector, id, _id(address(court))), "", "creation");
        bytes memory opened = abi.encode(3, 3 * FEE, 0, payer);
        _assertHeard(abi.encodePacked(IDisputes.RoundOpened.selector, id, uint256(0)), opened, "opened");
        bytes memory topics = abi.encodePacked(IDisputes.JuryDrawn.selector, id, uint256(0));
        _assertHeard(topics, abi.encode(block.timestamp + COMMIT, block.timestamp + COMMIT + REVEAL), "jury drawn");
        assertEq(times[address(disputes)][IDisputes.SeatDrawn.selector], 3, "a call for each seat");
        for (uint256 i = 0; i < JURORS; ++i) {
            if (_seats(id, jurors[i]) != 0) _assertVote(id, jurors[i]);
        }
        topics = abi.encodePacked(IArbitrator.AppealPossible.selector, id, _id(address(court)));
        _assertHeard(topics, "", "appeal possible");
        assertEq(times[address(disputes)][IArbitrator.AppealPossible.selector], 1, "after the last vote only");
        topics = abi.encodePacked(IEvidence.Evidence.selector, _id(address(disputes)), id, _id(payer));
        _assertHeard(topics, abi.encode("ipfs://evidence"), "evidence");
    }

    function _assertVote(uint256 id, address who) private view {
        bytes memory place = abi.encodePacked(id, uint256(0), _id(who));
        _assertHeard(abi.encodePacked(IDisputes.SeatDrawn.selector, place), "", "seat drawn");
        bytes32 commitment = keccak256(abi.encode(id, uint8(0), who, uint8(1), SALT));
        _assertHeard(abi.encodePacked(IDisputes.VoteCommitted.selector, place), abi.encode(commitment), "committed");
        _assertHeard(abi.encodePacked(IDisputes.VoteRevealed.selector, place), abi.encode(1), "revealed");
    }

    function test_anAppealAndTheEnd() public {
        uint256 id = _open();
        _vote(id, 1);
        _record();
        _appeal(id);
        _vote(id, 1);
        _conclude(id);
        disputes.executeRuling(id);
        _stop();
        _assertHeard(abi.encodePacked(IArbitrator.AppealDecision.selector, id, _id(address(court))), "", "appeal");
        bytes memory opened = abi.encode(7, 7 * FEE, 7 * FEE, payer);
        _assertHeard(abi.encodePacked(IDisputes.RoundOpened.selector, id, uint256(1)), opened, "opened");
        bytes memory ended = abi.encode(1, uint256(7 * FEE) * 6 / 10);
        _assertHeard(abi.encodePacked(IDisputes.DisputeEnded.selector, id), ended, "ended, with what was burnt");
        _assertHeard(abi.encodePacked(IDisputes.RulingExecuted.selector, id), abi.encode(1), "executed");
    }

    function test_governance() public {
        uint256 id = _open();
        for (uint256 i = 0; i < 4; ++i) {
            _vote(id, 1);
            _appeal(id);
        }
        _record();
        vm.startPrank(owner);
        disputes.ruleByGovernance(id, 2);
        disputes.setParams(_params());
        vm.stopPrank();
        _stop();
        _assertHeard(abi.encodePacked(IDisputes.GovernanceRuled.selector, id), abi.encode(2), "governance");
        _assertHeard(abi.encodePacked(IDisputes.DisputeEnded.selector, id), abi.encode(2, 0), "nothing is burnt");
        assertEq(emptyTransfers, 0, "nor is nothing moved");
        _assertHeard(abi.encodePacked(IDisputes.ParamsChanged.selector), abi.encode(_params()), "params");
    }

    function test_jurorsComeAndGo() public {
        address fresh = account("fresh");
        _record();
        _join(fresh, 2);
        vm.prank(fresh);
        disputes.leaveJury();
        mine(301);
        vm.prank(fresh);
        disputes.exitJury();
        _stop();
        bytes memory bond = abi.encode(2 * TICKET);
        _assertHeard(abi.encodePacked(IDisputes.JurorJoined.selector, _id(fresh)), abi.encode(2, 2 * TICKET), "joined");
        _assertHeard(abi.encodePacked(IDisputes.JurorLeft.selector, _id(fresh)), "", "left");
        _assertHeard(abi.encodePacked(IDisputes.JurorExited.selector, _id(fresh)), bond, "exited, with the bond");
    }

    function test_theSilentAreNamed() public {
        uint256 id = _open();
        _drawAll(id);
        address silent;
        for (uint256 i = 0; i < JURORS; ++i) {
            if (_seats(id, jurors[i]) != 0) silent = jurors[i];
        }
        skip(COMMIT + REVEAL + 1);
        _record();
        disputes.closeSeat(id, 0, silent);
        _stop();
        bytes memory closed = abi.encodePacked(IDisputes.SeatClosed.selector, id, uint256(0), _id(silent));
        _assertHeard(closed, abi.encode(uint256(PENALTY) * _seats(id, silent)), "closed");
        _assertHeard(abi.encodePacked(IDisputes.JurorLeft.selector, _id(silent)), "", "and put out");
    }

    function _assertHeard(bytes memory topics, bytes memory data, string memory what) private view {
        _assertSeen(address(disputes), topics, data, what);
    }
}
