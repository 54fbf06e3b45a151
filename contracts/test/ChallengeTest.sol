// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IChallenges} from "../src/interfaces/IChallenges.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {IValidators} from "../src/interfaces/IValidators.sol";
import {Outcome, Verdict} from "../src/interfaces/Types.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

/// @dev The engine's checkpoint tree (RFC 6962), read from `vectors/checkpoints.json` elsewhere and made here.
library Trees {
    function root(bytes32[] memory digests) internal pure returns (bytes32) {
        return _subtree(digests, 0, digests.length);
    }

    function path(bytes32[] memory digests, uint256 index) internal pure returns (bytes32[] memory found) {
        found = new bytes32[](64);
        uint256 length = _path(digests, index, 0, digests.length, found);
        assembly {
            mstore(found, length)
        }
    }

    function _path(bytes32[] memory digests, uint256 index, uint256 from, uint256 to, bytes32[] memory found)
        private
        pure
        returns (uint256 length)
    {
        if (to - from == 1) return 0;
        uint256 split = from + _half(to - from);
        bool left = index < split;
        length = left ? _path(digests, index, from, split, found) : _path(digests, index, split, to, found);
        found[length++] = left ? _subtree(digests, split, to) : _subtree(digests, from, split);
    }

    function _subtree(bytes32[] memory digests, uint256 from, uint256 to) private pure returns (bytes32) {
        if (to - from == 1) return sha256(abi.encodePacked(bytes1(0), digests[from]));
        uint256 split = from + _half(to - from);
        return sha256(abi.encodePacked(bytes1(0x01), _subtree(digests, from, split), _subtree(digests, split, to)));
    }

    function _half(uint256 count) private pure returns (uint256 size) {
        size = 1;
        while (size * 2 < count) size *= 2;
    }
}

/// @dev Eight validators, so that a fresh committee can be found, and the moves that games are made of.
abstract contract ChallengeTest is SystemTest {
    using Trees for bytes32[];

    uint256 internal constant OVERRULED = uint256(MIN_STAKE) / 10;
    uint256 internal constant MINORITY = uint256(MIN_STAKE) / 100;
    uint256 internal constant SILENT = uint256(MIN_STAKE) / 1_000;
    uint96 internal constant TOTAL = PRICE + WORKER_FEE + ROUND_FEE;

    uint32 internal listingId;
    address internal challenger = account("challenger");
    bytes32 internal jobId;
    bytes32 internal roundId;
    address internal worker;

    function setUp() public virtual override {
        super.setUp();
        string[4] memory more = ["v5", "v6", "v7", "v8"];
        for (uint256 i = 0; i < 4; ++i) {
            keepers.push(_keeper(account(more[i]), MIN_STAKE));
        }
        listingId = _list(_publishLive(true), IMarket.LicenseKind.Compute, PRICE, 0);
        _fund(challenger, 1_000e18);
        for (uint256 i = 0; i < 3; ++i) {
            _fund(trainers[i], 1_000e18);
        }
        mine(1);
    }

    /// @dev The checkpoints of a run that goes wrong from `fork` on; an honest one's where that is `count`.
    function _run(uint256 count, uint256 fork) internal pure returns (bytes32[] memory digests) {
        digests = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            digests[i] = keccak256(abi.encode(i < fork ? "right" : "wrong", i));
        }
    }

    function _receiptOf(bytes32[] memory digests, bytes32 canary) internal pure returns (ITraining.Receipt memory) {
        return ITraining.Receipt("receipt", "model", digests.root(), "engine", canary, uint32(digests.length), 0);
    }

    /// @dev Opens, claims and submits a run, and lets its committee say `words`.
    function _judged(bytes32[] memory digests, bytes32 canary, Verdict[3] memory words) internal {
        jobId = _openJob(listingId);
        worker = _claimJob(jobId);
        ITraining.Receipt memory receipt = _receiptOf(digests, canary);
        vm.prank(worker);
        training.submitReceipt(jobId, receipt);
        roundId = training.job(jobId).roundId;
        _speak(roundId, words);
    }

    function _accepted(bytes32[] memory digests) internal {
        _judged(digests, "canary", [Verdict.Accept, Verdict.Accept, Verdict.Accept]);
    }

    function _speak(bytes32 round, Verdict[3] memory words) internal {
        uint16[] memory committee = _draw(round);
        for (uint256 i = 0; i < 3; ++i) {
            if (words[i] != Verdict.None) _commit(round, _accountOf(committee[i]), words[i]);
        }
        skip(COMMIT_WINDOW + 1);
        for (uint256 i = 0; i < 3; ++i) {
            if (words[i] != Verdict.None) _reveal(round, _accountOf(committee[i]), words[i]);
        }
        skip(REVEAL_WINDOW + 1);
        validators.settle(round);
    }

    function _challenge(bytes32[] memory right) internal returns (uint256) {
        return _challengeBy(challenger, right.root());
    }

    function _challengeBy(address who, bytes32 root) internal returns (uint256) {
        vm.prank(who);
        return challenges.challenge(jobId, root, _noPermit());
    }

    function _posts(uint256 id, bytes32[] memory digests, bool counter)
        internal
        view
        returns (IChallenges.Post[] memory posts)
    {
        IChallenges.Challenge memory c = challenges.challengeOf(id);
        uint256 index = (c.low + c.high) / 2 - 1;
        posts = new IChallenges.Post[](1);
        posts[0] = IChallenges.Post(counter, digests[index], digests.path(index));
    }

    function _post(uint256 id, bytes32[] memory digests, bool counter) internal {
        challenges.post(id, _posts(id, digests, counter));
    }

    /// @dev Both sides post until one step is left.
    function _play(uint256 id, bytes32[] memory receipt, bytes32[] memory counter) internal returns (uint256 rounds) {
        while (challenges.challengeOf(id).stage == IChallenges.Stage.Playing) {
            bool first = rounds % 2 == 0;
            _post(id, first ? receipt : counter, !first);
            _post(id, first ? counter : receipt, first);
            ++rounds;
        }
    }

    function _referees(uint256 id, Verdict verdict) internal {
        _speak(challenges.challengeOf(id).roundId, [verdict, verdict, verdict]);
    }

    function _assertOver(uint256 id, Outcome outcome) internal view {
        IChallenges.Challenge memory c = challenges.challengeOf(id);
        assertEq(uint8(c.stage), uint8(IChallenges.Stage.Over), "over");
        assertEq(uint8(c.outcome), uint8(outcome), "outcome");
        assertEq(c.bond, 0, "no bond is left");
        assertEq(training.job(jobId).contests, 0, "the job is free");
    }

    function _noPenalties() internal pure returns (IValidators.Params memory p) {
        p = _validatorParams();
        (p.silenceBps, p.minorityBps, p.overruledBps) = (0, 0, 0);
    }

    function _member(uint256 place) internal view returns (address) {
        return _accountOf(validators.round(roundId).committee[place]);
    }

    function _assertBooks() internal view {
        uint256 owed = challenges.owed(challenger) + challenges.owed(treasury) + challenges.owed(worker);
        assertEq(coin.balanceOf(address(challenges)), owed, "challenges owes what it holds");
        owed = training.job(jobId).state < ITraining.JobState.Settled ? PRICE + WORKER_FEE : 0;
        owed += training.owed(challenger) + training.owed(treasury) + training.owed(worker) + training.owed(publisher);
        assertEq(coin.balanceOf(address(training)), owed, "training owes what it holds");
    }
}
