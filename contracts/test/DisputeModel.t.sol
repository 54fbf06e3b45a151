// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IArbitrator} from "../src/interfaces/Arbitration.sol";
import {IDisputes} from "../src/interfaces/IDisputes.sol";
import {Arbitrable, JuryTest} from "./JuryTest.sol";
import {Sequences} from "./Sequences.sol";
import {vm} from "./Vm.sol";

/// @dev Disputes against the model in packages/protocol/src/model/dispute.ts, on the walks of
/// `vectors/disputeSequences.json`. What is set up here, and the numbers of steps, are those of disputeSequences.ts.
contract DisputeModelTest is JuryTest, Sequences {
    uint256 private constant DISPUTES = 2;
    uint256 private constant ROUNDS = 6;
    uint8 private constant EMPTY_COMMITMENT = 0xff;
    uint8 private constant WRONG_SALT = 0x80;

    address[] private people;
    uint256 private start;
    /// @dev What a juror said with its commitment, plus one.
    mapping(uint256 disputeId => mapping(uint8 round => mapping(address juror => uint8))) private said;

    function setUp() public override {
        super.setUp();
        people = jurors;
        people.push(payer);
        people.push(stranger);
        people.push(owner);
        people.push(address(court));
        uint256 had = coin.balanceOf(owner);
        vm.prank(owner);
        coin.transfer(address(this), had);
        for (uint256 i = 0; i < people.length; ++i) {
            vm.startPrank(people[i]);
            coin.approve(address(disputes), type(uint256).max);
            vm.stopPrank();
            if (i >= JURORS) continue;
            // Enough for one ticket more.
            coin.transfer(people[i], 150e18);
            vm.prank(people[i]);
            staking.stake(150e18);
        }
        vm.roll(2_000);
        start = block.timestamp;
    }

    function test_jurorsDoWhatTheModelSays() public {
        _playAll(vm.envOr("NEURODATA_DISPUTE_SEQUENCES", "vectors/disputeSequences.json"));
    }

    // Steps

    function _step(uint8 op, uint8[3] memory x) internal override returns (bytes4) {
        if (op == 0) skip(_seconds(x));
        if (op == 1) mine(_seconds(x));
        if (op == 19) court.refuse(x[0] == 1);
        if (op == 20) _leaveMany(x[0]);
        if (op < 2 || op >= 19) return 0;
        if (op == 5) return _create(x);
        if (op == 9) return _all(abi.encodeCall(this.commitAll, (x[1], x[2])));
        if (op == 10) return _all(abi.encodeCall(this.revealAll, (x[1])));
        if (op == 6) _fixHash(x[1]);
        return _call(people[_byAnybody(op) ? 13 : x[0]], address(disputes), _dataOf(op, x));
    }

    function _byAnybody(uint8 op) private pure returns (bool) {
        return op == 6 || op == 11 || op == 13 || op == 15 || op == 16;
    }

    function _dataOf(uint8 op, uint8[3] memory x) private returns (bytes memory) {
        if (op == 2) return abi.encodeCall(IDisputes.joinJury, (x[1]));
        if (op == 3) return abi.encodeCall(IDisputes.leaveJury, ());
        if (op == 4) return abi.encodeCall(IDisputes.exitJury, ());
        if (op == 6) return abi.encodeCall(IDisputes.draw, (x[1]));
        if (op == 7) return _commitData(x[1], people[x[0]], x[2]);
        if (op == 8) {
            bytes32 salt = x[2] >= WRONG_SALT ? bytes32("other") : SALT;
            return abi.encodeCall(IDisputes.reveal, (x[1], x[2] & 0x0f, salt));
        }
        if (op == 11) return abi.encodeCall(IDisputes.closeSeat, (x[1], x[2], people[x[0]]));
        if (op == 12) return abi.encodeCall(IArbitrator.appeal, (x[1], ""));
        if (op == 13) return abi.encodeCall(IDisputes.conclude, (x[1]));
        if (op == 14) return abi.encodeCall(IDisputes.ruleByGovernance, (x[1], x[2]));
        if (op == 15) return abi.encodeCall(IDisputes.executeRuling, (x[1]));
        if (op == 16) return abi.encodeCall(IDisputes.claimFee, (x[1], x[2], people[x[0]]));
        if (op == 17) return abi.encodeWithSignature("withdraw()");
        return abi.encodeCall(IDisputes.setParams, (_paramsOf(x[1])));
    }

    function _create(uint8[3] memory x) private returns (bytes4) {
        bytes memory extra = x[2] == 1 ? abi.encode(payer) : bytes("");
        address who = people[x[0]];
        if (who != address(court)) {
            return _call(who, address(disputes), abi.encodeCall(IArbitrator.createDispute, (x[1], extra)));
        }
        return _call(stranger, who, abi.encodeCall(Arbitrable.open, (disputes, coin, x[1], extra)));
    }

    /// @dev The hash that the model takes for the anchor block, if it can still be looked up.
    function _fixHash(uint256 id) private {
        uint256 anchor = _lastRound(id).anchorBlock;
        bool reachable = anchor != 0 && anchor < block.number && block.number - anchor <= 256;
        if (reachable) vm.setBlockhash(anchor, keccak256(abi.encode(anchor)));
    }

    function _commitData(uint256 id, address who, uint8 ruling) private returns (bytes memory) {
        uint8 number = _lastNumber(id);
        bytes32 commitment = keccak256(abi.encode(id, number, who, ruling, SALT));
        if (ruling == EMPTY_COMMITMENT) commitment = 0;
        else if (disputes.seat(id, number, who).state == IDisputes.SeatState.Silent) said[id][number][who] = ruling + 1;
        return abi.encodeCall(IDisputes.commit, (id, commitment));
    }

    /// @dev All or nothing, as in the model.
    function commitAll(uint256 id, uint8 pattern) external {
        uint8 number = _lastNumber(id);
        uint8 choices = disputes.dispute(id).choices;
        for (uint256 i = 0; i < JURORS; ++i) {
            IDisputes.Seat memory seat = disputes.seat(id, number, people[i]);
            if (seat.count == 0 || seat.state != IDisputes.SeatState.Silent || i == pattern % 16) continue;
            uint8 ruling = ((pattern >> uint8(2 * (i % 4))) & 3) % (choices + 1);
            _need(_call(people[i], address(disputes), _commitData(id, people[i], ruling)));
        }
    }

    function revealAll(uint256 id) external {
        uint8 number = _lastNumber(id);
        for (uint256 i = 0; i < JURORS; ++i) {
            if (disputes.seat(id, number, people[i]).state != IDisputes.SeatState.Committed) continue;
            uint8 ruling = said[id][number][people[i]] - 1;
            _need(_call(people[i], address(disputes), abi.encodeCall(IDisputes.reveal, (id, ruling, SALT))));
        }
    }

    /// @dev The first `count` jurors, as far as they can.
    function _leaveMany(uint256 count) private {
        for (uint256 i = 0; i < count; ++i) {
            IDisputes.Juror memory juror = disputes.juror(people[i]);
            if (juror.tickets == 0 || juror.leftAt != 0) continue;
            vm.prank(people[i]);
            disputes.leaveJury();
        }
    }

    function _all(bytes memory data) private returns (bytes4) {
        (bool done, bytes memory answer) = address(this).call(data);
        return done ? bytes4(0) : bytes4(answer);
    }

    function _need(bytes4 refused) private pure {
        if (refused == 0) return;
        assembly ("memory-safe") {
            mstore(0, refused)
            revert(0, 4)
        }
    }

    function _paramsOf(uint8 number) private pure returns (IDisputes.Params memory p) {
        p = _params();
        if (number == 1) (p.jurySize, p.burnBps, p.penalty) = (1, 10_000, p.ticketStake);
        if (number == 2) p = IDisputes.Params(p.ticketStake, 1, 0, 0, 15, 1, 1, 1, 1, 1);
        if (number == 3) (p.jurySize, p.drawWindow) = (31, 30 days);
        if (number == 4) p.jurySize = 2;
        if (number == 5) p.jurySize = 33;
        if (number == 6) p.penalty = p.ticketStake + 1;
        if (number == 7) p.burnBps = 10_001;
        if (number == 8) p.appealWindow = 0;
        if (number == 9) p.governanceWindow = 30 days + 1;
    }

    // What must be equal at the end

    function _words() internal view override returns (uint256[] memory words) {
        words = new uint256[](4 + DISPUTES * (4 + ROUNDS * (14 + JURORS)) + 6 * JURORS + 2 * people.length + 2);
        (words[0], words[1]) = (block.timestamp - start, block.number);
        (words[2], words[3]) = (disputes.disputeCount(), disputes.activeTickets());
        uint256 n = 4;
        for (uint256 id = 1; id <= DISPUTES; ++id) {
            IDisputes.DisputeInfo memory d = disputes.dispute(id);
            (words[n], words[n + 1]) = (uint8(disputes.phaseOf(id)), d.rounds);
            (words[n + 2], words[n + 3]) = (disputes.currentRuling(id), d.executed ? 1 : 0);
            n += 4;
            for (uint8 number = 0; number < ROUNDS; ++number) {
                if (number < d.rounds) _roundWords(words, n, id, number);
                n += 14 + JURORS;
            }
        }
        for (uint256 i = 0; i < JURORS; ++i) {
            IDisputes.Juror memory j = disputes.juror(people[i]);
            (words[n], words[n + 1], words[n + 2], words[n + 3]) = (j.bond, j.tickets, j.openSeats, j.leftAt);
            (words[n + 4], words[n + 5]) = (staking.stakeOf(people[i]), staking.lockedOf(people[i]));
            n += 6;
        }
        for (uint256 i = 0; i < people.length; ++i) {
            (words[n], words[n + 1]) = (coin.balanceOf(people[i]), disputes.owed(people[i]));
            n += 2;
        }
        (words[n], words[n + 1]) = (coin.balanceOf(address(disputes)), coin.balanceOf(address(staking)));
        assertEq(n + 2, words.length, "all words");
    }

    function _roundWords(uint256[] memory words, uint256 n, uint256 id, uint8 number) private view {
        IDisputes.RoundInfo memory r = disputes.round(id, number);
        (words[n], words[n + 1], words[n + 2], words[n + 3]) = (_placeOf(r.payer), r.fee, r.bond, r.size);
        (words[n + 4], words[n + 5], words[n + 6], words[n + 7]) = (r.drawn, r.tickets, r.tries, r.anchorBlock);
        (words[n + 8], words[n + 9]) = (_since(r.drawUntil), _since(r.commitUntil));
        (words[n + 10], words[n + 11]) = (_since(r.revealUntil), _since(r.appealUntil));
        (words[n + 12], words[n + 13]) = (r.tally, r.tied ? 1 : 0);
        for (uint256 i = 0; i < JURORS; ++i) {
            IDisputes.Seat memory s = disputes.seat(id, number, people[i]);
            words[n + 14 + i] =
                s.count + 256 * uint256(s.vote) + 65_536 * uint256(uint8(s.state)) + (s.paid ? 2 ** 24 : 0);
        }
    }

    function _lastRound(uint256 id) private view returns (IDisputes.RoundInfo memory) {
        return disputes.round(id, _lastNumber(id));
    }

    function _lastNumber(uint256 id) private view returns (uint8) {
        uint8 rounds = disputes.dispute(id).rounds;
        return rounds == 0 ? 0 : rounds - 1;
    }

    function _since(uint256 time) private view returns (uint256) {
        return time == 0 ? 0 : time - start;
    }

    function _placeOf(address who) private view returns (uint256 place) {
        while (people[place] != who) ++place;
    }
}
