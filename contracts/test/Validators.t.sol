// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {NeuroCoin} from "../src/NeuroCoin.sol";
import {Staking} from "../src/Staking.sol";
import {Validators} from "../src/Validators.sol";
import {IValidators} from "../src/interfaces/IValidators.sol";
import {IVerdictReceiver} from "../src/interfaces/IVerdictReceiver.sol";
import {RoundKind, System, Verdict} from "../src/interfaces/Types.sol";
import {newCoin} from "./NewCoin.sol";
import {Test} from "./Test.sol";
import {vm} from "./Vm.sol";

/// @dev This contract stands where AssetRegistry does: it asks for the rounds and hears their verdicts.
contract ValidatorsTest is Test, IVerdictReceiver {
    uint96 private constant MIN_STAKE = 1_000e18;
    uint96 private constant FEE = 10e18 + 1;
    uint32 private constant COMMIT = 600;
    uint32 private constant REVEAL = 900;
    bytes32 private constant SALT = keccak256("salt");
    bytes32 private constant SUBJECT = keccak256("subject");

    NeuroCoin private coin;
    Staking private staking;
    Validators private validators;
    address private owner = account("owner");
    address private stranger = account("stranger");
    address[] private keepers;

    bytes32 private heardRound;
    Verdict private heardVerdict;
    uint96 private heardFee;
    uint256 private heardTimes;

    function setUp() public {
        vm.warp(1_800_000_000);
        vm.roll(1_000);
        uint256 nonce = vm.getNonce(address(this));
        System memory system = System({
            token: vm.computeCreateAddress(address(this), nonce),
            staking: vm.computeCreateAddress(address(this), nonce + 1),
            validators: vm.computeCreateAddress(address(this), nonce + 2),
            registry: address(this),
            market: address(0),
            training: address(0xb),
            subscriptions: address(0),
            orderDisputes: address(0xa),
            curation: address(0),
            offers: address(0),
            challenges: address(0xc)
        });
        coin = newCoin(address(this), address(this), 1_000_000_000e18);
        staking = new Staking(system, account("disputes"), owner, 0, 7 days);
        validators = new Validators(system, owner, _params());
        string[4] memory names = ["v1", "v2", "v3", "v4"];
        for (uint256 i = 0; i < 4; ++i) {
            keepers.push(account(names[i]));
            _register(keepers[i], MIN_STAKE);
        }
        mine(1);
    }

    function onVerdict(bytes32 roundId, bytes32 subject, Verdict verdict, uint96 returnedFee) external {
        assertEq(subject, SUBJECT, "subject");
        (heardRound, heardVerdict, heardFee) = (roundId, verdict, returnedFee);
        ++heardTimes;
    }

    // Registration

    function test_registerLocksTheStake() public view {
        IValidators.Validator memory v = validators.validator(2);
        assertEq(v.account, keepers[1], "account");
        assertTrue(v.active && validators.isActive(2), "active");
        assertEq(validators.validatorIdOf(keepers[1]), 2, "id");
        assertEq(validators.validatorCount(), 4, "count");
        assertEq(validators.activeCount(), 4, "active count");
        assertEq(staking.lockedOf(keepers[1]), MIN_STAKE, "locked");
    }

    function test_registerRefusals() public {
        vm.expectRevert(abi.encodeWithSelector(IValidators.StakeTooLow.selector, 0, MIN_STAKE));
        validators.register("key", "x");
        vm.expectRevert(IValidators.EmptyKey.selector);
        validators.register(0, "x");
        vm.expectRevert(abi.encodeWithSelector(IValidators.AlreadyRegistered.selector, 1));
        vm.prank(keepers[0]);
        validators.register("key", "x");
    }

    function test_atMost64() public {
        for (uint256 i = 4; i < 64; ++i) {
            _register(vm.addr(1_000 + i), MIN_STAKE);
        }
        _stake(vm.addr(2_000), MIN_STAKE);
        vm.expectRevert(IValidators.TooManyValidators.selector);
        vm.prank(vm.addr(2_000));
        validators.register("key", "x");
    }

    function test_setEndpoint() public {
        vm.prank(keepers[0]);
        validators.setEndpoint("https://new.example");
        assertEq(keccak256(bytes(validators.validator(1).endpoint)), keccak256("https://new.example"), "endpoint");
        vm.expectRevert(abi.encodeWithSelector(IValidators.NotValidator.selector, stranger));
        vm.prank(stranger);
        validators.setEndpoint("x");
    }

    function test_deregisterAndComeBack() public {
        vm.prank(keepers[0]);
        validators.deregister();
        assertEq(validators.activeCount(), 3, "left");
        assertEq(staking.lockedOf(keepers[0]), 0, "unlocked");
        vm.expectRevert(abi.encodeWithSelector(IValidators.NotValidator.selector, keepers[0]));
        vm.prank(keepers[0]);
        validators.deregister();

        vm.prank(keepers[0]);
        assertEq(validators.register(_keyOf(keepers[0]), "x"), 1, "same key, same id");
        vm.prank(keepers[0]);
        validators.deregister();
        vm.prank(keepers[0]);
        assertEq(validators.register("another", "x"), 5, "another key, another id");
    }

    function test_nobodyLeavesWhileOnDuty() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        address caller = _accountOf(committee[0]);
        vm.expectRevert(abi.encodeWithSelector(IValidators.OnDuty.selector, committee[0], 1));
        vm.prank(caller);
        validators.deregister();
        skip(COMMIT + 1);
        validators.settle(roundId);
        vm.prank(_accountOf(committee[0]));
        validators.deregister();
    }

    // Opening and drawing

    function test_onlyRequestersOpen() public {
        vm.expectRevert(abi.encodeWithSelector(IValidators.NotRequester.selector, stranger));
        vm.prank(stranger);
        validators.openRound(RoundKind.Version, SUBJECT, 0);
    }

    function test_tooFewValidators() public {
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(keepers[i]);
            validators.deregister();
        }
        vm.expectRevert(abi.encodeWithSelector(IValidators.TooFewValidators.selector, 2, 3));
        validators.openRound(RoundKind.Version, SUBJECT, FEE);
    }

    function test_roundIdsDiffer() public {
        bytes32 first = _open();
        bytes32 second = _open();
        assertTrue(first != second, "an attempt is a round of its own");
        assertEq(uint8(first[0]), 3, "prefix");
    }

    function test_drawing() public {
        bytes32 unknown = "unknown";
        vm.expectRevert(abi.encodeWithSelector(IValidators.UnknownRound.selector, unknown));
        validators.drawCommittee(unknown);
        assertEq(uint8(validators.phaseOf(unknown)), uint8(IValidators.Phase.None), "none");

        bytes32 roundId = _open();
        _assertPhase(roundId, IValidators.Phase.Drawing);
        mine(1);
        vm.expectRevert(abi.encodeWithSelector(IValidators.NotDrawable.selector, roundId));
        validators.drawCommittee(roundId);
        mine(1);
        uint16[] memory committee = validators.drawCommittee(roundId);
        assertEq(committee.length, 3, "size");
        _assertPhase(roundId, IValidators.Phase.Commit);
        IValidators.Round memory round = validators.round(roundId);
        assertEq(round.committee.length, 3, "stored");
        assertEq(round.commitUntil, block.timestamp + COMMIT, "commit until");
        assertEq(round.revealUntil, block.timestamp + COMMIT + REVEAL, "reveal until");
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(round.committee[i], committee[i], "same");
            assertTrue(validators.isMember(roundId, _accountOf(committee[i])), "member");
        }
        assertTrue(!validators.isMember(roundId, stranger), "stranger");
        assertTrue(!validators.isMember(roundId, _outsider(committee)), "who was not drawn");
        vm.expectRevert(abi.encodeWithSelector(IValidators.WrongPhase.selector, roundId, IValidators.Phase.Commit));
        validators.drawCommittee(roundId);
    }

    function test_aHashOutOfReachIsAnchoredAnew() public {
        bytes32 roundId = _open();
        mine(258);
        assertEq(validators.drawCommittee(roundId).length, 0, "nobody drawn");
        assertEq(validators.round(roundId).anchorBlock, block.number + 1, "new anchor");
        _assertPhase(roundId, IValidators.Phase.Drawing);
        mine(2);
        assertEq(validators.drawCommittee(roundId).length, 3, "drawn");
    }

    function test_theLastBlockInReach() public {
        bytes32 roundId = _open();
        mine(257);
        assertEq(validators.drawCommittee(roundId).length, 3, "drawn");
    }

    function test_commitDraws() public {
        bytes32 roundId = _open();
        mine(2);
        vm.roll(block.number);
        (uint256 accepted, uint256 refused) = (0, 0);
        for (uint256 i = 0; i < 4; ++i) {
            bytes32 commitment = _commitment(roundId, keepers[i], Verdict.Accept);
            vm.prank(keepers[i]);
            try validators.commit(roundId, commitment) {
                ++accepted;
            } catch {
                ++refused;
            }
        }
        assertEq(accepted, 3, "members");
        assertEq(refused, 1, "the one who was not drawn");
        bytes32 late = _open();
        mine(300);
        vm.expectRevert(abi.encodeWithSelector(IValidators.NotDrawable.selector, late));
        vm.prank(keepers[0]);
        validators.commit(late, "x");
    }

    /// @dev Stake borrowed once the seed is known, or a crowd that joins then, changes nothing.
    function testFuzz_lateStakeMovesNothing(uint256 which, uint96 amount) public {
        bytes32 roundId = _open();
        mine(2);
        uint256 snapshot = block.number;
        uint16[] memory honest = _peek(roundId);
        address cheat = keepers[which % 4];
        _stake(cheat, bound(amount, 1, 100_000_000e18));
        _register(account("late"), 50_000_000e18);
        vm.roll(snapshot);
        uint16[] memory drawn = validators.drawCommittee(roundId);
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(drawn[i], honest[i], "the same committee");
        }
    }

    /// @dev Who leaves once the seed is known is drawn nevertheless, so that leaving cannot steer a draw.
    function test_leavingDoesNotSteer() public {
        bytes32 roundId = _open();
        mine(2);
        uint16[] memory honest = _peek(roundId);
        vm.prank(_accountOf(honest[0]));
        validators.deregister();
        uint16[] memory drawn = validators.drawCommittee(roundId);
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(drawn[i], honest[i], "the same committee");
        }
    }

    function test_stakeIsChance() public {
        _stake(keepers[3], 17 * MIN_STAKE);
        vm.prank(owner);
        validators.setParams(_with(MIN_STAKE, FEE, COMMIT, REVEAL, 1));
        uint256 hits = 0;
        for (uint256 i = 0; i < 200; ++i) {
            mine(1);
            if (_draw(_open())[0] == 4) ++hits;
        }
        // 18 of 21 parts: 171 expected, standard deviation 5.
        assertTrue(hits > 150 && hits < 192, "about six of seven");
    }

    // Commit and reveal

    function test_commitRefusals() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        address member = _accountOf(committee[0]);
        address outsider = _outsider(committee);
        uint16 outsiderId = validators.validatorIdOf(outsider);
        vm.expectRevert(abi.encodeWithSelector(IValidators.NotInCommittee.selector, roundId, outsiderId));
        vm.prank(outsider);
        validators.commit(roundId, "x");
        vm.expectRevert(abi.encodeWithSelector(IValidators.NotInCommittee.selector, roundId, 0));
        vm.prank(stranger);
        validators.commit(roundId, "x");
        vm.expectRevert(abi.encodeWithSelector(IValidators.NotCommitted.selector, roundId, committee[0]));
        vm.prank(member);
        validators.commit(roundId, 0);
        vm.prank(member);
        validators.commit(roundId, "x");
        vm.expectRevert(abi.encodeWithSelector(IValidators.AlreadyCommitted.selector, roundId, committee[0]));
        vm.prank(member);
        validators.commit(roundId, "y");
    }

    function test_commitWindow() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        vm.warp(validators.round(roundId).commitUntil);
        _commit(roundId, committee[0], Verdict.Accept);
        skip(1);
        _assertPhase(roundId, IValidators.Phase.Reveal);
        address caller = _accountOf(committee[1]);
        vm.expectRevert(abi.encodeWithSelector(IValidators.WrongPhase.selector, roundId, IValidators.Phase.Reveal));
        vm.prank(caller);
        validators.commit(roundId, "x");
    }

    function test_revealRefusals() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        address member = _accountOf(committee[0]);
        _commit(roundId, committee[0], Verdict.Accept);
        _commit(roundId, committee[1], Verdict.Accept);
        vm.expectRevert(abi.encodeWithSelector(IValidators.WrongPhase.selector, roundId, IValidators.Phase.Commit));
        vm.prank(member);
        validators.reveal(roundId, Verdict.Accept, "evidence", SALT);
        vm.warp(validators.round(roundId).commitUntil + 1);

        vm.startPrank(member);
        vm.expectRevert(abi.encodeWithSelector(IValidators.WrongReveal.selector, roundId, committee[0]));
        validators.reveal(roundId, Verdict.Reject, "evidence", SALT);
        vm.expectRevert(IValidators.BadVerdict.selector);
        validators.reveal(roundId, Verdict.None, "evidence", SALT);
        validators.reveal(roundId, Verdict.Accept, "evidence", SALT);
        vm.expectRevert(abi.encodeWithSelector(IValidators.NotCommitted.selector, roundId, committee[0]));
        validators.reveal(roundId, Verdict.Accept, "evidence", SALT);
        vm.stopPrank();
        address caller = _accountOf(committee[2]);
        vm.expectRevert(abi.encodeWithSelector(IValidators.NotCommitted.selector, roundId, committee[2]));
        vm.prank(caller);
        validators.reveal(roundId, Verdict.Accept, "evidence", SALT);
        assertEq(uint8(validators.verdictOf(roundId, committee[0])), uint8(Verdict.Accept), "verdict");
    }

    function test_aCopiedCommitmentDoesNotOpen() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        bytes32 copied = _commitment(roundId, _accountOf(committee[0]), Verdict.Accept);
        _commit(roundId, committee[0], Verdict.Accept);
        address copier = _accountOf(committee[1]);
        vm.prank(copier);
        validators.commit(roundId, copied);
        skip(COMMIT + 1);
        _reveal(roundId, committee[0], Verdict.Accept);
        vm.expectRevert(abi.encodeWithSelector(IValidators.WrongReveal.selector, roundId, committee[1]));
        vm.prank(copier);
        validators.reveal(roundId, Verdict.Accept, "evidence", SALT);
    }

    function test_phasesEndEarly() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        for (uint256 i = 0; i < 3; ++i) {
            _commit(roundId, committee[i], Verdict.Accept);
        }
        _assertPhase(roundId, IValidators.Phase.Reveal);
        for (uint256 i = 0; i < 3; ++i) {
            _reveal(roundId, committee[i], Verdict.Accept);
        }
        _assertPhase(roundId, IValidators.Phase.Settleable);
        validators.settle(roundId);
        _assertPhase(roundId, IValidators.Phase.Settled);
    }

    function test_revealWindow() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        for (uint256 i = 0; i < 3; ++i) {
            _commit(roundId, committee[i], Verdict.Accept);
        }
        vm.warp(validators.round(roundId).revealUntil);
        _reveal(roundId, committee[0], Verdict.Accept);
        _assertPhase(roundId, IValidators.Phase.Reveal);
        vm.expectRevert(abi.encodeWithSelector(IValidators.WrongPhase.selector, roundId, IValidators.Phase.Reveal));
        validators.settle(roundId);
        skip(1);
        _assertPhase(roundId, IValidators.Phase.Settleable);
        address caller = _accountOf(committee[1]);
        vm.expectRevert(abi.encodeWithSelector(IValidators.WrongPhase.selector, roundId, IValidators.Phase.Settleable));
        vm.prank(caller);
        validators.reveal(roundId, Verdict.Accept, "evidence", SALT);
    }

    // Settling

    function test_allAgree() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        _speak(roundId, committee, [Verdict.Accept, Verdict.Accept, Verdict.Accept]);
        validators.settle(roundId);
        _assertHeard(roundId, Verdict.Accept, 0);
        // 10e18 + 1 in three: one base unit is left and goes to the first.
        assertEq(validators.owed(_accountOf(committee[0])), 3333333333333333335, "first, with the dust");
        assertEq(validators.owed(_accountOf(committee[1])), 3333333333333333333, "second");
        assertEq(validators.owed(_accountOf(committee[2])), 3333333333333333333, "third");
        assertTrue(!validators.isMember(roundId, _accountOf(committee[0])), "a settled round entitles nobody");
        vm.expectRevert(abi.encodeWithSelector(IValidators.WrongPhase.selector, roundId, IValidators.Phase.Settled));
        validators.settle(roundId);
    }

    function test_twoOfThreeDecideAndTheMinorityEarnsNothing() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        _speak(roundId, committee, [Verdict.Accept, Verdict.Reject, Verdict.Reject]);
        validators.settle(roundId);
        _assertHeard(roundId, Verdict.Reject, 0);
        assertEq(validators.owed(_accountOf(committee[0])), 0, "minority");
        assertEq(
            validators.owed(_accountOf(committee[1])) + validators.owed(_accountOf(committee[2])), FEE, "all of it"
        );
    }

    function test_theSilentEarnNothing() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        for (uint256 i = 0; i < 3; ++i) {
            _commit(roundId, committee[i], Verdict.Accept);
        }
        _reveal(roundId, committee[0], Verdict.Accept);
        _reveal(roundId, committee[1], Verdict.Accept);
        skip(COMMIT + REVEAL + 1);
        validators.settle(roundId);
        _assertHeard(roundId, Verdict.Accept, 0);
        assertEq(validators.owed(_accountOf(committee[2])), 0, "silent");
    }

    function test_noQuorumReturnsTheFee() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        _commit(roundId, committee[0], Verdict.Accept);
        skip(COMMIT + 1);
        _reveal(roundId, committee[0], Verdict.Accept);
        uint256 before = coin.balanceOf(address(this));
        validators.settle(roundId);
        _assertHeard(roundId, Verdict.None, FEE);
        assertEq(coin.balanceOf(address(this)) - before, FEE, "fee is back");
        assertEq(validators.owed(_accountOf(committee[0])), 0, "no reward without a verdict");
    }

    function test_nobodyCommits() public {
        bytes32 roundId = _open();
        _draw(roundId);
        vm.warp(validators.round(roundId).commitUntil + 1);
        _assertPhase(roundId, IValidators.Phase.Settleable);
        validators.settle(roundId);
        _assertHeard(roundId, Verdict.None, FEE);
    }

    /// @dev Everybody has left and the anchor is out of reach: the round still ends and the money still returns.
    function test_aRoundWithoutCandidatesEnds() public {
        bytes32 roundId = _open();
        for (uint256 i = 0; i < 4; ++i) {
            vm.prank(keepers[i]);
            validators.deregister();
        }
        mine(300);
        validators.drawCommittee(roundId);
        assertEq(_draw(roundId).length, 0, "nobody");
        skip(COMMIT + 1);
        validators.settle(roundId);
        _assertHeard(roundId, Verdict.None, FEE);
    }

    function test_withdraw() public {
        bytes32 roundId = _open();
        uint16[] memory committee = _draw(roundId);
        _speak(roundId, committee, [Verdict.Accept, Verdict.Accept, Verdict.Accept]);
        validators.settle(roundId);
        address first = _accountOf(committee[0]);
        uint256 due = validators.owed(first);
        vm.prank(first);
        assertEq(validators.withdraw(), due, "paid");
        assertEq(coin.balanceOf(first), due, "received");
        vm.prank(first);
        assertEq(validators.withdraw(), 0, "once");
    }

    /// @dev Whatever is said, the fee ends with the members or with the requester, to the last base unit.
    function testFuzz_theFeeIsConserved(uint96 fee, uint8[3] memory words) public {
        fee = uint96(bound(fee, 0, 100_000e18));
        coin.transfer(address(validators), fee);
        bytes32 roundId = validators.openRound(RoundKind.Version, SUBJECT, fee);
        uint16[] memory committee = _draw(roundId);
        for (uint256 i = 0; i < 3; ++i) {
            if (words[i] % 3 != 0) _commit(roundId, committee[i], Verdict(words[i] % 3));
        }
        skip(COMMIT + 1);
        for (uint256 i = 0; i < 3; ++i) {
            if (words[i] % 3 != 0) _reveal(roundId, committee[i], Verdict(words[i] % 3));
        }
        validators.settle(roundId);
        uint256 credited = 0;
        for (uint256 i = 0; i < 4; ++i) {
            credited += validators.owed(keepers[i]);
        }
        assertEq(credited + heardFee, fee, "conserved");
        assertEq(coin.balanceOf(address(validators)), credited, "held for the members");
    }

    // Parameters

    function test_paramsHaveCaps() public {
        IValidators.Params memory p = _with(MIN_STAKE, FEE, COMMIT, REVEAL, 3);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
        vm.prank(stranger);
        validators.setParams(p);
        _refused(_with(0, FEE, COMMIT, REVEAL, 3));
        _refused(_with(10_000_000e18 + 1, FEE, COMMIT, REVEAL, 3));
        _refused(_with(MIN_STAKE, 100_000e18 + 1, COMMIT, REVEAL, 3));
        _refused(_with(MIN_STAKE, FEE, 0, REVEAL, 3));
        _refused(_with(MIN_STAKE, FEE, 30 days + 1, REVEAL, 3));
        _refused(_with(MIN_STAKE, FEE, COMMIT, 0, 3));
        _refused(_with(MIN_STAKE, FEE, COMMIT, 30 days + 1, 3));
        _refused(_with(MIN_STAKE, FEE, COMMIT, REVEAL, 0));
        _refused(_with(MIN_STAKE, FEE, COMMIT, REVEAL, 13));
        vm.prank(owner);
        validators.setParams(_with(1, 0, 1, 1, 12));
        assertEq(validators.roundFee(), 0, "fee");
        assertEq(validators.params().committeeSize, 12, "size");
    }

    function test_anOpenRoundKeepsItsSize() public {
        bytes32 roundId = _open();
        vm.prank(owner);
        validators.setParams(_with(MIN_STAKE, FEE, COMMIT, REVEAL, 4));
        assertEq(_draw(roundId).length, 3, "as opened");
    }

    function _params() private pure returns (IValidators.Params memory) {
        return _with(MIN_STAKE, FEE, COMMIT, REVEAL, 3);
    }

    function _with(uint96 minStake, uint96 fee, uint32 commit, uint32 reveal, uint8 size)
        private
        pure
        returns (IValidators.Params memory)
    {
        return IValidators.Params(minStake, fee, commit, reveal, size, 10, 100, 1_000);
    }

    function _refused(IValidators.Params memory p) private {
        vm.expectRevert(IValidators.ParamOutOfRange.selector);
        vm.prank(owner);
        validators.setParams(p);
    }

    function _stake(address who, uint256 amount) private {
        coin.transfer(who, amount);
        vm.startPrank(who);
        coin.approve(address(staking), amount);
        staking.stake(amount);
        vm.stopPrank();
    }

    function _register(address who, uint256 amount) private {
        _stake(who, amount);
        vm.prank(who);
        validators.register(_keyOf(who), "https://keeper.example");
    }

    function _keyOf(address who) private pure returns (bytes32) {
        return keccak256(abi.encode("key", who));
    }

    function _open() private returns (bytes32) {
        coin.transfer(address(validators), FEE);
        return validators.openRound(RoundKind.Version, SUBJECT, FEE);
    }

    function _draw(bytes32 roundId) private returns (uint16[] memory) {
        mine(2);
        return validators.drawCommittee(roundId);
    }

    /// @dev Draws and takes it back.
    function _peek(bytes32 roundId) private returns (uint16[] memory committee) {
        try this.drawAndRevert(roundId) {}
        catch (bytes memory data) {
            assembly ("memory-safe") {
                data := add(data, 4)
            }
            committee = abi.decode(data, (uint16[]));
        }
    }

    error Drawn(uint16[] committee);

    function drawAndRevert(bytes32 roundId) external {
        revert Drawn(validators.drawCommittee(roundId));
    }

    function _accountOf(uint16 validatorId) private view returns (address) {
        return validators.validator(validatorId).account;
    }

    function _outsider(uint16[] memory committee) private view returns (address) {
        uint256 sum = 0;
        for (uint256 i = 0; i < committee.length; ++i) {
            sum += committee[i];
        }
        return _accountOf(uint16(10 - sum));
    }

    function _commitment(bytes32 roundId, address who, Verdict verdict) private pure returns (bytes32) {
        return keccak256(abi.encode(roundId, who, verdict, bytes32("evidence"), SALT));
    }

    function _commit(bytes32 roundId, uint16 id, Verdict verdict) private {
        address who = _accountOf(id);
        vm.prank(who);
        validators.commit(roundId, _commitment(roundId, who, verdict));
    }

    function _reveal(bytes32 roundId, uint16 id, Verdict verdict) private {
        address who = _accountOf(id);
        vm.prank(who);
        validators.reveal(roundId, verdict, "evidence", SALT);
    }

    function _speak(bytes32 roundId, uint16[] memory committee, Verdict[3] memory words) private {
        for (uint256 i = 0; i < 3; ++i) {
            _commit(roundId, committee[i], words[i]);
        }
        for (uint256 i = 0; i < 3; ++i) {
            _reveal(roundId, committee[i], words[i]);
        }
    }

    function _assertPhase(bytes32 roundId, IValidators.Phase wanted) private view {
        assertEq(uint8(validators.phaseOf(roundId)), uint8(wanted), "phase");
    }

    function _assertHeard(bytes32 roundId, Verdict verdict, uint96 fee) private view {
        assertEq(heardTimes, 1, "heard once");
        assertEq(heardRound, roundId, "round");
        assertEq(uint8(heardVerdict), uint8(verdict), "verdict");
        assertEq(heardFee, fee, "returned fee");
    }
}
