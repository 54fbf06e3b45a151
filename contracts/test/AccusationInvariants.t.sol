// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAccusations} from "../src/interfaces/IAccusations.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {IValidators} from "../src/interfaces/IValidators.sol";
import {Verdict} from "../src/interfaces/Types.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

/// @dev Buyers and validators accuse granted shares, and members of rounds each other, while validators come, go, and take their
/// stake out. The first keeper lies wherever it can: it grants falsely, votes against what it saw, copies evidence and accuses
/// everybody. The second grants falsely and does its duty otherwise. All others are honest, so in no committee are the liars
/// more than one of three. What a step finds wrong is kept in `broken`, as what a step asserts is lost with the step.
contract AccusationHandler is SystemTest {
    uint256 private constant FALSE_GRANT = uint256(MIN_STAKE) * LOSS_BPS / 10_000;
    uint256 private constant SILENCE = uint256(MIN_STAKE) * 10 / 10_000;
    uint256 private constant MINORITY = uint256(MIN_STAKE) * 100 / 10_000;

    struct Case {
        bytes32 roundId;
        bytes32 grantId;
        uint16 accusedId;
        address accuser;
        bool isFalse;
        bool over;
    }

    /// @dev What there is of a validator before it is accused: `held` in its place, `there` outside of all locks.
    struct Held {
        address account_;
        uint16 id;
        uint256 held;
        uint256 locked;
        uint256 there;
    }

    string public broken;
    uint256 public punished;
    uint256 public recalled;
    uint256 public convicted;
    Case[] private cases;
    address[] private everybody;
    mapping(bytes32 grantId => uint256) private punishments;
    mapping(address who => uint256) private losses;
    uint32 private listingId;

    function setUp() public override {
        super.setUp();
        string[4] memory more = ["v5", "v6", "v7", "v8"];
        for (uint256 i = 0; i < more.length; ++i) {
            keepers.push(_keeper(account(more[i]), MIN_STAKE));
        }
        everybody = [buyer, stranger, publisher, treasury, owner];
        for (uint256 i = 0; i < keepers.length; ++i) {
            _fund(keepers[i], 10 * uint256(MIN_STAKE));
            everybody.push(keepers[i]);
        }
        for (uint256 i = 0; i < trainers.length; ++i) {
            everybody.push(trainers[i]);
        }
        _fund(stranger, 10_000e18);
        mine(1);
        listingId = _list(_publishLive(true), IMarket.LicenseKind.Compute, PRICE, 0);
    }

    // Grants

    function accuse(uint256 pick, uint256 who, uint8 envelope) public returns (uint256 index) {
        uint16 named = uint16(pick % validators.validatorCount()) + 1;
        bytes32 seal = bytes32(uint256(envelope % 6));
        Held memory before = _heldOf(_accountOf(named));
        Case memory case_;
        case_.grantId = accusations.grantIdOf("order", named, seal);
        case_.accusedId = before.id;
        case_.accuser = who % 3 == 0 ? keepers[who % keepers.length] : buyer;
        case_.isFalse = envelope % 3 != 0 && (before.account_ == keepers[0] || before.account_ == keepers[1]);
        IAccusations.State state = accusations.accusationOf(case_.grantId).state;
        vm.prank(case_.accuser);
        case_.roundId = accusations.accuse("order", named, seal, "shown", _noPermit());
        bool settled = state == IAccusations.State.Open || state == IAccusations.State.Guilty;
        _must(!settled, "one accusation at a time, none after a punishment");
        _checkHeld(before);
        cases.push(case_);
        return cases.length - 1;
    }

    function judge(uint256 pick, uint8 word) external {
        _judge(_aCase(pick), word);
    }

    /// @dev Somebody who leaves, takes out some of it, and is accused then. Seldom reached step by step.
    function accuseWhoLeft(uint256 who, uint8 envelope, uint96 amount, uint8 word) external {
        address keeper = keepers[who % 2];
        uint16 id = validators.validatorIdOf(keeper);
        // One call at a time: what is refused in the middle would leave `startPrank` on.
        if (validators.validator(id).locked != 0) {
            vm.prank(keeper);
            validators.deregister();
        }
        uint256 free = staking.freeOf(keeper);
        if (free != 0) {
            vm.prank(keeper);
            staking.unbond(bound(amount, 1, free));
        }
        if (word % 5 == 0) {
            skip(staking.unbondDelay());
            _withdraw(keeper);
        }
        _judge(accuse(id - 1, 1, envelope), word);
    }

    // Runs

    /// @dev A run whose members accuse whoever gave no evidence of its own, to the end of its challenge window.
    function run(uint8 word) external {
        bytes32 jobId = _openJob(listingId);
        _claimJob(jobId);
        bytes32 roundId = _submit(jobId);
        uint16[] memory committee = _draw(roundId);
        uint256[] memory before = _stakes();
        uint256[] memory wanted = new uint256[](keepers.length);
        uint16 liar = _liarIn(committee);
        uint256 fault = word % 4 == 1 ? 0 : word % 4 == 2 ? SILENCE : MINORITY;
        if (liar != 0) wanted[0] = _least(validators.validator(liar).locked, fault);
        _speak(roundId, committee, Verdict.Accept, word);
        validators.settle(roundId);
        if (liar != 0 && word % 4 < 2) _accuseEachOther(roundId, committee, liar, word % 4 == 0);
        _refusals(roundId, committee[1]);
        _finalize(jobId);
        _noteLosses(before, wanted);
        _must(validators.round(roundId).ended, "it is over");
        address member = _accountOf(committee[0]);
        vm.prank(member);
        try validators.accuse(roundId, committee[1]) {
            _must(false, "nobody is accused in a round that has ended");
        } catch {}
    }

    // Stake

    function leave(uint256 who) external {
        vm.prank(keepers[who % keepers.length]);
        validators.deregister();
    }

    function comeBack(uint256 who, bool sameKey) external {
        address keeper = keepers[who % keepers.length];
        if (staking.freeOf(keeper) < MIN_STAKE) {
            vm.prank(keeper);
            staking.stake(MIN_STAKE);
        }
        bytes32 key = keccak256(abi.encode("key", keeper));
        vm.prank(keeper);
        validators.register(sameKey ? key : keccak256(abi.encode(key, validators.validatorCount())), "https://x.example");
        mine(1);
    }

    function unbond(uint256 who, uint96 amount) external {
        address keeper = keepers[who % keepers.length];
        uint256 part = bound(amount, 1, staking.freeOf(keeper));
        vm.prank(keeper);
        staking.unbond(part);
    }

    function withdraw(uint256 who, uint8 where) external {
        address account_ = everybody[who % everybody.length];
        if (where % 3 == 0) return _withdraw(account_);
        vm.prank(account_);
        if (where % 3 == 1) accusations.withdraw();
        else validators.withdraw();
    }

    function delegate(uint256 who, uint96 amount) external {
        _fund(stranger, amount = uint96(bound(amount, 1, 500e18)));
        vm.prank(stranger);
        staking.stake(amount);
        vm.prank(stranger);
        staking.delegate(keepers[who % keepers.length], amount);
    }

    function undelegate(uint256 who, uint96 amount) external {
        address keeper = keepers[who % keepers.length];
        uint256 part = bound(amount, 1, staking.delegationOf(stranger, keeper).amount);
        vm.prank(stranger);
        staking.undelegate(keeper, part);
    }

    function wait_(uint8 how) external {
        skip(how > 250 ? staking.unbondDelay() : uint256(how) * 60);
        mine(how % 16 == 0 ? 300 : how % 3);
    }

    // Books

    function check() external view {
        assertTrue(bytes(broken).length == 0, broken);
        for (uint256 i = 2; i < keepers.length; ++i) {
            assertEq(losses[keepers[i]], 0, "who is honest loses nothing");
        }
        uint256 fees = 0;
        for (uint256 i = 0; i < cases.length; ++i) {
            IAccusations.State state = accusations.accusationOf(cases[i].grantId).state;
            if (!cases[i].over) fees += validators.round(cases[i].roundId).fee;
            if (cases[i].isFalse) assertTrue(state != IAccusations.State.Dismissed, "no false grant is found true");
            else assertTrue(state != IAccusations.State.Guilty, "no true grant is found false");
            assertTrue(punishments[cases[i].grantId] <= 1, "one punishment for one grant");
        }
        (uint256 due, uint256 stakes) = (0, staking.pool());
        for (uint256 i = 0; i < everybody.length; ++i) {
            due += accusations.owed(everybody[i]);
            fees += validators.owed(everybody[i]);
            (uint256 unbonding,) = staking.unbondingOf(everybody[i]);
            stakes += staking.weightOf(everybody[i]) + unbonding;
            stakes += staking.delegationOf(stranger, everybody[i]).leaving;
        }
        assertEq(coin.balanceOf(address(accusations)), due, "accusations holds what it owes");
        assertEq(coin.balanceOf(address(validators)), fees, "validators holds what it owes");
        assertEq(coin.balanceOf(address(staking)), stakes, "staking holds what it owes");
        for (uint256 i = 0; i < keepers.length; ++i) {
            uint256 locked = validators.validator(validators.validatorIdOf(keepers[i])).locked;
            assertEq(staking.lockedOf(keepers[i]), locked, "locked for a reason");
            assertTrue(locked <= staking.stakeOf(keepers[i]), "nothing is locked that is not there");
        }
    }

    /// @dev Called where nothing stays: every round ends, everybody leaves and takes what is theirs.
    function everybodyOut() external {
        for (uint256 i = 0; i < cases.length; ++i) {
            if (!cases[i].over) _judge(i, 1);
        }
        for (uint256 i = 0; i < keepers.length; ++i) {
            address keeper = keepers[i];
            uint256 delegated = staking.delegationOf(stranger, keeper).amount;
            vm.startPrank(stranger);
            if (delegated != 0) staking.undelegate(keeper, delegated);
            vm.stopPrank();
            vm.startPrank(keeper);
            if (validators.validator(validators.validatorIdOf(keeper)).locked != 0) validators.deregister();
            if (staking.freeOf(keeper) != 0) staking.unbond(staking.freeOf(keeper));
            vm.stopPrank();
        }
        skip(staking.unbondDelay());
        uint256 left = staking.pool();
        for (uint256 i = 0; i < everybody.length; ++i) {
            (uint256 unbonding,) = staking.unbondingOf(everybody[i]);
            if (unbonding != 0) _withdraw(everybody[i]);
            left += staking.stakeOf(everybody[i]);
            if (staking.delegationOf(stranger, everybody[i]).leaving != 0) {
                vm.prank(stranger);
                staking.withdrawDelegation(everybody[i]);
            }
            vm.startPrank(everybody[i]);
            accusations.withdraw();
            validators.withdraw();
            vm.stopPrank();
        }
        assertEq(coin.balanceOf(address(accusations)), 0, "nothing is left with accusations");
        assertEq(coin.balanceOf(address(validators)), 0, "nor in rounds");
        assertEq(coin.balanceOf(address(staking)), left, "of stake only that of others, and rewards to come");
        assertTrue(bytes(broken).length == 0, broken);
    }

    function _judge(uint256 index, uint8 word) private {
        Case storage case_ = cases[index];
        uint16[] memory committee = _draw(case_.roundId);
        // The first call may only find that the hash is out of reach, and anchor the draw again.
        bool anew = validators.phaseOf(case_.roundId) == IValidators.Phase.Drawing;
        if (anew) committee = _draw(case_.roundId);
        uint256[] memory before = _stakes();
        uint256[] memory wanted = _wantedIfGuilty(case_);
        uint256 silence = _silenceOf(_checkParties(case_, committee), word);
        uint256 honest = _speak(case_.roundId, committee, case_.isFalse ? Verdict.Accept : Verdict.Reject, word);
        validators.settle(case_.roundId);
        case_.over = true;
        IAccusations.State state = accusations.accusationOf(case_.grantId).state;
        bool guilty = state == IAccusations.State.Guilty;
        _must(guilty || state == IAccusations.State.Dismissed || honest < 2, "two honest ones of three decide");
        if (guilty) {
            ++punished;
            ++punishments[case_.grantId];
        } else {
            wanted = new uint256[](keepers.length);
        }
        wanted[0] += silence;
        _noteLosses(before, wanted);
    }

    function _wantedIfGuilty(Case storage case_) private view returns (uint256[] memory wanted) {
        wanted = new uint256[](keepers.length);
        for (uint256 i = 0; i < keepers.length; ++i) {
            bool accused = keepers[i] == _accountOf(case_.accusedId);
            if (accused) wanted[i] = _least(validators.validator(case_.accusedId).locked, FALSE_GRANT);
        }
    }

    function _checkParties(Case storage case_, uint16[] memory committee) private returns (uint16 liar) {
        for (uint256 i = 0; i < committee.length; ++i) {
            address member = _accountOf(committee[i]);
            _must(member != _accountOf(case_.accusedId) && member != case_.accuser, "neither party judges");
            if (member == keepers[0]) liar = committee[i];
        }
    }

    function _silenceOf(uint16 liar, uint8 word) private view returns (uint256) {
        return liar == 0 || word % 4 != 2 ? 0 : _least(validators.validator(liar).locked, SILENCE);
    }

    function _liarIn(uint16[] memory committee) private view returns (uint16 liar) {
        for (uint256 i = 0; i < committee.length; ++i) {
            if (_accountOf(committee[i]) == keepers[0]) liar = committee[i];
        }
    }

    function _heldOf(address who) private view returns (Held memory) {
        uint16 id = validators.validatorIdOf(who);
        (uint256 unbonding,) = staking.unbondingOf(who);
        uint256 there = staking.freeOf(who) + unbonding;
        return Held(who, id, validators.validator(id).locked, staking.lockedOf(who), there);
    }

    function _checkHeld(Held memory before) private {
        uint256 wanted = before.held == 0 ? _least(before.there, MIN_STAKE) : 0;
        Held memory now_ = _heldOf(before.account_);
        _must(now_.locked == before.locked + wanted, "of who left as much is held as is there, at most a stake");
        _must(now_.there + wanted == before.there && now_.held == before.held + wanted, "taken from just that, into its place");
        if (wanted != 0) ++recalled;
    }

    /// @dev What the honest say is right. Of the liar `word` tells: 0 and 1 as the others, 2 nothing, 3 the opposite. Who has
    /// left between anchor and draw, and come back under another id, cannot speak.
    /// @return honest How many spoke.
    function _speak(bytes32 roundId, uint16[] memory committee, Verdict right, uint8 word)
        private
        returns (uint256 honest)
    {
        Verdict wrong = right == Verdict.Accept ? Verdict.Reject : Verdict.Accept;
        Verdict[] memory said = new Verdict[](committee.length);
        for (uint256 i = 0; i < committee.length; ++i) {
            address who = _accountOf(committee[i]);
            bool lies = who == keepers[0];
            bool away = validators.validatorIdOf(who) != committee[i];
            if (!away && !lies) ++honest;
            said[i] = away || (lies && word % 4 == 2) ? Verdict.None : lies && word % 4 == 3 ? wrong : right;
            if (said[i] != Verdict.None) _commit(roundId, who, said[i]);
        }
        if (validators.phaseOf(roundId) == IValidators.Phase.Commit) skip(COMMIT_WINDOW + 1);
        for (uint256 i = 0; i < committee.length; ++i) {
            if (said[i] != Verdict.None) _reveal(roundId, _accountOf(committee[i]), said[i]);
        }
        if (validators.phaseOf(roundId) != IValidators.Phase.Settleable) skip(REVEAL_WINDOW + 1);
    }

    /// @dev Where it copied, both others say so; and it accuses both, which is not enough.
    function _accuseEachOther(bytes32 roundId, uint16[] memory committee, uint16 liar, bool copied) private {
        for (uint256 i = 0; i < committee.length; ++i) {
            if (committee[i] == liar) continue;
            if (copied) _accuseMember(roundId, committee[i], liar);
            _accuseMember(roundId, liar, committee[i]);
        }
        if (copied) ++convicted;
    }

    function _accuseMember(bytes32 roundId, uint16 by, uint16 accusedId) private {
        address member = _accountOf(by);
        vm.prank(member);
        validators.accuse(roundId, accusedId);
    }

    /// @dev Nobody accuses itself, and nobody from outside.
    function _refusals(bytes32 roundId, uint16 memberId) private {
        address member = _accountOf(memberId);
        vm.prank(member);
        try validators.accuse(roundId, memberId) {
            _must(false, "nobody accuses itself");
        } catch {}
        vm.prank(stranger);
        try validators.accuse(roundId, memberId) {
            _must(false, "only members accuse");
        } catch {}
    }

    /// @dev Each keeper has lost just what is wanted of its own stake.
    function _noteLosses(uint256[] memory before, uint256[] memory wanted) private {
        uint256[] memory after_ = _stakes();
        for (uint256 i = 0; i < keepers.length; ++i) {
            losses[keepers[i]] += before[i] - after_[i];
            _must(before[i] - after_[i] == wanted[i], "just what the fault costs, and from whose fault it is");
        }
    }

    function _least(uint256 one, uint256 other) private pure returns (uint256) {
        return one < other ? one : other;
    }

    function _stakes() private view returns (uint256[] memory stakes) {
        stakes = new uint256[](keepers.length);
        for (uint256 i = 0; i < keepers.length; ++i) {
            (uint256 unbonding,) = staking.unbondingOf(keepers[i]);
            stakes[i] = staking.stakeOf(keepers[i]) + unbonding;
        }
    }

    function _withdraw(address who) private {
        vm.prank(who);
        staking.withdraw();
    }

    function _aCase(uint256 pick) private view returns (uint256) {
        for (uint256 i = 0; i < cases.length; ++i) {
            uint256 index = (pick % cases.length + i) % cases.length;
            if (!cases[index].over) return index;
        }
        return pick % cases.length;
    }

    function _must(bool condition, string memory what) private {
        if (!condition && bytes(broken).length == 0) broken = what;
    }
}

contract AccusationInvariantsTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    bool public IS_TEST = true;
    AccusationHandler private handler;

    function setUp() public {
        handler = new AccusationHandler();
        handler.setUp();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[13] memory all = [
            AccusationHandler.accuse.selector,
            AccusationHandler.accuse.selector,
            AccusationHandler.judge.selector,
            AccusationHandler.judge.selector,
            AccusationHandler.accuseWhoLeft.selector,
            AccusationHandler.run.selector,
            AccusationHandler.leave.selector,
            AccusationHandler.comeBack.selector,
            AccusationHandler.unbond.selector,
            AccusationHandler.withdraw.selector,
            AccusationHandler.delegate.selector,
            AccusationHandler.undelegate.selector,
            AccusationHandler.wait_.selector
        ];
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(handler), new bytes4[](all.length));
        for (uint256 i = 0; i < all.length; ++i) {
            targets[0].selectors[i] = all[i];
        }
    }

    /// @dev A walk in which nobody is found guilty would hold whatever the contract did.
    function test_aWalkPunishesAndRecalls() public {
        handler.delegate(0, 50e18);
        handler.accuse(0, 1, 1);
        handler.judge(0, 0);
        handler.accuseWhoLeft(1, 2, 400e18, 4);
        handler.check();
        require(handler.punished() == 2, "two false grants");
        require(handler.recalled() == 1, "one of who had left");
        for (uint8 i = 0; i < 12 && handler.convicted() == 0; ++i) {
            handler.run(0);
        }
        require(handler.convicted() != 0, "a copied verdict");
        handler.check();
        handler.everybodyOut();
    }

    function invariant_onlyFaultsCostStakeAndEachOnce() public view {
        handler.check();
    }

    /// @dev Once for each walk, at its end.
    function afterInvariant() public {
        handler.everybodyOut();
    }
}
