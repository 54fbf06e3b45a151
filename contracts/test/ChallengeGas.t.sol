// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IChallenges} from "../src/interfaces/IChallenges.sol";
import {Verdict} from "../src/interfaces/Types.sol";
import {ChallengeTest, Trees} from "./ChallengeTest.sol";
import {vm} from "./Vm.sol";

/// @dev What a challenge of a run with 1,024 checkpoints costs, each call as a transaction of its own.
contract ChallengeGasTest is ChallengeTest {
    using Trees for bytes32[];

    uint256 private constant COUNT = 1_024;
    uint256 private constant MOST = 300_000;

    function test_challenge() public {
        bytes32[] memory right = _run(COUNT, COUNT);
        bytes32[] memory wrong = _run(COUNT, COUNT / 3);
        _accepted(wrong);
        bytes32 root = right.root();
        vm.prank(challenger);
        uint256 id = challenges.challenge(jobId, root, _noPermit());
        _hold("challenge", vm.snapshotGasLastCall("challenges", "challenge"));
        uint256 most = 0;
        while (challenges.challengeOf(id).stage == IChallenges.Stage.Playing) {
            IChallenges.Post[] memory posts = _posts(id, right, true);
            challenges.post(id, posts);
            uint256 cost = vm.snapshotGasLastCall("challenges", "lastFirstMove");
            if (cost > most) most = cost;
            posts = _posts(id, wrong, false);
            challenges.post(id, posts);
            cost = vm.snapshotGasLastCall("challenges", "lastMoveThatCallsReferees");
            if (cost > most) most = cost;
        }
        vm.snapshotValue("challenges", "dearestMove", most);
        _hold("move", most);
        bytes32 round = challenges.challengeOf(id).roundId;
        uint16[] memory committee = _draw(round);
        for (uint256 i = 0; i < 3; ++i) {
            _commit(round, _accountOf(committee[i]), Verdict.Reject);
        }
        for (uint256 i = 0; i < 3; ++i) {
            _reveal(round, _accountOf(committee[i]), Verdict.Reject);
        }
        validators.settle(round);
        vm.snapshotGasLastCall("challenges", "settleAndOverturn");
    }

    function test_pokes() public {
        bytes32[] memory right = _run(8, 8);
        _accepted(right);
        uint256 id = _challenge(right);
        skip(MOVE_WINDOW + 1);
        challenges.poke(id);
        _hold("poke", vm.snapshotGasLastCall("challenges", "pokeASilentChallenger"));
        _judged(right, "canary", [Verdict.Reject, Verdict.Reject, Verdict.Reject]);
        vm.prank(worker);
        challenges.appeal(jobId, _noPermit());
        vm.snapshotGasLastCall("challenges", "appeal");
    }

    function _hold(string memory what, uint256 gas) private pure {
        assertTrue(gas <= MOST, what);
    }
}
