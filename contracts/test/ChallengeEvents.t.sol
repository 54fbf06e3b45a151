// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IChallenges} from "../src/interfaces/IChallenges.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {IValidators} from "../src/interfaces/IValidators.sol";
import {Outcome, Verdict} from "../src/interfaces/Types.sol";
import {ChallengeTest, Trees} from "./ChallengeTest.sol";
import {Logs} from "./Logs.sol";
import {vm} from "./Vm.sol";

/// @dev What indexers hear of a run between its verdict and its end.
contract ChallengeEventsTest is ChallengeTest, Logs {
    using Trees for bytes32[];

    bytes32[] private right = _run(8, 8);
    bytes32[] private wrong = _run(8, 5);

    function test_aChallenge() public {
        _record();
        _judged(wrong, "canary", [Verdict.Accept, Verdict.Accept, Verdict.None]);
        uint40 until = training.job(jobId).changedAt + CHALLENGE_WINDOW;
        uint256 id = _challenge(right);
        uint256 clock = block.timestamp + MOVE_WINDOW;
        _play(id, wrong, right);
        bytes32 round = challenges.challengeOf(id).roundId;
        _referees(id, Verdict.Reject);
        _stop();
        address source = address(challenges);
        bytes32 number = bytes32(id);
        bytes memory topics = abi.encodePacked(IChallenges.ChallengeOpened.selector, number, jobId, _id(challenger));
        _assertSeen(source, topics, abi.encode(IChallenges.Kind.Step, right.root(), CHALLENGE_BOND, clock), "opened");
        topics = abi.encodePacked(IChallenges.Posted.selector, number);
        _assertSeen(source, topics, abi.encode(4, false, wrong[3]), "posted for the receipt");
        _assertSeen(source, topics, abi.encode(4, true, right[3]), "posted against it");
        topics = abi.encodePacked(IChallenges.Narrowed.selector, number);
        _assertSeen(source, topics, abi.encode(4, 9, clock), "narrowed");
        topics = abi.encodePacked(IChallenges.RefereesCalled.selector, number, jobId, round);
        _assertSeen(source, topics, abi.encode(IChallenges.Kind.Step, 6, right[4], wrong[5]), "referees");
        topics = abi.encodePacked(IChallenges.ChallengeEnded.selector, number, jobId);
        _assertSeen(source, topics, abi.encode(Outcome.Overturned, CHALLENGE_BOND - ROUND_FEE), "ended");
        source = address(training);
        _assertSeen(source, abi.encodePacked(ITraining.JobAccepted.selector, jobId), abi.encode(until), "accepted");
        _assertSeen(source, abi.encodePacked(ITraining.JobContested.selector, jobId), abi.encode(1), "contested");
        topics = abi.encodePacked(ITraining.JobResolved.selector, jobId, _id(challenger));
        _assertSeen(source, topics, abi.encode(Outcome.Overturned), "resolved");
        topics = abi.encodePacked(ITraining.ChallengerRewarded.selector, jobId, _id(challenger));
        _assertSeen(source, topics, abi.encode(training.owed(challenger)), "rewarded");
        source = address(validators);
        _assertSeen(
            source, abi.encodePacked(IValidators.RoundEnded.selector, roundId), abi.encode(Verdict.Reject), "end"
        );
        _assertFault(0, IValidators.Fault.Overruled, OVERRULED);
        _assertFault(2, IValidators.Fault.Silence, SILENT);
    }

    function test_whoChallengesWronglyGetsNothingBack() public {
        _judged(right, "canary", [Verdict.Accept, Verdict.Accept, Verdict.Accept]);
        uint256 id = _challenge(wrong);
        _play(id, right, wrong);
        _record();
        _referees(id, Verdict.Accept);
        _stop();
        bytes memory topics = abi.encodePacked(IChallenges.ChallengeEnded.selector, bytes32(id), jobId);
        _assertSeen(address(challenges), topics, abi.encode(Outcome.Kept, 0), "no bond");
    }

    function test_accusationsAndMinorities() public {
        _record();
        _judged(right, "canary", [Verdict.Accept, Verdict.Accept, Verdict.Reject]);
        uint16[] memory committee = validators.round(roundId).committee;
        for (uint256 i = 1; i < 3; ++i) {
            address accuser = _member(i);
            vm.prank(accuser);
            validators.accuse(roundId, committee[0]);
        }
        _finalize(jobId);
        _stop();
        bytes32 who = bytes32(uint256(committee[0]));
        bytes memory topics = abi.encodePacked(IValidators.Accused.selector, roundId, who, uint256(committee[1]));
        _assertSeen(address(validators), topics, "", "accused");
        _assertFault(0, IValidators.Fault.Accused, MINORITY);
        _assertFault(2, IValidators.Fault.Minority, MINORITY);
    }

    function test_rejectionsCanariesAndCancellations() public {
        uint256 snapshot = vm.snapshotState();
        bytes32 next = _openJob(listingId);
        vm.revertToState(snapshot);
        _record();
        bytes32 canary = keccak256(abi.encode(next, bytes32("receipt"), right.root(), SALT));
        _judged(wrong, canary, [Verdict.Reject, Verdict.Reject, Verdict.Reject]);
        uint40 until = training.job(jobId).changedAt + CHALLENGE_WINDOW;
        bytes32 root = right.root();
        vm.prank(worker);
        challenges.revealCanary(jobId, root, SALT, _noPermit());
        bytes32 cancelled = _openJob(listingId);
        address other = _claimJob(cancelled);
        vm.prank(buyer);
        training.cancelJob(cancelled);
        uint256 partialUntil = block.timestamp + CANCEL_WINDOW;
        ITraining.Receipt memory receipt = _receipt();
        (receipt.checkpoints, receipt.totalSteps) = (3, 8);
        vm.prank(other);
        training.submitReceipt(cancelled, receipt);
        _conclude(training.job(cancelled).roundId, Verdict.Accept);
        _finalize(cancelled);
        _stop();
        address source = address(training);
        _assertSeen(source, abi.encodePacked(ITraining.JobRejected.selector, jobId), abi.encode(until), "rejected");
        bytes memory topics = abi.encodePacked(ITraining.WorkerSpared.selector, jobId, _id(worker));
        _assertSeen(source, topics, abi.encode(ROUND_FEE + STALL_PENALTY), "spared");
        topics = abi.encodePacked(ITraining.JobCancelled.selector, cancelled, _id(buyer));
        _assertSeen(source, topics, abi.encode(partialUntil), "cancelled");
        topics = abi.encodePacked(ITraining.PartReturned.selector, cancelled, _id(buyer));
        _assertSeen(source, topics, abi.encode((uint256(PRICE) + WORKER_FEE) * 6 / 8), "the rest");
    }

    function test_aPaidCanaryAndParams() public {
        uint256 snapshot = vm.snapshotState();
        bytes32 next = _openJob(listingId);
        vm.revertToState(snapshot);
        bytes32 root = right.root();
        _record();
        _judged(
            wrong,
            keccak256(abi.encode(next, bytes32("receipt"), root, SALT)),
            [Verdict.Accept, Verdict.Accept, Verdict.Accept]
        );
        vm.prank(worker);
        uint256 id = challenges.revealCanary(jobId, root, SALT, _noPermit());
        _play(id, wrong, right);
        bytes32 round = challenges.challengeOf(id).roundId;
        _referees(id, Verdict.Accept);
        vm.prank(owner);
        challenges.setParams(_challengeParams());
        _stop();
        bytes memory topics = abi.encodePacked(IChallenges.RefereesCalled.selector, bytes32(id), jobId, round);
        bytes memory asked = abi.encode(IChallenges.Kind.Canary, 6, right[4], right[5]);
        _assertSeen(address(challenges), topics, asked, "referees judge the canary's own digest");
        topics = abi.encodePacked(ITraining.CanaryPaid.selector, jobId, _id(worker));
        _assertSeen(address(training), topics, abi.encode(training.owed(worker)), "paid");
        topics = abi.encodePacked(IChallenges.ParamsChanged.selector);
        _assertSeen(address(challenges), topics, abi.encode(_challengeParams()), "params");
    }

    function _assertFault(uint256 place, IValidators.Fault fault, uint256 amount) private view {
        bytes32 who = bytes32(uint256(validators.round(roundId).committee[place]));
        bytes memory topics = abi.encodePacked(IValidators.ValidatorSlashed.selector, roundId, who);
        _assertSeen(address(validators), topics, abi.encode(fault, amount), "slashed");
    }
}
