// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPayouts} from "./IPayouts.sol";
import {IWorkers} from "./IWorkers.sol";
import {Outcome, Permit} from "./Types.sol";

/// @notice Training jobs: paid by the buyer, run by a worker drawn from chain randomness, re-executed by a committee,
/// settled by its verdict.
interface ITraining is IPayouts {
    /// @dev open -> claimed -> submitted -> accepted -> settled, or -> rejected -> slashed; what is accepted or rejected waits
    /// for challenges, which may turn one into the other. Every state before that can end in refunded.
    enum JobState {
        None,
        Open,
        Claimed,
        Cancelled,
        Submitted,
        Accepted,
        Rejected,
        Settled,
        Slashed,
        Refunded
    }

    /// @param workerFee The most that a worker may ask until one claims the job, then what this one asks.
    /// @param trial Whether its buyer gets rounded metrics and no model, see ITrials.
    struct Job {
        address buyer;
        JobState state;
        uint40 openedAt;
        uint40 changedAt;
        uint32 listingId;
        uint16 version;
        uint64 anchorBlock;
        uint64 assetId;
        uint32 checkpoints;
        uint32 totalSteps;
        address worker;
        uint96 price;
        uint96 workerFee;
        uint96 validationFee;
        uint16 contests;
        bool doubtful;
        bool trial;
        uint96 bond;
        bytes32 receiptDigest;
        bytes32 modelDigest;
        bytes32 checkpointRoot;
        bytes32 canary;
        bytes32 roundId;
    }

    /// @notice What finds a job's worker, and how it is held to it.
    /// @param runUntil When the receipt is due; set by the first claim, and not put off by those after it. 0 before.
    /// @param heardAt When the job was claimed, or its worker's last heartbeat.
    /// @param lost Who fell silent over it, in order.
    struct Schedule {
        IWorkers.Needs needs;
        uint40 runUntil;
        uint40 heardAt;
        address[] lost;
    }

    /// @param specDigest sha256 of the job spec's canonical JSON (its CID follows from it).
    /// @param recipientKey X25519 public key to which model and checkpoints are sealed.
    /// @param maxTotal Reverts if price, highest worker's fee and validation fee are more.
    struct JobInput {
        uint32 listingId;
        uint16 version;
        bytes32 specDigest;
        bytes32 recipientKey;
        IWorkers.Needs needs;
        uint256 maxTotal;
    }

    /// @param receiptDigest sha256 of the receipt's canonical JSON (its CID follows from it).
    /// @param modelDigest sha256 of the model's canonical bytes.
    /// @param checkpointRoot Merkle root (RFC 6962, sha256) over the checkpoint state digests.
    /// @param engineId sha256 of the WebAssembly module that ran.
    /// @param canary keccak256(abi.encode(jobId, receiptDigest, the true root, salt)) if this receipt is wrong on purpose, to
    /// try the validators; random bytes otherwise, so that nobody can tell.
    /// @param checkpoints How many leaves the root has: one more than steps were made.
    /// @param totalSteps 0 for a whole run; after a cancellation the steps that the job asked for, of which
    /// `checkpoints - 1` were made.
    struct Receipt {
        bytes32 receiptDigest;
        bytes32 modelDigest;
        bytes32 checkpointRoot;
        bytes32 engineId;
        bytes32 canary;
        uint32 checkpoints;
        uint32 totalSteps;
    }

    struct Params {
        address treasury;
        uint16 feeBps;
        uint96 minBond;
        uint96 stallPenalty;
        uint32 claimWindow;
        uint32 openWindow;
        uint32 runWindow;
        uint32 heartbeatWindow;
        uint32 cancelWindow;
        uint32 challengeWindow;
        uint16 rewardBps;
    }

    event JobOpened(
        bytes32 indexed jobId,
        uint32 indexed listingId,
        address indexed buyer,
        uint16 version,
        bytes32 specDigest,
        bytes32 recipientKey,
        uint96 price,
        IWorkers.Needs needs,
        uint96 validationFee
    );
    event JobRedrawn(bytes32 indexed jobId, uint64 anchorBlock);
    event JobClaimed(bytes32 indexed jobId, address indexed worker, uint96 bond, uint96 workerFee, uint40 runUntil);
    /// @dev `checkpoint`: sha256 of the document that says where the sealed states are; 0 where there are none yet.
    event Heartbeat(bytes32 indexed jobId, address indexed worker, uint32 step, bytes32 checkpoint);
    event JobTakenOver(bytes32 indexed jobId, address indexed worker, uint256 penalty, uint64 anchorBlock);
    event ReceiptSubmitted(bytes32 indexed jobId, address indexed worker, Receipt receipt, bytes32 roundId);
    event JobCancelled(bytes32 indexed jobId, address indexed buyer, uint40 partialUntil);
    /// @dev The quorum's verdict; the money waits for challenges until `contestableUntil`, and while one is open.
    event JobAccepted(bytes32 indexed jobId, uint40 contestableUntil);
    event JobRejected(bytes32 indexed jobId, uint40 contestableUntil);
    event JobContested(bytes32 indexed jobId, uint16 contests);
    event JobResolved(bytes32 indexed jobId, Outcome outcome, address indexed challenger);
    /// @dev What the buyer gets back of a job that goes on: what the worker asks less than the most that was offered, and of a
    /// cancelled job the price of steps that were not made.
    event PartReturned(bytes32 indexed jobId, address indexed buyer, uint256 amount);
    event WorkerSpared(bytes32 indexed jobId, address indexed worker, uint256 penalty);
    event CanaryPaid(bytes32 indexed jobId, address indexed worker, uint256 amount);
    event ChallengerRewarded(bytes32 indexed jobId, address indexed challenger, uint256 amount);
    event JobSettled(bytes32 indexed jobId, uint256 toPublisher, uint256 toWorker, uint256 fee, uint256 toParent);
    event JobSlashed(bytes32 indexed jobId, address indexed worker, uint256 bond);
    event JobRefunded(bytes32 indexed jobId, address indexed buyer, uint256 amount);
    event ParamsChanged(Params params);

    error NoEligibleWorker(bytes32 jobId);
    error WrongLicense(uint32 listingId);
    error ListingIsRetired(uint32 listingId);
    error VersionNotLive(uint256 assetId, uint32 version);
    error VersionNotCovered(uint32 listingId, uint32 version);
    error RunsNeedReaders(uint256 assetId, uint32 version);
    error TotalAboveMax(uint256 total, uint256 maxTotal);
    error EmptyDigest();
    error NewJobsStopped();
    error WrongState(bytes32 jobId, JobState state);
    error NotDrawn(bytes32 jobId, address caller);
    error NotJobWorker(bytes32 jobId, address caller);
    error TooEarly(bytes32 jobId, uint256 notBefore);
    error TooLate(bytes32 jobId, uint256 notAfter);
    error NotValidatorsContract(address caller);
    error NotChallengesContract(address caller);
    error NotTrialsContract(address caller);
    error NotJobBuyer(bytes32 jobId, address caller);
    error BadCheckpoints(uint32 checkpoints, uint32 totalSteps);
    error StillContested(bytes32 jobId, uint16 contests);
    error WrongRuntime(bytes32 jobId, bytes32 runtime);
    error TooManyTakeovers(bytes32 jobId);
    error ParamOutOfRange();

    /// @notice Buys one training run: listing price, the most that a worker may ask, and validation fee go into escrow.
    function openJob(JobInput calldata input, Permit calldata permit) external returns (bytes32 jobId);
    /// @notice Trials only: opens a job of `buyer` for which the listing's price is not asked. Trials sends `total`, what worker and
    /// validators may cost, in the same transaction.
    function openTrial(address buyer, JobInput calldata input) external returns (bytes32 jobId, uint256 total);
    /// @notice The worker drawn from the anchor block's hash takes the job for the fee of its offer; its bond is locked.
    function claimJob(bytes32 jobId) external;
    /// @notice The worker says that it is at work, and where the states of its run can be found.
    function heartbeat(bytes32 jobId, uint32 step, bytes32 checkpoint) external;
    /// @notice Anybody: ends the claim of a worker that was not heard of for `heartbeatWindow` seconds. It pays the stall
    /// penalty to the buyer, and another is drawn for what was paid already, until the time for the run is over. At most
    /// three times for a job.
    function takeOver(bytes32 jobId) external;
    /// @notice Anybody: draws again if the drawn worker let its claim window pass, or the anchor's hash is out of reach.
    function redraw(bytes32 jobId) external;
    /// @notice The buyer takes its job back. Unclaimed: everything returns at once. Claimed: the worker may still hand in what it has done
    /// for `cancelWindow` seconds, as a receipt over the steps made so far, and is paid for those if the round accepts it.
    function cancelJob(bytes32 jobId) external;
    /// @notice The worker hands in its receipt; opens a round about it. The buyer gets back what the worker did not ask for.
    function submitReceipt(bytes32 jobId, Receipt calldata receipt) external;
    /// @notice Anybody: returns the money of a job that nobody claimed or finished in time. A worker that stalled pays the
    /// stall penalty to the buyer, unless there are too few validators to take a receipt.
    function refundJob(bytes32 jobId) external;
    /// @notice Anybody: ends an accepted or rejected job once the challenge window is over and no challenge is open, and with
    /// it its round: rewards, and penalties for those who were in the minority.
    function finalize(bytes32 jobId) external;
    /// @notice Challenges only: keeps an accepted or rejected job from being finalized. Within the challenge window.
    function contest(bytes32 jobId) external returns (Job memory);
    /// @notice Challenges only: how one of them ended, see `Outcome`.
    function resolve(bytes32 jobId, Outcome outcome, address challenger) external;
    /// @notice Challenges only: a rejected receipt was a canary. The buyer gets everything back and the stall penalty, the
    /// rest of the bond is free.
    function spare(bytes32 jobId) external;

    /// @notice What a run costs beside its worker, and what a worker must have free for it.
    function quote(uint32 listingId) external view returns (uint96 price, uint96 validationFee, uint96 bond);
    /// @notice The worker whom the anchor block's hash picks, see `IWorkers.draw`; zero while that hash does not exist yet or
    /// no longer, or if nobody is eligible. Eligible is who fits the job's needs, made its offer before the draw was anchored,
    /// is neither buyer nor publisher, has the bond free, and has not lost this job before.
    function drawnWorker(bytes32 jobId) external view returns (address);
    function job(bytes32 jobId) external view returns (Job memory);
    function schedule(bytes32 jobId) external view returns (Schedule memory);
    /// @notice Whether `account` is the worker of a job on that asset version that is claimed and unfinished, or was rejected and
    /// can still be contested.
    function isWorkerOf(bytes32 jobId, address account, uint256 assetId, uint32 version) external view returns (bool);
    function params() external view returns (Params memory);
    /// @notice Owner only, within hard caps. Fees of open jobs stay, and when a claimed one is due; other windows hold for
    /// open jobs too.
    function setParams(Params calldata params_) external;
}
