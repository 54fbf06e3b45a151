// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IAssetRegistry} from "./interfaces/IAssetRegistry.sol";
import {IMarket} from "./interfaces/IMarket.sol";
import {IOrderDisputes} from "./interfaces/IOrderDisputes.sol";
import {IValidators} from "./interfaces/IValidators.sol";
import {IVerdictReceiver} from "./interfaces/IVerdictReceiver.sol";
import {Permit, RoundKind, System, Verdict} from "./interfaces/Types.sol";
import {Payouts} from "./libraries/Payouts.sol";
import {PermitLib} from "./libraries/PermitLib.sol";
import {VersionWord} from "./libraries/VersionWord.sol";

/// @title OrderDisputes
/// @notice Holds the credits of returned bonds. Prices stay in Market, which lets this contract alone open and close a
/// dispute of an order.
contract OrderDisputes is IOrderDisputes, IVerdictReceiver, Payouts, Ownable2Step {
    using SafeERC20 for IERC20;
    using PermitLib for IERC20;
    using VersionWord for uint256;

    uint32 public constant MAX_WINDOW = 30 days;

    IMarket public immutable market;
    IAssetRegistry public immutable registry;
    IValidators public immutable validators;

    Params private _params;
    mapping(bytes32 orderId => OrderDispute) private _disputes;

    constructor(System memory system, address owner_, Params memory params_) Payouts(system.token) Ownable(owner_) {
        market = IMarket(system.market);
        registry = IAssetRegistry(system.registry);
        validators = IValidators(system.validators);
        _setParams(params_);
    }

    /// @inheritdoc IOrderDisputes
    function dispute(bytes32 orderId, bytes32 evidence, Permit calldata permit)
        external
        nonReentrant
        returns (bytes32 roundId)
    {
        market.openDispute(orderId, msg.sender);
        _disputes[orderId] = OrderDispute(DisputeState.Round, uint40(block.timestamp + _params.verdictWindow));
        uint96 bond = validators.roundFee();
        token.tryPermit(permit);
        token.safeTransferFrom(msg.sender, address(validators), bond);
        roundId = validators.openRound(RoundKind.Order, orderId, bond);
        emit OrderDisputed(orderId, roundId, evidence);
    }

    /// @inheritdoc IOrderDisputes
    function resolve(bytes32 orderId) external nonReentrant {
        OrderDispute memory dispute_ = _disputes[orderId];
        require(dispute_.state == DisputeState.Round, WrongDisputeState(orderId, dispute_.state));
        uint256 notBefore = uint256(dispute_.until) + 1;
        require(block.timestamp >= notBefore, TooEarly(orderId, notBefore));
        (uint256 assetId, IMarket.Order memory order) = _subjectOf(orderId);
        uint256 word = registry.packedVersion(assetId, order.version);
        _close(orderId, word.isLive() && word.validatorsMayRead());
    }

    /// @inheritdoc IVerdictReceiver
    /// @dev An order that the default ruling has closed meanwhile stays as it is; a proved fault still ends the version.
    function onVerdict(bytes32, bytes32 orderId, Verdict verdict, uint96 returnedFee) external nonReentrant {
        require(msg.sender == address(validators), NotValidatorsContract(msg.sender));
        (uint256 assetId, IMarket.Order memory order) = _subjectOf(orderId);
        _credit(order.buyer, returnedFee);
        if (verdict == Verdict.None) return;
        if (_disputes[orderId].state == DisputeState.Round) _close(orderId, verdict == Verdict.Accept);
        if (verdict == Verdict.Reject) registry.refuse(assetId, order.version, order.buyer);
    }

    /// @inheritdoc IOrderDisputes
    function setParams(Params calldata params_) external onlyOwner {
        _setParams(params_);
    }

    /// @inheritdoc IOrderDisputes
    function disputeOf(bytes32 orderId) external view returns (OrderDispute memory) {
        return _disputes[orderId];
    }

    /// @inheritdoc IOrderDisputes
    function params() external view returns (Params memory) {
        return _params;
    }

    function _close(bytes32 orderId, bool toSeller) private {
        _disputes[orderId].state = toSeller ? DisputeState.Dismissed : DisputeState.Upheld;
        emit DisputeResolved(orderId, toSeller);
        market.closeDispute(orderId, toSeller);
    }

    function _subjectOf(bytes32 orderId) private view returns (uint256 assetId, IMarket.Order memory order) {
        order = market.order(orderId);
        assetId = market.listing(order.listingId).assetId;
    }

    function _setParams(Params memory params_) private {
        require(params_.verdictWindow != 0 && params_.verdictWindow <= MAX_WINDOW, ParamOutOfRange());
        _params = params_;
        emit ParamsChanged(params_);
    }
}
