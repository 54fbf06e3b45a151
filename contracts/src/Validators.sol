// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IStaking} from "./interfaces/IStaking.sol";
import {ITraining} from "./interfaces/ITraining.sol";
import {IValidators} from "./interfaces/IValidators.sol";
import {IVerdictReceiver} from "./interfaces/IVerdictReceiver.sol";
import {RoundKind, System, Verdict} from "./interfaces/Types.sol";
import {Draw} from "./libraries/Draw.sol";
import {EntitlementIds} from "./libraries/EntitlementIds.sol";
import {Payouts} from "./libraries/Payouts.sol";

/// @title Validators
/// @notice Who may be drawn, and the rounds. A draw depends on nothing that anybody can still change once its seed is
/// known: the candidates are an immutable set, their weights the stake at the block before the anchor.
contract Validators is IValidators, Payouts, Ownable2Step {
    using SafeERC20 for IERC20;

    struct Member {
        address account;
        bool active;
        uint32 openRounds;
        bytes32 encryptionKey;
        uint256 locked;
        string endpoint;
    }

    /// @dev `committee` holds up to 12 ids and the round's lot, see Draw. `commitUntil` is 0 until the committee is drawn. `challenger` and
    /// `accused`, the committee whose verdict is in doubt, are there in referee rounds only.
    struct RoundState {
        RoundKind kind;
        Verdict verdict;
        bool settled;
        uint8 size;
        uint8 committed;
        uint8 accepts;
        uint8 rejects;
        uint64 anchorBlock;
        uint40 commitUntil;
        uint40 revealUntil;
        uint32 candidateSet;
        uint16 challenger;
        bool ended;
        uint96 fee;
        address receiver;
        bytes32 subject;
        uint256 committee;
        uint256 accused;
    }

    uint256 public constant MAX_ACTIVE = 64;
    uint256 public constant MAX_WINDOW = 30 days;
    uint96 public constant MAX_ROUND_FEE = 100_000e18;
    uint96 public constant MAX_MIN_STAKE = 10_000_000e18;
    uint16 public constant MAX_SILENCE_BPS = 100;
    uint16 public constant MAX_MINORITY_BPS = 1_000;
    uint16 public constant MAX_OVERRULED_BPS = 5_000;
    uint256 private constant BPS = 10_000;

    IStaking public immutable staking;
    address public immutable registry;
    address public immutable orderDisputes;
    address public immutable training;
    address public immutable challenges;
    address public immutable accusations;

    Params private _params;
    uint16 public validatorCount;
    uint32 public currentSet;
    mapping(uint32 set => uint16[] ids) private _sets;
    mapping(uint16 validatorId => Member) private _members;
    mapping(address account => uint16) public validatorIdOf;
    mapping(bytes32 roundId => RoundState) private _rounds;
    mapping(bytes32 subject => uint256) private _attempts;
    mapping(bytes32 roundId => mapping(uint16 validatorId => bytes32)) private _commitments;
    mapping(bytes32 roundId => mapping(uint16 validatorId => Verdict)) public verdictOf;
    /// @dev One bit for each pair: 12 times the accused's place in the committee plus the accuser's.
    mapping(bytes32 roundId => uint256) private _accusations;

    constructor(System memory system, address owner_, Params memory params_) Payouts(system.token) Ownable(owner_) {
        staking = IStaking(system.staking);
        registry = system.registry;
        orderDisputes = system.orderDisputes;
        training = system.training;
        challenges = system.challenges;
        accusations = system.accusations;
        _setParams(params_);
    }

    /// @inheritdoc IValidators
    function register(bytes32 encryptionKey, string calldata endpoint) external returns (uint16 validatorId) {
        require(encryptionKey != 0, EmptyKey());
        validatorId = validatorIdOf[msg.sender];
        // Who lost its place by slashing first takes back what was left.
        require(_members[validatorId].locked == 0, AlreadyRegistered(validatorId));
        require(activeCount() < MAX_ACTIVE, TooManyValidators());
        uint256 minStake = _params.minStake;
        uint256 free = staking.freeOf(msg.sender);
        require(free >= minStake, StakeTooLow(free, minStake));

        if (validatorId == 0 || _members[validatorId].encryptionKey != encryptionKey) {
            validatorId = ++validatorCount;
            validatorIdOf[msg.sender] = validatorId;
        }
        Member storage member = _members[validatorId];
        member.account = msg.sender;
        member.active = true;
        member.encryptionKey = encryptionKey;
        member.locked = minStake;
        member.endpoint = endpoint;
        _changeSet(0, validatorId);
        emit ValidatorRegistered(validatorId, msg.sender, encryptionKey, endpoint);
        staking.lock(msg.sender, minStake);
    }

    /// @inheritdoc IValidators
    function setEndpoint(string calldata endpoint) external {
        uint16 validatorId = _activeId();
        _members[validatorId].endpoint = endpoint;
        emit ValidatorEndpointChanged(validatorId, endpoint);
    }

    /// @inheritdoc IValidators
    function setKey(bytes32 encryptionKey) external {
        require(encryptionKey != 0, EmptyKey());
        uint16 validatorId = _activeId();
        _members[validatorId].encryptionKey = encryptionKey;
        emit ValidatorKeyChanged(validatorId, encryptionKey);
    }

    /// @inheritdoc IValidators
    function deregister() external {
        uint16 validatorId = validatorIdOf[msg.sender];
        Member storage member = _members[validatorId];
        uint256 locked = member.locked;
        require(locked != 0, NotValidator(msg.sender));
        require(member.openRounds == 0, OnDuty(validatorId, member.openRounds));
        member.locked = 0;
        if (member.active) _leave(validatorId, member);
        staking.unlock(msg.sender, locked);
    }

    /// @inheritdoc IValidators
    function openRound(RoundKind kind, bytes32 subject, uint96 fee) external returns (bytes32 roundId) {
        bool known = msg.sender == registry || msg.sender == orderDisputes || msg.sender == training;
        require(known, NotRequester(msg.sender));
        uint8 size = _params.committeeSize;
        uint256 available = activeCount() - (isActive(_excludedId(kind, subject)) ? 1 : 0);
        require(available >= size, TooFewValidators(available, size));

        return _open(kind, subject, fee, size);
    }

    /// @inheritdoc IValidators
    function openReferee(RoundKind kind, bytes32 subject, uint96 fee, bytes32 accused, address challenger)
        external
        returns (bytes32 roundId)
    {
        require(msg.sender == challenges || msg.sender == accusations, NotRequester(msg.sender));
        uint8 size = _params.committeeSize;
        uint16 challengerId = validatorIdOf[challenger];
        uint16 otherId = _excludedId(kind, subject);
        uint256 available = activeCount();
        if (isActive(otherId)) --available;
        if (challengerId != otherId && isActive(challengerId)) --available;
        if (available < size) return 0;
        roundId = _open(kind, subject, fee, size);
        _rounds[roundId].challenger = challengerId;
        _rounds[roundId].accused = _rounds[accused].committee;
        if (kind == RoundKind.Grant) _hold(otherId);
    }

    /// @inheritdoc IValidators
    /// @dev Without the guard: called while the round settles.
    function endAccusation(bytes32 roundId, uint16 accusedId, uint16 lossBps) external returns (uint256 lost) {
        require(msg.sender == accusations, NotRequester(msg.sender));
        --_members[accusedId].openRounds;
        return _take(roundId, accusedId, Fault.FalseGrant, lossBps, msg.sender);
    }

    /// @inheritdoc IValidators
    function drawCommittee(bytes32 roundId) external returns (uint16[] memory) {
        RoundState storage state = _known(roundId);
        require(_phase(state) == Phase.Drawing, WrongPhase(roundId, _phase(state)));
        return _draw(roundId, state);
    }

    /// @inheritdoc IValidators
    function commit(bytes32 roundId, bytes32 commitment) external {
        RoundState storage state = _known(roundId);
        if (_phase(state) == Phase.Drawing) require(_draw(roundId, state).length != 0, NotDrawable(roundId));
        uint16 validatorId = _memberId(roundId, state);
        require(_commitments[roundId][validatorId] == 0, AlreadyCommitted(roundId, validatorId));
        require(_phase(state) == Phase.Commit, WrongPhase(roundId, _phase(state)));
        require(commitment != 0, NotCommitted(roundId, validatorId));
        _commitments[roundId][validatorId] = commitment;
        ++state.committed;
        emit Committed(roundId, validatorId, commitment);
    }

    /// @inheritdoc IValidators
    function reveal(bytes32 roundId, Verdict verdict, bytes32 evidence, bytes32 salt) external {
        RoundState storage state = _known(roundId);
        uint16 validatorId = _memberId(roundId, state);
        bytes32 commitment = _commitments[roundId][validatorId];
        require(_phase(state) == Phase.Reveal, WrongPhase(roundId, _phase(state)));
        require(commitment != 0 && verdictOf[roundId][validatorId] == Verdict.None, NotCommitted(roundId, validatorId));
        require(verdict != Verdict.None, BadVerdict());
        bytes32 opened = keccak256(abi.encode(roundId, msg.sender, verdict, evidence, salt));
        require(opened == commitment, WrongReveal(roundId, validatorId));
        verdictOf[roundId][validatorId] = verdict;
        if (verdict == Verdict.Accept) ++state.accepts;
        else ++state.rejects;
        emit Revealed(roundId, validatorId, verdict, evidence);
    }

    /// @inheritdoc IValidators
    function settle(bytes32 roundId) external nonReentrant {
        RoundState storage state = _known(roundId);
        require(_phase(state) == Phase.Settleable, WrongPhase(roundId, _phase(state)));
        Verdict verdict = _quorum(state);
        state.verdict = verdict;
        state.settled = true;
        emit RoundSettled(roundId, verdict, state.accepts, state.rejects);
        bool waits = state.receiver == training && verdict != Verdict.None;
        uint256 returned = waits ? 0 : _end(roundId, state, verdict, false);
        IVerdictReceiver(state.receiver).onVerdict(roundId, state.subject, verdict, uint96(returned));
    }

    /// @inheritdoc IValidators
    function accuse(bytes32 roundId, uint16 accusedId) external {
        RoundState storage state = _known(roundId);
        require(state.settled && !state.ended, RoundNotOpenToAccusations(roundId));
        uint16 accuserId = _memberId(roundId, state);
        require(Draw.contains(state.committee, accusedId), NotInCommittee(roundId, accusedId));
        require(verdictOf[roundId][accuserId] != Verdict.None, NotRevealed(roundId, accuserId));
        require(verdictOf[roundId][accusedId] != Verdict.None, NotRevealed(roundId, accusedId));
        require(accuserId != accusedId, AlreadyAccused(roundId, accusedId));
        uint256 place = Draw.placeOf(state.committee, accusedId) * Draw.MAX_SIZE;
        uint256 bit = 1 << (place + Draw.placeOf(state.committee, accuserId));
        require(_accusations[roundId] & bit == 0, AlreadyAccused(roundId, accusedId));
        _accusations[roundId] |= bit;
        emit Accused(roundId, accusedId, accuserId);
    }

    /// @inheritdoc IValidators
    /// @dev Without the guard: a referee round that settles here may end the round that it is about.
    function endRound(bytes32 roundId, Verdict right, bool slashes) external returns (uint256 left) {
        require(msg.sender == training, NotRequester(msg.sender));
        return _end(roundId, _known(roundId), right, slashes);
    }

    /// @inheritdoc IValidators
    function setParams(Params calldata params_) external onlyOwner {
        _setParams(params_);
    }

    /// @inheritdoc IValidators
    function validator(uint16 validatorId) external view returns (Validator memory) {
        Member storage member = _members[validatorId];
        return Validator(member.account, member.active, member.encryptionKey, member.locked, member.endpoint);
    }

    /// @inheritdoc IValidators
    function isActive(uint16 validatorId) public view returns (bool) {
        return _members[validatorId].active;
    }

    /// @inheritdoc IValidators
    function activeCount() public view returns (uint16) {
        return uint16(_sets[currentSet].length);
    }

    /// @inheritdoc IValidators
    function candidates(uint32 set) external view returns (uint16[] memory ids, address[] memory accounts) {
        ids = _sets[set];
        accounts = new address[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) {
            accounts[i] = _members[ids[i]].account;
        }
    }

    /// @inheritdoc IValidators
    function round(bytes32 roundId) external view returns (Round memory) {
        RoundState storage state = _rounds[roundId];
        return Round({
            kind: state.kind,
            verdict: state.verdict,
            settled: state.settled,
            ended: state.ended,
            size: state.size,
            committed: state.committed,
            accepts: state.accepts,
            rejects: state.rejects,
            anchorBlock: state.anchorBlock,
            commitUntil: state.commitUntil,
            revealUntil: state.revealUntil,
            fee: state.fee,
            receiver: state.receiver,
            subject: state.subject,
            committee: Draw.unpack(state.committee)
        });
    }

    /// @inheritdoc IValidators
    function phaseOf(bytes32 roundId) external view returns (Phase) {
        return _phase(_rounds[roundId]);
    }

    /// @inheritdoc IValidators
    function lotOf(bytes32 roundId) external view returns (uint64) {
        return Draw.lotOf(_rounds[roundId].committee);
    }

    /// @inheritdoc IValidators
    function isMember(bytes32 roundId, address account) external view returns (bool) {
        RoundState storage state = _rounds[roundId];
        return !state.settled && Draw.contains(state.committee, validatorIdOf[account]);
    }

    /// @inheritdoc IValidators
    function roundFee() external view returns (uint96) {
        return _params.roundFee;
    }

    /// @inheritdoc IValidators
    function params() external view returns (Params memory) {
        return _params;
    }

    /// @dev Binds the draw to the candidates of now and to a block hash that nobody knows yet.
    function _anchor(RoundState storage state) private returns (uint64 anchorBlock) {
        anchorBlock = uint64(block.number + 1);
        state.anchorBlock = anchorBlock;
        state.candidateSet = currentSet;
    }

    function _draw(bytes32 roundId, RoundState storage state) private returns (uint16[] memory committee) {
        require(block.number > state.anchorBlock, NotDrawable(roundId));
        bytes32 anchorHash = blockhash(state.anchorBlock);
        if (anchorHash == 0) {
            emit RoundReanchored(roundId, _anchor(state));
            return committee;
        }
        bytes32 seed = keccak256(abi.encode(anchorHash, roundId));
        (uint16[] memory ids, uint256[] memory weights) = _candidates(state);
        committee = Draw.pick(seed, ids, weights, state.size);
        for (uint256 i = 0; i < committee.length; ++i) {
            ++_members[committee[i]].openRounds;
        }
        state.committee = Draw.withLot(Draw.pack(committee), seed);
        state.commitUntil = uint40(block.timestamp + _params.commitWindow);
        state.revealUntil = state.commitUntil + _params.revealWindow;
        emit CommitteeDrawn(roundId, committee, seed, state.commitUntil, state.revealUntil);
    }

    function _candidates(RoundState storage state)
        private
        view
        returns (uint16[] memory ids, uint256[] memory weights)
    {
        uint16[] memory set = _sets[state.candidateSet];
        uint16 excluded = _excludedId(state.kind, state.subject);
        uint256 length = set.length;
        for (uint256 i = 0; i < length; ++i) {
            // The one that moves here may have to go as well.
            while (i < length && (set[i] == excluded || set[i] == state.challenger)) set[i] = set[--length];
        }
        ids = new uint16[](length);
        weights = new uint256[](length);
        for (uint256 i = 0; i < length; ++i) {
            ids[i] = set[i];
            uint256 weight = staking.stakeAt(_members[set[i]].account, state.anchorBlock - 1);
            // Whose verdict is in doubt has next to no chance as long as there are others.
            bool outsider = state.accused != 0 && !Draw.contains(state.accused, set[i]);
            weights[i] = outsider ? weight << 64 : weight;
        }
    }

    /// @dev A worker does not judge its own run, nor a validator its own grant, under whatever id it came back.
    function _excludedId(RoundKind kind, bytes32 subject) private view returns (uint16) {
        if (kind == RoundKind.Grant) return validatorIdOf[_members[uint16(uint256(subject))].account];
        bool ofRun = kind == RoundKind.Run || kind == RoundKind.Step;
        return ofRun ? validatorIdOf[ITraining(training).job(subject).worker] : 0;
    }

    function _quorum(RoundState storage state) private view returns (Verdict) {
        uint256 needed = uint256(state.size) * 2;
        if (uint256(state.accepts) * 3 >= needed) return Verdict.Accept;
        return uint256(state.rejects) * 3 >= needed ? Verdict.Reject : Verdict.None;
    }

    function _open(RoundKind kind, bytes32 subject, uint96 fee, uint8 size) private returns (bytes32 roundId) {
        roundId = EntitlementIds.make(
            EntitlementIds.ROUND,
            keccak256(abi.encode(block.chainid, address(this), kind, subject, _attempts[subject]++))
        );
        RoundState storage state = _rounds[roundId];
        state.kind = kind;
        state.size = size;
        state.fee = fee;
        state.receiver = msg.sender;
        state.subject = subject;
        uint64 anchorBlock = _anchor(state);
        emit RoundOpened(roundId, kind, subject, fee, anchorBlock);
    }

    /// @dev Rewards, penalties, end of duty. Sends what is left to the receiver.
    function _end(bytes32 roundId, RoundState storage state, Verdict right, bool slashes)
        private
        returns (uint256 left)
    {
        state.ended = true;
        emit RoundEnded(roundId, right);
        uint16[] memory committee = Draw.unpack(state.committee);
        uint256 winners = 0;
        bool overruled = right != state.verdict;
        (uint256 accused, uint256 size) = (_accusations[roundId], state.size);
        for (uint256 i = 0; i < committee.length; ++i) {
            uint16 id = committee[i];
            --_members[id].openRounds;
            Fault fault = _faultOf(roundId, id, _isConvicted(accused, size, i), right);
            if (fault == Fault.None) committee[winners++] = id;
            else if (fault != Fault.Minority) _penalise(roundId, id, fault, address(staking));
            else if (slashes && overruled) left += _penalise(roundId, id, Fault.Overruled, state.receiver);
            else if (slashes) _penalise(roundId, id, fault, address(staking));
        }
        uint96 fee = state.fee;
        if (winners != 0) {
            _reward(roundId, committee, winners, fee);
        } else if (fee != 0) {
            left += fee;
            token.safeTransfer(state.receiver, fee);
        }
    }

    /// @dev Without a verdict nobody was right, and only the silent were wrong.
    function _faultOf(bytes32 roundId, uint16 id, bool convicted, Verdict right) private view returns (Fault) {
        Verdict said = verdictOf[roundId][id];
        if (said == Verdict.None) return Fault.Silence;
        if (convicted) return Fault.Accused;
        return said == right ? Fault.None : Fault.Minority;
    }

    function _isConvicted(uint256 accused, uint256 size, uint256 place) private pure returns (bool) {
        uint256 accusers = (accused >> (place * Draw.MAX_SIZE)) & ((1 << Draw.MAX_SIZE) - 1);
        uint256 count = 0;
        for (; accusers != 0; accusers &= accusers - 1) {
            ++count;
        }
        return count != 0 && count * 3 >= (size - 1) * 2;
    }

    /// @dev The first `winners` of `ids` share the fee.
    function _reward(bytes32 roundId, uint16[] memory ids, uint256 winners, uint96 fee) private {
        uint96 share = fee / uint96(winners);
        uint96 dust = fee % uint96(winners);
        for (uint256 i = 0; i < winners; ++i) {
            emit RewardCredited(roundId, ids[i], share + dust);
            _credit(_members[ids[i]].account, share + dust);
            dust = 0;
        }
    }

    function _penalise(bytes32 roundId, uint16 id, Fault fault, address to) private returns (uint256) {
        return _take(roundId, id, fault, _bpsOf(fault), to);
    }

    /// @dev What is lost is filled up from free stake. Who cannot fill it up to half loses its place: less at stake than
    /// that is not enough to be trusted with.
    function _take(bytes32 roundId, uint16 id, Fault fault, uint256 bps, address to) private returns (uint256 amount) {
        Member storage member = _members[id];
        uint256 minStake = _params.minStake;
        amount = Math.min(member.locked, minStake * bps / BPS);
        if (amount == 0) return 0;
        address account = member.account;
        emit ValidatorSlashed(roundId, id, fault, amount);
        staking.slash(account, amount, to);
        uint256 refill = Math.min(amount, staking.freeOf(account));
        if (refill != 0) staking.lock(account, refill);
        member.locked = member.locked - amount + refill;
        if (member.active && member.locked * 2 < minStake) _leave(id, member);
    }

    function _bpsOf(Fault fault) private view returns (uint256) {
        if (fault == Fault.Silence) return _params.silenceBps;
        return fault == Fault.Overruled ? _params.overruledBps : _params.minorityBps;
    }

    /// @dev A liar does not leave while others look at what it granted; who has left answers with what it still has in Staking.
    function _hold(uint16 id) private {
        Member storage member = _members[id];
        ++member.openRounds;
        if (member.locked == 0) member.locked = staking.recall(member.account, _params.minStake);
    }

    function _leave(uint16 validatorId, Member storage member) private {
        member.active = false;
        _changeSet(validatorId, 0);
        emit ValidatorLeft(validatorId);
    }

    /// @dev Sets are never changed, only followed by others: a round draws from the one that it was anchored to.
    function _changeSet(uint16 leaving, uint16 joining) private {
        uint16[] memory ids = _sets[currentSet];
        uint16[] storage next = _sets[++currentSet];
        for (uint256 i = 0; i < ids.length; ++i) {
            if (ids[i] != leaving) next.push(ids[i]);
        }
        if (joining != 0) next.push(joining);
    }

    function _phase(RoundState storage state) private view returns (Phase) {
        if (state.receiver == address(0)) return Phase.None;
        if (state.settled) return Phase.Settled;
        if (state.commitUntil == 0) return Phase.Drawing;
        bool allCommitted = state.committed == state.size;
        if (!allCommitted && block.timestamp <= state.commitUntil) return Phase.Commit;
        bool allRevealed = state.accepts + state.rejects == state.committed;
        return allRevealed || block.timestamp > state.revealUntil ? Phase.Settleable : Phase.Reveal;
    }

    function _known(bytes32 roundId) private view returns (RoundState storage state) {
        state = _rounds[roundId];
        require(state.receiver != address(0), UnknownRound(roundId));
    }

    function _memberId(bytes32 roundId, RoundState storage state) private view returns (uint16 validatorId) {
        validatorId = validatorIdOf[msg.sender];
        require(Draw.contains(state.committee, validatorId), NotInCommittee(roundId, validatorId));
    }

    function _activeId() private view returns (uint16 validatorId) {
        validatorId = validatorIdOf[msg.sender];
        require(isActive(validatorId), NotValidator(msg.sender));
    }

    function _setParams(Params memory params_) private {
        bool fits = params_.minStake != 0 && params_.minStake <= MAX_MIN_STAKE && params_.roundFee <= MAX_ROUND_FEE
            && params_.commitWindow != 0 && params_.commitWindow <= MAX_WINDOW && params_.revealWindow != 0
            && params_.revealWindow <= MAX_WINDOW && params_.committeeSize != 0
            && params_.committeeSize <= Draw.MAX_SIZE && params_.silenceBps <= MAX_SILENCE_BPS
            && params_.minorityBps <= MAX_MINORITY_BPS && params_.overruledBps <= MAX_OVERRULED_BPS;
        require(fits, ParamOutOfRange());
        _params = params_;
        emit ParamsChanged(params_);
    }
}
