// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IAccusations} from "./interfaces/IAccusations.sol";
import {IStaking} from "./interfaces/IStaking.sol";
import {IValidators} from "./interfaces/IValidators.sol";
import {IVerdictReceiver} from "./interfaces/IVerdictReceiver.sol";
import {Permit, RoundKind, System, Verdict} from "./interfaces/Types.sol";
import {Payouts} from "./libraries/Payouts.sol";
import {PermitLib} from "./libraries/PermitLib.sol";

/// @title Accusations
/// @notice Holds the credits of accusers. Their bonds lie in Validators, as the fees of the rounds that they pay for. What an
/// envelope holds is nothing that a contract could afford to compute: a committee does, and anybody can repeat it.
contract Accusations is IAccusations, IVerdictReceiver, Payouts, Ownable2Step {
    using SafeERC20 for IERC20;
    using PermitLib for IERC20;

    uint16 public constant MAX_LOSS_BPS = 5_000;
    uint16 public constant MAX_REWARD_BPS = 5_000;
    uint256 public constant MAX_DISCLOSURE = 256;
    uint256 private constant BPS = 10_000;

    IValidators public immutable validators;
    IStaking public immutable staking;

    Params private _params;
    mapping(bytes32 grantId => Accusation) private _accusations;

    constructor(System memory system, address owner_, Params memory params_) Payouts(system.token) Ownable(owner_) {
        validators = IValidators(system.validators);
        staking = IStaking(system.staking);
        _setParams(params_);
        token.forceApprove(system.staking, type(uint256).max);
    }

    /// @inheritdoc IAccusations
    function accuse(
        bytes32 proofId,
        uint16 validatorId,
        bytes32 envelope,
        bytes calldata disclosure,
        Permit calldata permit
    ) external nonReentrant returns (bytes32 roundId) {
        require(disclosure.length <= MAX_DISCLOSURE, DisclosureTooLong(disclosure.length, MAX_DISCLOSURE));
        bytes32 grantId = grantIdOf(proofId, validatorId, envelope);
        Accusation storage accusation = _accusations[grantId];
        require(accusation.state != State.Open, GrantAlreadyAccused(grantId));
        require(accusation.state != State.Guilty, GrantAlreadyPunished(grantId));
        uint96 bond = validators.roundFee();
        (accusation.accuser, accusation.bond, accusation.state) = (msg.sender, bond, State.Open);
        token.tryPermit(permit);
        token.safeTransferFrom(msg.sender, address(validators), bond);
        // Who came back under another id answers for what it did under the one before.
        accusation.accusedId = validators.validatorIdOf(validators.validator(validatorId).account);
        roundId = validators.openReferee(RoundKind.Grant, grantId, bond, 0, msg.sender);
        require(roundId != 0, TooFewReferees());
        emit GrantAccused(roundId, proofId, validatorId, msg.sender, envelope, bond, disclosure);
    }

    /// @inheritdoc IVerdictReceiver
    function onVerdict(bytes32 roundId, bytes32 grantId, Verdict verdict, uint96 returnedFee) external nonReentrant {
        require(msg.sender == address(validators), NotValidatorsContract(msg.sender));
        Accusation memory accusation = _accusations[grantId];
        State state = _stateOf(verdict);
        _accusations[grantId].state = state;
        uint256 lost = validators.endAccusation(
            roundId, accusation.accusedId, state == State.Guilty ? _params.lossBps : 0
        );
        uint256 part = _rewardOf(lost, accusation.bond);
        emit AccusationEnded(roundId, state, lost, part + returnedFee);
        _credit(accusation.accuser, part + returnedFee);
        if (lost > part) staking.fundPool(lost - part);
    }

    /// @inheritdoc IAccusations
    function setParams(Params calldata params_) external onlyOwner {
        _setParams(params_);
    }

    /// @inheritdoc IAccusations
    function accusationOf(bytes32 grantId) external view returns (Accusation memory) {
        return _accusations[grantId];
    }

    /// @inheritdoc IAccusations
    function params() external view returns (Params memory) {
        return _params;
    }

    /// @inheritdoc IAccusations
    function grantIdOf(bytes32 proofId, uint16 validatorId, bytes32 envelope) public pure returns (bytes32) {
        uint256 digest = uint256(keccak256(abi.encode(proofId, validatorId, envelope)));
        return bytes32((digest & ~uint256(type(uint16).max)) | validatorId);
    }

    /// @dev The bond comes back first, out of what the liar lost: it has paid those who checked.
    function _rewardOf(uint256 lost, uint256 bond) private view returns (uint256) {
        return lost <= bond ? lost : bond + (lost - bond) * _params.rewardBps / BPS;
    }

    function _stateOf(Verdict verdict) private pure returns (State) {
        if (verdict == Verdict.None) return State.Undecided;
        return verdict == Verdict.Accept ? State.Guilty : State.Dismissed;
    }

    function _setParams(Params memory params_) private {
        require(params_.lossBps <= MAX_LOSS_BPS && params_.rewardBps <= MAX_REWARD_BPS, ParamOutOfRange());
        _params = params_;
        emit ParamsChanged(params_);
    }
}
