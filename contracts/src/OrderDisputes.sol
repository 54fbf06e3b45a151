// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IArbitrable, IArbitrator} from "./interfaces/Arbitration.sol";
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
/// @notice Holds bonds while it is open whose they are, and the credits. Prices stay in Market, which lets this contract
/// alone open and close a dispute of an order.
contract OrderDisputes is IOrderDisputes, IVerdictReceiver, Payouts, Ownable2Step {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;
    using PermitLib for IERC20;
    using VersionWord for uint256;

    uint32 public constant MAX_WINDOW = 30 days;
    /// @dev What jurors are asked, for all orders alike: evidence says what one order is about.
    string private constant META_EVIDENCE =
        'data:application/json,{"category":"Content of an order","title":"Is the content what its publisher committed to?","description":"A buyer says that the data or model that an order delivered does not match its commitments, schema or description.","question":"Whose is the price in escrow?","rulingOptions":{"titles":["The buyer","The seller"]}}';
    uint256 private constant META_EVIDENCE_ID = 0;
    uint256 private constant CHOICES = 2;
    uint256 private constant FOR_BUYER = 1;
    uint256 private constant FOR_SELLER = 2;

    IMarket public immutable market;
    IAssetRegistry public immutable registry;
    IValidators public immutable validators;
    IArbitrator public immutable disputes;

    Params private _params;
    mapping(bytes32 orderId => OrderDispute) private _disputes;
    mapping(uint256 disputeId => bytes32 orderId) public orderOf;

    /// @param disputes_ Takes the jurors' fees out of this contract: it was just paid for that.
    constructor(System memory system, IArbitrator disputes_, address owner_, Params memory params_)
        Payouts(system.token)
        Ownable(owner_)
    {
        market = IMarket(system.market);
        registry = IAssetRegistry(system.registry);
        validators = IValidators(system.validators);
        disputes = disputes_;
        _setParams(params_);
        emit MetaEvidence(META_EVIDENCE_ID, META_EVIDENCE);
        token.forceApprove(address(disputes_), type(uint256).max);
    }

    /// @inheritdoc IOrderDisputes
    function dispute(bytes32 orderId, bytes32 evidence, Permit calldata permit)
        external
        nonReentrant
        returns (bytes32 roundId)
    {
        market.openDispute(orderId, msg.sender);
        OrderDispute storage dispute_ = _disputes[orderId];
        uint32 until = uint32(block.timestamp) + _params.verdictWindow;
        (dispute_.state, dispute_.until) = (DisputeState.Round, until);
        uint96 bond = validators.roundFee();
        token.tryPermit(permit);
        token.safeTransferFrom(msg.sender, address(validators), bond);
        roundId = validators.openRound(RoundKind.Order, orderId, bond);
        emit OrderDisputed(orderId, roundId, evidence, until);
    }

    /// @inheritdoc IOrderDisputes
    function escalate(bytes32 orderId, Permit calldata permit) external nonReentrant returns (uint256 disputeId) {
        OrderDispute memory dispute_ = _disputes[orderId];
        DisputeState state = dispute_.state;
        bool open = state == DisputeState.Accepted || state == DisputeState.Undecided;
        require(open, WrongDisputeState(orderId, state));
        require(block.timestamp <= dispute_.until, TooLate(orderId, dispute_.until));
        (address buyer, address seller) = _partiesOf(orderId);
        bool byBuyer = msg.sender == buyer;
        // What validators accepted is the seller's already.
        bool may = byBuyer || (msg.sender == seller && state == DisputeState.Undecided);
        require(may, NotParty(orderId, msg.sender));

        uint256 cost = disputes.arbitrationCost("");
        (dispute_.state, dispute_.until) = (DisputeState.Jury, 0);
        (dispute_.bySeller, dispute_.cost) = (!byBuyer, cost.toUint88());
        token.tryPermit(permit);
        token.safeTransferFrom(msg.sender, address(this), cost);
        disputeId = disputes.createDispute(CHOICES, abi.encode(msg.sender, buyer, seller));
        dispute_.juryDispute = disputeId.toUint32();
        _disputes[orderId] = dispute_;
        orderOf[disputeId] = orderId;
        emit DisputeEscalated(orderId, disputeId, msg.sender, cost);
        emit Dispute(disputes, disputeId, META_EVIDENCE_ID, uint256(orderId));
    }

    /// @inheritdoc IArbitrable
    function rule(uint256 disputeId, uint256 ruling) external nonReentrant {
        require(msg.sender == address(disputes), NotDisputes(msg.sender));
        emit Ruling(disputes, disputeId, ruling);
        bytes32 orderId = orderOf[disputeId];
        OrderDispute memory dispute_ = _disputes[orderId];
        bool toSeller = ruling == FOR_SELLER || (ruling != FOR_BUYER && _isSellersByDefault(orderId, dispute_));
        _close(orderId, dispute_, toSeller);
    }

    /// @inheritdoc IOrderDisputes
    function submitEvidence(bytes32 orderId, string calldata evidence) external {
        DisputeState state = _disputes[orderId].state;
        require(state != DisputeState.None, WrongDisputeState(orderId, state));
        (address buyer, address seller) = _partiesOf(orderId);
        require(msg.sender == buyer || msg.sender == seller, NotParty(orderId, msg.sender));
        emit Evidence(disputes, uint256(orderId), msg.sender, evidence);
    }

    /// @inheritdoc IOrderDisputes
    function resolve(bytes32 orderId) external nonReentrant {
        OrderDispute memory dispute_ = _disputes[orderId];
        DisputeState state = dispute_.state;
        bool waits = state == DisputeState.Round || state == DisputeState.Accepted || state == DisputeState.Undecided;
        require(waits, WrongDisputeState(orderId, state));
        uint256 notBefore = uint256(dispute_.until) + 1;
        require(block.timestamp >= notBefore, TooEarly(orderId, notBefore));
        _close(orderId, dispute_, _isSellersByDefault(orderId, dispute_));
    }

    /// @inheritdoc IVerdictReceiver
    /// @dev An order that the default ruling has closed meanwhile stays as it is; a proved fault still ends the version.
    function onVerdict(bytes32, bytes32 orderId, Verdict verdict, uint96 returnedFee) external nonReentrant {
        require(msg.sender == address(validators), NotValidatorsContract(msg.sender));
        OrderDispute memory dispute_ = _disputes[orderId];
        bool waiting = dispute_.state == DisputeState.Round;
        if (verdict == Verdict.Reject) {
            if (waiting) _close(orderId, dispute_, false);
            (uint256 assetId, IMarket.Order memory order) = _subjectOf(orderId);
            registry.refuse(assetId, order.version, order.buyer);
        } else if (waiting) {
            bool accepted = verdict == Verdict.Accept;
            dispute_.state = accepted ? DisputeState.Accepted : DisputeState.Undecided;
            dispute_.accepted = accepted;
            dispute_.until = uint32(block.timestamp) + _params.escalationWindow;
            dispute_.bond = uint256(returnedFee).toUint80();
            _disputes[orderId] = dispute_;
            emit DisputeJudged(orderId, verdict, dispute_.until);
        } else {
            _credit(market.order(orderId).buyer, returnedFee);
        }
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

    /// @dev Jurors keep their fee whoever wins. A winner who paid them is paid by what the loser has put up: the seller out
    /// of the buyer's bond, the buyer out of the publisher's reserve.
    function _close(bytes32 orderId, OrderDispute memory dispute_, bool toSeller) private {
        _disputes[orderId].state = toSeller ? DisputeState.Dismissed : DisputeState.Upheld;
        emit DisputeResolved(orderId, toSeller);
        uint256 forSeller = toSeller && dispute_.bySeller ? Math.min(dispute_.bond, dispute_.cost) : 0;
        if (dispute_.bond != 0) {
            (address buyer, address seller) = _partiesOf(orderId);
            _credit(seller, forSeller);
            _credit(buyer, dispute_.bond - forSeller);
        }
        market.closeDispute(orderId, toSeller);
        if (toSeller || dispute_.bySeller || dispute_.cost == 0) return;
        (uint256 assetId, IMarket.Order memory order) = _subjectOf(orderId);
        registry.spendReserve(assetId, order.version, order.buyer, dispute_.cost);
    }

    /// @dev The default ruling. Nobody is paid for a version that has been proved wrong.
    function _isSellersByDefault(bytes32 orderId, OrderDispute memory dispute_) private view returns (bool) {
        (uint256 assetId, IMarket.Order memory order) = _subjectOf(orderId);
        uint256 word = registry.packedVersion(assetId, order.version);
        return dispute_.accepted ? !word.isRefused() : word.isLive() && word.validatorsMayRead();
    }

    function _partiesOf(bytes32 orderId) private view returns (address buyer, address seller) {
        IMarket.Order memory order = market.order(orderId);
        return (order.buyer, market.listing(order.listingId).seller);
    }

    function _subjectOf(bytes32 orderId) private view returns (uint256 assetId, IMarket.Order memory order) {
        order = market.order(orderId);
        assetId = market.listing(order.listingId).assetId;
    }

    function _setParams(Params memory params_) private {
        require(_fits(params_.verdictWindow) && _fits(params_.escalationWindow), ParamOutOfRange());
        _params = params_;
        emit ParamsChanged(params_);
    }

    function _fits(uint32 window) private pure returns (bool) {
        return window != 0 && window <= MAX_WINDOW;
    }
}
