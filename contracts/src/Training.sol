// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAssetRegistry} from "./interfaces/IAssetRegistry.sol";
import {ICuration} from "./interfaces/ICuration.sol";
import {IMarket} from "./interfaces/IMarket.sol";
import {IStaking} from "./interfaces/IStaking.sol";
import {ITraining} from "./interfaces/ITraining.sol";
import {IValidators} from "./interfaces/IValidators.sol";
import {IVerdictReceiver} from "./interfaces/IVerdictReceiver.sol";
import {IWorkers} from "./interfaces/IWorkers.sol";
import {Outcome, Permit, RoundKind, System, Verdict} from "./interfaces/Types.sol";
import {EntitlementIds} from "./libraries/EntitlementIds.sol";
import {Payouts} from "./libraries/Payouts.sol";
import {PermitLib} from "./libraries/PermitLib.sol";
import {Royalties} from "./libraries/Royalties.sol";
import {VersionWord} from "./libraries/VersionWord.sol";

/// @title Training
/// @notice Holds what buyers paid for runs that are not finished, and the credits. Bonds stay in Staking, locked.
contract Training is ITraining, IVerdictReceiver, Payouts, Ownable2Step {
    using SafeERC20 for IERC20;
    using PermitLib for IERC20;
    using VersionWord for uint256;

    uint16 public constant MAX_FEE_BPS = 1_000;
    uint32 public constant MAX_WINDOW = 30 days;
    uint256 public constant MAX_TAKEOVERS = 3;
    uint32 public constant MAX_CHECKPOINTS = 100_000;
    uint256 private constant BPS = 10_000;

    IStaking public immutable staking;
    IValidators public immutable validators;
    IAssetRegistry public immutable registry;
    IMarket public immutable market;
    ICuration public immutable curation;
    IWorkers public immutable workers;
    address public immutable challenges;
    address public immutable trials;

    Params private _params;
    uint256 private _jobCount;
    mapping(bytes32 jobId => Job) private _jobs;
    mapping(bytes32 jobId => Schedule) private _schedules;

    modifier onlyChallenges() {
        require(msg.sender == challenges, NotChallengesContract(msg.sender));
        _;
    }

    constructor(System memory system, address owner_, Params memory params_) Payouts(system.token) Ownable(owner_) {
        staking = IStaking(system.staking);
        validators = IValidators(system.validators);
        registry = IAssetRegistry(system.registry);
        market = IMarket(system.market);
        curation = ICuration(system.curation);
        workers = IWorkers(system.workers);
        challenges = system.challenges;
        trials = system.trials;
        _setParams(params_);
    }

    /// @inheritdoc ITraining
    function openJob(JobInput calldata input, Permit calldata permit) external nonReentrant returns (bytes32 jobId) {
        uint256 total;
        (jobId, total) = _open(msg.sender, input, false);
        token.tryPermit(permit);
        if (total != 0) token.safeTransferFrom(msg.sender, address(this), total);
    }

    /// @inheritdoc ITraining
    function openTrial(address buyer, JobInput calldata input)
        external
        nonReentrant
        returns (bytes32 jobId, uint256 total)
    {
        require(msg.sender == trials, NotTrialsContract(msg.sender));
        return _open(buyer, input, true);
    }

    /// @inheritdoc ITraining
    function claimJob(bytes32 jobId) external {
        Job storage job_ = _inState(jobId, JobState.Open);
        Schedule storage schedule_ = _schedules[jobId];
        uint256 notAfter = Math.min(uint256(job_.changedAt) + _params.claimWindow, _closesAt(job_, schedule_));
        require(block.timestamp <= notAfter, TooLate(jobId, notAfter));
        uint96 bond = _bondFor(job_.assetId);
        (address drawn, uint96 fee, bool known) = _drawn(jobId, job_, bond);
        require(drawn != address(0) || !known, NoEligibleWorker(jobId));
        require(drawn == msg.sender, NotDrawn(jobId, msg.sender));
        _finish(job_, JobState.Claimed);
        job_.worker = msg.sender;
        job_.bond = bond;
        job_.workerFee = fee;
        schedule_.heardAt = uint40(block.timestamp);
        if (schedule_.runUntil == 0) schedule_.runUntil = uint40(block.timestamp + _params.runWindow);
        emit JobClaimed(jobId, msg.sender, bond, fee, schedule_.runUntil);
        staking.lock(msg.sender, bond);
    }

    /// @inheritdoc ITraining
    function heartbeat(bytes32 jobId, uint32 step, bytes32 checkpoint) external {
        Job storage job_ = _inState(jobId, JobState.Claimed);
        require(job_.worker == msg.sender, NotJobWorker(jobId, msg.sender));
        _schedules[jobId].heardAt = uint40(block.timestamp);
        emit Heartbeat(jobId, msg.sender, step, checkpoint);
    }

    /// @inheritdoc ITraining
    function takeOver(bytes32 jobId) external nonReentrant {
        Job storage job_ = _inState(jobId, JobState.Claimed);
        Schedule storage schedule_ = _schedules[jobId];
        uint256 notBefore = uint256(schedule_.heardAt) + _params.heartbeatWindow + 1;
        require(block.timestamp >= notBefore, TooEarly(jobId, notBefore));
        require(block.timestamp <= schedule_.runUntil, TooLate(jobId, schedule_.runUntil));
        require(schedule_.lost.length < MAX_TAKEOVERS, TooManyTakeovers(jobId));
        (address worker, uint256 bond) = (job_.worker, job_.bond);
        uint256 penalty = Math.min(_params.stallPenalty, bond);
        schedule_.lost.push(worker);
        (job_.state, job_.worker, job_.bond, job_.workerFee) = (JobState.Open, address(0), 0, schedule_.needs.maxFee);
        _anchor(job_);
        emit JobTakenOver(jobId, worker, penalty, job_.anchorBlock);
        _free(worker, bond, penalty);
        if (penalty != 0) token.safeTransfer(job_.buyer, penalty);
    }

    /// @inheritdoc ITraining
    function redraw(bytes32 jobId) external {
        Job storage job_ = _inState(jobId, JobState.Open);
        uint256 closes = _closesAt(job_, _schedules[jobId]);
        require(block.timestamp <= closes, TooLate(jobId, closes));
        bool outOfReach = block.number > job_.anchorBlock && blockhash(job_.anchorBlock) == 0;
        uint256 notBefore = uint256(job_.changedAt) + _params.claimWindow + 1;
        require(outOfReach || block.timestamp >= notBefore, TooEarly(jobId, notBefore));
        _anchor(job_);
        emit JobRedrawn(jobId, job_.anchorBlock);
    }

    /// @inheritdoc ITraining
    function cancelJob(bytes32 jobId) external nonReentrant {
        Job storage job_ = _jobs[jobId];
        JobState state = job_.state;
        require(state == JobState.Open || state == JobState.Claimed, WrongState(jobId, state));
        require(job_.buyer == msg.sender, NotJobBuyer(jobId, msg.sender));
        if (state == JobState.Open) return _refund(jobId, job_, _paid(jobId, job_));
        uint256 notAfter = _runUntil(jobId, job_);
        require(block.timestamp <= notAfter, TooLate(jobId, notAfter));
        _finish(job_, JobState.Cancelled);
        emit JobCancelled(jobId, msg.sender, uint40(_runUntil(jobId, job_)));
    }

    /// @inheritdoc ITraining
    function submitReceipt(bytes32 jobId, Receipt calldata receipt) external nonReentrant {
        Job storage job_ = _jobs[jobId];
        JobState state = job_.state;
        require(state == JobState.Claimed || state == JobState.Cancelled, WrongState(jobId, state));
        require(job_.worker == msg.sender, NotJobWorker(jobId, msg.sender));
        uint256 notAfter = _runUntil(jobId, job_);
        require(block.timestamp <= notAfter, TooLate(jobId, notAfter));
        _checkReceipt(receipt, state);
        IWorkers.Needs memory needs = _schedules[jobId].needs;
        require(receipt.engineId == needs.runtime, WrongRuntime(jobId, receipt.engineId));
        job_.state = JobState.Submitted;
        job_.changedAt = uint40(block.timestamp);
        job_.receiptDigest = receipt.receiptDigest;
        job_.modelDigest = receipt.modelDigest;
        job_.checkpointRoot = receipt.checkpointRoot;
        job_.canary = receipt.canary;
        job_.checkpoints = receipt.checkpoints;
        job_.totalSteps = receipt.totalSteps;
        uint96 fee = job_.validationFee;
        if (fee != 0) token.safeTransfer(address(validators), fee);
        bytes32 roundId = validators.openRound(RoundKind.Run, jobId, fee);
        job_.roundId = roundId;
        emit ReceiptSubmitted(jobId, msg.sender, receipt, roundId);
        _returnPart(jobId, job_.buyer, needs.maxFee - job_.workerFee);
    }

    /// @inheritdoc ITraining
    function refundJob(bytes32 jobId) external nonReentrant {
        Job storage job_ = _jobs[jobId];
        JobState state = job_.state;
        bool open = state == JobState.Open;
        require(open || state == JobState.Claimed || state == JobState.Cancelled, WrongState(jobId, state));
        uint256 notBefore = 1 + (open ? _closesAt(job_, _schedules[jobId]) : _runUntil(jobId, job_));
        require(block.timestamp >= notBefore, TooEarly(jobId, notBefore));
        bool stalled = state == JobState.Claimed && validators.activeCount() >= validators.params().committeeSize;
        uint256 penalty = stalled ? Math.min(_params.stallPenalty, job_.bond) : 0;
        if (!open) _freeBond(job_, penalty);
        _refund(jobId, job_, _paid(jobId, job_) + penalty);
    }

    /// @inheritdoc ITraining
    function finalize(bytes32 jobId) external nonReentrant {
        Job storage job_ = _pending(jobId);
        require(job_.contests == 0, StillContested(jobId, job_.contests));
        uint256 notBefore = _contestableUntil(job_) + 1;
        require(block.timestamp >= notBefore, TooEarly(jobId, notBefore));
        bool accepted = job_.state == JobState.Accepted;
        uint256 left = _endRound(job_, accepted ? Verdict.Accept : Verdict.Reject, !job_.doubtful);
        if (accepted) _settle(jobId, job_);
        else left += _slash(jobId, job_);
        _share(jobId, left, address(0));
    }

    /// @inheritdoc ITraining
    function contest(bytes32 jobId) external onlyChallenges returns (Job memory) {
        Job storage job_ = _pending(jobId);
        uint256 notAfter = _contestableUntil(job_);
        require(block.timestamp <= notAfter, TooLate(jobId, notAfter));
        emit JobContested(jobId, ++job_.contests);
        return job_;
    }

    /// @inheritdoc ITraining
    function resolve(bytes32 jobId, Outcome outcome, address challenger) external onlyChallenges nonReentrant {
        Job storage job_ = _jobs[jobId];
        --job_.contests;
        emit JobResolved(jobId, outcome, challenger);
        if (outcome == Outcome.Doubt) job_.doubtful = true;
        bool spares = outcome == Outcome.Silence || outcome == Outcome.Overlooked;
        if (spares) _overturn(jobId, job_, false, challenger);
        else if (outcome == Outcome.Overturned) _overturn(jobId, job_, true, challenger);
        else if (outcome == Outcome.Canary) _payCanary(jobId, job_);
    }

    /// @inheritdoc ITraining
    function spare(bytes32 jobId) external onlyChallenges nonReentrant {
        Job storage job_ = _inState(jobId, JobState.Rejected);
        require(job_.contests == 0, StillContested(jobId, job_.contests));
        uint256 penalty = Math.min(job_.bond, uint256(job_.validationFee) + _params.stallPenalty);
        emit WorkerSpared(jobId, job_.worker, penalty);
        _share(jobId, _endRound(job_, Verdict.Reject, false), address(0));
        _freeBond(job_, penalty);
        _refund(jobId, job_, uint256(job_.price) + job_.workerFee + penalty);
    }

    /// @inheritdoc IVerdictReceiver
    function onVerdict(bytes32, bytes32 jobId, Verdict verdict, uint96 returnedFee) external nonReentrant {
        require(msg.sender == address(validators), NotValidatorsContract(msg.sender));
        Job storage job_ = _inState(jobId, JobState.Submitted);
        if (verdict == Verdict.None) {
            _freeBond(job_, 0);
            return _refund(jobId, job_, uint256(job_.price) + job_.workerFee + returnedFee);
        }
        _finish(job_, verdict == Verdict.Accept ? JobState.Accepted : JobState.Rejected);
        uint40 until = uint40(_contestableUntil(job_));
        if (verdict == Verdict.Accept) emit JobAccepted(jobId, until);
        else emit JobRejected(jobId, until);
    }

    /// @inheritdoc ITraining
    function setParams(Params calldata params_) external onlyOwner {
        _setParams(params_);
    }

    /// @inheritdoc ITraining
    function quote(uint32 listingId) external view returns (uint96 price, uint96 validationFee, uint96 bond) {
        IMarket.Listing memory terms = market.listing(listingId);
        return (terms.price, validators.roundFee(), _bondFor(terms.assetId));
    }

    /// @inheritdoc ITraining
    function drawnWorker(bytes32 jobId) external view returns (address drawn) {
        Job storage job_ = _jobs[jobId];
        if (job_.state == JobState.Open) (drawn,,) = _drawn(jobId, job_, _bondFor(job_.assetId));
    }

    /// @inheritdoc ITraining
    function job(bytes32 jobId) external view returns (Job memory) {
        return _jobs[jobId];
    }

    /// @inheritdoc ITraining
    function schedule(bytes32 jobId) external view returns (Schedule memory) {
        return _schedules[jobId];
    }

    /// @inheritdoc ITraining
    function isWorkerOf(bytes32 jobId, address account, uint256 assetId, uint32 version) external view returns (bool) {
        Job storage job_ = _jobs[jobId];
        // Again while a rejection can be contested: who would appeal runs the job once more first.
        bool runs = job_.state == JobState.Claimed
            || (job_.state == JobState.Rejected && block.timestamp <= _contestableUntil(job_));
        return runs && job_.worker == account && job_.assetId == assetId && job_.version == version;
    }

    /// @inheritdoc ITraining
    function params() external view returns (Params memory) {
        return _params;
    }

    function _open(address buyer, JobInput calldata input, bool trial) private returns (bytes32 jobId, uint256 total) {
        require(input.specDigest != 0 && input.recipientKey != 0 && input.needs.runtime != 0, EmptyDigest());
        require(!market.paused(), NewJobsStopped());
        IMarket.Listing memory terms = market.listing(input.listingId);
        _checkTerms(input.listingId, input.version, terms);
        jobId = _newJobId(input);
        Job storage job_ = _jobs[jobId];
        job_.buyer = buyer;
        job_.state = JobState.Open;
        job_.openedAt = uint40(block.timestamp);
        job_.listingId = input.listingId;
        job_.version = input.version;
        job_.assetId = terms.assetId;
        if (trial) job_.trial = true;
        else job_.price = terms.price;
        job_.workerFee = input.needs.maxFee;
        job_.validationFee = validators.roundFee();
        _schedules[jobId].needs = input.needs;
        _anchor(job_);
        total = _paid(jobId, job_);
        require(total <= input.maxTotal, TotalAboveMax(total, input.maxTotal));
        _emitOpened(jobId, job_, input);
    }

    function _checkTerms(uint32 listingId, uint16 version, IMarket.Listing memory terms) private view {
        require(terms.kind == IMarket.LicenseKind.Compute, WrongLicense(listingId));
        require(!terms.retired, ListingIsRetired(listingId));
        require(!curation.isSuspended(terms.assetId), ICuration.AssetSuspended(terms.assetId));
        bool covered = version >= terms.firstVersion && (terms.lastVersion == 0 || version <= terms.lastVersion);
        require(covered, VersionNotCovered(listingId, version));
        uint256 word = registry.packedVersion(terms.assetId, version);
        require(word.isLive(), VersionNotLive(terms.assetId, version));
        require(word.validatorsMayRead(), RunsNeedReaders(terms.assetId, version));
    }

    function _newJobId(JobInput calldata input) private returns (bytes32) {
        bytes memory what = abi.encode(input.listingId, input.specDigest, input.recipientKey, _jobCount++);
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), msg.sender, what));
        return EntitlementIds.make(EntitlementIds.JOB, digest);
    }

    function _emitOpened(bytes32 jobId, Job storage job_, JobInput calldata input) private {
        emit JobOpened(
            jobId,
            input.listingId,
            job_.buyer,
            input.version,
            input.specDigest,
            input.recipientKey,
            job_.price,
            input.needs,
            job_.validationFee
        );
    }

    function _anchor(Job storage job_) private {
        job_.anchorBlock = uint64(block.number + 1);
        job_.changedAt = uint40(block.timestamp);
    }

    /// @dev `known`: the anchor's hash is there to draw from.
    function _drawn(bytes32 jobId, Job storage job_, uint256 bond)
        private
        view
        returns (address drawn, uint96 fee, bool known)
    {
        uint64 anchorBlock = job_.anchorBlock;
        bytes32 anchorHash = block.number > anchorBlock ? blockhash(anchorBlock) : bytes32(0);
        if (anchorHash == 0) return (drawn, fee, known);
        Schedule storage schedule_ = _schedules[jobId];
        address publisher = market.listing(job_.listingId).seller;
        IWorkers.Ask memory ask =
            IWorkers.Ask(schedule_.needs, job_.buyer, publisher, bond, anchorBlock, schedule_.lost);
        known = true;
        (drawn, fee) = workers.draw(jobId, anchorHash, ask);
    }

    /// @dev A worker who could also buy the rows must lose more by leaking them than the rows cost.
    function _bondFor(uint256 assetId) private view returns (uint96) {
        return uint96(Math.max(_params.minBond, market.highestDownloadPrice(assetId)));
    }

    /// @dev When an open job is over: a worker that was lost puts nothing off.
    function _closesAt(Job storage job_, Schedule storage schedule_) private view returns (uint256) {
        uint256 runUntil = schedule_.runUntil;
        return runUntil == 0 ? uint256(job_.openedAt) + _params.openWindow : runUntil;
    }

    function _runUntil(bytes32 jobId, Job storage job_) private view returns (uint256) {
        if (job_.state != JobState.Cancelled) return _schedules[jobId].runUntil;
        return uint256(job_.changedAt) + _params.cancelWindow;
    }

    function _contestableUntil(Job storage job_) private view returns (uint256) {
        return uint256(job_.changedAt) + _params.challengeWindow;
    }

    /// @dev Until there is a receipt: whoever runs it, the most that a worker may ask is held.
    function _paid(bytes32 jobId, Job storage job_) private view returns (uint256) {
        return uint256(job_.price) + _schedules[jobId].needs.maxFee + job_.validationFee;
    }

    function _inState(bytes32 jobId, JobState state) private view returns (Job storage job_) {
        job_ = _jobs[jobId];
        require(job_.state == state, WrongState(jobId, job_.state));
    }

    /// @dev Accepted or rejected: a verdict that can still be challenged.
    function _pending(bytes32 jobId) private view returns (Job storage job_) {
        job_ = _jobs[jobId];
        JobState state = job_.state;
        require(state == JobState.Accepted || state == JobState.Rejected, WrongState(jobId, state));
    }

    /// @dev A part of a run is paid only where the buyer wanted no more of it.
    function _checkReceipt(Receipt calldata receipt, JobState state) private pure {
        bool whole = receipt.receiptDigest != 0 && receipt.modelDigest != 0 && receipt.checkpointRoot != 0
            && receipt.engineId != 0;
        require(whole, EmptyDigest());
        (uint32 checkpoints, uint32 total) = (receipt.checkpoints, receipt.totalSteps);
        bool fits = checkpoints != 0 && checkpoints <= MAX_CHECKPOINTS
            && (total == 0 || (state == JobState.Cancelled && checkpoints > 1 && checkpoints <= total));
        require(fits, BadCheckpoints(checkpoints, total));
    }

    function _finish(Job storage job_, JobState state) private {
        job_.state = state;
        job_.changedAt = uint40(block.timestamp);
    }

    /// @dev Of a cancelled job, `price` and worker's fee for the steps that were made.
    function _settle(bytes32 jobId, Job storage job_) private {
        IMarket.Listing memory terms = market.listing(job_.listingId);
        (uint256 price, uint256 workerFee, uint256 rest) = _earned(job_);
        uint256 fee = price * _params.feeBps / BPS;
        uint256 toParents = terms.parentShareBps == 0 ? 0 : _creditRoyalties(job_.listingId, price);
        uint256 toPublisher = price - fee - toParents;
        _finish(job_, JobState.Settled);
        emit JobSettled(jobId, toPublisher, workerFee, fee, toParents);
        _credit(terms.seller, toPublisher);
        _credit(job_.worker, workerFee);
        _credit(_params.treasury, fee);
        _freeBond(job_, 0);
        _returnPart(jobId, job_.buyer, rest);
    }

    function _returnPart(bytes32 jobId, address buyer, uint256 amount) private {
        if (amount == 0) return;
        emit PartReturned(jobId, buyer, amount);
        token.safeTransfer(buyer, amount);
    }

    function _creditRoyalties(uint32 listingId, uint256 price) private returns (uint256 credited) {
        IAssetRegistry.Royalty[] memory royalties = market.royaltiesOf(listingId);
        for (uint256 i = 0; i < royalties.length; ++i) {
            uint256 part = Royalties.partOf(royalties[i], price);
            credited += part;
            _credit(registry.ownerOf(royalties[i].assetId), part);
        }
    }

    /// @dev What the steps that were made cost, and what of the whole is left.
    function _earned(Job storage job_) private view returns (uint256 price, uint256 workerFee, uint256 rest) {
        (price, workerFee) = (job_.price, job_.workerFee);
        uint256 total = job_.totalSteps;
        if (total == 0) return (price, workerFee, 0);
        rest = price + workerFee;
        uint256 made = job_.checkpoints - 1;
        (price, workerFee) = (price * made / total, workerFee * made / total);
        rest -= price + workerFee;
    }

    /// @dev The bond makes the buyer whole (the validators have earned their fee); what is left of it is returned, here.
    function _slash(bytes32 jobId, Job storage job_) private returns (uint256 left) {
        uint256 bond = job_.bond;
        uint256 fromBond = Math.min(bond, job_.validationFee);
        uint256 toBuyer = uint256(job_.price) + job_.workerFee + fromBond;
        _finish(job_, JobState.Slashed);
        emit JobSlashed(jobId, job_.worker, bond);
        emit JobRefunded(jobId, job_.buyer, toBuyer);
        if (bond != 0) staking.slash(job_.worker, bond, address(this));
        if (toBuyer != 0) token.safeTransfer(job_.buyer, toBuyer);
        return bond - fromBond;
    }

    /// @dev A receipt for which nobody spoke in a game fails, and so does one with a wrong step that nobody had to
    /// re-execute, but that shows nothing about those who accepted it: only what a referee round has found where they had
    /// to look costs stake.
    function _overturn(bytes32 jobId, Job storage job_, bool byReferee, address challenger) private {
        bool accepted = job_.state == JobState.Accepted;
        Verdict right = accepted == byReferee ? Verdict.Reject : Verdict.Accept;
        uint256 left = _endRound(job_, right, byReferee);
        if (accepted) left += _slash(jobId, job_);
        else _settle(jobId, job_);
        _share(jobId, left, challenger);
    }

    /// @dev The buyer is made whole and the worker paid by those who accepted a receipt that was wrong on purpose.
    function _payCanary(bytes32 jobId, Job storage job_) private {
        uint256 left = _endRound(job_, Verdict.Reject, true);
        uint256 fee = Math.min(left, job_.validationFee);
        left -= fee;
        uint256 reward = Math.min(left, Math.max(job_.workerFee, left * _params.rewardBps / BPS));
        emit CanaryPaid(jobId, job_.worker, reward);
        _credit(job_.worker, reward);
        _credit(_params.treasury, left - reward);
        _freeBond(job_, 0);
        _refund(jobId, job_, uint256(job_.price) + job_.workerFee + fee);
    }

    /// @dev Nobody gains by accusing but who challenges and is found right, and that one not all.
    function _share(bytes32 jobId, uint256 amount, address challenger) private {
        uint256 reward = challenger == address(0) ? 0 : amount * _params.rewardBps / BPS;
        if (reward != 0) emit ChallengerRewarded(jobId, challenger, reward);
        _credit(challenger, reward);
        _credit(_params.treasury, amount - reward);
    }

    /// @dev What comes back is what wrong members lost and what nobody earned.
    function _endRound(Job storage job_, Verdict right, bool slashes) private returns (uint256) {
        return validators.endRound(job_.roundId, right, slashes);
    }

    /// @dev `penalty` comes here, for the refund that follows.
    function _freeBond(Job storage job_, uint256 penalty) private {
        _free(job_.worker, job_.bond, penalty);
    }

    function _free(address worker, uint256 bond, uint256 penalty) private {
        if (penalty != 0) staking.slash(worker, penalty, address(this));
        staking.unlock(worker, bond - penalty);
    }

    function _refund(bytes32 jobId, Job storage job_, uint256 amount) private {
        _finish(job_, JobState.Refunded);
        emit JobRefunded(jobId, job_.buyer, amount);
        if (amount != 0) token.safeTransfer(job_.buyer, amount);
    }

    function _setParams(Params memory params_) private {
        bool fits = params_.treasury != address(0) && params_.feeBps <= MAX_FEE_BPS
            && params_.stallPenalty <= params_.minBond && params_.claimWindow != 0
            && params_.claimWindow <= params_.openWindow && params_.openWindow <= MAX_WINDOW && params_.runWindow != 0
            && params_.runWindow <= MAX_WINDOW && params_.heartbeatWindow != 0
            && params_.heartbeatWindow <= params_.runWindow && params_.cancelWindow <= MAX_WINDOW
            && params_.challengeWindow != 0 && params_.challengeWindow <= MAX_WINDOW && params_.rewardBps <= BPS;
        require(fits, ParamOutOfRange());
        _params = params_;
        emit ParamsChanged(params_);
    }
}
