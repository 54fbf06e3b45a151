// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Permit} from "./Types.sol";

/// @notice Assets (datasets, models, algorithms) as ERC-721 tokens with append-only, immutable versions.
interface IAssetRegistry is IERC2981, IERC721 {
    enum AssetKind {
        Dataset,
        Model,
        Algorithm
    }

    enum VersionStatus {
        None,
        Pending,
        Live,
        Refused,
        Revoked
    }

    /// @param manifestDigest sha256 of the manifest's bytes (its CID follows from it).
    /// @param contentRoot Merkle root over salted plaintext chunks.
    /// @param contentCommitment Salted commitment to plaintext digest and size.
    /// @param keyCommitment sha256 of the keyset document (its CID follows from it).
    /// @param committee Validators that hold key shares; share index = position + 1; 1 to 12 of them.
    /// @param threshold Shares needed to open the key.
    /// @param validatorsMayRead Whether rounds about this version entitle their committee to the key.
    struct VersionInput {
        bytes32 manifestDigest;
        bytes32 contentRoot;
        bytes32 contentCommitment;
        bytes32 keyCommitment;
        uint16[] committee;
        uint8 threshold;
        bool validatorsMayRead;
    }

    /// @param digest keccak256(abi.encode(manifestDigest, contentRoot, contentCommitment, keyCommitment)).
    struct Version {
        bytes32 digest;
        VersionStatus status;
        bool validatorsMayRead;
        uint8 threshold;
        uint40 publishedAt;
        uint16[] committee;
    }

    /// @param shareBps The part of the derived asset's price that goes to the parent's owner, and by the parent's own
    /// lineage further up.
    struct Parent {
        uint64 assetId;
        uint32 version;
        uint16 shareBps;
    }

    /// @notice Where an asset comes from, fixed when it is published.
    /// @param jobId The settled run that made the model: then there is one parent, and the chain proves it. 0: the
    /// publisher declares the parents.
    struct Lineage {
        bytes32 jobId;
        Parent[] parents;
    }

    /// @notice What the owner of an ancestor gets of each price, in hundredths of a percent.
    struct Royalty {
        uint64 assetId;
        uint16 bps;
    }

    event AssetPublished(uint256 indexed assetId, address indexed owner, AssetKind kind);
    /// @param publisher Who sent it: key shares are bound to the publisher, so that a copied keyset is worthless.
    event VersionPublished(
        uint256 indexed assetId, uint32 indexed version, address indexed publisher, VersionInput input, bytes32 roundId
    );
    event VersionStatusChanged(uint256 indexed assetId, uint32 indexed version, VersionStatus status, bytes32 reason);
    event RoundRetried(uint256 indexed assetId, uint32 indexed version, bytes32 roundId);
    event ReserveReleased(uint256 indexed assetId, uint32 indexed version, address indexed to, uint96 amount);
    /// @notice One for each parent. `jobId` 0: declared.
    event LineageRecorded(
        uint256 indexed assetId,
        bytes32 indexed jobId,
        uint256 indexed parentAssetId,
        uint32 parentVersion,
        uint16 shareBps
    );
    event SampleLinked(uint256 indexed assetId, uint256 indexed sampleAssetId);
    /// @param bps Hundredths of a percent of what the asset itself is resold for; 0 with an empty receiver: none.
    event RoyaltySet(uint256 indexed assetId, address indexed receiver, uint96 bps);

    error NotAssetOwner(uint256 assetId, address caller);
    error UnknownVersion(uint256 assetId, uint32 version);
    error BadCommittee();
    error EmptyDigest();
    error PublishingStopped();
    error NotJobBuyer(bytes32 jobId, address caller);
    error TrialHasNoModel(bytes32 jobId);
    error JobNotSettled(bytes32 jobId);
    error BadParents();
    error SharesTooLarge(uint256 bps, uint256 cap);
    error JobAlreadyPublished(bytes32 jobId, uint256 assetId);
    error NotValidatorsContract(address caller);
    error NotOrderDisputes(address caller);
    error NotCustody(address caller);
    error VersionEnded(uint256 assetId, uint32 version, VersionStatus status);
    error ReserveHeldUntil(uint256 assetId, uint32 version, uint256 notBefore);
    error NoReserve(uint256 assetId, uint32 version);
    error NotPending(uint256 assetId, uint32 version);
    error RoundStillOpen(bytes32 roundId);
    error BadSample(uint256 assetId, uint256 sampleAssetId);
    error RoyaltyTooLarge(uint256 bps, uint256 cap);

    /// @notice Publishes version 1 of a new asset, pending until a validator round accepts it. Pulls
    /// `2 * Validators.roundFee()`: one fee for this round, one kept for the first upheld content dispute; and
    /// `Curation.params().bond`, the listing bond. A permit covers all of it.
    function publish(AssetKind kind, VersionInput calldata input, Permit calldata permit)
        external
        returns (uint256 assetId);
    /// @notice Publishes the model of a settled job; only the job's buyer can, once. Lineage and the parent's share come
    /// from the job's listing.
    function publishModel(bytes32 jobId, VersionInput calldata input, Permit calldata permit)
        external
        returns (uint256 assetId);
    /// @notice Publishes version 1 of an asset that was made from others, as `publish` does otherwise.
    /// @param parents One to four known versions, in ascending order of asset and version; shares of 50 % at most in sum.
    function publishDerived(
        AssetKind kind,
        VersionInput calldata input,
        Parent[] calldata parents,
        Permit calldata permit
    ) external returns (uint256 assetId);
    /// @notice Adds the next version of an asset that the caller owns; same fees, no bond. The lineage stays.
    function addVersion(uint256 assetId, VersionInput calldata input, Permit calldata permit)
        external
        returns (uint32 version);
    /// @notice Opens another round for a version whose round ended without a quorum. Pulls one fee.
    function retryRound(uint256 assetId, uint32 version, Permit calldata permit) external returns (bytes32 roundId);
    /// @notice The owner stops new orders of a version. Ciphertext stays public; who has bought keeps what they bought.
    function revokeVersion(uint256 assetId, uint32 version, bytes32 reason) external;
    /// @notice OrderDisputes only: a dispute proved the version's content wrong. Marks it refused and sends the dispute reserve,
    /// if it is still there, to `to`; returns its amount.
    function refuse(uint256 assetId, uint32 version, address to) external returns (uint96 reserve);
    /// @notice OrderDisputes only: jurors ruled for a buyer, who is paid back out of the dispute reserve. The version itself
    /// stays as it is: jurors rule on one order, validators on what was published.
    /// @param most What the buyer has paid; the rest of the reserve stays.
    function spendReserve(uint256 assetId, uint32 version, address to, uint96 most) external returns (uint96 paid);

    /// @notice Anybody: returns the dispute reserve of a revoked version to the asset's owner, 120 days after revocation,
    /// when no order of it can be disputed any more.
    function releaseReserve(uint256 assetId, uint32 version) external returns (uint96 reserve);

    /// @notice Custody only: others hold the key's shares from now on, or the same ones hold others.
    /// @param committee Up to 12 ids of 16 bits, the first in the lowest.
    function moveKey(uint256 assetId, uint32 version, uint256 committee) external;

    /// @notice Says that another asset of the same owner and kind is a sample of this one: a few of its rows, to try a
    /// purchase on. 0 unlinks. Nothing holds the sample to be what it says, or free: whoever buys it sees both.
    function linkSample(uint256 assetId, uint256 sampleAssetId) external;

    /// @notice The asset's owner says what marketplaces should pay, and to whom, when the asset itself is resold (ERC-2981).
    /// A new asset asks for nothing. It is a wish: nothing here enforces it, sales of licences do not know it, and a later owner
    /// may change it.
    /// @param bps Hundredths of a percent of the price, at most 1,000. An empty receiver or 0 switches it off.
    function setRoyalty(uint256 assetId, address receiver, uint96 bps) external;

    /// @notice The asset's sample, or 0.
    function sampleOf(uint256 assetId) external view returns (uint256);
    function kindOf(uint256 assetId) external view returns (AssetKind);
    function latestVersion(uint256 assetId) external view returns (uint32);
    function version(uint256 assetId, uint32 version_) external view returns (Version memory);
    function statusOf(uint256 assetId, uint32 version_) external view returns (VersionStatus);
    /// @notice Hot path: a version in one word, 0 if unknown. From the lowest bit: status 8, validatorsMayRead 8,
    /// threshold 8, publishedAt 40, then 12 places of 16 bits for the committee (0 = empty place).
    function packedVersion(uint256 assetId, uint32 version_) external view returns (uint256);
    function lineageOf(uint256 assetId) external view returns (Lineage memory);
    /// @notice Who shares in an asset's price: at most eight ancestors over at most four generations, the newest first, each
    /// once. A parent's own parents get their shares out of its part; what would go to more, or further up, stays with
    /// the child.
    function royaltiesOf(uint256 assetId) external view returns (Royalty[] memory);
    /// @notice Base units of NCR kept for the first upheld content dispute of a version.
    function reserveOf(uint256 assetId, uint32 version_) external view returns (uint96);
    /// @notice The asset that was published from a job's model, or 0.
    function assetOfJob(bytes32 jobId) external view returns (uint256);
    function roundOf(uint256 assetId, uint32 version_) external view returns (bytes32);
    /// @notice The subject of a version's rounds: assetId << 32 | version.
    function versionKey(uint256 assetId, uint32 version_) external pure returns (bytes32);
}
