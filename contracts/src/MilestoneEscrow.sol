// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IArbitrable, IArbitrator} from "./interfaces/Arbitration.sol";
import {IMilestoneEscrow} from "./interfaces/IMilestoneEscrow.sol";
import {Permit} from "./interfaces/Types.sol";
import {PermitLib} from "./libraries/PermitLib.sol";

/// @title MilestoneEscrow
/// @notice Holds what open deals have left, and the credits. The owner allows tokens, and may split a stuck deal between
/// its two parties; it can reach nothing else.
contract MilestoneEscrow is IMilestoneEscrow, Ownable2Step, ReentrancyGuardTransient, EIP712 {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;
    using PermitLib for IERC20;

    struct Subject {
        bytes32 dealId;
        uint8 index;
    }

    uint256 public constant MAX_MILESTONES = 16;
    uint256 public constant MAX_TERM = 730 days;
    uint32 public constant MIN_WINDOW = 1 minutes;
    uint32 public constant MAX_WINDOW = 90 days;
    bytes32 private constant CANCEL_TYPE =
        keccak256("Cancel(bytes32 dealId,uint96 toSeller,uint96 left,uint256 deadline)");
    uint256 private constant FOR_BUYER = 1;
    uint256 private constant FOR_SELLER = 2;

    IArbitrator public immutable disputes;
    IERC20 public immutable feeToken;

    mapping(address token => bool) public isAllowed;
    mapping(address token => uint256) public liabilities;
    mapping(address token => mapping(address account => uint256)) public owed;
    mapping(bytes32 dealId => Deal) private _deals;
    mapping(bytes32 dealId => mapping(uint8 index => Milestone)) private _milestones;
    mapping(bytes32 dealId => bytes32 offer) private _offers;
    mapping(uint256 disputeId => Subject) private _subjects;

    /// @param feeToken_ What the jurors of `disputes_` are paid in.
    constructor(IArbitrator disputes_, IERC20 feeToken_, address owner_)
        Ownable(owner_)
        EIP712("NeuroData MilestoneEscrow", "1")
    {
        disputes = disputes_;
        feeToken = feeToken_;
        _allow(address(feeToken_), true);
    }

    /// @inheritdoc IMilestoneEscrow
    function open(DealInput calldata input, Permit calldata permit) external nonReentrant returns (bytes32 dealId) {
        uint256 total = _checkInput(input);
        dealId = dealIdOf(msg.sender, input.salt);
        require(_deals[dealId].buyer == address(0), DealExists(dealId));
        uint96 arrived = _pull(IERC20(input.token), total, permit);
        _deals[dealId] = Deal({
            buyer: msg.sender,
            reviewWindow: input.reviewWindow,
            arbitrationWindow: input.arbitrationWindow,
            milestones: uint8(input.amounts.length),
            seller: input.seller,
            left: arrived,
            arbiter: input.arbiter,
            token: input.token
        });
        liabilities[input.token] += arrived;
        uint96[] memory amounts = _addMilestones(dealId, input, arrived, total);
        emit MetaEvidence(uint256(dealId), input.terms);
        emit DealOpened(dealId, msg.sender, input.seller, input.arbiter, input.token, amounts, input.deadlines);
    }

    /// @inheritdoc IMilestoneEscrow
    function deliver(bytes32 dealId, uint8 index, bytes32 digest) external {
        (Deal storage deal_, Milestone storage part) = _find(dealId, index);
        require(msg.sender == deal_.seller, NotSeller(dealId, msg.sender));
        _advance(dealId, index, part, MilestoneState.Waiting, MilestoneState.Delivered, deal_.reviewWindow);
        emit MilestoneDelivered(dealId, index, digest);
    }

    /// @inheritdoc IMilestoneEscrow
    function contest(bytes32 dealId, uint8 index) external {
        (Deal storage deal_, Milestone storage part) = _find(dealId, index);
        require(msg.sender == deal_.buyer, NotBuyer(dealId, msg.sender));
        _advance(dealId, index, part, MilestoneState.Delivered, MilestoneState.Contested, deal_.arbitrationWindow);
        emit MilestoneContested(dealId, index);
    }

    /// @inheritdoc IMilestoneEscrow
    function release(bytes32 dealId, uint8 index, uint96 amount) external {
        (Deal storage deal_, Milestone storage part) = _find(dealId, index);
        require(msg.sender == deal_.buyer, NotBuyer(dealId, msg.sender));
        _take(deal_, part, amount);
        emit MilestoneReleased(dealId, index, amount);
        owed[deal_.token][deal_.seller] += amount;
    }

    /// @inheritdoc IMilestoneEscrow
    function refund(bytes32 dealId, uint8 index, uint96 amount) external {
        (Deal storage deal_, Milestone storage part) = _find(dealId, index);
        require(msg.sender == deal_.seller, NotSeller(dealId, msg.sender));
        _take(deal_, part, amount);
        emit MilestoneRefunded(dealId, index, amount);
        owed[deal_.token][deal_.buyer] += amount;
    }

    /// @inheritdoc IMilestoneEscrow
    function split(bytes32 dealId, uint8 index, uint96 toSeller) external {
        (Deal storage deal_, Milestone storage part) = _find(dealId, index);
        require(msg.sender == deal_.arbiter, NotArbiter(dealId, msg.sender));
        _requireState(dealId, index, part, MilestoneState.Contested);
        require(block.timestamp <= part.until, TooLate(dealId, part.until));
        require(toSeller <= part.left, AmountTooLarge(toSeller, part.left));
        _split(dealId, index, toSeller);
    }

    /// @inheritdoc IMilestoneEscrow
    function escalate(bytes32 dealId, uint8 index) external nonReentrant returns (uint256 disputeId) {
        (Deal storage deal_, Milestone storage part) = _find(dealId, index);
        _requireParty(dealId, deal_);
        require(deal_.arbiter == address(disputes), NotArbiter(dealId, address(disputes)));
        _advance(dealId, index, part, MilestoneState.Contested, MilestoneState.Escalated, 0);
        part.until = 0;
        uint256 cost = disputes.arbitrationCost("");
        feeToken.safeTransferFrom(msg.sender, address(this), cost);
        feeToken.forceApprove(address(disputes), cost);
        disputeId = disputes.createDispute(2, abi.encode(msg.sender, deal_.buyer, deal_.seller));
        _subjects[disputeId] = Subject(dealId, index);
        emit MilestoneEscalated(dealId, index, disputeId);
        emit Dispute(disputes, disputeId, uint256(dealId), evidenceGroupOf(dealId, index));
    }

    /// @inheritdoc IArbitrable
    /// @dev What the parties have settled meanwhile stays settled; a ruling is never refused.
    function rule(uint256 disputeId, uint256 ruling) external {
        Subject memory subject = _subjects[disputeId];
        require(msg.sender == address(disputes), NotArbiter(subject.dealId, msg.sender));
        emit Ruling(disputes, disputeId, ruling);
        Milestone storage part = _milestones[subject.dealId][subject.index];
        if (part.state != MilestoneState.Escalated || _deals[subject.dealId].left == 0) return;
        uint96 toSeller = ruling == FOR_SELLER ? part.left : ruling == FOR_BUYER ? 0 : part.left / 2;
        _split(subject.dealId, subject.index, toSeller);
    }

    /// @inheritdoc IMilestoneEscrow
    function submitEvidence(bytes32 dealId, uint8 index, string calldata evidence) external {
        (Deal storage deal_,) = _find(dealId, index);
        _requireParty(dealId, deal_);
        emit Evidence(disputes, evidenceGroupOf(dealId, index), msg.sender, evidence);
    }

    /// @inheritdoc IMilestoneEscrow
    function poke(bytes32 dealId, uint8 index) external {
        (, Milestone storage part) = _find(dealId, index);
        MilestoneState state = part.state;
        require(state != MilestoneState.Escalated, WrongMilestoneState(dealId, index, state));
        require(block.timestamp > part.until, TooEarly(dealId, uint256(part.until) + 1));
        if (state == MilestoneState.Waiting) _split(dealId, index, 0);
        else if (state == MilestoneState.Delivered) _split(dealId, index, part.left);
        else _split(dealId, index, part.left / 2);
    }

    /// @inheritdoc IMilestoneEscrow
    function cancel(bytes32 dealId, uint96 toSeller) external {
        Deal storage deal_ = _live(dealId);
        address other = _requireParty(dealId, deal_);
        require(toSeller <= deal_.left, AmountTooLarge(toSeller, deal_.left));
        if (_offers[dealId] == keccak256(abi.encode(other, toSeller, deal_.left))) {
            return _cancel(dealId, deal_, toSeller);
        }
        _offers[dealId] = keccak256(abi.encode(msg.sender, toSeller, deal_.left));
        emit CancelOffered(dealId, msg.sender, toSeller);
    }

    /// @inheritdoc IMilestoneEscrow
    function cancelSigned(bytes32 dealId, uint96 toSeller, uint256 deadline, bytes calldata signature) external {
        Deal storage deal_ = _live(dealId);
        address other = _requireParty(dealId, deal_);
        require(toSeller <= deal_.left, AmountTooLarge(toSeller, deal_.left));
        require(block.timestamp <= deadline, TooLate(dealId, deadline));
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(CANCEL_TYPE, dealId, toSeller, deal_.left, deadline)));
        bool signed = SignatureChecker.isValidSignatureNow(other, digest, signature);
        require(signed, WrongSignature(dealId, other));
        _cancel(dealId, deal_, toSeller);
    }

    /// @inheritdoc IMilestoneEscrow
    function withdraw(address token, address to) external nonReentrant returns (uint256 paid) {
        uint256 amount = owed[token][msg.sender];
        if (amount == 0) return 0;
        uint256 all = liabilities[token];
        paid = Math.mulDiv(amount, Math.min(IERC20(token).balanceOf(address(this)), all), all);
        owed[token][msg.sender] = 0;
        liabilities[token] = all - amount;
        emit Withdrawn(token, msg.sender, to, paid);
        IERC20(token).safeTransfer(to, paid);
    }

    /// @inheritdoc IMilestoneEscrow
    function allowToken(address token, bool allowed) external onlyOwner {
        _allow(token, allowed);
    }

    /// @inheritdoc IMilestoneEscrow
    function recover(bytes32 dealId, uint96 toSeller) external onlyOwner {
        Deal storage deal_ = _live(dealId);
        require(toSeller <= deal_.left, AmountTooLarge(toSeller, deal_.left));
        uint96 toBuyer = deal_.left - toSeller;
        _end(deal_, toSeller, toBuyer);
        emit DealRecovered(dealId, toSeller, toBuyer);
    }

    /// @inheritdoc IMilestoneEscrow
    function deal(bytes32 dealId) external view returns (Deal memory) {
        require(_deals[dealId].buyer != address(0), UnknownDeal(dealId));
        return _deals[dealId];
    }

    /// @inheritdoc IMilestoneEscrow
    function milestone(bytes32 dealId, uint8 index) external view returns (Milestone memory part) {
        part = _milestones[dealId][index];
        // Cancelling and recovering end all milestones at once, without touching them.
        if (_deals[dealId].left == 0 && part.state != MilestoneState.None) {
            (part.left, part.state) = (0, MilestoneState.Closed);
        }
    }

    /// @inheritdoc IMilestoneEscrow
    function dealIdOf(address buyer, bytes32 salt) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), buyer, salt));
    }

    /// @inheritdoc IMilestoneEscrow
    function evidenceGroupOf(bytes32 dealId, uint8 index) public pure returns (uint256) {
        return uint256(keccak256(abi.encode(dealId, index)));
    }

    function _checkInput(DealInput calldata input) private view returns (uint256 total) {
        require(isAllowed[input.token], TokenNotAllowed(input.token));
        bool apart = input.seller != address(0) && input.seller != msg.sender && input.arbiter != msg.sender
            && input.arbiter != input.seller;
        require(apart, BadParties());
        require(_fits(input.reviewWindow) && _fits(input.arbitrationWindow), WindowOutOfRange());
        uint256 count = input.amounts.length;
        require(count != 0 && count <= MAX_MILESTONES && count == input.deadlines.length, BadMilestones());
        for (uint256 i = 0; i < count; ++i) {
            uint40 deadline = input.deadlines[i];
            bool sound = input.amounts[i] != 0 && deadline > block.timestamp && deadline <= block.timestamp + MAX_TERM;
            require(sound, BadMilestones());
            total += input.amounts[i];
        }
        total.toUint96();
    }

    function _fits(uint32 window) private pure returns (bool) {
        return window >= MIN_WINDOW && window <= MAX_WINDOW;
    }

    /// @dev What arrived, and never more than was asked for: the rest would be nobody's.
    function _pull(IERC20 token, uint256 total, Permit calldata permit) private returns (uint96 arrived) {
        uint256 before = token.balanceOf(address(this));
        token.tryPermit(permit);
        token.safeTransferFrom(msg.sender, address(this), total);
        arrived = uint96(Math.min(token.balanceOf(address(this)) - before, total));
        require(arrived != 0, NothingArrived(address(token)));
    }

    function _addMilestones(bytes32 dealId, DealInput calldata input, uint96 arrived, uint256 total)
        private
        returns (uint96[] memory amounts)
    {
        uint256 count = input.amounts.length;
        amounts = new uint96[](count);
        uint96 rest = arrived;
        for (uint256 i = 0; i < count; ++i) {
            amounts[i] = i == count - 1 ? rest : uint96(Math.mulDiv(input.amounts[i], arrived, total));
            rest -= amounts[i];
            MilestoneState state = amounts[i] == 0 ? MilestoneState.Closed : MilestoneState.Waiting;
            _milestones[dealId][uint8(i)] = Milestone(amounts[i], input.deadlines[i], state);
        }
    }

    function _advance(
        bytes32 dealId,
        uint8 index,
        Milestone storage part,
        MilestoneState from,
        MilestoneState to,
        uint32 window
    ) private {
        _requireState(dealId, index, part, from);
        require(block.timestamp <= part.until, TooLate(dealId, part.until));
        part.state = to;
        part.until = uint40(block.timestamp + window);
    }

    function _take(Deal storage deal_, Milestone storage part, uint96 amount) private {
        require(amount != 0, ZeroAmount());
        require(amount <= part.left, AmountTooLarge(amount, part.left));
        part.left -= amount;
        if (part.left == 0) part.state = MilestoneState.Closed;
        deal_.left -= amount;
    }

    /// @dev Ends a milestone: `toSeller` of what is left is the seller's, the rest the buyer's.
    function _split(bytes32 dealId, uint8 index, uint96 toSeller) private {
        Deal storage deal_ = _deals[dealId];
        Milestone storage part = _milestones[dealId][index];
        uint96 toBuyer = part.left - toSeller;
        deal_.left -= part.left;
        (part.left, part.state) = (0, MilestoneState.Closed);
        emit MilestoneSplit(dealId, index, toSeller, toBuyer);
        _credit(deal_, toSeller, toBuyer);
    }

    function _cancel(bytes32 dealId, Deal storage deal_, uint96 toSeller) private {
        uint96 toBuyer = deal_.left - toSeller;
        _end(deal_, toSeller, toBuyer);
        emit DealCancelled(dealId, toSeller, toBuyer);
    }

    function _end(Deal storage deal_, uint96 toSeller, uint96 toBuyer) private {
        deal_.left = 0;
        _credit(deal_, toSeller, toBuyer);
    }

    function _credit(Deal storage deal_, uint96 toSeller, uint96 toBuyer) private {
        if (toSeller != 0) owed[deal_.token][deal_.seller] += toSeller;
        if (toBuyer != 0) owed[deal_.token][deal_.buyer] += toBuyer;
    }

    function _allow(address token, bool allowed) private {
        isAllowed[token] = allowed;
        emit TokenAllowed(token, allowed);
    }

    function _live(bytes32 dealId) private view returns (Deal storage deal_) {
        deal_ = _deals[dealId];
        require(deal_.buyer != address(0), UnknownDeal(dealId));
        require(deal_.left != 0, DealEnded(dealId));
    }

    function _find(bytes32 dealId, uint8 index) private view returns (Deal storage deal_, Milestone storage part) {
        deal_ = _live(dealId);
        part = _milestones[dealId][index];
        bool open_ = part.state != MilestoneState.None && part.state != MilestoneState.Closed;
        require(open_, WrongMilestoneState(dealId, index, part.state));
    }

    function _requireState(bytes32 dealId, uint8 index, Milestone storage part, MilestoneState wanted) private view {
        require(part.state == wanted, WrongMilestoneState(dealId, index, part.state));
    }

    function _requireParty(bytes32 dealId, Deal storage deal_) private view returns (address other) {
        if (msg.sender == deal_.buyer) return deal_.seller;
        require(msg.sender == deal_.seller, NotParty(dealId, msg.sender));
        return deal_.buyer;
    }
}
