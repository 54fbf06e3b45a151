// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IArbitrable, IEvidence} from "./Arbitration.sol";
import {Permit} from "./Types.sol";

/// @notice Bespoke work, paid milestone by milestone. Everything paid out is a credit that its owner withdraws, so that
/// no token and no receiver can hold up the other side.
interface IMilestoneEscrow is IArbitrable, IEvidence {
    /// @dev waiting -> delivered -> contested -> escalated; each of them -> closed.
    enum MilestoneState {
        None,
        Waiting,
        Delivered,
        Contested,
        Escalated,
        Closed
    }

    /// @param arbiter Splits contested milestones: an account, the Disputes contract, or nobody (zero).
    /// @param reviewWindow Seconds that the buyer has to contest a delivery; silence means it is right.
    /// @param arbitrationWindow Seconds in which a contested milestone is ruled on (or, with Disputes, escalated); silence
    /// means half each.
    /// @param terms Address of the agreement's text, public.
    /// @param salt Chosen by the buyer, so that the same deal can be made twice.
    /// @param amounts Base units of the token, 1 to 16 of them, none zero.
    /// @param deadlines Unix seconds by which each milestone is to be delivered.
    struct DealInput {
        address seller;
        address arbiter;
        address token;
        uint32 reviewWindow;
        uint32 arbitrationWindow;
        string terms;
        bytes32 salt;
        uint96[] amounts;
        uint40[] deadlines;
    }

    /// @param left Base units that are not yet either side's.
    struct Deal {
        address buyer;
        uint32 reviewWindow;
        uint32 arbitrationWindow;
        uint8 milestones;
        address seller;
        uint96 left;
        address arbiter;
        address token;
    }

    /// @param until Unix seconds up to which its state waits for somebody; later anybody may poke it. Zero: for as long as
    /// the dispute takes.
    struct Milestone {
        uint96 left;
        uint40 until;
        MilestoneState state;
    }

    event TokenAllowed(address indexed token, bool allowed);
    event DealOpened(
        bytes32 indexed dealId,
        address indexed buyer,
        address indexed seller,
        address arbiter,
        address token,
        uint96[] amounts,
        uint40[] deadlines
    );
    event MilestoneDelivered(bytes32 indexed dealId, uint8 index, bytes32 digest);
    event MilestoneContested(bytes32 indexed dealId, uint8 index);
    event MilestoneEscalated(bytes32 indexed dealId, uint8 index, uint256 indexed disputeId);
    event MilestoneReleased(bytes32 indexed dealId, uint8 index, uint96 amount);
    event MilestoneRefunded(bytes32 indexed dealId, uint8 index, uint96 amount);
    event MilestoneSplit(bytes32 indexed dealId, uint8 index, uint96 toSeller, uint96 toBuyer);
    event CancelOffered(bytes32 indexed dealId, address indexed party, uint96 toSeller);
    event DealCancelled(bytes32 indexed dealId, uint96 toSeller, uint96 toBuyer);
    event DealRecovered(bytes32 indexed dealId, uint96 toSeller, uint96 toBuyer);
    event Withdrawn(address indexed token, address indexed account, address indexed to, uint256 amount);

    error TokenNotAllowed(address token);
    error BadParties();
    error BadMilestones();
    error WindowOutOfRange();
    error DealExists(bytes32 dealId);
    error UnknownDeal(bytes32 dealId);
    error DealEnded(bytes32 dealId);
    error NothingArrived(address token);
    error NotBuyer(bytes32 dealId, address caller);
    error NotSeller(bytes32 dealId, address caller);
    error NotParty(bytes32 dealId, address caller);
    error NotArbiter(bytes32 dealId, address caller);
    error WrongMilestoneState(bytes32 dealId, uint8 index, MilestoneState state);
    error AmountTooLarge(uint256 amount, uint256 left);
    error ZeroAmount();
    error TooEarly(bytes32 dealId, uint256 notBefore);
    error TooLate(bytes32 dealId, uint256 notAfter);
    error WrongSignature(bytes32 dealId, address signer);

    /// @notice Opens a deal with the caller as its buyer and pulls the sum of the milestones. If less arrives (a token with
    /// a fee on transfers), every milestone is worth that much less.
    /// @return dealId keccak256(abi.encode(chainid, escrow, buyer, salt)).
    function open(DealInput calldata input, Permit calldata permit) external returns (bytes32 dealId);
    /// @notice The seller says that a milestone is done, by its deadline. `digest` is what was delivered.
    function deliver(bytes32 dealId, uint8 index, bytes32 digest) external;
    /// @notice The buyer gives the seller a milestone, or part of it, at any time.
    function release(bytes32 dealId, uint8 index, uint96 amount) external;
    /// @notice The seller gives a milestone, or part of it, back to the buyer, at any time.
    function refund(bytes32 dealId, uint8 index, uint96 amount) external;
    /// @notice The buyer says, within the review window, that a delivery is not what was agreed.
    function contest(bytes32 dealId, uint8 index) external;
    /// @notice The arbiter splits what is left of a contested milestone, within the arbitration window.
    function split(bytes32 dealId, uint8 index, uint96 toSeller) external;
    /// @notice Either party takes a contested milestone to the jurors, where the deal names Disputes as its arbiter, and
    /// pays their fee. Ruling 1 is for the buyer, 2 for the seller, any other one splits in half.
    function escalate(bytes32 dealId, uint8 index) external returns (uint256 disputeId);
    /// @notice A party adds evidence to a milestone.
    function submitEvidence(bytes32 dealId, uint8 index, string calldata evidence) external;
    /// @notice Anybody, once the time is over: undelivered goes to the buyer, delivered and not contested to the seller,
    /// contested and not ruled on half to each.
    function poke(bytes32 dealId, uint8 index) external;
    /// @notice A party offers to end the deal with `toSeller` of what is left for the seller; the same call by the other
    /// party ends it. An offer holds for the sum that was left, and until another one takes its place.
    function cancel(bytes32 dealId, uint96 toSeller) external;
    /// @notice A party ends the deal with the other's signature over
    /// Cancel(bytes32 dealId,uint96 toSeller,uint96 left,uint256 deadline).
    function cancelSigned(bytes32 dealId, uint96 toSeller, uint256 deadline, bytes calldata signature) external;
    /// @notice Pays the caller's credit in a token to `to`. If the contract holds less of the token than it owes (the token
    /// took some away), everybody bears the same part of the loss.
    function withdraw(address token, address to) external returns (uint256 paid);

    /// @notice Owner only: which tokens new deals may be paid in. Open deals stay as they are.
    function allowToken(address token, bool allowed) external;
    /// @notice Owner only, for a deal that cannot be ended in any other way: splits what is left between its two parties.
    function recover(bytes32 dealId, uint96 toSeller) external;

    function deal(bytes32 dealId) external view returns (Deal memory);
    function milestone(bytes32 dealId, uint8 index) external view returns (Milestone memory);
    function dealIdOf(address buyer, bytes32 salt) external view returns (bytes32);
    function evidenceGroupOf(bytes32 dealId, uint8 index) external pure returns (uint256);
    /// @notice Base units of a token credited to an account.
    function owed(address token, address account) external view returns (uint256);
    /// @notice Base units of a token that open deals and credits add up to.
    function liabilities(address token) external view returns (uint256);
    function isAllowed(address token) external view returns (bool);
}
