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

    struct WorkerState {
        bool active;
        uint16 place;
        uint64 sinceBlock;
        string endpoint;
    }

    uint16 public constant MAX_FEE_BPS = 1_000;
    uint32 public constant MAX_WINDOW = 30 days;
    uint256 public constant MAX_WORKERS = 256;
    uint32 public constant MAX_CHECKPOINTS = 100_000;
    uint256 private constant BPS = 10_000;

    IStaking public immutable staking;
    IValidators public immutable validators;
    IAssetRegistry public immutable registry;
    IMarket public immutable market;
    ICuration public immutable curation;
    address public immutable challenges;

    Params private _params;
    uint256 private _jobCount;
    address[] private _workers;
    mapping(address account => WorkerState) private _workerStates;
    mapping(bytes32 jobId => Job) private _jobs;

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
        challenges = system.challenges;
        _setParams(params_);
    }

    /// @inheritdoc ITraining
    function registerWorker(string calldata endpoint) external {
        WorkerState storage state = _workerStates[msg.sender];
        require(!state.active, AlreadyRegistered(msg.sender));
        require(_workers.length < MAX_WORKERS, TooManyWorkers());
        uint256 free = staking.freeOf(msg.sender);
        require(free >= _params.minBond, StakeTooLow(free, _params.minBond));
        state.active = true;
        state.place = uint16(_workers.length);
        state.sinceBlock = uint64(block.number);
        state.endpoint = endpoint;
        _workers.push(msg.sender);
        emit WorkerRegistered(msg.sender, endpoint);
    }

    /// @inheritdoc ITraining
    function deregisterWorker() external {
        WorkerState storage state = _workerStates[msg.sender];
        require(state.active, NotWorker(msg.sender));
        address last = _workers[_workers.length - 1];
        _workers[state.place] = last;
        _workerStates[last].place = state.place;
        _workers.pop();
        state.active = false;
        emit WorkerLeft(msg.sender);
    }

    /// @inheritdoc ITraining
    function openJob(
        uint32 listingId,
        uint16 version,
        bytes32 specDigest,
        bytes32 recipientKey,
        uint256 maxTotal,
        Permit calldata permit
    ) external nonReentrant returns (bytes32 jobId) {
        require(specDigest != 0 && recipientKey != 0, EmptyDigest());
        require(!market.paused(), NewJobsStopped());
        IMarket.Listing memory terms = market.listing(listingId);
        _checkTerms(listingId, version, terms);
        jobId = EntitlementIds.make(
            EntitlementIds.JOB,
            keccak256(
                abi.encode(block.chainid, address(this), msg.sender, listingId, specDigest, recipientKey, _jobCount++)
            )
        );
        Job storage job_ = _jobs[jobId];
        job_.buyer = msg.sender;
        job_.state = JobState.Open;
        job_.openedAt = uint40(block.timestamp);
        job_.listingId = listingId;
        job_.version = version;
        job_.assetId = terms.assetId;
        job_.price = terms.price;
        job_.workerFee = _params.workerFee;
        job_.validationFee = validators.roundFee();
        _anchor(job_);
        uint256 total = _paid(job_);
        require(total <= maxTotal, TotalAboveMax(total, maxTotal));
        _emitOpened(jobId, job_, specDigest, recipientKey);
        token.tryPermit(permit);
        if (total != 0) token.safeTransferFrom(msg.sender, address(this), total);
    }

    /// @inheritdoc ITraining
    function claimJob(bytes32 jobId) external {
        Job storage job_ = _inState(jobId, JobState.Open);
        uint256 notAfter = _claimableUntil(job_);
        require(block.timestamp <= notAfter, TooLate(jobId, notAfter));
        uint96 bond = _bondFor(job_.assetId);
        (address drawn, bytes32 anchorHash) = _drawn(jobId, job_, bond);
        require(drawn != address(0) || anchorHash == 0, NoEligibleWorker(jobId));
        require(drawn == msg.sender, NotDrawn(jobId, msg.sender));
        job_.state = JobState.Claimed;
        job_.changedAt = uint40(block.timestamp);
        job_.worker = msg.sender;
        job_.bond = bond;
        emit JobClaimed(jobId, msg.sender, bond, uint40(block.timestamp + _params.runWindow));
        staking.lock(msg.sender, bond);
    }

    /// @inheritdoc ITraining
    function redraw(bytes32 jobId) external {
        Job storage job_ = _inState(jobId, JobState.Open);
        uint256 closes = uint256(job_.openedAt) + _params.openWindow;
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
        if (state == JobState.Open) return _refund(jobId, job_, _paid(job_));
        uint256 notAfter = _runUntil(job_);
        require(block.timestamp <= notAfter, TooLate(jobId, notAfter));
        _finish(job_, JobState.Cancelled);
        emit JobCancelled(jobId, msg.sender, uint40(_runUntil(job_)));
    }

    /// @inheritdoc ITraining
    function submitReceipt(bytes32 jobId, Receipt calldata receipt) external nonReentrant {
        Job storage job_ = _jobs[jobId];
        JobState state = job_.state;
        require(state == JobState.Claimed || state == JobState.Cancelled, WrongState(jobId, state));
        require(job_.worker == msg.sender, NotJobWorker(jobId, msg.sender));
        uint256 notAfter = _runUntil(job_);
        require(block.timestamp <= notAfter, TooLate(jobId, notAfter));
        _checkReceipt(receipt, state);
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
    }

    /// @inheritdoc ITraining
    function refundJob(bytes32 jobId) external nonReentrant {
        Job storage job_ = _jobs[jobId];
        JobState state = job_.state;
        bool open = state == JobState.Open;
        require(open || state == JobState.Claimed || state == JobState.Cancelled, WrongState(jobId, state));
        uint256 notBefore = 1 + (open ? uint256(job_.openedAt) + _params.openWindow : _runUntil(job_));
        require(block.timestamp >= notBefore, TooEarly(jobId, notBefore));
        bool stalled = state == JobState.Claimed && validators.activeCount() >= validators.params().committeeSize;
        uint256 penalty = stalled ? Math.min(_params.stallPenalty, job_.bond) : 0;
        if (!open) _freeBond(job_, penalty);
        _refund(jobId, job_, _paid(job_) + penalty);
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
        if (outcome == Outcome.Silence) _overturn(jobId, job_, false, challenger);
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
    function quote(uint32 listingId) external view returns (uint96 price, uint96 workerFee, uint96 validationFee) {
        return (market.listing(listingId).price, _params.workerFee, validators.roundFee());
    }

    /// @inheritdoc ITraining
    function drawnWorker(bytes32 jobId) external view returns (address drawn) {
        Job storage job_ = _jobs[jobId];
        if (job_.state == JobState.Open) (drawn,) = _drawn(jobId, job_, _bondFor(job_.assetId));
    }

    /// @inheritdoc ITraining
    function job(bytes32 jobId) external view returns (Job memory) {
        return _jobs[jobId];
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
    function worker(address account) external view returns (Worker memory) {
        return Worker(account, _workerStates[account].active, _workerStates[account].endpoint);
    }

    /// @inheritdoc ITraining
    function workers() external view returns (address[] memory) {
        return _workers;
    }

    /// @inheritdoc ITraining
    function workerCount() external view returns (uint256) {
        return _workers.length;
    }

    /// @inheritdoc ITraining
    function params() external view returns (Params memory) {
        return _params;
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

    function _emitOpened(bytes32 jobId, Job storage job_, bytes32 specDigest, bytes32 recipientKey) private {
        emit JobOpened(
            jobId,
            job_.listingId,
            job_.buyer,
            job_.version,
            specDigest,
            recipientKey,
            job_.price,
            job_.workerFee,
            job_.validationFee
        );
    }

    function _anchor(Job storage job_) private {
        job_.anchorBlock = uint64(block.number + 1);
        job_.changedAt = uint40(block.timestamp);
    }

    /// @dev Lowest hash wins (rendezvous hashing): who comes or goes after the anchor's hash is known moves nobody
    /// else's chance, except that the next one in line follows a winner who left. A walk from a random place in the list
    /// would let late comers shift every place.
    function _drawn(bytes32 jobId, Job storage job_, uint256 bond)
        private
        view
        returns (address drawn, bytes32 anchorHash)
    {
        uint64 anchorBlock = job_.anchorBlock;
        if (block.number > anchorBlock) anchorHash = blockhash(anchorBlock);
        if (anchorHash == 0) return (drawn, anchorHash);
        address buyer = job_.buyer;
        address publisher = market.listing(job_.listingId).seller;
        uint256 lowest = type(uint256).max;
        uint256 length = _workers.length;
        for (uint256 i = 0; i < length; ++i) {
            address candidate = _workers[i];
            uint256 ticket = uint256(keccak256(abi.encode(anchorHash, jobId, candidate)));
            if (ticket >= lowest || candidate == buyer || candidate == publisher) continue;
            if (_workerStates[candidate].sinceBlock >= anchorBlock || staking.freeOf(candidate) < bond) continue;
            (lowest, drawn) = (ticket, candidate);
        }
    }

    /// @dev A worker who could also buy the rows must lose more by leaking them than the rows cost.
    function _bondFor(uint256 assetId) private view returns (uint96) {
        return uint96(Math.max(_params.minBond, market.highestDownloadPrice(assetId)));
    }

    function _claimableUntil(Job storage job_) private view returns (uint256) {
        return Math.min(uint256(job_.changedAt) + _params.claimWindow, uint256(job_.openedAt) + _params.openWindow);
    }

    function _runUntil(Job storage job_) private view returns (uint256) {
        bool cancelled = job_.state == JobState.Cancelled;
        return uint256(job_.changedAt) + (cancelled ? _params.cancelWindow : _params.runWindow);
    }

    function _contestableUntil(Job storage job_) private view returns (uint256) {
        return uint256(job_.changedAt) + _params.challengeWindow;
    }

    function _paid(Job storage job_) private view returns (uint256) {
        return uint256(job_.price) + job_.workerFee + job_.validationFee;
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
        uint256 price = _earned(job_, job_.price);
        uint256 workerFee = _earned(job_, job_.workerFee);
        uint256 fee = price * _params.feeBps / BPS;
        uint256 toParents = terms.parentShareBps == 0 ? 0 : _creditRoyalties(job_.listingId, price);
        uint256 toPublisher = price - fee - toParents;
        uint256 rest = uint256(job_.price) + job_.workerFee - price - workerFee;
        _finish(job_, JobState.Settled);
        emit JobSettled(jobId, toPublisher, workerFee, fee, toParents);
        _credit(terms.seller, toPublisher);
        _credit(job_.worker, workerFee);
        _credit(_params.treasury, fee);
        _freeBond(job_, 0);
        if (rest == 0) return;
        emit PartReturned(jobId, job_.buyer, rest);
        token.safeTransfer(job_.buyer, rest);
    }

    function _creditRoyalties(uint32 listingId, uint256 price) private returns (uint256 credited) {
        IAssetRegistry.Royalty[] memory royalties = market.royaltiesOf(listingId);
        for (uint256 i = 0; i < royalties.length; ++i) {
            uint256 part = Royalties.partOf(royalties[i], price);
            credited += part;
            _credit(registry.ownerOf(royalties[i].assetId), part);
        }
    }

    function _earned(Job storage job_, uint256 amount) private view returns (uint256) {
        uint256 total = job_.totalSteps;
        return total == 0 ? amount : amount * (job_.checkpoints - 1) / total;
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

    /// @dev A receipt for which nobody spoke in a game fails, but that shows nothing about those who accepted it: only what
    /// a referee round has found costs stake.
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
        if (penalty != 0) staking.slash(job_.worker, penalty, address(this));
        staking.unlock(job_.worker, job_.bond - penalty);
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
            && params_.runWindow <= MAX_WINDOW && params_.cancelWindow <= MAX_WINDOW && params_.challengeWindow != 0
            && params_.challengeWindow <= MAX_WINDOW && params_.rewardBps <= BPS;
        require(fits, ParamOutOfRange());
        _params = params_;
        emit ParamsChanged(params_);
    }
}
