// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Disputes} from "../src/Disputes.sol";
import {IArbitrator} from "../src/interfaces/Arbitration.sol";
import {IDisputes} from "../src/interfaces/IDisputes.sol";
import {IStaking} from "../src/interfaces/IStaking.sol";
import {JuryTest} from "./JuryTest.sol";
import {vm} from "./Vm.sol";

/// @dev The branches of Jury.tree.
contract DisputesTest is JuryTest {
    function test_joinLeaveExit() public {
        assertEq(disputes.activeTickets(), 48, "tickets");
        assertEq(staking.lockedOf(jurors[0]), 4 * TICKET, "locked");
        vm.startPrank(jurors[0]);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.TooManyTickets.selector, 4, 10));
        disputes.joinJury(0);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.TooManyTickets.selector, 11, 10));
        disputes.joinJury(7);
        vm.expectRevert(abi.encodeWithSelector(IStaking.NotEnoughFreeStake.selector, 0, TICKET));
        disputes.joinJury(1);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotJuror.selector, jurors[0]));
        disputes.exitJury();
        disputes.leaveJury();
        assertEq(disputes.activeTickets(), 44, "less tickets");
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotJuror.selector, jurors[0]));
        disputes.leaveJury();
        uint256 notBefore = block.number + 301;
        bytes memory leaving = abi.encodeWithSelector(IDisputes.StillLeaving.selector, jurors[0], 0, notBefore);
        vm.expectRevert(leaving);
        disputes.joinJury(1);
        vm.roll(notBefore - 1);
        vm.expectRevert(leaving);
        disputes.exitJury();
        vm.roll(notBefore);
        disputes.exitJury();
        assertEq(staking.lockedOf(jurors[0]), 0, "free");
        disputes.joinJury(3);
        disputes.joinJury(1);
        vm.stopPrank();
        assertEq(disputes.juror(jurors[0]).tickets, 4, "again");
        assertEq(disputes.activeTickets(), 48, "in the places that were free");
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotJuror.selector, stranger));
        vm.prank(stranger);
        disputes.leaveJury();
    }

    function test_aWholeDispute() public {
        assertEq(disputes.arbitrationCost(""), 3 * FEE, "cost");
        uint256 id = _open();
        assertEq(coin.balanceOf(address(disputes)), 3 * FEE, "fee held");
        _assertPhase(id, IDisputes.Phase.Drawing);
        _vote(id, 2);
        _assertPhase(id, IDisputes.Phase.Appeal);
        assertEq(disputes.currentRuling(id), 2, "so far");
        assertEq(uint8(disputes.disputeStatus(id)), uint8(IArbitrator.DisputeStatus.Appealable), "appealable");
        (uint256 start, uint256 end) = disputes.appealPeriod(id);
        assertEq(start, block.timestamp, "from now");
        assertEq(end, _last(id).appealUntil, "until");
        vm.warp(end);
        vm.expectRevert(_wrongPhase(id, IDisputes.Phase.Appeal));
        disputes.conclude(id);
        vm.expectRevert(_wrongPhase(id, IDisputes.Phase.Appeal));
        disputes.executeRuling(id);
        _conclude(id);
        assertEq(uint8(disputes.disputeStatus(id)), uint8(IArbitrator.DisputeStatus.Solved), "solved");
        disputes.executeRuling(id);
        assertEq(court.last(), 2, "taken");
        vm.expectRevert(abi.encodeWithSelector(IDisputes.AlreadyExecuted.selector, id));
        disputes.executeRuling(id);
        _claimAll(id);
        uint256 paid = 0;
        for (uint256 i = 0; i < JURORS; ++i) {
            vm.prank(jurors[i]);
            paid += disputes.withdraw();
        }
        assertEq(paid, 3 * FEE, "the jurors have it all");
        assertEq(coin.balanceOf(address(disputes)), 0, "nothing left");
    }

    function test_refusalsAtTheOpening() public {
        vm.expectRevert(abi.encodeWithSelector(IDisputes.BadChoices.selector, 0));
        court.open(disputes, coin, 0, "");
        vm.expectRevert(abi.encodeWithSelector(IDisputes.BadChoices.selector, 16));
        court.open(disputes, coin, 16, "");
        vm.expectRevert(IDisputes.NoEther.selector);
        disputes.createDispute{value: 1}(2, "");
        for (uint256 i = 0; i < JURORS; ++i) {
            vm.prank(jurors[i]);
            disputes.leaveJury();
        }
        vm.expectRevert(abi.encodeWithSelector(IDisputes.TooFewTickets.selector, 0, 3));
        _open();
        _assertPhase(7, IDisputes.Phase.None);
        assertEq(disputes.currentRuling(7), 0, "no such dispute");
        vm.expectRevert(_wrongPhase(7, IDisputes.Phase.None));
        disputes.submitEvidence(7, "ipfs://x");
        vm.expectRevert(_wrongPhase(7, IDisputes.Phase.None));
        disputes.draw(7);
    }

    function test_theDrawUsesAKeptHash() public {
        uint256 id = _open();
        vm.expectRevert(abi.encodeWithSelector(IDisputes.AnchorNotPast.selector, id, block.number + 1));
        disputes.draw(id);
        mine(300);
        assertEq(disputes.draw(id), 0, "out of reach: anchored anew");
        assertEq(_last(id).anchorBlock, block.number + 1, "at the next block");
        mine(2);
        assertEq(disputes.draw(id), 3, "drawn");
        vm.expectRevert(_wrongPhase(id, IDisputes.Phase.Commit));
        disputes.draw(id);
    }

    function test_latecomersAreNotDrawnAndLeaversAre() public {
        uint256 id = _open();
        address late = account("late");
        _join(late, 10);
        vm.prank(jurors[0]);
        disputes.leaveJury();
        uint256 before = disputes.round(id, 0).openBlock;
        mine(1);
        address gone = jurors[1];
        vm.prank(gone);
        disputes.leaveJury();
        _vote(id, 1);
        assertEq(_seats(id, late), 0, "too late");
        assertTrue(disputes.juror(gone).leftAt > before, "left after the opening, may be drawn");
        vm.prank(late);
        disputes.leaveJury();
        mine(2);
        uint256 second = _open();
        _vote(second, 1);
        _appeal(second);
        _vote(second, 1);
        assertEq(disputes.seat(second, 1, gone).count, 0, "left before: not drawn");
    }

    function test_aDrawOfOnlyLeaversComesToNothing() public {
        uint256 id = _open();
        vm.warp(block.timestamp + DRAW);
        _assertPhase(id, IDisputes.Phase.Drawing);
        skip(1);
        _assertPhase(id, IDisputes.Phase.Over);
        disputes.conclude(id);
        assertEq(disputes.owed(payer), 3 * FEE, "the fee goes back to who paid");
        disputes.executeRuling(id);
        assertEq(court.last(), 0, "no ruling");
    }

    function test_oneCommitmentForEachJurorAndRound() public {
        uint256 id = _open();
        _drawAll(id);
        address who = _someJuror(id);
        bytes32 commitment = keccak256(abi.encode(id, uint8(0), who, uint8(1), SALT));
        vm.startPrank(who);
        vm.expectRevert(IDisputes.EmptyCommitment.selector);
        disputes.commit(id, 0);
        disputes.commit(id, commitment);
        if (disputes.phaseOf(id) == IDisputes.Phase.Commit) {
            vm.expectRevert(
                abi.encodeWithSelector(IDisputes.WrongSeatState.selector, id, 0, IDisputes.SeatState.Committed)
            );
            disputes.commit(id, keccak256("another"));
        }
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NoSeat.selector, id, 0, stranger));
        vm.prank(stranger);
        disputes.commit(id, commitment);
        vm.warp(_last(id).commitUntil);
        _assertPhase(id, IDisputes.Phase.Commit);
        skip(1);
        _assertPhase(id, IDisputes.Phase.Reveal);
        vm.startPrank(who);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.BadRuling.selector, 3, 2));
        disputes.reveal(id, 3, SALT);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.WrongReveal.selector, id, who));
        disputes.reveal(id, 2, SALT);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.WrongReveal.selector, id, who));
        disputes.reveal(id, 1, "other salt");
        vm.warp(_last(id).revealUntil);
        disputes.reveal(id, 1, SALT);
        vm.expectRevert(_wrongPhase(id, IDisputes.Phase.Appeal));
        disputes.reveal(id, 1, SALT);
        vm.stopPrank();
        assertEq(disputes.rulingOf(id, 0), 1, "one vote is enough");
    }

    function test_revealIsOverInTime() public {
        uint256 id = _open();
        _drawAll(id);
        address who = _someJuror(id);
        _commit(id, who, 1);
        vm.warp(uint256(_last(id).revealUntil) + 1);
        vm.expectRevert(_wrongPhase(id, IDisputes.Phase.Appeal));
        vm.prank(who);
        disputes.reveal(id, 1, SALT);
    }

    function test_theSilentArePenalisedAndPutOut() public {
        uint256 id = _open();
        _drawAll(id);
        address who = _someJuror(id);
        uint8 seats = _seats(id, who);
        vm.warp(_last(id).revealUntil);
        vm.expectRevert(_wrongPhase(id, IDisputes.Phase.Appeal));
        disputes.closeSeat(id, 0, who);
        skip(1);
        uint256 supply = coin.totalSupply();
        disputes.closeSeat(id, 0, who);
        assertEq(supply - coin.totalSupply(), uint256(PENALTY) * seats, "burnt");
        assertEq(staking.stakeOf(who), 4 * TICKET - uint256(PENALTY) * seats, "slashed");
        assertEq(disputes.juror(who).openSeats, 0, "owes no vote");
        assertEq(disputes.juror(who).leftAt, block.number, "out");
        assertEq(disputes.activeTickets(), 44, "its tickets count no more");
        vm.expectRevert(abi.encodeWithSelector(IDisputes.WrongSeatState.selector, id, 0, IDisputes.SeatState.Closed));
        disputes.closeSeat(id, 0, who);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NoSeat.selector, id, 0, stranger));
        disputes.closeSeat(id, 0, stranger);
        mine(301);
        vm.prank(who);
        disputes.exitJury();
        assertEq(staking.lockedOf(who), 0, "the rest is free");
        _conclude(id);
        assertEq(disputes.owed(payer), 3 * FEE, "nobody earned the fee");
    }

    function test_aJurorWhoOwesAVoteCannotExit() public {
        uint256 id = _open();
        _drawAll(id);
        address who = _someJuror(id);
        uint8 seats = _seats(id, who);
        vm.startPrank(who);
        disputes.leaveJury();
        uint256 notBefore = block.number + 301;
        mine(400);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.StillLeaving.selector, who, seats, notBefore));
        disputes.exitJury();
        vm.stopPrank();
        _commit(id, who, 1);
        vm.warp(uint256(_last(id).commitUntil) + 1);
        _reveal(id, who, 1);
        vm.prank(who);
        disputes.exitJury();
    }

    function test_aTieRefusesToDecide() public {
        (uint256 id, address[] memory drawn) = _openWithThreeJurors();
        for (uint256 i = 0; i < 2; ++i) {
            _commit(id, drawn[i], uint8(i + 1));
        }
        vm.warp(uint256(_last(id).commitUntil) + 1);
        _reveal(id, drawn[0], 1);
        assertEq(disputes.currentRuling(id), 1, "leads");
        _reveal(id, drawn[1], 2);
        assertEq(disputes.currentRuling(id), 0, "tied");
        assertEq(disputes.votesFor(id, 0, 1), 1, "one for 1");
        _conclude(id);
        assertEq(disputes.owed(payer), 3 * FEE, "nobody voted for the ruling");
    }

    function test_theMajorityEarnsTheFee() public {
        (uint256 id, address[] memory drawn) = _openWithThreeJurors();
        uint8[3] memory votes = [2, 1, 2];
        for (uint256 i = 0; i < 3; ++i) {
            _commit(id, drawn[i], votes[i]);
        }
        for (uint256 i = 0; i < 3; ++i) {
            _reveal(id, drawn[i], votes[i]);
        }
        vm.expectRevert(_wrongPhase(id, IDisputes.Phase.Appeal));
        disputes.claimFee(id, 0, drawn[0]);
        _conclude(id);
        assertEq(disputes.claimFee(id, 0, drawn[0]), 3 * FEE / 2, "half each");
        bytes memory refusal =
            abi.encodeWithSelector(IDisputes.WrongSeatState.selector, id, 0, IDisputes.SeatState.Revealed);
        vm.expectRevert(refusal);
        disputes.claimFee(id, 0, drawn[0]);
        vm.expectRevert(refusal);
        disputes.claimFee(id, 0, drawn[1]);
        disputes.claimFee(id, 0, drawn[2]);
        assertEq(disputes.owed(payer), 1, "and what does not divide, back");
    }

    function test_aLostAppealCostsPartOfItsBond() public {
        uint256 id = _open();
        _vote(id, 1);
        assertEq(disputes.appealCost(id, ""), 14 * FEE, "seven fees and as much again");
        _appeal(id);
        assertEq(_last(id).size, 7, "twice and one");
        _vote(id, 1);
        uint256 supply = coin.totalSupply();
        _conclude(id);
        assertEq(supply - coin.totalSupply(), uint256(7 * FEE) * 6 / 10, "burnt");
        assertEq(disputes.owed(payer), 7 * FEE - uint256(7 * FEE) * 6 / 10, "the rest back");
    }

    function test_aWonAppealGetsItsBondBack() public {
        uint256 id = _open();
        _vote(id, 1);
        _appeal(id);
        _vote(id, 2);
        _conclude(id);
        assertEq(disputes.owed(payer), 7 * FEE + 3 * FEE, "the bond, and the fee that the first jury did not earn");
        assertEq(disputes.dispute(id).ruling, 2, "overturned");
    }

    function test_anAppealWithoutVotesLeavesTheRuling() public {
        uint256 id = _open();
        _vote(id, 1);
        _appeal(id);
        _drawAll(id);
        _conclude(id);
        assertEq(disputes.dispute(id).ruling, 1, "as before");
        assertEq(disputes.owed(payer), 14 * FEE, "all of it back");
    }

    function test_allTheWayToGovernance() public {
        uint256 id = _open();
        uint8[4] memory sizes = [3, 7, 15, 31];
        for (uint256 i = 0; i < 4; ++i) {
            assertEq(_last(id).size, sizes[i], "jury");
            _vote(id, 1);
            if (i == 3) assertEq(disputes.appealCost(id, ""), 31 * FEE, "a bond only");
            _appeal(id);
        }
        _assertPhase(id, IDisputes.Phase.Governance);
        vm.expectRevert(_wrongPhase(id, IDisputes.Phase.Governance));
        disputes.conclude(id);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
        vm.prank(stranger);
        disputes.ruleByGovernance(id, 2);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.BadRuling.selector, 3, 2));
        vm.prank(owner);
        disputes.ruleByGovernance(id, 3);
        vm.warp(_last(id).appealUntil);
        uint256 snapshot = vm.snapshotState();
        vm.prank(owner);
        disputes.ruleByGovernance(id, 2);
        assertEq(disputes.owed(payer), uint256(3 + 7 * 2 + 15 * 2 + 31 * 3) * FEE, "everything: all juries were wrong");
        vm.revertToState(snapshot);
        skip(1);
        vm.expectRevert(_wrongPhase(id, IDisputes.Phase.Over));
        vm.prank(owner);
        disputes.ruleByGovernance(id, 2);
        uint256 supply = coin.totalSupply();
        disputes.conclude(id);
        assertEq(disputes.dispute(id).ruling, 1, "silence leaves the last jury's ruling");
        uint256 burnt = uint256(7 * FEE) * 6 / 10 + uint256(15 * FEE) * 6 / 10 + 2 * (uint256(31 * FEE) * 6 / 10);
        assertEq(supply - coin.totalSupply(), burnt, "every bond was lost");
    }

    function test_tooFewTicketsForALargerJury() public {
        uint256 id = _open();
        _vote(id, 1);
        for (uint256 i = 0; i < 11; ++i) {
            vm.prank(jurors[i]);
            disputes.leaveJury();
        }
        assertEq(disputes.appealCost(id, ""), 3 * FEE, "governance at once");
        _appeal(id);
        _assertPhase(id, IDisputes.Phase.Governance);
    }

    function test_appealsInTimeOnly() public {
        uint256 id = _open();
        bytes memory drawing = _wrongPhase(id, IDisputes.Phase.Drawing);
        vm.expectRevert(drawing);
        disputes.appealCost(id, "");
        vm.expectRevert(drawing);
        disputes.appeal(id, "");
        (uint256 start, uint256 end) = disputes.appealPeriod(id);
        assertEq(start + end, 0, "not yet");
        assertEq(uint8(disputes.disputeStatus(id)), uint8(IArbitrator.DisputeStatus.Waiting), "waiting");
        _vote(id, 1);
        vm.expectRevert(IDisputes.NoEther.selector);
        disputes.appeal{value: 1}(id, "");
        vm.warp(uint256(_last(id).appealUntil) + 1);
        vm.expectRevert(_wrongPhase(id, IDisputes.Phase.Over));
        disputes.appeal(id, "");
    }

    function test_aRefusingContractHoldsUpNobody() public {
        uint256 id = _open();
        _vote(id, 1);
        court.refuse(true);
        _conclude(id);
        _claimAll(id);
        vm.expectRevert();
        disputes.executeRuling(id);
        court.refuse(false);
        disputes.executeRuling(id);
        assertEq(court.rulings(), 1, "once");
    }

    function test_partiesAreDrawnInNoRound() public {
        uint256 id = court.open(disputes, coin, 2, abi.encode(payer, jurors[0], jurors[1]));
        for (uint256 n = 0; n < 2; ++n) {
            if (n != 0) _appeal(id);
            _vote(id, 1);
            assertEq(uint256(_seats(id, jurors[0])) + _seats(id, jurors[1]), 0, "neither party");
        }
        assertEq(disputes.juror(jurors[0]).openSeats + disputes.juror(jurors[1]).openSeats, 0, "owe nothing");
        _conclude(id);
    }

    /// @dev With two jurors of which one is a party, the other has every seat, whichever of the two is named first.
    function test_eitherPlaceNamesAParty() public {
        for (uint256 i = 2; i < JURORS; ++i) {
            vm.prank(jurors[i]);
            disputes.leaveJury();
        }
        mine(1);
        uint256 first = court.open(disputes, coin, 2, abi.encode(payer, jurors[0], stranger));
        uint256 second = court.open(disputes, coin, 2, abi.encode(payer, stranger, jurors[0]));
        _drawAll(first);
        _drawAll(second);
        assertEq(_seats(first, jurors[1]), 3, "named first");
        assertEq(_seats(second, jurors[1]), 3, "named second");
        assertEq(disputes.round(first, 0).payer, payer, "the payer as well");
    }

    /// @dev What other arbitrable contracts mean by such data is theirs.
    function test_dataOfAnotherLengthNamesNobody() public {
        uint256 id = court.open(disputes, coin, 2, abi.encode(payer, jurors[0]));
        assertEq(disputes.round(id, 0).payer, address(court), "the caller is the payer");
    }

    function test_anAccountMayAskAndIsPaidBack() public {
        vm.prank(payer);
        uint256 id = disputes.createDispute(1, "");
        vm.prank(stranger);
        disputes.submitEvidence(id, "ipfs://evidence");
        skip(DRAW + 1);
        disputes.conclude(id);
        disputes.executeRuling(id);
        assertEq(disputes.owed(payer), 3 * FEE, "the caller is the payer");
    }

    function test_seatsOfAnUnfinishedDrawCostNothing() public {
        IDisputes.Params memory params = _params();
        params.jurySize = 7;
        vm.prank(owner);
        disputes.setParams(params);
        uint256 id = _open();
        mine(2);
        assertEq(disputes.draw(id), 5, "five at a time");
        skip(DRAW + 1);
        address who = _someJuror(id);
        disputes.closeSeat(id, 0, who);
        assertEq(staking.stakeOf(who), 4 * TICKET, "no penalty");
        assertEq(disputes.juror(who).leftAt, 0, "and not out");
        disputes.conclude(id);
    }

    function test_paramsHaveCaps() public {
        for (uint256 i = 0; i < 16; ++i) {
            IDisputes.Params memory bad = _params();
            if (i == 0) bad.ticketStake = 0;
            if (i == 1) bad.ticketStake = 1_000_000e18 + 1;
            if (i == 2) bad.jurorFee = 0;
            if (i == 3) bad.jurorFee = 1_000_000e18 + 1;
            if (i == 4) bad.penalty = TICKET + 1;
            if (i == 5) bad.burnBps = 10_001;
            if (i == 6) bad.jurySize = 4;
            if (i == 7) bad.jurySize = 33;
            if (i == 8) bad.drawWindow = 0;
            if (i == 9) bad.drawWindow = 30 days + 1;
            if (i == 10) bad.commitWindow = 0;
            if (i == 11) bad.commitWindow = 30 days + 1;
            if (i == 12) bad.revealWindow = 0;
            if (i == 13) bad.revealWindow = 30 days + 1;
            if (i == 14) bad.appealWindow = 0;
            if (i == 15) bad.governanceWindow = 30 days + 1;
            vm.expectRevert(IDisputes.ParamOutOfRange.selector);
            vm.prank(owner);
            disputes.setParams(bad);
        }
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
        vm.prank(stranger);
        disputes.setParams(_params());
        assertEq(disputes.params().jurySize, 3, "unchanged");
    }

    /// @dev Whatever the jury says, in whatever order: the ruling is the one with most seats, a tie is none, and every
    /// coin is somebody's.
    function testFuzz_theLeaderIsTheMost(uint256 votes, uint8 appeals) public {
        uint256 id = _open();
        for (uint256 n = 0; n <= appeals % 3; ++n) {
            if (n != 0) _appeal(id);
            _drawAll(id);
            uint8 ruling = _voteAs(id, uint256(keccak256(abi.encode(votes, n))));
            assertEq(disputes.rulingOf(id, _number(id)), ruling, "counted again by hand");
        }
        _conclude(id);
        _claimAll(id);
        uint256 due = disputes.owed(payer);
        for (uint256 i = 0; i < JURORS; ++i) {
            due += disputes.owed(jurors[i]);
        }
        assertEq(coin.balanceOf(address(disputes)), due, "what it holds is owed");
    }

    function _voteAs(uint256 id, uint256 votes) private returns (uint8 ruling) {
        for (uint256 i = 0; i < JURORS; ++i) {
            if (_seats(id, jurors[i]) != 0) _commit(id, jurors[i], uint8(votes >> (8 * i)) % 3);
        }
        uint256[3] memory tally;
        for (uint256 i = 0; i < JURORS; ++i) {
            uint8 seats = _seats(id, jurors[i]);
            if (seats == 0) continue;
            uint8 vote = uint8(votes >> (8 * i)) % 3;
            _reveal(id, jurors[i], vote);
            tally[vote] += seats;
        }
        uint256 most = 0;
        for (uint8 v = 0; v < 3; ++v) {
            if (tally[v] > most) (most, ruling) = (tally[v], v);
        }
        for (uint8 v = 0; v < 3; ++v) {
            if (v != ruling && tally[v] == most) return 0;
        }
    }

    function _someJuror(uint256 id) private view returns (address) {
        for (uint256 i = 0; i < JURORS; ++i) {
            if (_seats(id, jurors[i]) != 0) return jurors[i];
        }
        revert("nobody was drawn");
    }

    /// @dev Opens until three different jurors are drawn.
    function _openWithThreeJurors() private returns (uint256 id, address[] memory drawn) {
        do {
            id = _open();
            _drawAll(id);
        } while (_last(id).jurors != 3);
        drawn = new address[](3);
        uint256 found = 0;
        for (uint256 i = 0; i < JURORS; ++i) {
            if (_seats(id, jurors[i]) != 0) drawn[found++] = jurors[i];
        }
    }
}
