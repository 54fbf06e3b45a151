// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IArbitrable, IEvidence} from "./Arbitration.sol";
import {IPayouts} from "./IPayouts.sol";
import {Permit, Verdict} from "./Types.sol";

/// @notice Disputes about the content of an order: the buyer says that it does not match its commitments. The price stays
/// in Market; here is decided whose it is, first by validators, then by jurors.
interface IOrderDisputes is IArbitrable, IEvidence, IPayouts {
    /// @dev round -> upheld (validators reject), accepted, or undecided (no quorum); accepted -> jury (the buyer asks);
    /// undecided -> jury (either party asks); all four -> dismissed (the money is the seller's) or upheld (the buyer's).
    enum DisputeState {
        None,
        Round,
        Accepted,
        Undecided,
        Jury,
        Dismissed,
        Upheld
    }

    /// @param verdictWindow Seconds that the validators' round has, from the opening.
    /// @param escalationWindow Seconds in which a party may ask for jurors, from the verdict.
    struct Params {
        uint32 verdictWindow;
        uint32 escalationWindow;
    }

    /// @dev One slot.
    /// @param accepted Whether the validators found that the content is as committed.
    /// @param bySeller Who asked for the jury.
    /// @param until Unix seconds up to which its state waits for somebody; later anybody may resolve it. Zero: for as long
    /// as the jury takes.
    /// @param juryDispute Its number in Disputes.
    /// @param cost Base units of NCR paid for the jury.
    /// @param bond Base units of NCR held for the buyer, after a round without a quorum.
    struct OrderDispute {
        DisputeState state;
        bool accepted;
        bool bySeller;
        uint32 until;
        uint32 juryDispute;
        uint88 cost;
        uint80 bond;
    }

    event OrderDisputed(bytes32 indexed orderId, bytes32 roundId, bytes32 evidence, uint256 until);
    event DisputeJudged(bytes32 indexed orderId, Verdict verdict, uint256 until);
    event DisputeEscalated(bytes32 indexed orderId, uint256 indexed disputeId, address indexed by, uint256 cost);
    event DisputeResolved(bytes32 indexed orderId, bool toSeller);
    event ParamsChanged(Params params);

    error WrongDisputeState(bytes32 orderId, DisputeState state);
    error TooEarly(bytes32 orderId, uint256 notBefore);
    error TooLate(bytes32 orderId, uint256 notAfter);
    error NotParty(bytes32 orderId, address caller);
    error NotDisputes(address caller);
    error NotValidatorsContract(address caller);
    error ParamOutOfRange();

    /// @notice The buyer says that the content does not match its commitments, within Market's confirm window. Pulls a bond
    /// of `Validators.roundFee()`, returned if the dispute is upheld; opens a round that entitles its committee.
    /// @param evidence sha256 of what the buyer has to show.
    function dispute(bytes32 orderId, bytes32 evidence, Permit calldata permit) external returns (bytes32 roundId);
    /// @notice The buyer, after validators accepted the content, or either party, after they came to no verdict, asks for a
    /// jury within the escalation window, and pays it (`Disputes.arbitrationCost`). Neither party can sit on it. Ruling 1 is
    /// for the buyer, 2 for the seller, any other leaves it at the default ruling. Whoever asked and wins gets back what
    /// the other side has put up: the version's reserve, or the buyer's bond.
    function escalate(bytes32 orderId, Permit calldata permit) external returns (uint256 disputeId);
    /// @notice A party adds evidence.
    function submitEvidence(bytes32 orderId, string calldata evidence) external;
    /// @notice Anybody: applies the default ruling to a dispute whose window has passed: what the validators found; else
    /// the seller if they could read the version and it is live; else the buyer. A jury's end is `Disputes.conclude`, then
    /// `Disputes.executeRuling`.
    function resolve(bytes32 orderId) external;

    function disputeOf(bytes32 orderId) external view returns (OrderDispute memory);
    /// @notice Which order a dispute of Disputes is about.
    function orderOf(uint256 disputeId) external view returns (bytes32 orderId);
    function params() external view returns (Params memory);
    /// @notice Owner only, within hard caps. Deadlines that were set stay.
    function setParams(Params calldata params_) external;
}
