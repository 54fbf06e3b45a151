// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPayouts} from "./IPayouts.sol";
import {Permit} from "./Types.sol";

/// @notice Disputes about the content of an order: the buyer says that it does not match its commitments. The price stays
/// in Market; here is decided whose it is.
interface IOrderDisputes is IPayouts {
    /// @dev round -> dismissed (the money is the seller's) or upheld (the buyer's).
    enum DisputeState {
        None,
        Round,
        Dismissed,
        Upheld
    }

    /// @param verdictWindow Seconds that the validators' round has, from the opening.
    struct Params {
        uint32 verdictWindow;
    }

    /// @param until Unix seconds up to which its state waits for somebody; later anybody may resolve it.
    struct OrderDispute {
        DisputeState state;
        uint40 until;
    }

    event OrderDisputed(bytes32 indexed orderId, bytes32 roundId, bytes32 evidence);
    event DisputeResolved(bytes32 indexed orderId, bool toSeller);
    event ParamsChanged(Params params);

    error WrongDisputeState(bytes32 orderId, DisputeState state);
    error TooEarly(bytes32 orderId, uint256 notBefore);
    error NotValidatorsContract(address caller);
    error ParamOutOfRange();

    /// @notice The buyer says that the content does not match its commitments, within Market's confirm window. Pulls a bond
    /// of `Validators.roundFee()`, returned if the dispute is upheld; opens a round that entitles its committee.
    /// @param evidence sha256 of what the buyer has to show.
    function dispute(bytes32 orderId, bytes32 evidence, Permit calldata permit) external returns (bytes32 roundId);
    /// @notice Anybody: applies the default ruling to a dispute whose window has passed without a verdict: the seller if
    /// validators could read the version and accepted it, else the buyer.
    function resolve(bytes32 orderId) external;

    function disputeOf(bytes32 orderId) external view returns (OrderDispute memory);
    function params() external view returns (Params memory);
    /// @notice Owner only, within hard caps. Open disputes keep the windows with which they were opened.
    function setParams(Params calldata params_) external;
}
