// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IChallenges} from "./interfaces/IChallenges.sol";
import {ITraining} from "./interfaces/ITraining.sol";
import {IValidators} from "./interfaces/IValidators.sol";
import {IVerdictReceiver} from "./interfaces/IVerdictReceiver.sol";
import {Outcome, Permit, RoundKind, System, Verdict} from "./interfaces/Types.sol";
import {CheckpointTree} from "./libraries/CheckpointTree.sol";
import {Payouts} from "./libraries/Payouts.sol";
import {PermitLib} from "./libraries/PermitLib.sol";
import {Segments} from "./libraries/Segments.sol";

/// @title Challenges
/// @notice Holds the bonds of challenges that are not over, and the credits. What a challenge decides is carried out by
/// Training and Validators.
contract Challenges is IChallenges, IVerdictReceiver, Payouts, Ownable2Step {
    using SafeERC20 for IERC20;
    using PermitLib for IERC20;

    uint32 public constant MAX_WINDOW = 30 days;
    uint96 public constant MAX_BOND = 1_000_000e18;
    uint256 private constant BPS = 10_000;

    ITraining public immutable training;
    IValidators public immutable validators;

    Params private _params;
    uint256 public challengeCount;
    mapping(uint256 challengeId => Challenge) private _challenges;
    mapping(bytes32 roundId => uint256) public challengeOfRound;
    /// @dev Of each job at most one challenge is before its referees: so none of them comes too late to be rewarded.
    mapping(bytes32 jobId => uint256) private _before;

    constructor(System memory system, address owner_, Params memory params_) Payouts(system.token) Ownable(owner_) {
        training = ITraining(system.training);
        validators = IValidators(system.validators);
        _setParams(params_);
    }

    /// @inheritdoc IChallenges
    function challenge(bytes32 jobId, bytes32 counterRoot, Permit calldata permit)
        external
        nonReentrant
        returns (uint256 challengeId)
    {
        require(counterRoot != 0, EmptyRoot());
        ITraining.Job memory job = training.contest(jobId);
        require(job.state == ITraining.JobState.Accepted, NothingToChallenge(jobId));
        return _open(Kind.Step, jobId, job, counterRoot, permit);
    }

    /// @inheritdoc IChallenges
    function appeal(bytes32 jobId, Permit calldata permit) external nonReentrant returns (uint256 challengeId) {
        ITraining.Job memory job = training.contest(jobId);
        require(job.state == ITraining.JobState.Rejected, NothingToChallenge(jobId));
        require(job.worker == msg.sender, NotJobWorker(jobId, msg.sender));
        require(job.contests == 1, AppealUnderWay(jobId));
        challengeId = _open(Kind.Appeal, jobId, job, 0, permit);
        _callReferees(challengeId, _challenges[challengeId], job);
    }

    /// @inheritdoc IChallenges
    function revealCanary(bytes32 jobId, bytes32 counterRoot, bytes32 salt, Permit calldata permit)
        external
        nonReentrant
        returns (uint256 challengeId)
    {
        ITraining.Job memory job = training.contest(jobId);
        require(job.worker == msg.sender, NotJobWorker(jobId, msg.sender));
        bytes32 canary = keccak256(abi.encode(jobId, job.receiptDigest, counterRoot, salt));
        require(canary == job.canary && counterRoot != job.checkpointRoot, NotTheCanary(jobId));
        if (job.state == ITraining.JobState.Accepted) return _open(Kind.Canary, jobId, job, counterRoot, permit);
        training.resolve(jobId, Outcome.Void, msg.sender);
        training.spare(jobId);
    }

    /// @inheritdoc IChallenges
    function post(uint256 challengeId, Post[] calldata posts) external nonReentrant {
        Challenge storage challenge_ = _challenges[challengeId];
        require(block.timestamp <= challenge_.moveUntil, MoveTooLate(challengeId, challenge_.moveUntil));
        for (uint256 i = 0; i < posts.length; ++i) {
            require(challenge_.stage == Stage.Playing, WrongStage(challengeId, challenge_.stage));
            _post(challengeId, challenge_, posts[i]);
        }
        if (challenge_.stage != Stage.Ready || _before[challenge_.jobId] != 0) return;
        _callReferees(challengeId, challenge_, training.job(challenge_.jobId));
    }

    /// @inheritdoc IChallenges
    function poke(uint256 challengeId) external nonReentrant {
        Challenge storage challenge_ = _challenges[challengeId];
        (Stage stage, bytes32 jobId) = (challenge_.stage, challenge_.jobId);
        require(stage == Stage.Playing || stage == Stage.Ready, WrongStage(challengeId, stage));
        ITraining.Job memory job = training.job(jobId);
        if (!_isPending(job)) return _end(challengeId, challenge_, job, Outcome.Void);
        uint256 notBefore = uint256(challenge_.moveUntil) + 1;
        if (stage == Stage.Playing) require(block.timestamp >= notBefore, MoveTooEarly(challengeId, notBefore));
        // The burden lies with who challenges, and a canary's worker speaks for both trees.
        bool lost = challenge_.counterPosted == 0 || challenge_.kind == Kind.Canary;
        if (stage == Stage.Playing && lost) return _end(challengeId, challenge_, job, Outcome.Kept);
        require(_before[jobId] == 0, RefereesBusy(jobId, _before[jobId]));
        if (stage == Stage.Playing) _end(challengeId, challenge_, job, Outcome.Silence);
        else _callReferees(challengeId, challenge_, job);
    }

    /// @inheritdoc IVerdictReceiver
    function onVerdict(bytes32 roundId, bytes32 jobId, Verdict verdict, uint96 returnedFee) external nonReentrant {
        require(msg.sender == address(validators), NotValidatorsContract(msg.sender));
        uint256 challengeId = challengeOfRound[roundId];
        Challenge storage challenge_ = _challenges[challengeId];
        delete _before[jobId];
        challenge_.bond += returnedFee;
        ITraining.Job memory job = training.job(jobId);
        Outcome outcome = _outcomeOf(challenge_.kind, verdict);
        bool overturned = outcome == Outcome.Overturned && challenge_.kind == Kind.Step;
        if (overturned && !_wasAudited(challenge_, job.roundId)) outcome = Outcome.Overlooked;
        _end(challengeId, challenge_, job, outcome);
    }

    /// @inheritdoc IChallenges
    function setParams(Params calldata params_) external onlyOwner {
        _setParams(params_);
    }

    /// @inheritdoc IChallenges
    function challengeOf(uint256 challengeId) external view returns (Challenge memory) {
        return _challenges[challengeId];
    }

    /// @inheritdoc IChallenges
    function params() external view returns (Params memory) {
        return _params;
    }

    function _open(Kind kind, bytes32 jobId, ITraining.Job memory job, bytes32 counterRoot, Permit calldata permit)
        private
        returns (uint256 challengeId)
    {
        challengeId = ++challengeCount;
        Challenge storage challenge_ = _challenges[challengeId];
        uint96 bond = _params.bond;
        uint40 moveUntil = uint40(block.timestamp + _params.moveWindow);
        challenge_.challenger = msg.sender;
        challenge_.kind = kind;
        challenge_.stage = kind == Kind.Appeal ? Stage.Ready : Stage.Playing;
        challenge_.moveUntil = moveUntil;
        challenge_.bond = bond;
        challenge_.high = job.checkpoints + 1;
        challenge_.count = job.checkpoints;
        challenge_.jobId = jobId;
        challenge_.receiptRoot = job.checkpointRoot;
        challenge_.counterRoot = counterRoot;
        emit ChallengeOpened(challengeId, jobId, msg.sender, kind, counterRoot, bond, moveUntil);
        token.tryPermit(permit);
        if (bond != 0) token.safeTransferFrom(msg.sender, address(this), bond);
    }

    function _post(uint256 challengeId, Challenge storage challenge_, Post calldata post_) private {
        (uint32 low, uint32 high) = (challenge_.low, challenge_.high);
        uint32 position = (low + high) / 2;
        bytes32 root = post_.counter ? challenge_.counterRoot : challenge_.receiptRoot;
        bool proved = CheckpointTree.proves(root, post_.digest, position - 1, challenge_.count, post_.path);
        require(proved && post_.digest != 0, WrongPath(challengeId, position));
        bytes32 other = post_.counter ? challenge_.receiptPosted : challenge_.counterPosted;
        bytes32 own = post_.counter ? challenge_.counterPosted : challenge_.receiptPosted;
        require(own == 0, AlreadyPosted(challengeId, position));
        emit Posted(challengeId, position, post_.counter, post_.digest);
        if (other == 0) {
            if (post_.counter) challenge_.counterPosted = post_.digest;
            else challenge_.receiptPosted = post_.digest;
            return;
        }
        (challenge_.receiptPosted, challenge_.counterPosted) = (0, 0);
        if (other == post_.digest) {
            (low, challenge_.agreed) = (position, other);
        } else {
            high = position;
            (challenge_.receiptDigest, challenge_.counterDigest) =
                post_.counter ? (other, post_.digest) : (post_.digest, other);
        }
        _narrow(challengeId, challenge_, low, high);
    }

    function _narrow(uint256 challengeId, Challenge storage challenge_, uint32 low, uint32 high) private {
        uint40 moveUntil = uint40(block.timestamp + _params.moveWindow);
        (challenge_.low, challenge_.high, challenge_.moveUntil) = (low, high, moveUntil);
        if (high - low == 1) challenge_.stage = Stage.Ready;
        emit Narrowed(challengeId, low, high, moveUntil);
    }

    /// @dev The fee comes out of the bond. Where nobody can be asked, the verdict stands and the bond returns.
    function _callReferees(uint256 challengeId, Challenge storage challenge_, ITraining.Job memory job) private {
        if (!_isPending(job)) return _end(challengeId, challenge_, job, Outcome.Void);
        (Kind kind, uint32 high, bytes32 jobId) = (challenge_.kind, challenge_.high, challenge_.jobId);
        // A canary names another checkpoint; where all that were compared are the same, it named none.
        bool atReceipt = high == challenge_.count + 1;
        if (kind == Kind.Canary && atReceipt) return _end(challengeId, challenge_, job, Outcome.Kept);
        uint96 fee = uint96(Math.min(challenge_.bond, validators.roundFee()));
        RoundKind asked = kind == Kind.Appeal ? RoundKind.Run : RoundKind.Step;
        bytes32 roundId = validators.openReferee(asked, jobId, fee, job.roundId, challenge_.challenger);
        if (roundId == 0) return _end(challengeId, challenge_, job, Outcome.Doubt);
        challenge_.stage = Stage.Refereed;
        challenge_.bond -= fee;
        challenge_.roundId = roundId;
        challengeOfRound[roundId] = challengeId;
        _before[jobId] = challengeId;
        bytes32 claimed = kind == Kind.Canary ? challenge_.counterDigest : challenge_.receiptDigest;
        emit RefereesCalled(challengeId, jobId, roundId, kind, high, challenge_.agreed, claimed);
        if (fee != 0) token.safeTransfer(address(validators), fee);
    }

    function _end(uint256 challengeId, Challenge storage challenge_, ITraining.Job memory job, Outcome outcome)
        private
    {
        (uint256 bond, bytes32 jobId) = (challenge_.bond, challenge_.jobId);
        address challenger = challenge_.challenger;
        challenge_.stage = Stage.Over;
        challenge_.outcome = outcome;
        challenge_.bond = 0;
        bool lost = outcome == Outcome.Kept;
        emit ChallengeEnded(challengeId, jobId, outcome, lost ? 0 : bond);
        if (lost) {
            // Only against an accepted receipt there is somebody who was wronged.
            uint256 toWorker = challenge_.kind == Kind.Step ? bond * _params.wrongedBps / BPS : 0;
            _credit(job.worker, toWorker);
            _credit(_params.treasury, bond - toWorker);
        } else {
            _credit(challenger, bond);
        }
        training.resolve(jobId, outcome, challenger);
    }

    function _isPending(ITraining.Job memory job) private pure returns (bool) {
        return job.state == ITraining.JobState.Accepted || job.state == ITraining.JobState.Rejected;
    }

    /// @dev Of a long run a committee re-executes drawn steps, so that what is wrong elsewhere shows nothing about it.
    function _wasAudited(Challenge storage challenge_, bytes32 roundId) private view returns (bool) {
        return Segments.isAudited(validators.lotOf(roundId), challenge_.count, challenge_.high);
    }

    /// @dev Referees of a step say whether the receipt is right there, of a canary whether its own digest is, of an appeal
    /// whether the whole receipt is.
    function _outcomeOf(Kind kind, Verdict verdict) private pure returns (Outcome) {
        if (verdict == Verdict.None) return Outcome.Doubt;
        if ((verdict == Verdict.Accept) == (kind == Kind.Step)) return Outcome.Kept;
        return kind == Kind.Canary ? Outcome.Canary : Outcome.Overturned;
    }

    function _setParams(Params memory params_) private {
        bool fits = params_.treasury != address(0) && params_.bond <= MAX_BOND && params_.wrongedBps <= BPS
            && params_.moveWindow != 0 && params_.moveWindow <= MAX_WINDOW;
        require(fits, ParamOutOfRange());
        _params = params_;
        emit ParamsChanged(params_);
    }
}
