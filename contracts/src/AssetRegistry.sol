// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ERC2981} from "@openzeppelin/contracts/token/common/ERC2981.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IAssetRegistry} from "./interfaces/IAssetRegistry.sol";
import {ICuration} from "./interfaces/ICuration.sol";
import {IMarket} from "./interfaces/IMarket.sol";
import {ITraining} from "./interfaces/ITraining.sol";
import {IValidators} from "./interfaces/IValidators.sol";
import {IVerdictReceiver} from "./interfaces/IVerdictReceiver.sol";
import {Permit, RoundKind, System, Verdict} from "./interfaces/Types.sol";
import {Ancestry} from "./libraries/Ancestry.sol";
import {PermitLib} from "./libraries/PermitLib.sol";
import {VersionWord} from "./libraries/VersionWord.sol";

/// @title AssetRegistry
/// @notice Assets and their versions. Holds the dispute reserves and nothing else. Has no owner and no parameters.
contract AssetRegistry is IAssetRegistry, IVerdictReceiver, ERC721, ERC2981, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using PermitLib for IERC20;
    using VersionWord for uint256;
    using Ancestry for uint256[2];

    struct Asset {
        AssetKind kind;
        uint32 latestVersion;
    }

    /// @dev `word` is laid out in VersionWord.
    struct VersionState {
        uint256 word;
        bytes32 digest;
        bytes32 roundId;
        uint96 reserve;
        uint40 revokedAt;
    }

    /// @dev As long as grant, confirm, verdict and escalation windows can be together (30 days each). A jury may take longer:
    /// it pays the buyer back as far as the reserve is still there.
    uint256 public constant RESERVE_HOLD = 120 days;
    uint256 public constant MAX_LINEAGE_BPS = 5_000;
    uint256 public constant MAX_ROYALTY_BPS = 1_000;

    IERC20 public immutable token;
    IValidators public immutable validators;
    IMarket public immutable market;
    ITraining public immutable training;
    address public immutable orderDisputes;
    ICuration public immutable curation;
    address public immutable custody;

    uint256 public assetCount;
    mapping(uint256 assetId => Asset) private _assets;
    mapping(bytes32 versionKey => VersionState) private _versions;
    /// @dev Laid out in Ancestry.
    mapping(uint256 assetId => uint256[2]) private _parents;
    mapping(uint256 assetId => bytes32) private _jobs;
    mapping(bytes32 jobId => uint256 assetId) public assetOfJob;
    mapping(uint256 assetId => uint256) public sampleOf;

    constructor(System memory system) ERC721("NeuroData Asset", "NDA") {
        token = IERC20(system.token);
        validators = IValidators(system.validators);
        market = IMarket(system.market);
        training = ITraining(system.training);
        orderDisputes = system.orderDisputes;
        curation = ICuration(system.curation);
        custody = system.custody;
    }

    /// @inheritdoc IAssetRegistry
    function publish(AssetKind kind, VersionInput calldata input, Permit calldata permit)
        external
        nonReentrant
        returns (uint256 assetId)
    {
        token.tryPermit(permit);
        assetId = _create(kind);
        _addVersion(assetId, input);
    }

    /// @inheritdoc IAssetRegistry
    function publishModel(bytes32 jobId, VersionInput calldata input, Permit calldata permit)
        external
        nonReentrant
        returns (uint256 assetId)
    {
        ITraining.Job memory job = training.job(jobId);
        require(job.state == ITraining.JobState.Settled, JobNotSettled(jobId));
        require(job.buyer == msg.sender, NotJobBuyer(jobId, msg.sender));
        require(!job.trial, TrialHasNoModel(jobId));
        require(assetOfJob[jobId] == 0, JobAlreadyPublished(jobId, assetOfJob[jobId]));
        uint16 shareBps = market.listing(job.listingId).modelShareBps;

        token.tryPermit(permit);
        assetId = _create(AssetKind.Model);
        assetOfJob[jobId] = assetId;
        _jobs[assetId] = jobId;
        _addParent(assetId, 0, Parent(uint64(job.assetId), job.version, shareBps), jobId);
        _addVersion(assetId, input);
    }

    /// @inheritdoc IAssetRegistry
    /// @dev No cycle can come about: parents have versions already, and an asset gets its lineage before its first.
    function publishDerived(
        AssetKind kind,
        VersionInput calldata input,
        Parent[] calldata parents,
        Permit calldata permit
    ) external nonReentrant returns (uint256 assetId) {
        token.tryPermit(permit);
        assetId = _create(kind);
        _declare(assetId, parents);
        _addVersion(assetId, input);
    }

    /// @inheritdoc IAssetRegistry
    function addVersion(uint256 assetId, VersionInput calldata input, Permit calldata permit)
        external
        nonReentrant
        returns (uint32)
    {
        _requireAssetOwner(assetId);
        token.tryPermit(permit);
        return _addVersion(assetId, input);
    }

    /// @inheritdoc IAssetRegistry
    function retryRound(uint256 assetId, uint32 version_, Permit calldata permit)
        external
        nonReentrant
        returns (bytes32 roundId)
    {
        _requireAssetOwner(assetId);
        VersionState storage state = _known(assetId, version_);
        require(state.word.status() == VersionStatus.Pending, NotPending(assetId, version_));
        bytes32 last = state.roundId;
        require(validators.phaseOf(last) == IValidators.Phase.Settled, RoundStillOpen(last));
        uint96 fee = validators.roundFee();
        token.tryPermit(permit);
        roundId = _openRound(assetId, version_, state, fee);
        emit RoundRetried(assetId, version_, roundId);
    }

    /// @inheritdoc IAssetRegistry
    function revokeVersion(uint256 assetId, uint32 version_, bytes32 reason) external {
        _requireAssetOwner(assetId);
        VersionState storage state = _known(assetId, version_);
        VersionStatus status = state.word.status();
        bool open = status == VersionStatus.Pending || status == VersionStatus.Live;
        require(open, VersionEnded(assetId, version_, status));
        state.revokedAt = uint40(block.timestamp);
        _setStatus(assetId, version_, state, VersionStatus.Revoked, reason);
    }

    /// @inheritdoc IAssetRegistry
    function linkSample(uint256 assetId, uint256 sampleAssetId) external {
        _requireAssetOwner(assetId);
        if (sampleAssetId != 0) {
            _requireAssetOwner(sampleAssetId);
            bool fits = sampleAssetId != assetId && _assets[sampleAssetId].kind == _assets[assetId].kind;
            require(fits, BadSample(assetId, sampleAssetId));
        }
        sampleOf[assetId] = sampleAssetId;
        emit SampleLinked(assetId, sampleAssetId);
    }

    /// @inheritdoc IAssetRegistry
    function setRoyalty(uint256 assetId, address receiver, uint96 bps) external {
        _requireAssetOwner(assetId);
        require(bps <= MAX_ROYALTY_BPS, RoyaltyTooLarge(bps, MAX_ROYALTY_BPS));
        if (receiver == address(0) || bps == 0) {
            _resetTokenRoyalty(assetId);
            emit RoyaltySet(assetId, address(0), 0);
        } else {
            _setTokenRoyalty(assetId, receiver, bps);
            emit RoyaltySet(assetId, receiver, bps);
        }
    }

    /// @inheritdoc IAssetRegistry
    function refuse(uint256 assetId, uint32 version_, address to) external nonReentrant returns (uint96 reserve) {
        VersionState storage state = _disputed(assetId, version_);
        if (!state.word.isRefused()) _setStatus(assetId, version_, state, VersionStatus.Refused, "disputed");
        return _payReserve(assetId, version_, state, to, state.reserve);
    }

    /// @inheritdoc IAssetRegistry
    function spendReserve(uint256 assetId, uint32 version_, address to, uint96 most)
        external
        nonReentrant
        returns (uint96)
    {
        VersionState storage state = _disputed(assetId, version_);
        return _payReserve(assetId, version_, state, to, most);
    }

    /// @inheritdoc IAssetRegistry
    function moveKey(uint256 assetId, uint32 version_, uint256 committee) external {
        require(msg.sender == custody, NotCustody(msg.sender));
        VersionState storage state = _known(assetId, version_);
        state.word = state.word.withCommittee(committee);
    }

    /// @inheritdoc IAssetRegistry
    function releaseReserve(uint256 assetId, uint32 version_) external nonReentrant returns (uint96 reserve) {
        VersionState storage state = _known(assetId, version_);
        require(state.revokedAt != 0 && state.reserve != 0, NoReserve(assetId, version_));
        uint256 notBefore = state.revokedAt + RESERVE_HOLD;
        require(block.timestamp >= notBefore, ReserveHeldUntil(assetId, version_, notBefore));
        return _payReserve(assetId, version_, state, ownerOf(assetId), state.reserve);
    }

    /// @inheritdoc IVerdictReceiver
    /// @dev The fee of a round without a verdict goes to the asset's owner, who may pay for another.
    function onVerdict(bytes32, bytes32 subject, Verdict verdict, uint96 returnedFee) external nonReentrant {
        require(msg.sender == address(validators), NotValidatorsContract(msg.sender));
        uint256 assetId = uint256(subject) >> 32;
        uint32 version_ = uint32(uint256(subject));
        VersionState storage state = _versions[subject];
        address owner = ownerOf(assetId);
        bool decides = verdict != Verdict.None && state.word.status() == VersionStatus.Pending;
        if (decides && verdict == Verdict.Accept) _setStatus(assetId, version_, state, VersionStatus.Live, "");
        if (decides && verdict == Verdict.Reject) {
            _setStatus(assetId, version_, state, VersionStatus.Refused, "round");
            // It was never for sale, so there is nothing to dispute.
            _payReserve(assetId, version_, state, owner, state.reserve);
        }
        if (returnedFee != 0) token.safeTransfer(owner, returnedFee);
    }

    /// @inheritdoc IAssetRegistry
    function kindOf(uint256 assetId) external view returns (AssetKind) {
        _requireOwned(assetId);
        return _assets[assetId].kind;
    }

    /// @inheritdoc IAssetRegistry
    function latestVersion(uint256 assetId) external view returns (uint32) {
        return _assets[assetId].latestVersion;
    }

    /// @inheritdoc IAssetRegistry
    function version(uint256 assetId, uint32 version_) external view returns (Version memory) {
        VersionState storage state = _known(assetId, version_);
        uint256 word = state.word;
        return Version({
            digest: state.digest,
            status: word.status(),
            validatorsMayRead: word.validatorsMayRead(),
            threshold: word.threshold(),
            publishedAt: word.publishedAt(),
            committee: word.committee()
        });
    }

    /// @inheritdoc IAssetRegistry
    function statusOf(uint256 assetId, uint32 version_) external view returns (VersionStatus) {
        return packedVersion(assetId, version_).status();
    }

    /// @inheritdoc IAssetRegistry
    function packedVersion(uint256 assetId, uint32 version_) public view returns (uint256) {
        return _versions[versionKey(assetId, version_)].word;
    }

    /// @inheritdoc IAssetRegistry
    function lineageOf(uint256 assetId) external view returns (Lineage memory) {
        return Lineage(_jobs[assetId], _parents[assetId].all());
    }

    /// @inheritdoc IAssetRegistry
    function royaltiesOf(uint256 assetId) external view returns (Royalty[] memory) {
        return Ancestry.royaltiesOf(_parents, assetId);
    }

    /// @inheritdoc IAssetRegistry
    function reserveOf(uint256 assetId, uint32 version_) external view returns (uint96) {
        return _versions[versionKey(assetId, version_)].reserve;
    }

    /// @inheritdoc IAssetRegistry
    function roundOf(uint256 assetId, uint32 version_) external view returns (bytes32) {
        return _versions[versionKey(assetId, version_)].roundId;
    }

    /// @inheritdoc IAssetRegistry
    function versionKey(uint256 assetId, uint32 version_) public pure returns (bytes32) {
        return bytes32((assetId << 32) | version_);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(IERC165, ERC721, ERC2981) returns (bool) {
        return super.supportsInterface(interfaceId);
    }

    function _create(AssetKind kind) private returns (uint256 assetId) {
        assetId = ++assetCount;
        _assets[assetId].kind = kind;
        _mint(msg.sender, assetId);
        emit AssetPublished(assetId, msg.sender, kind);
        uint96 bond = curation.enter(assetId);
        if (bond != 0) token.safeTransferFrom(msg.sender, address(curation), bond);
    }

    function _declare(uint256 assetId, Parent[] calldata parents) private {
        uint256 count = parents.length;
        require(count != 0 && count <= Ancestry.MAX_PARENTS, BadParents());
        uint256 last = 0;
        uint256 sum = 0;
        for (uint256 i = 0; i < count; ++i) {
            Parent calldata parent = parents[i];
            bytes32 key = versionKey(parent.assetId, parent.version);
            require(uint256(key) > last, BadParents());
            require(_versions[key].word != 0, UnknownVersion(parent.assetId, parent.version));
            (last, sum) = (uint256(key), sum + parent.shareBps);
            _addParent(assetId, i, parent, 0);
        }
        require(sum <= MAX_LINEAGE_BPS, SharesTooLarge(sum, MAX_LINEAGE_BPS));
    }

    function _addParent(uint256 assetId, uint256 place, Parent memory parent, bytes32 jobId) private {
        _parents[assetId].set(place, parent);
        emit LineageRecorded(assetId, jobId, parent.assetId, parent.version, parent.shareBps);
    }

    function _addVersion(uint256 assetId, VersionInput calldata input) private returns (uint32 version_) {
        require(!market.paused(), PublishingStopped());
        _checkInput(input);
        version_ = ++_assets[assetId].latestVersion;
        VersionState storage state = _versions[versionKey(assetId, version_)];
        uint96 fee = validators.roundFee();
        state.word = VersionWord.make(input, uint40(block.timestamp));
        state.digest = keccak256(
            abi.encode(input.manifestDigest, input.contentRoot, input.contentCommitment, input.keyCommitment)
        );
        state.reserve = fee;
        token.safeTransferFrom(msg.sender, address(this), fee);
        bytes32 roundId = _openRound(assetId, version_, state, fee);
        emit VersionPublished(assetId, version_, msg.sender, input, roundId);
    }

    function _openRound(uint256 assetId, uint32 version_, VersionState storage state, uint96 fee)
        private
        returns (bytes32 roundId)
    {
        token.safeTransferFrom(msg.sender, address(validators), fee);
        roundId = validators.openRound(RoundKind.Version, versionKey(assetId, version_), fee);
        state.roundId = roundId;
    }

    function _setStatus(
        uint256 assetId,
        uint32 version_,
        VersionState storage state,
        VersionStatus status,
        bytes32 reason
    ) private {
        state.word = state.word.withStatus(status);
        emit VersionStatusChanged(assetId, version_, status, reason);
        market.onVersionChange(assetId, version_, status == VersionStatus.Live);
    }

    function _payReserve(uint256 assetId, uint32 version_, VersionState storage state, address to, uint96 most)
        private
        returns (uint96 paid)
    {
        uint96 reserve = state.reserve;
        paid = reserve < most ? reserve : most;
        if (paid == 0) return 0;
        state.reserve = reserve - paid;
        emit ReserveReleased(assetId, version_, to, paid);
        token.safeTransfer(to, paid);
    }

    function _checkInput(VersionInput calldata input) private view {
        bool whole = input.manifestDigest != 0 && input.contentRoot != 0 && input.contentCommitment != 0
            && input.keyCommitment != 0;
        require(whole, EmptyDigest());
        uint16[] calldata committee = input.committee;
        uint256 size = committee.length;
        require(size != 0 && size <= VersionWord.MAX_COMMITTEE, BadCommittee());
        require(input.threshold != 0 && input.threshold <= size, BadCommittee());
        for (uint256 i = 0; i < size; ++i) {
            require(validators.isActive(committee[i]), BadCommittee());
            for (uint256 k = 0; k < i; ++k) {
                require(committee[k] != committee[i], BadCommittee());
            }
        }
    }

    function _requireAssetOwner(uint256 assetId) private view {
        require(_ownerOf(assetId) == msg.sender, NotAssetOwner(assetId, msg.sender));
    }

    function _disputed(uint256 assetId, uint32 version_) private view returns (VersionState storage) {
        require(msg.sender == orderDisputes, NotOrderDisputes(msg.sender));
        return _known(assetId, version_);
    }

    function _known(uint256 assetId, uint32 version_) private view returns (VersionState storage state) {
        state = _versions[versionKey(assetId, version_)];
        require(state.word != 0, UnknownVersion(assetId, version_));
    }
}
