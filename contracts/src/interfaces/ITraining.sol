// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPayouts} from "./IPayouts.sol";
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

    struct Worker {
        address account;
        bool active;
        string endpoint;
    }

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
        uint96 bond;
        bytes32 receiptDigest;
        bytes32 modelDigest;
        bytes32 checkpointRoot;
        bytes32 canary;
        bytes32 roundId;
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
        uint96 workerFee;
        uint96 minBond;
        uint96 stallPenalty;
        uint32 claimWindow;
        uint32 openWindow;
        uint32 runWindow;
        uint32 cancelWindow;
        uint32 challengeWindow;
        uint16 rewardBps;
    }

    event WorkerRegistered(address indexed account, string endpoint);
    event WorkerLeft(address indexed account);
    event JobOpened(
        bytes32 indexed jobId,
        uint32 indexed listingId,
        address indexed buyer,
        uint16 version,
        bytes32 specDigest,
        bytes32 recipientKey,
        uint96 price,
        uint96 workerFee,
        uint96 validationFee
    );
    event JobRedrawn(bytes32 indexed jobId, uint64 anchorBlock);
    event JobClaimed(bytes32 indexed jobId, address indexed worker, uint96 bond, uint40 runUntil);
    event ReceiptSubmitted(bytes32 indexed jobId, address indexed worker, Receipt receipt, bytes32 roundId);
    event JobCancelled(bytes32 indexed jobId, address indexed buyer, uint40 partialUntil);
    /// @dev The quorum's verdict; the money waits for challenges until `contestableUntil`, and while one is open.
    event JobAccepted(bytes32 indexed jobId, uint40 contestableUntil);
    event JobRejected(bytes32 indexed jobId, uint40 contestableUntil);
    event JobContested(bytes32 indexed jobId, uint16 contests);
    event JobResolved(bytes32 indexed jobId, Outcome outcome, address indexed challenger);
    /// @dev Of a cancelled job: what the buyer gets back for steps that were not made.
    event PartReturned(bytes32 indexed jobId, address indexed buyer, uint256 amount);
    event WorkerSpared(bytes32 indexed jobId, address indexed worker, uint256 penalty);
    event CanaryPaid(bytes32 indexed jobId, address indexed worker, uint256 amount);
    event ChallengerRewarded(bytes32 indexed jobId, address indexed challenger, uint256 amount);
    event JobSettled(bytes32 indexed jobId, uint256 toPublisher, uint256 toWorker, uint256 fee, uint256 toParent);
    event JobSlashed(bytes32 indexed jobId, address indexed worker, uint256 bond);
    event JobRefunded(bytes32 indexed jobId, address indexed buyer, uint256 amount);
    event ParamsChanged(Params params);

    error NotWorker(address account);
    error AlreadyRegistered(address account);
    error StakeTooLow(uint256 free, uint256 needed);
    error TooManyWorkers();
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
    error NotJobBuyer(bytes32 jobId, address caller);
    error BadCheckpoints(uint32 checkpoints, uint32 totalSteps);
    error StillContested(bytes32 jobId, uint16 contests);
    error ParamOutOfRange();

    function registerWorker(string calldata endpoint) external;
    function deregisterWorker() external;
    /// @notice Buys one training run: listing price + worker fee + validation fee go into escrow.
    /// @param specDigest sha256 of the job spec's canonical JSON (its CID follows from it).
    /// @param recipientKey X25519 public key to which model and checkpoints are sealed.
    /// @param maxTotal Reverts if the sum is more.
    function openJob(
        uint32 listingId,
        uint16 version,
        bytes32 specDigest,
        bytes32 recipientKey,
        uint256 maxTotal,
        Permit calldata permit
    ) external returns (bytes32 jobId);
    /// @notice The worker drawn from the anchor block's hash takes the job; its bond is locked.
    function claimJob(bytes32 jobId) external;
    /// @notice Anybody: draws again if the drawn worker let its claim window pass, or the anchor's hash is out of reach.
    function redraw(bytes32 jobId) external;
    /// @notice The buyer takes its job back. Unclaimed: everything returns at once. Claimed: the worker may still hand in what it has done
    /// for `cancelWindow` seconds, as a receipt over the steps made so far, and is paid for those if the round accepts it.
    function cancelJob(bytes32 jobId) external;
    /// @notice The worker hands in its receipt; opens a round about it.
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

    function quote(uint32 listingId) external view returns (uint96 price, uint96 workerFee, uint96 validationFee);
    /// @notice The worker whom the anchor block's hash picks; zero while that hash does not exist yet or no longer, or if
    /// nobody is eligible. It is the eligible worker with the lowest keccak256(abi.encode(hash, jobId, account)); eligible
    /// is who was registered before the draw was anchored, is neither buyer nor publisher, and has the bond free.
    function drawnWorker(bytes32 jobId) external view returns (address);
    function job(bytes32 jobId) external view returns (Job memory);
    /// @notice Whether `account` is the worker of a job on that asset version that is claimed and unfinished, or was rejected and
    /// can still be contested.
    function isWorkerOf(bytes32 jobId, address account, uint256 assetId, uint32 version) external view returns (bool);
    function worker(address account) external view returns (Worker memory);
    /// @notice The active workers, in no particular order; at most 256.
    function workers() external view returns (address[] memory);
    function workerCount() external view returns (uint256);
    function params() external view returns (Params memory);
    /// @notice Owner only, within hard caps. Fees of open jobs stay; windows hold for open jobs too.
    function setParams(Params calldata params_) external;
}
