// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IArbitrable} from "./interfaces/Arbitration.sol";
import {IAssetRegistry} from "./interfaces/IAssetRegistry.sol";
import {ICuration} from "./interfaces/ICuration.sol";
import {IDisputes} from "./interfaces/IDisputes.sol";
import {IMarket} from "./interfaces/IMarket.sol";
import {Permit, System} from "./interfaces/Types.sol";
import {Payouts} from "./libraries/Payouts.sol";
import {PermitLib} from "./libraries/PermitLib.sol";

/// @title Curation
/// @notice Holds the listing bonds and the credits. A bond goes to the asset's owner or is burnt: to nobody else, so that no
/// curator, treasury or juror gains by a suspension.
/// @dev Only `appeal` and `withdraw` need a guard: the other calls to the coin and to the system's contracts come last.
contract Curation is ICuration, Payouts, Ownable2Step {
    using SafeERC20 for IERC20;
    using PermitLib for IERC20;

    uint96 public constant MAX_BOND = 100_000e18;
    uint32 public constant MAX_WINDOW = 90 days;
    uint256 public constant MAX_REASON = 256;
    uint256 private constant FOR_OWNER = 1;
    uint256 private constant FOR_CURATOR = 2;
    string private constant QUESTION = "1: reinstate the asset and return its bond. 2: keep it suspended and burn the bond.";

    IAssetRegistry public immutable registry;
    IMarket public immutable market;
    IDisputes public immutable disputes;

    Params private _params;
    mapping(address account => bool) public isCurator;
    mapping(uint256 assetId => Record) private _records;
    /// @dev No juror on the appeal, like the owner.
    mapping(uint256 assetId => address curator) private _suspendedBy;
    mapping(uint256 disputeId => uint256 assetId) private _appealed;

    constructor(
        System memory system,
        IDisputes disputes_,
        address owner_,
        Params memory params_,
        address[] memory curators
    ) Payouts(system.token) Ownable(owner_) {
        registry = IAssetRegistry(system.registry);
        market = IMarket(system.market);
        disputes = disputes_;
        _setParams(params_);
        for (uint256 i = 0; i < curators.length; ++i) {
            _setCurator(curators[i], true);
        }
    }

    modifier onlyCurator(string calldata reason) {
        require(isCurator[msg.sender], NotCurator(msg.sender));
        uint256 length = bytes(reason).length;
        require(length != 0 && length <= MAX_REASON, BadReason(length, MAX_REASON));
        _;
    }

    /// @inheritdoc ICuration
    function enter(uint256 assetId) external returns (uint96 bond) {
        require(msg.sender == address(registry), NotRegistry(msg.sender));
        bond = _params.bond;
        uint40 until = uint40(block.timestamp + _params.reviewWindow);
        _records[assetId] = Record(Status.Pending, Appeal.None, until, bond, 0);
        emit AssetEntered(assetId, bond, until);
    }

    /// @inheritdoc ICuration
    function approve(uint256 assetId, string calldata reason) external onlyCurator(reason) {
        _goLive(assetId, _in(assetId, Status.Pending), reason);
    }

    /// @inheritdoc ICuration
    function release(uint256 assetId) external {
        Record storage record_ = _in(assetId, Status.Pending);
        uint256 notBefore = uint256(record_.until) + 1;
        require(block.timestamp >= notBefore, ReviewOpen(assetId, notBefore));
        _goLive(assetId, record_, "review window over");
    }

    /// @inheritdoc ICuration
    function suspend(uint256 assetId, string calldata reason) external onlyCurator(reason) {
        Record storage record_ = _records[assetId];
        Status status = record_.status;
        require(status == Status.Pending || status == Status.Live, WrongStatus(assetId, status));
        (record_.status, record_.appeal) = (Status.Suspended, Appeal.None);
        record_.until = uint40(block.timestamp + _params.appealWindow);
        _suspendedBy[assetId] = msg.sender;
        emit CurationChanged(assetId, Status.Suspended, msg.sender, reason, record_.until);
        market.onSuspension(assetId, true);
    }

    /// @inheritdoc ICuration
    function reinstate(uint256 assetId, string calldata reason) external onlyCurator(reason) {
        Record storage record_ = _in(assetId, Status.Suspended);
        _goLive(assetId, record_, reason);
        market.onSuspension(assetId, false);
    }

    /// @inheritdoc ICuration
    /// @dev Whether a jury can form is asked, not tried: a failing call could be forced by whoever sends too little gas.
    function appeal(uint256 assetId, string calldata evidence, Permit calldata permit)
        external
        nonReentrant
        returns (uint256 disputeId)
    {
        Record storage record_ = _in(assetId, Status.Suspended);
        require(registry.ownerOf(assetId) == msg.sender, NotAssetOwner(assetId, msg.sender));
        require(record_.appeal == Appeal.None, WrongAppeal(assetId, record_.appeal));
        require(block.timestamp <= record_.until, AppealOver(assetId, record_.until));
        if (disputes.activeTickets() < disputes.params().jurySize) {
            _leaveUndecided(assetId, record_);
            return 0;
        }
        record_.appeal = Appeal.Open;
        uint256 cost = disputes.arbitrationCost("");
        token.tryPermit(permit);
        token.safeTransferFrom(msg.sender, address(this), cost);
        token.forceApprove(address(disputes), cost);
        disputeId = disputes.createDispute(2, abi.encode(msg.sender, msg.sender, _suspendedBy[assetId]));
        record_.disputeId = uint64(disputeId);
        _appealed[disputeId] = assetId;
        emit AppealOpened(assetId, disputeId, msg.sender);
        emit MetaEvidence(disputeId, QUESTION);
        emit Dispute(disputes, disputeId, disputeId, assetId);
        emit Evidence(disputes, assetId, msg.sender, evidence);
    }

    /// @inheritdoc IArbitrable
    /// @dev What a curator has taken back meanwhile stays so; a ruling is never refused.
    function rule(uint256 disputeId, uint256 ruling) external {
        require(msg.sender == address(disputes), NotDisputes(msg.sender));
        emit Ruling(disputes, disputeId, ruling);
        uint256 assetId = _appealed[disputeId];
        Record storage record_ = _records[assetId];
        if (record_.disputeId != disputeId || record_.appeal != Appeal.Open) return;
        if (ruling == FOR_OWNER) {
            _goLive(assetId, record_, "jury");
            market.onSuspension(assetId, false);
        } else if (ruling == FOR_CURATOR) {
            record_.appeal = Appeal.Lost;
            emit AppealLost(assetId, disputeId);
        } else {
            _leaveUndecided(assetId, record_);
        }
    }

    /// @inheritdoc ICuration
    function slash(uint256 assetId) external returns (uint96 burnt) {
        Record storage record_ = _in(assetId, Status.Suspended);
        require(record_.appeal != Appeal.Open, WrongAppeal(assetId, Appeal.Open));
        uint256 notBefore = uint256(record_.until) + 1;
        require(record_.appeal == Appeal.Lost || block.timestamp >= notBefore, AppealOpen(assetId, notBefore));
        burnt = record_.bond;
        require(burnt != 0, NothingHeld(assetId));
        record_.bond = 0;
        emit BondSlashed(assetId, burnt);
        ERC20Burnable(address(token)).burn(burnt);
    }

    /// @inheritdoc ICuration
    function setCurator(address curator, bool active) external onlyOwner {
        _setCurator(curator, active);
    }

    /// @inheritdoc ICuration
    function setParams(Params calldata params_) external onlyOwner {
        _setParams(params_);
    }

    /// @inheritdoc ICuration
    function isSuspended(uint256 assetId) external view returns (bool) {
        return _records[assetId].status == Status.Suspended;
    }

    /// @inheritdoc ICuration
    function statusOf(uint256 assetId) external view returns (Status) {
        return _records[assetId].status;
    }

    /// @inheritdoc ICuration
    function record(uint256 assetId) external view returns (Record memory) {
        return _records[assetId];
    }

    /// @inheritdoc ICuration
    function params() external view returns (Params memory) {
        return _params;
    }

    function _goLive(uint256 assetId, Record storage record_, string memory reason) private {
        (record_.status, record_.appeal, record_.until) = (Status.Live, Appeal.None, 0);
        emit CurationChanged(assetId, Status.Live, msg.sender, reason, 0);
        _returnBond(assetId, record_);
    }

    /// @dev Nobody is slashed unheard, and nobody is reinstated unheard.
    function _leaveUndecided(uint256 assetId, Record storage record_) private {
        (record_.appeal, record_.until) = (Appeal.None, uint40(block.timestamp + _params.appealWindow));
        emit AppealUndecided(assetId, record_.until);
        _returnBond(assetId, record_);
    }

    function _returnBond(uint256 assetId, Record storage record_) private {
        uint96 bond = record_.bond;
        if (bond == 0) return;
        record_.bond = 0;
        address owner_ = registry.ownerOf(assetId);
        emit BondReturned(assetId, owner_, bond);
        _credit(owner_, bond);
    }

    function _in(uint256 assetId, Status wanted) private view returns (Record storage record_) {
        record_ = _records[assetId];
        require(record_.status == wanted, WrongStatus(assetId, record_.status));
    }

    function _setCurator(address curator, bool active) private {
        isCurator[curator] = active;
        emit CuratorSet(curator, active);
    }

    function _setParams(Params memory params_) private {
        bool fits = params_.bond <= MAX_BOND && params_.reviewWindow != 0 && params_.reviewWindow <= MAX_WINDOW
            && params_.appealWindow != 0 && params_.appealWindow <= MAX_WINDOW;
        require(fits, ParamOutOfRange());
        _params = params_;
        emit ParamsChanged(params_);
    }
}
