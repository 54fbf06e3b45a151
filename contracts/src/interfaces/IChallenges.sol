// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPayouts} from "./IPayouts.sol";
import {Outcome, Permit} from "./Types.sol";

/// @notice Challenges of what a quorum said about a run. An accepted receipt is narrowed down, by bisection over its
/// checkpoint tree and a counter tree, to one step, which a fresh committee re-executes. A rejected one is re-executed
/// whole by a fresh committee: a single step can show a receipt wrong, but never right.
/// @dev Positions: 0 is the job itself, on which all agree; k from 1 to the number of checkpoints is leaf k - 1; one more
/// is the receipt, on which they do not. So the step that is left may also be the start, or what follows the last
/// checkpoint (the stop, the model, the metrics).
interface IChallenges is IPayouts {
    /// @dev Step: against an accepted receipt. Canary: the same, by its worker. Appeal: by the worker of a rejected one.
    enum Kind {
        None,
        Step,
        Canary,
        Appeal
    }

    /// @dev playing -> ready (one step is left) -> refereed -> over. Ready waits while another challenge of the same job is
    /// before its referees.
    enum Stage {
        None,
        Playing,
        Ready,
        Refereed,
        Over
    }

    struct Challenge {
        address challenger;
        Kind kind;
        Stage stage;
        Outcome outcome;
        uint40 moveUntil;
        uint96 bond;
        uint32 low;
        uint32 high;
        uint32 count;
        bytes32 jobId;
        bytes32 receiptRoot;
        bytes32 counterRoot;
        bytes32 agreed;
        bytes32 receiptDigest;
        bytes32 counterDigest;
        bytes32 receiptPosted;
        bytes32 counterPosted;
        bytes32 roundId;
    }

    /// @param counter Whether it speaks for the counter tree, else for the receipt's.
    /// @param digest sha256 of the checkpoint's state at the position in question.
    /// @param path Its audit path in that tree, from the sibling up.
    struct Post {
        bool counter;
        bytes32 digest;
        bytes32[] path;
    }

    struct Params {
        address treasury;
        uint96 bond;
        uint32 moveWindow;
        uint16 wrongedBps;
    }

    event ChallengeOpened(
        uint256 indexed challengeId,
        bytes32 indexed jobId,
        address indexed challenger,
        Kind kind,
        bytes32 counterRoot,
        uint96 bond,
        uint40 moveUntil
    );
    event Posted(uint256 indexed challengeId, uint32 position, bool counter, bytes32 digest);
    event Narrowed(uint256 indexed challengeId, uint32 low, uint32 high, uint40 moveUntil);
    /// @dev What the referees are asked. Step, Canary: whether `claimed` follows `agreed` (0: the start) at position `high`;
    /// `claimed` is 0 where that is the receipt itself. Appeal: whether the receipt is right.
    event RefereesCalled(
        uint256 indexed challengeId,
        bytes32 indexed jobId,
        bytes32 indexed roundId,
        Kind kind,
        uint32 high,
        bytes32 agreed,
        bytes32 claimed
    );
    event ChallengeEnded(uint256 indexed challengeId, bytes32 indexed jobId, Outcome outcome, uint256 bondReturned);
    event ParamsChanged(Params params);

    error EmptyRoot();
    error NothingToChallenge(bytes32 jobId);
    error NotJobWorker(bytes32 jobId, address caller);
    error NotTheCanary(bytes32 jobId);
    error AppealUnderWay(bytes32 jobId);
    error WrongStage(uint256 challengeId, Stage stage);
    error MoveTooLate(uint256 challengeId, uint256 notAfter);
    error MoveTooEarly(uint256 challengeId, uint256 notBefore);
    error AlreadyPosted(uint256 challengeId, uint32 position);
    error WrongPath(uint256 challengeId, uint32 position);
    error RefereesBusy(bytes32 jobId, uint256 challengeId);
    error NotValidatorsContract(address caller);
    error ParamOutOfRange();

    /// @notice Anybody, within the challenge window of an accepted job: says that the receipt is wrong, against a bond.
    /// @param counterRoot Root of the right checkpoints, cut or filled up to as many leaves as the receipt has; the
    /// receipt's own where the checkpoints are right and something else is not.
    /// @param permit Optional permit for the bond.
    function challenge(bytes32 jobId, bytes32 counterRoot, Permit calldata permit)
        external
        returns (uint256 challengeId);
    /// @notice The worker of a rejected job, within the challenge window: asks a fresh committee, against a bond.
    function appeal(bytes32 jobId, Permit calldata permit) external returns (uint256 challengeId);
    /// @notice The worker, within the challenge window: its receipt was wrong on purpose, and the counter root was
    /// committed to with it. Rejected: costs the worker what a stalled run costs (returns 0). Accepted: a challenge.
    function revealCanary(bytes32 jobId, bytes32 counterRoot, bytes32 salt, Permit calldata permit)
        external
        returns (uint256 challengeId);
    /// @notice Anybody: shows a tree's digest at the position half-way between `low` and `high`. Once both are shown, the
    /// range is halved; once one step is left, referees are called. A digest that the tree does not have is refused, so it
    /// does not matter who posts.
    function post(uint256 challengeId, Post[] calldata posts) external;
    /// @notice Anybody: ends a challenge whose job is over or whose clock has run out, or calls the referees where others
    /// were before theirs.
    function poke(uint256 challengeId) external;

    function challengeOf(uint256 challengeId) external view returns (Challenge memory);
    function challengeCount() external view returns (uint256);
    /// @notice The challenge whose referees the round is; 0 if none.
    function challengeOfRound(bytes32 roundId) external view returns (uint256);
    function params() external view returns (Params memory);
    /// @notice Owner only, within hard caps.
    function setParams(Params calldata params_) external;
}
