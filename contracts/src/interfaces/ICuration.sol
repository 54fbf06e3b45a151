// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IArbitrable, IEvidence} from "./Arbitration.sol";
import {IPayouts} from "./IPayouts.sol";
import {Permit} from "./Types.sol";

/// @notice What curators say of assets, and the bond that each asset's publisher puts up against spam. A pending asset
/// sells like a live one: the market is open to all, and its pages say what nobody has reviewed yet.
interface ICuration is IPayouts, IArbitrable, IEvidence {
    /// @dev pending -> live (a curator, or anybody after the review window); pending | live -> suspended (a curator);
    /// suspended -> live (a curator, or the jury on appeal). Suspended is final once the bond was slashed, but for a
    /// curator who reinstates.
    enum Status {
        None,
        Pending,
        Live,
        Suspended
    }

    /// @dev Of the present suspension. Open: the jury has it. Lost: the jury has upheld the suspension.
    enum Appeal {
        None,
        Open,
        Lost
    }

    /// @param until Pending: review ends; suspended: the owner may appeal until then. Unix seconds, fixed when it begins.
    /// @param bond Base units of NCR that are held for the asset.
    /// @param disputeId The jury's number of the appeal, while or after there was one in this suspension.
    struct Record {
        Status status;
        Appeal appeal;
        uint40 until;
        uint96 bond;
        uint64 disputeId;
    }

    /// @param bond Taken from the publisher of a new asset, base units of NCR; may be 0.
    /// @param reviewWindow Seconds after which a pending asset goes live unless it was suspended.
    /// @param appealWindow Seconds in which the owner of a suspended asset may appeal.
    struct Params {
        uint96 bond;
        uint32 reviewWindow;
        uint32 appealWindow;
    }

    event AssetEntered(uint256 indexed assetId, uint96 bond, uint40 until);
    /// @param author The curator, or who poked the contract to where time or the jury had brought it.
    event CurationChanged(
        uint256 indexed assetId, Status indexed status, address indexed author, string reason, uint40 until
    );
    event BondReturned(uint256 indexed assetId, address indexed owner, uint96 amount);
    event BondSlashed(uint256 indexed assetId, uint96 amount);
    event AppealOpened(uint256 indexed assetId, uint256 indexed disputeId, address indexed owner);
    /// @notice Too few jurors are there to form a jury, or the jury decided nothing: the bond is returned, the suspension
    /// stands, and the owner may appeal again until `until`.
    event AppealUndecided(uint256 indexed assetId, uint40 until);
    event AppealLost(uint256 indexed assetId, uint256 indexed disputeId);
    event CuratorSet(address indexed curator, bool active);
    event ParamsChanged(Params params);

    error AssetSuspended(uint256 assetId);
    error NotCurator(address caller);
    error NotAssetOwner(uint256 assetId, address caller);
    error NotRegistry(address caller);
    error NotDisputes(address caller);
    error WrongStatus(uint256 assetId, Status status);
    error WrongAppeal(uint256 assetId, Appeal appeal);
    error ReviewOpen(uint256 assetId, uint256 notBefore);
    error AppealOpen(uint256 assetId, uint256 notBefore);
    error AppealOver(uint256 assetId, uint256 notAfter);
    error NothingHeld(uint256 assetId);
    error BadReason(uint256 length, uint256 cap);
    error ParamOutOfRange();

    /// @notice Registry only, while an asset is first published: begins its review. The registry then sends the bond.
    /// @return bond What it must send, base units of NCR.
    function enter(uint256 assetId) external returns (uint96 bond);
    /// @notice A curator finds a pending asset sound: it is live, and the bond is its owner's.
    function approve(uint256 assetId, string calldata reason) external;
    /// @notice Anybody, once the review window is over: the same.
    function release(uint256 assetId) external;
    /// @notice A curator stops new orders, runs, subscriptions and listings of an asset. What was bought keeps all its
    /// rights; nothing that pays out is touched.
    function suspend(uint256 assetId, string calldata reason) external;
    /// @notice A curator takes a suspension back: the asset is live, and a bond that is still held is its owner's.
    function reinstate(uint256 assetId, string calldata reason) external;
    /// @notice The owner of a suspended asset, within the appeal window: asks the jury. Pulls the cost of arbitration. Where
    /// too few jurors are there for a jury, nothing is pulled and the bond is returned: see AppealUndecided.
    /// @param evidence Address of a document, `ipfs://` by rule; jurors read it.
    function appeal(uint256 assetId, string calldata evidence, Permit calldata permit)
        external
        returns (uint256 disputeId);
    /// @notice Anybody: burns the bond of an asset whose suspension the jury has upheld, or that nobody appealed in time.
    function slash(uint256 assetId) external returns (uint96 burnt);
    /// @notice Owner only.
    function setCurator(address curator, bool active) external;
    /// @notice Owner only, within hard caps. Assets under review or suspended keep their bonds and windows.
    function setParams(Params calldata params_) external;

    function isCurator(address account) external view returns (bool);
    function isSuspended(uint256 assetId) external view returns (bool);
    function statusOf(uint256 assetId) external view returns (Status);
    function record(uint256 assetId) external view returns (Record memory);
    function params() external view returns (Params memory);
}
