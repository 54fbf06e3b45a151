// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Who runs jobs, on what terms, and who of them is drawn.
interface IWorkers {
    /// @param cores Threads that a run may use.
    /// @param memoryMiB What a run may take.
    /// @param pricePerUnit Base units of NCR for one unit of work, see `Needs`.
    /// @param runtimes The engine ids that are served; 1 to 8.
    struct Offer {
        uint16 cores;
        uint32 memoryMiB;
        uint96 pricePerUnit;
        bytes32[] runtimes;
    }

    struct Worker {
        address account;
        bool active;
        string endpoint;
        Offer offer;
    }

    /// @notice What a job asks of a worker. The buyer says so; workers compare it with the job's spec before they claim.
    /// @param runtime The engine id that the spec names.
    /// @param units Work: the sealed file's bytes times the spec's most steps, in GiB, rounded up.
    /// @param maxFee The most that the worker is paid, base units of NCR.
    struct Needs {
        bytes32 runtime;
        uint32 units;
        uint32 memoryMiB;
        uint8 cores;
        uint96 maxFee;
    }

    /// @param buyer Who pays does not run.
    /// @param publisher Nor does who sells the rows.
    /// @param bond What must be free of a worker's stake.
    /// @param notSince Only workers whose offer is from before this block.
    /// @param lost Workers that fell silent over this job.
    struct Ask {
        Needs needs;
        address buyer;
        address publisher;
        uint256 bond;
        uint256 notSince;
        address[] lost;
    }

    /// @param fee What it asks; 0 where it does not fit.
    struct Candidate {
        address account;
        bool fits;
        uint96 fee;
    }

    event WorkerRegistered(address indexed account, string endpoint);
    event OfferChanged(address indexed account, string endpoint, Offer offer);
    event WorkerLeft(address indexed account);

    error NotWorker(address account);
    error AlreadyRegistered(address account);
    error StakeTooLow(uint256 free, uint256 needed);
    error TooManyWorkers();
    error BadOffer();

    function register(string calldata endpoint, Offer calldata offer) external;
    /// @notice Holds for draws whose block comes later; until then the caller is passed over.
    function setOffer(string calldata endpoint, Offer calldata offer) external;
    function deregister() external;

    /// @notice The fitting worker with the lowest keccak256(abi.encode(anchorHash, jobId, account)), and its fee; zero if
    /// nobody fits. It fits who serves the runtime, has the cores, the memory and the bond, and asks for no more than `maxFee`.
    function draw(bytes32 jobId, bytes32 anchorHash, Ask calldata ask) external view returns (address drawn, uint96 fee);
    /// @notice Every worker and whether it fits, in no particular order: what a draw with these needs would look at.
    function candidates(Ask calldata ask) external view returns (Candidate[] memory);
    function worker(address account) external view returns (Worker memory);
    /// @notice The active workers, in no particular order; at most 256.
    function accounts() external view returns (address[] memory);
    function workerCount() external view returns (uint256);
}
