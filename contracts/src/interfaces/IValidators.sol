// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPayouts} from "./IPayouts.sol";
import {RoundKind, Verdict} from "./Types.sol";

/// @notice The registry of key holders and re-executors, and the rounds in which they attest by commit and reveal.
interface IValidators is IPayouts {
    /// @dev A round's phase follows from time and counts: see `phaseOf`.
    enum Phase {
        None,
        Drawing,
        Commit,
        Reveal,
        Settleable,
        Settled
    }

    /// @dev Why a validator lost stake. `Overruled`: it was in a majority against which a referee round found. `FalseGrant`: not as a
    /// member of the round, but as whom it was about.
    enum Fault {
        None,
        Silence,
        Minority,
        Overruled,
        Accused,
        FalseGrant
    }

    struct Validator {
        address account;
        bool active;
        bytes32 encryptionKey;
        uint256 locked;
        string endpoint;
    }

    struct Round {
        RoundKind kind;
        Verdict verdict;
        bool settled;
        bool ended;
        uint8 size;
        uint8 committed;
        uint8 accepts;
        uint8 rejects;
        uint64 anchorBlock;
        uint40 commitUntil;
        uint40 revealUntil;
        uint96 fee;
        address receiver;
        bytes32 subject;
        uint16[] committee;
    }

    struct Params {
        uint96 minStake;
        uint96 roundFee;
        uint32 commitWindow;
        uint32 revealWindow;
        uint8 committeeSize;
        uint16 silenceBps;
        uint16 minorityBps;
        uint16 overruledBps;
    }

    event ValidatorRegistered(
        uint16 indexed validatorId, address indexed account, bytes32 encryptionKey, string endpoint
    );
    event ValidatorEndpointChanged(uint16 indexed validatorId, string endpoint);
    event ValidatorKeyChanged(uint16 indexed validatorId, bytes32 encryptionKey);
    event ValidatorLeft(uint16 indexed validatorId);
    event RoundOpened(bytes32 indexed roundId, RoundKind kind, bytes32 indexed subject, uint96 fee, uint64 anchorBlock);
    event RoundReanchored(bytes32 indexed roundId, uint64 anchorBlock);
    event CommitteeDrawn(
        bytes32 indexed roundId, uint16[] committee, bytes32 seed, uint40 commitUntil, uint40 revealUntil
    );
    event Committed(bytes32 indexed roundId, uint16 indexed validatorId, bytes32 commitment);
    event Revealed(bytes32 indexed roundId, uint16 indexed validatorId, Verdict verdict, bytes32 evidence);
    event RoundSettled(bytes32 indexed roundId, Verdict verdict, uint8 accepts, uint8 rejects);
    event RewardCredited(bytes32 indexed roundId, uint16 indexed validatorId, uint96 amount);
    event Accused(bytes32 indexed roundId, uint16 indexed accusedId, uint16 indexed accuserId);
    event RoundEnded(bytes32 indexed roundId, Verdict right);
    event ValidatorSlashed(bytes32 indexed roundId, uint16 indexed validatorId, Fault fault, uint256 amount);
    event ParamsChanged(Params params);

    error NotValidator(address account);
    error AlreadyRegistered(uint16 validatorId);
    error StakeTooLow(uint256 stake, uint256 minimum);
    error NotRequester(address caller);
    error TooFewValidators(uint256 active, uint256 needed);
    error TooManyValidators();
    error UnknownRound(bytes32 roundId);
    error NotDrawable(bytes32 roundId);
    error NotInCommittee(bytes32 roundId, uint16 validatorId);
    error WrongPhase(bytes32 roundId, Phase phase);
    error OnDuty(uint16 validatorId, uint256 openRounds);
    error EmptyKey();
    error AlreadyCommitted(bytes32 roundId, uint16 validatorId);
    error NotCommitted(bytes32 roundId, uint16 validatorId);
    error WrongReveal(bytes32 roundId, uint16 validatorId);
    error BadVerdict();
    error NotRevealed(bytes32 roundId, uint16 validatorId);
    error AlreadyAccused(bytes32 roundId, uint16 accusedId);
    error RoundNotOpenToAccusations(bytes32 roundId);
    error ParamOutOfRange();

    /// @notice Registers the caller, whose stake must reach `minStake`, which is locked. Ids start at 1. Whoever
    /// comes back with the same key comes back under the same id, since key shares are held by id.
    /// @param encryptionKey X25519 public key under which key shares are sealed.
    /// @param endpoint Base URL at which share requests are answered.
    function register(bytes32 encryptionKey, string calldata endpoint) external returns (uint16 validatorId);
    function setEndpoint(string calldata endpoint) external;
    /// @notice Gives the caller another encryption key under the same id. Shares that were sealed to the one before stay so until
    /// their keys are handed on (see Custody).
    function setKey(bytes32 encryptionKey) external;
    /// @notice Takes the caller off the list of those who can be drawn and unlocks its stake, or what slashing has left of it.
    /// Refused while it sits in a round that has not ended. Rounds opened before may still draw it.
    function deregister() external;
    /// @notice Requesters (AssetRegistry, OrderDisputes, Training) only; the fee must have been sent to this contract before.
    function openRound(RoundKind kind, bytes32 subject, uint96 fee) external returns (bytes32 roundId);
    /// @notice Challenges and Accusations only: a round of referees about an earlier round's verdict, or about a grant. Excludes both
    /// parties, and seats members of the earlier committee only where there are not enough others. The accused of a
    /// grant cannot leave before `endAccusation`. Returns 0 if fewer than a committee are left.
    function openReferee(RoundKind kind, bytes32 subject, uint96 fee, bytes32 accused, address challenger)
        external
        returns (bytes32 roundId);
    /// @notice Accusations only: lets the accused go, and sends the caller `lossBps` of the least stake out of its stake.
    /// @return lost What was sent, in base units.
    function endAccusation(bytes32 roundId, uint16 accusedId, uint16 lossBps) external returns (uint256 lost);
    /// @notice Anybody: draws the committee, weighted by stake at the opening block, from the hash of a block after the round was opened. If that
    /// hash is out of reach (256 blocks), anchors the draw anew and returns an empty committee.
    function drawCommittee(bytes32 roundId) external returns (uint16[] memory committee);
    /// @notice A drawn member commits to keccak256(abi.encode(roundId, account, verdict, evidence, salt)). Draws the
    /// committee first if nobody has (reverts `NotDrawable` where only `drawCommittee` can help).
    function commit(bytes32 roundId, bytes32 commitment) external;
    /// @notice Opens a commitment, once all have committed or the commit window is over.
    function reveal(bytes32 roundId, Verdict verdict, bytes32 evidence, bytes32 salt) external;
    /// @notice Anybody: ends the round once all who committed have revealed or the reveal window is over. Two thirds of
    /// the committee decide. The round of a run then waits for challenges; others end here: members in the majority share
    /// the fee, who was silent loses `silenceBps` of the least stake.
    function settle(bytes32 roundId) external;
    /// @notice A member that has revealed, before a run's round has ended: another member's evidence is not the one
    /// that who has done the work could have. Two thirds of the others cost that member its reward and `minorityBps` of the
    /// least stake.
    function accuse(bytes32 roundId, uint16 accusedId) external;
    /// @notice Training only: ends a run's round. Members whose verdict was `right` share the fee. `slashes`: the others lose
    /// stake, `minorityBps` into the reward pool or, if their majority was overruled, `overruledBps`. Sends that, and the
    /// fee if nobody has earned it, to the caller.
    /// @return left What was sent, in base units.
    function endRound(bytes32 roundId, Verdict right, bool slashes) external returns (uint256 left);

    function validator(uint16 validatorId) external view returns (Validator memory);
    function validatorIdOf(address account) external view returns (uint16);
    function validatorCount() external view returns (uint16);
    function isActive(uint16 validatorId) external view returns (bool);
    function activeCount() external view returns (uint16);
    /// @notice The set of those who can be drawn now. Sets are never changed, only followed by others.
    function currentSet() external view returns (uint32);
    function candidates(uint32 set) external view returns (uint16[] memory ids, address[] memory accounts);
    function round(bytes32 roundId) external view returns (Round memory);
    function phaseOf(bytes32 roundId) external view returns (Phase);
    function verdictOf(bytes32 roundId, uint16 validatorId) external view returns (Verdict);
    /// @notice The low 64 bits of the seed with which a round's committee was drawn; 0 before. They draw what a committee
    /// re-executes of a long run, see the library Segments.
    function lotOf(bytes32 roundId) external view returns (uint64);
    /// @notice Whether `account` sits in the drawn committee of a round that has not been settled.
    function isMember(bytes32 roundId, address account) external view returns (bool);
    function roundFee() external view returns (uint96);
    function params() external view returns (Params memory);
    /// @notice Owner only, within hard caps. Rounds keep the fee and size with which they were opened, and the windows with
    /// which they were drawn.
    function setParams(Params calldata params_) external;
}
