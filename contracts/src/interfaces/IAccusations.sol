// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPayouts} from "./IPayouts.sol";
import {Permit} from "./Types.sol";

/// @notice False grants of key shares: whoever shows what an envelope holds has validators look, and the liar's stake pays.
interface IAccusations is IPayouts {
    /// @dev `Dismissed`: the committee found the grant true, or the disclosure worthless. `Undecided`: no quorum. Either may be
    /// followed by another accusation of the same grant; `Guilty` is final.
    enum State {
        None,
        Open,
        Guilty,
        Dismissed,
        Undecided
    }

    /// @param accusedId Under which the accused was registered when it was accused: its own id of that time.
    struct Accusation {
        address accuser;
        uint96 bond;
        uint16 accusedId;
        State state;
    }

    /// @param lossBps Part of the least stake that a false grant costs.
    /// @param rewardBps Part of that, after the bond, that goes to the accuser; the rest goes into the reward pool.
    struct Params {
        uint16 lossBps;
        uint16 rewardBps;
    }

    event GrantAccused(
        bytes32 indexed roundId,
        bytes32 indexed proofId,
        uint16 indexed validatorId,
        address accuser,
        bytes32 envelope,
        uint96 bond,
        bytes disclosure
    );
    event AccusationEnded(bytes32 indexed roundId, State state, uint256 lost, uint256 toAccuser);
    event ParamsChanged(Params params);

    error GrantAlreadyAccused(bytes32 grantId);
    error GrantAlreadyPunished(bytes32 grantId);
    error DisclosureTooLong(uint256 length, uint256 most);
    error TooFewReferees();
    error NotValidatorsContract(address caller);
    error ParamOutOfRange();

    /// @notice Anybody: accuses a validator of having granted a false share, for a bond as high as the round fee, which pays those who
    /// check. The disclosure must have been made for the caller: a copy is of no use to anybody else.
    /// @param proofId The order or subscription for which it was granted.
    /// @param envelope keccak256 of the sealed share as it stands in the event of the grant.
    /// @param disclosure What shows the content of this one envelope; see packages/sealing. Empty where the envelope says by
    /// itself that it is false.
    function accuse(
        bytes32 proofId,
        uint16 validatorId,
        bytes32 envelope,
        bytes calldata disclosure,
        Permit calldata permit
    ) external returns (bytes32 roundId);

    /// @notice The id of a grant: subject of its rounds. Its low 16 bits are the validator.
    function grantIdOf(bytes32 proofId, uint16 validatorId, bytes32 envelope) external pure returns (bytes32);
    /// @notice The last accusation of a grant.
    function accusationOf(bytes32 grantId) external view returns (Accusation memory);
    function params() external view returns (Params memory);
    /// @notice Owner only, within hard caps.
    function setParams(Params calldata params_) external;
}
