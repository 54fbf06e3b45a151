// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IChallenges} from "../src/interfaces/IChallenges.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {IOrderDisputes} from "../src/interfaces/IOrderDisputes.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {IValidators} from "../src/interfaces/IValidators.sol";
import {Verdict} from "../src/interfaces/Types.sol";
import {Walk} from "./Walk.sol";
import {vm} from "./Vm.sol";

/// @dev Runs, rounds and challenges.
abstract contract WalkRuns is Walk {
    // Buyers

    function openJob(uint256 pick, uint256 who) public returns (bytes32 jobId) {
        uint32 listingId = _aListing(pick, IMarket.LicenseKind.Compute);
        needs.maxFee = uint96(bound(pick, WORKER_FEE, 2 * WORKER_FEE));
        vm.prank(buyers[who % 2]);
        jobId = training.openJob(_asked(listingId, 1, "spec", KEY, type(uint256).max), _noPermit());
        jobs.push(jobId);
    }

    function refundJob(uint256 pick) external noted {
        ITraining.JobState[3] memory states =
            [ITraining.JobState.Open, ITraining.JobState.Claimed, ITraining.JobState.Cancelled];
        training.refundJob(_aJob(pick, states[pick % 3]));
    }

    function cancelJob(uint256 pick) external {
        bytes32 jobId = _aJob(pick, pick % 2 == 0 ? ITraining.JobState.Open : ITraining.JobState.Claimed);
        address buyer_ = training.job(jobId).buyer;
        vm.prank(buyer_);
        training.cancelJob(jobId);
    }

    function finalizeJob(uint256 pick, uint8 dice) external noted {
        bytes32 jobId = _aJob(pick, pick % 2 == 0 ? ITraining.JobState.Accepted : ITraining.JobState.Rejected);
        if (dice % 2 == 0) skip(CHALLENGE_WINDOW + 1);
        training.finalize(jobId);
    }

    // Challenges

    function challenge(uint256 pick, uint256 who) public {
        address account_ = who % 2 == 0 ? stranger : keepers[who % keepers.length];
        bytes32 jobId = _aJob(pick, ITraining.JobState.Accepted);
        vm.prank(account_);
        challenges.challenge(jobId, who % 5 == 0 ? STATE_ROOT : OTHER_ROOT, _noPermit());
    }

    function appeal(uint256 pick) public {
        bytes32 jobId = _aJob(pick, ITraining.JobState.Rejected);
        address worker = training.job(jobId).worker;
        vm.prank(worker);
        _noteReferees(challenges.appeal(jobId, _noPermit()));
    }

    function play(uint256 pick, uint8 sides) external {
        uint256 id = _aChallenge(pick);
        bool same = challenges.challengeOf(id).counterRoot == STATE_ROOT;
        IChallenges.Post[] memory posts = new IChallenges.Post[](1);
        posts[0] = IChallenges.Post(false, "state", new bytes32[](0));
        if (sides % 4 != 0) challenges.post(id, posts);
        posts[0] = IChallenges.Post(true, same ? bytes32("state") : bytes32("other"), new bytes32[](0));
        if (sides % 4 != 1) challenges.post(id, posts);
        _noteReferees(id);
    }

    function poke(uint256 pick) external noted {
        uint256 id = _aChallenge(pick);
        challenges.poke(id);
        _noteReferees(id);
    }

    function accuse(uint256 pick, uint256 who) external {
        bytes32 roundId = training.job(_aJob(pick, ITraining.JobState.Accepted)).roundId;
        uint16[] memory committee = validators.round(roundId).committee;
        address accuser = _accountOf(committee[who % 3]);
        vm.prank(accuser);
        validators.accuse(roundId, committee[(who / 3) % 3]);
    }

    // Workers and validators

    function claimJob(uint256 pick) external {
        _claimJob(_aJob(pick, ITraining.JobState.Open));
    }

    function heartbeat(uint256 pick) external {
        bytes32 jobId = _aJob(pick, ITraining.JobState.Claimed);
        address worker = training.job(jobId).worker;
        vm.prank(worker);
        training.heartbeat(jobId, uint32(pick % 100), keccak256("states"));
    }

    function takeOver(uint256 pick, bool silent) external noted {
        bytes32 jobId = _aJob(pick, ITraining.JobState.Claimed);
        if (silent) skip(HEARTBEAT_WINDOW + 1);
        training.takeOver(jobId);
        lostNow = training.schedule(jobId).lost[training.schedule(jobId).lost.length - 1];
    }

    /// @dev Some ask for more than some jobs pay.
    function changeOffer(uint256 who, uint96 price) external {
        address worker = trainers[who % trainers.length];
        price = uint96(bound(price, 0, 2 * UNIT_PRICE));
        vm.prank(worker);
        workers.setOffer("https://worker.example", _offer(price));
    }

    function redraw(uint256 pick) external {
        training.redraw(_aJob(pick, ITraining.JobState.Open));
    }

    function submit(uint256 pick) external {
        rounds.push(_submit(_aJob(pick, pick % 4 == 0 ? ITraining.JobState.Cancelled : ITraining.JobState.Claimed)));
    }

    function concludeRound(uint256 pick, uint8 word) public noted {
        bytes32 roundId = _aRound(pick);
        bool inTime = _isWaiting(roundId);
        _conclude(roundId, Verdict(word % 3));
        _note(roundId, inTime);
    }

    /// @dev Members disagree, or fall silent half-way.
    function quarrel(uint256 pick, uint8[3] memory words) external noted {
        bytes32 roundId = _aRound(pick);
        bool inTime = _isWaiting(roundId);
        uint16[] memory committee = _draw(roundId);
        for (uint256 i = 0; i < 3; ++i) {
            if (words[i] % 4 != 0) _commit(roundId, _accountOf(committee[i]), Verdict(1 + words[i] % 2));
        }
        skip(COMMIT_WINDOW + 1);
        for (uint256 i = 0; i < 3; ++i) {
            if (words[i] % 4 > 1) _reveal(roundId, _accountOf(committee[i]), Verdict(1 + words[i] % 2));
        }
        skip(REVEAL_WINDOW);
        validators.settle(roundId);
        _note(roundId, inTime);
    }

    /// @dev A run as far as its round, whose members disagree or fall silent. Seldom reached step by step.
    function judge(uint256 pick, uint256 who, uint8[3] memory words, bool appeals) external noted {
        bytes32 jobId = openJob(pick, who);
        address first = _claimJob(jobId);
        if (who % 3 == 0) {
            _takeOver(jobId);
            lostNow = first;
            _claimJob(jobId);
        }
        bytes32 roundId = _submit(jobId);
        rounds.push(roundId);
        uint16[] memory committee = _draw(roundId);
        for (uint256 i = 0; i < 3; ++i) {
            _commit(roundId, _accountOf(committee[i]), _said(words[i]));
        }
        for (uint256 i = 0; i < 3; ++i) {
            if (words[i] % 8 != 0) _reveal(roundId, _accountOf(committee[i]), _said(words[i]));
        }
        skip(REVEAL_WINDOW + COMMIT_WINDOW);
        validators.settle(roundId);
        if (training.job(jobId).state == ITraining.JobState.Accepted) challenge(jobs.length - 1, who);
        else if (appeals) appeal(jobs.length - 1);
    }

    function _said(uint8 word) private pure returns (Verdict) {
        return word % 3 == 0 ? Verdict.Reject : Verdict.Accept;
    }

    function _isWaiting(bytes32 roundId) private view returns (bool) {
        return orderDisputes.disputeOf(validators.round(roundId).subject).state == IOrderDisputes.DisputeState.Round;
    }

    function _note(bytes32 roundId, bool inTime) private {
        IValidators.Round memory round = validators.round(roundId);
        if (inTime && round.verdict == Verdict.Reject) confirmed[round.subject] = true;
    }
}
