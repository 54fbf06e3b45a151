// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAssetRegistry} from "./interfaces/IAssetRegistry.sol";
import {ICustody} from "./interfaces/ICustody.sol";
import {IStaking} from "./interfaces/IStaking.sol";
import {IValidators} from "./interfaces/IValidators.sol";
import {System} from "./interfaces/Types.sol";
import {Draw} from "./libraries/Draw.sol";
import {VersionWord} from "./libraries/VersionWord.sol";

/// @title Custody
/// @notice Holds no coins and has no owner. Nobody chooses who comes to hold a share: places that fall vacant are drawn.
contract Custody is ICustody {
    using VersionWord for uint256;

    /// @dev `committee` is packed as in Draw; 0 until it is drawn.
    struct HandoverState {
        uint32 epoch;
        uint40 until;
        uint64 anchorBlock;
        uint16 without;
        uint32 candidateSet;
        uint256 committee;
    }

    uint256 public constant WINDOW = 6 hours;
    uint256 private constant NEW_HOLDERS = 12;

    IAssetRegistry public immutable registry;
    IValidators public immutable validators;
    IStaking public immutable staking;

    mapping(bytes32 versionKey => mapping(address opener => HandoverState)) private _handovers;
    /// @dev For each keyset of a handover: one bit for each old place, then one for each new one.
    mapping(bytes32 id => uint256) private _confirmations;
    /// @dev Words of the epochs that are over, with their last second in the place of the publication's.
    mapping(bytes32 versionKey => uint256[]) private _past;
    mapping(bytes32 versionKey => bytes32) private _keysets;

    constructor(System memory system) {
        registry = IAssetRegistry(system.registry);
        validators = IValidators(system.validators);
        staking = IStaking(system.staking);
    }

    /// @inheritdoc ICustody
    function open(uint256 assetId, uint32 version, uint16[] calldata without) external {
        bytes32 key = registry.versionKey(assetId, version);
        uint256 word = registry.packedVersion(assetId, version);
        uint16 vacant = _requireOpener(assetId, version, word, without.length);
        for (uint256 i = 0; i < without.length; ++i) {
            vacant |= uint16(1 << _placeOf(word, without[i]));
        }
        HandoverState storage state = _handovers[key][msg.sender];
        uint32 epoch = uint32(_past[key].length) + 1;
        bool free = state.epoch != epoch || block.timestamp > state.until;
        require(free, HandoverStillOpen(state.until));

        uint16[] memory committee = word.committee();
        state.epoch = epoch;
        state.until = uint40(block.timestamp + WINDOW);
        state.without = vacant;
        _anchor(state);
        state.committee = vacant == 0 ? Draw.pack(committee) : 0;
        emit HandoverOpened(assetId, version, msg.sender, epoch, vacant, state.anchorBlock);
        if (vacant == 0) emit HandoverDrawn(assetId, version, msg.sender, epoch, committee);
    }

    /// @inheritdoc ICustody
    function draw(uint256 assetId, uint32 version, address opener) external returns (uint16[] memory committee) {
        bytes32 key = registry.versionKey(assetId, version);
        HandoverState storage state = _openState(key, opener);
        require(state.committee == 0 && block.number > state.anchorBlock, NotDrawableYet(state.anchorBlock));
        bytes32 anchorHash = blockhash(state.anchorBlock);
        if (anchorHash == 0) {
            _anchor(state);
            emit HandoverOpened(assetId, version, opener, state.epoch, state.without, state.anchorBlock);
            return committee;
        }
        uint256 word = registry.packedVersion(assetId, version);
        bytes32 seed = keccak256(abi.encode(anchorHash, key, opener));
        committee = _fill(word, state.without, _pick(seed, word, state));
        require(committee.length >= word.threshold(), TooFewHolders(committee.length, word.threshold()));
        state.committee = Draw.pack(committee);
        emit HandoverDrawn(assetId, version, opener, state.epoch, committee);
    }

    /// @inheritdoc ICustody
    function confirm(uint256 assetId, uint32 version, address opener, bytes32 keyset) external {
        require(keyset != 0, EmptyKeyset());
        bytes32 key = registry.versionKey(assetId, version);
        HandoverState storage state = _openState(key, opener);
        require(state.committee != 0, NotDrawableYet(state.anchorBlock));
        uint256 word = registry.packedVersion(assetId, version);
        uint16 validatorId = validators.validatorIdOf(msg.sender);
        bytes32 id = keccak256(abi.encode(key, opener, state.epoch, state.anchorBlock, keyset));
        uint256 bits = _confirmations[id];
        uint256 added = bits | _bitsOf(word, state.committee, validatorId);
        require(added != bits, AlreadyConfirmed(validatorId));
        _confirmations[id] = added;
        emit HandoverConfirmed(assetId, version, opener, keyset, validatorId);
        if (_isEnough(added, word, state.committee)) _move(assetId, version, word, state.committee, keyset);
    }

    /// @inheritdoc ICustody
    function handover(uint256 assetId, uint32 version, address opener) external view returns (Handover memory) {
        HandoverState storage state = _handovers[registry.versionKey(assetId, version)][opener];
        return Handover(state.epoch, state.until, state.anchorBlock, state.without, Draw.unpack(state.committee));
    }

    /// @inheritdoc ICustody
    function keysetOf(uint256 assetId, uint32 version) external view returns (uint32 epoch, bytes32 keyset) {
        bytes32 key = registry.versionKey(assetId, version);
        return (uint32(_past[key].length), _keysets[key]);
    }

    /// @inheritdoc ICustody
    function holdersAt(uint256 assetId, uint32 version, uint256 time) external view returns (Holding memory) {
        (uint256 epoch, uint256 word) = _at(assetId, version, time);
        return Holding(uint32(epoch), word.threshold(), word.committee());
    }

    /// @inheritdoc ICustody
    function wordAt(uint256 assetId, uint32 version, uint256 time) external view returns (uint256 word) {
        (, word) = _at(assetId, version, time);
    }

    /// @dev From the newest: what is asked about is seldom older than a few windows.
    function _at(uint256 assetId, uint32 version, uint256 time) private view returns (uint256 epoch, uint256 word) {
        uint256[] storage past = _past[registry.versionKey(assetId, version)];
        epoch = past.length;
        word = registry.packedVersion(assetId, version);
        while (epoch != 0 && past[epoch - 1].publishedAt() >= time) word = past[--epoch];
    }

    function _move(uint256 assetId, uint32 version, uint256 word, uint256 committee, bytes32 keyset) private {
        bytes32 key = registry.versionKey(assetId, version);
        _past[key].push(word.withTime(uint40(block.timestamp)));
        _keysets[key] = keyset;
        uint32 epoch = uint32(_past[key].length);
        emit KeysMoved(assetId, version, epoch, keyset, word.threshold(), Draw.unpack(committee));
        registry.moveKey(assetId, version, committee);
    }

    /// @dev Whoever has no place, before or after, adds nothing and is refused.
    function _bitsOf(uint256 word, uint256 committee, uint16 validatorId) private pure returns (uint256 bits) {
        uint256 place = word.positionOf(validatorId);
        if (place != VersionWord.MAX_COMMITTEE) bits = 1 << place;
        if (Draw.contains(committee, validatorId)) bits |= 1 << (NEW_HOLDERS + Draw.placeOf(committee, validatorId));
        require(bits != 0, NotHolder(validatorId));
    }

    /// @dev Of the old holders as many as can open the key anyway; of the new ones so many that it stays open with a third of
    /// them gone.
    function _isEnough(uint256 bits, uint256 word, uint256 committee) private pure returns (bool) {
        uint256 threshold = word.threshold();
        uint256 twoThirds = (Draw.unpack(committee).length * 2 + 2) / 3;
        uint256 old = bits & ((1 << NEW_HOLDERS) - 1);
        return
            _count(old) >= threshold && _count(bits >> NEW_HOLDERS) >= (twoThirds > threshold ? twoThirds : threshold);
    }

    function _count(uint256 bits) private pure returns (uint256 count) {
        for (; bits != 0; bits &= bits - 1) {
            ++count;
        }
    }

    /// @dev The candidates, and what they weigh, stood before anybody could know the seed.
    function _pick(bytes32 seed, uint256 word, HandoverState storage state) private view returns (uint16[] memory) {
        (uint16[] memory ids, address[] memory accounts) = validators.candidates(state.candidateSet);
        uint256 length = ids.length;
        for (uint256 i = 0; i < length; ++i) {
            // The one that moves here may have to go as well.
            while (i < length && word.positionOf(ids[i]) != VersionWord.MAX_COMMITTEE) {
                --length;
                (ids[i], accounts[i]) = (ids[length], accounts[length]);
            }
        }
        uint16[] memory free = new uint16[](length);
        uint256[] memory weights = new uint256[](length);
        for (uint256 i = 0; i < length; ++i) {
            (free[i], weights[i]) = (ids[i], staking.stakeAt(accounts[i], state.anchorBlock - 1));
        }
        return Draw.pick(seed, free, weights, _count(state.without));
    }

    /// @dev Who stays keeps the order; a place for which nobody is left falls away.
    function _fill(uint256 word, uint256 vacant, uint16[] memory picked) private pure returns (uint16[] memory next) {
        uint16[] memory committee = word.committee();
        next = new uint16[](committee.length - _count(vacant) + picked.length);
        uint256 size = 0;
        uint256 taken = 0;
        for (uint256 i = 0; i < committee.length; ++i) {
            bool stays = (vacant >> i) & 1 == 0;
            if (stays) next[size++] = committee[i];
            else if (taken < picked.length) next[size++] = picked[taken++];
        }
    }

    function _requireOpener(uint256 assetId, uint32 version, uint256 word, uint256 named)
        private
        view
        returns (uint16 vacant)
    {
        require(word != 0, IAssetRegistry.UnknownVersion(assetId, version));
        uint16[] memory committee = word.committee();
        for (uint256 i = 0; i < committee.length; ++i) {
            if (!validators.isActive(committee[i])) vacant |= uint16(1 << i);
        }
        uint16 validatorId = validators.validatorIdOf(msg.sender);
        bool helps = vacant != 0 && named == 0 && validators.isActive(validatorId);
        bool may = helps || word.positionOf(validatorId) != VersionWord.MAX_COMMITTEE
            || registry.ownerOf(assetId) == msg.sender;
        require(may, NotAllowedToOpen(msg.sender));
    }

    function _placeOf(uint256 word, uint16 validatorId) private pure returns (uint256 place) {
        place = word.positionOf(validatorId);
        require(place != VersionWord.MAX_COMMITTEE, NotHolder(validatorId));
    }

    /// @dev Binds the draw to the candidates of now and to a block hash that nobody knows yet.
    function _anchor(HandoverState storage state) private {
        state.anchorBlock = uint64(block.number + 1);
        state.candidateSet = validators.currentSet();
    }

    function _openState(bytes32 key, address opener) private view returns (HandoverState storage state) {
        state = _handovers[key][opener];
        bool lasts = state.epoch == _past[key].length + 1 && block.timestamp <= state.until;
        require(lasts, NoHandover(opener));
    }
}
