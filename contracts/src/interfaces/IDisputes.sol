// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IArbitrator, IEvidence} from "./Arbitration.sol";
import {IPayouts} from "./IPayouts.sol";

/// @notice Disputes ruled on by staked jurors. Any contract may open one (ERC-792); MilestoneEscrow does for its deals.
interface IDisputes is IArbitrator, IEvidence, IPayouts {
    /// @dev drawing -> commit -> reveal -> appeal -> over, and again with a larger jury after an appeal; after the last
    /// jury an appeal leads to governance; over -> final. A draw that comes to nothing is over too.
    enum Phase {
        None,
        Drawing,
        Commit,
        Reveal,
        Appeal,
        Over,
        Governance,
        Final
    }

    enum SeatState {
        Silent,
        Committed,
        Revealed,
        Closed
    }

    /// @param ticketStake Stake behind one ticket of a juror; a ticket is what is drawn.
    /// @param jurorFee For one seat; shared by the seats of a round that voted for the final ruling.
    /// @param penalty For one seat that stays silent; burnt.
    /// @param burnBps Part of a lost appeal's bond that is burnt; the rest goes back.
    /// @param drawWindow Seconds for the draw, from the opening; the other windows follow one another from its end.
    /// @param governanceWindow Seconds in which the owner may rule after the last appeal.
    struct Params {
        uint96 ticketStake;
        uint96 jurorFee;
        uint96 penalty;
        uint16 burnBps;
        uint8 jurySize;
        uint32 drawWindow;
        uint32 commitWindow;
        uint32 revealWindow;
        uint32 appealWindow;
        uint32 governanceWindow;
    }

    /// @param executed Whether the arbitrable contract has taken the ruling.
    struct DisputeInfo {
        address arbitrable;
        uint8 choices;
        uint8 rounds;
        uint8 ruling;
        bool ended;
        bool executed;
    }

    /// @param payer Gets back what nobody earned.
    /// @param fee Base units of NCR for the jurors of this round.
    /// @param bond Base units of NCR put up with the appeal that opened this round.
    /// @param size Seats; a juror may hold several. 0: governance is asked, until `appealUntil`.
    struct RoundInfo {
        address payer;
        uint96 fee;
        uint96 bond;
        uint48 openBlock;
        uint48 anchorBlock;
        uint8 size;
        uint8 drawn;
        uint8 jurors;
        uint8 committed;
        uint8 revealed;
        uint8 leading;
        bool tied;
        uint16 tickets;
        uint16 tries;
        uint40 drawUntil;
        uint40 commitUntil;
        uint40 revealUntil;
        uint40 appealUntil;
        uint128 tally;
    }

    struct Seat {
        uint8 count;
        uint8 vote;
        SeatState state;
        bool paid;
        bytes32 commitment;
    }

    /// @param bond Base units of NCR locked in Staking for the tickets.
    /// @param openSeats Seats on which the juror has still to vote, over all disputes.
    /// @param leftAt Block in which the juror left, or was put out for staying silent; 0 while drawn.
    struct Juror {
        uint96 bond;
        uint8 tickets;
        uint32 openSeats;
        uint48 leftAt;
    }

    event JurorJoined(address indexed juror, uint8 tickets, uint96 bond);
    event JurorLeft(address indexed juror);
    event JurorExited(address indexed juror, uint96 bond);
    event RoundOpened(
        uint256 indexed disputeId, uint8 indexed round, uint8 size, uint96 fee, uint96 bond, address payer
    );
    event PartiesExcluded(uint256 indexed disputeId, address one, address other);
    event SeatDrawn(uint256 indexed disputeId, uint8 indexed round, address indexed juror);
    event JuryDrawn(uint256 indexed disputeId, uint8 indexed round, uint40 commitUntil, uint40 revealUntil);
    event VoteCommitted(uint256 indexed disputeId, uint8 indexed round, address indexed juror, bytes32 commitment);
    event VoteRevealed(uint256 indexed disputeId, uint8 indexed round, address indexed juror, uint8 ruling);
    event SeatClosed(uint256 indexed disputeId, uint8 indexed round, address indexed juror, uint96 penalty);
    event GovernanceRuled(uint256 indexed disputeId, uint8 ruling);
    event DisputeEnded(uint256 indexed disputeId, uint8 ruling, uint256 burnt);
    event RulingExecuted(uint256 indexed disputeId, uint8 ruling);
    event ParamsChanged(Params params);

    error NoEther();
    error BadChoices(uint256 choices);
    error TooFewTickets(uint256 active, uint256 needed);
    error TooManyTickets(uint256 wanted, uint256 cap);
    error StillLeaving(address juror, uint256 openSeats, uint256 notBeforeBlock);
    error NotJuror(address account);
    error WrongDisputePhase(uint256 disputeId, Phase phase);
    error AnchorNotPast(uint256 disputeId, uint256 anchorBlock);
    error NoSeat(uint256 disputeId, uint8 round, address account);
    error WrongSeatState(uint256 disputeId, uint8 round, SeatState state);
    error EmptyCommitment();
    error WrongReveal(uint256 disputeId, address juror);
    error BadRuling(uint256 ruling, uint256 choices);
    error AlreadyExecuted(uint256 disputeId);
    error ParamOutOfRange();

    /// @notice Locks stake for `tickets` more tickets, each drawn with the same chance. At most 10 for one account.
    function joinJury(uint8 tickets) external;
    /// @notice Takes the caller out of later draws.
    function leaveJury() external;
    /// @notice Unlocks the stake of a juror who left 300 blocks ago and owes no vote.
    function exitJury() external;

    /// @notice Anybody: draws up to five seats, from the hash of a block after the round was opened, among the tickets held
    /// before. Repeat until the jury is complete. If that hash is out of reach (256 blocks), anchors anew.
    /// @return drawn Seats drawn so far.
    function draw(uint256 disputeId) external returns (uint8 drawn);
    /// @notice One commitment for all seats that a juror has in a round:
    /// keccak256(abi.encode(disputeId, round, juror, ruling, salt)).
    function commit(uint256 disputeId, bytes32 commitment) external;
    /// @notice Opens it, once all have committed or the time is over. `ruling` 0 refuses to decide.
    function reveal(uint256 disputeId, uint8 ruling, bytes32 salt) external;
    /// @notice Anybody: frees a juror from seats on which it stayed silent past the end of the round, for the penalty, and
    /// takes it out of later draws. Without penalty where the draw was never completed.
    function closeSeat(uint256 disputeId, uint8 round, address juror) external;
    /// @notice Anybody, once a dispute can no longer be appealed: fixes the ruling, pays back or burns the bonds.
    function conclude(uint256 disputeId) external;
    /// @notice Anybody, after that: hands the ruling to the arbitrable contract. Can be repeated if that reverts.
    function executeRuling(uint256 disputeId) external;
    /// @notice Credits a juror's share of the fee of a round in which it voted for the final ruling.
    function claimFee(uint256 disputeId, uint8 round, address juror) external returns (uint256 credited);
    /// @notice Adds evidence to a dispute.
    function submitEvidence(uint256 disputeId, string calldata evidence) external;
    /// @notice Owner only, after the last jury's ruling was appealed, in time.
    function ruleByGovernance(uint256 disputeId, uint8 ruling) external;
    /// @notice Owner only, within hard caps. Open rounds keep their fees, bonds and windows.
    function setParams(Params calldata params_) external;

    function disputeCount() external view returns (uint256);
    function dispute(uint256 disputeId) external view returns (DisputeInfo memory);
    function round(uint256 disputeId, uint8 round_) external view returns (RoundInfo memory);
    function seat(uint256 disputeId, uint8 round_, address juror_) external view returns (Seat memory);
    function votesFor(uint256 disputeId, uint8 round_, uint8 ruling) external view returns (uint8);
    /// @notice What a round says, if it were the last: no vote at all leaves the ruling of the round before; a tie is 0.
    function rulingOf(uint256 disputeId, uint8 round_) external view returns (uint8);
    function juror(address account) external view returns (Juror memory);
    /// @notice Tickets that the next draw can find.
    function activeTickets() external view returns (uint256);
    function phaseOf(uint256 disputeId) external view returns (Phase);
    function params() external view returns (Params memory);
}
