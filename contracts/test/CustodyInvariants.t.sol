// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICustody} from "../src/interfaces/ICustody.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

/// @dev Owners, holders, other validators and passers-by hand keys on in any order, while validators come and go. What a step
/// finds wrong is kept in `broken`, as what a step asserts is lost with the step.
contract CustodyHandler is SystemTest {
    /// @dev Status, licence term, threshold and time of publication: all of a version's word but its holders and their mark.
    uint256 private constant TERMS = (uint256(1) << 64) - 1 - (1 << 9);

    struct Epoch {
        uint256 endedAt;
        bytes32 committee;
        bytes32 keyset;
    }

    string public broken;
    uint256 public moves;
    mapping(uint256 assetId => uint256) private terms;
    mapping(uint256 assetId => uint256) private size;
    mapping(uint256 assetId => Epoch[]) private past;
    /// @dev Who has confirmed a keyset in a handover: what the contract has to count.
    mapping(bytes32 handover => mapping(uint16 validatorId => bool)) private confirmed;
    mapping(address who => uint256) private staked;

    function setUp() public override {
        super.setUp();
        string[4] memory more = ["v5", "v6", "v7", "v8"];
        for (uint256 i = 0; i < more.length; ++i) {
            keepers.push(_keeper(account(more[i]), MIN_STAKE));
        }
        mine(1);
        for (uint256 i = 0; i < 2; ++i) {
            uint256 id = _publishLive(i == 0);
            (terms[id], size[id]) = (registry.packedVersion(id, 1) & TERMS, _holders(id).length);
        }
        for (uint256 i = 0; i < keepers.length; ++i) {
            staked[keepers[i]] = staking.stakeOf(keepers[i]);
        }
        skip(1);
    }

    function open(uint256 pick, uint256 who, uint8 without) public {
        uint256 id = _asset(pick);
        uint16[] memory committee = _holders(id);
        uint16[] memory named = new uint16[](without % 3);
        for (uint256 i = 0; i < named.length; ++i) {
            named[i] = committee[(without / 3 + i) % committee.length];
        }
        vm.prank(_opener(id, who));
        custody.open(id, 1, named);
    }

    function draw(uint256 pick, uint256 who) public {
        uint256 id = _asset(pick);
        address opener = _opener(id, who);
        uint16[] memory before = _holders(id);
        uint256 vacant = custody.handover(id, 1, opener).without;
        uint16[] memory drawn = custody.draw(id, 1, opener);
        if (drawn.length == 0) return;
        _must(drawn.length >= registry.version(id, 1).threshold, "as many as can open the key");
        _must(drawn.length <= before.length, "no more than there were");
        for (uint256 i = 0; i < before.length; ++i) {
            bool stays = (vacant >> i) & 1 == 0;
            _must(_has(drawn, before[i]) == stays, "who is to go goes, and nobody else");
        }
        for (uint256 i = 0; i < drawn.length; ++i) {
            _must(_has(before, drawn[i]) || validators.validator(drawn[i]).account != address(0), "a validator");
        }
    }

    function confirm(uint256 pick, uint256 who, uint256 by, uint8 keyset) public {
        uint256 id = _asset(pick);
        address opener = _opener(id, who);
        address member = by % 11 == 0 ? buyer : keepers[by % keepers.length];
        bytes32 named = keyset % 5 == 0 ? bytes32("another") : bytes32("next");
        ICustody.Handover memory handover = custody.handover(id, 1, opener);
        uint16[] memory before = _holders(id);
        bytes32 old = _keyset(id);
        uint256 epoch = _epoch(id);
        vm.prank(member);
        custody.confirm(id, 1, opener, named);

        uint16 validatorId = validators.validatorIdOf(member);
        bytes32 key = keccak256(abi.encode(id, opener, handover.epoch, handover.anchorBlock, named));
        _must(!confirmed[key][validatorId], "counted once");
        _must(_has(before, validatorId) || _has(handover.committee, validatorId), "by a holder, of before or after");
        confirmed[key][validatorId] = true;
        _noteMove(id, key, named, handover, before, old, epoch);
    }

    /// @dev A whole handover, which is seldom reached step by step.
    function handOn(uint256 pick, uint256 who, uint8 without) external {
        open(pick, who, without);
        mine(2);
        address opener = _opener(_asset(pick), who);
        if (custody.handover(_asset(pick), 1, opener).committee.length == 0) draw(pick, who);
        uint256 before = moves;
        for (uint256 by = 0; by < keepers.length && moves == before; ++by) {
            // None of these is the passer-by.
            try this.confirm(pick, who, by + keepers.length * 11 + (by % 11 == 0 ? keepers.length : 0), 1) {} catch {}
        }
    }

    function leave(uint256 who) external {
        vm.prank(keepers[who % keepers.length]);
        validators.deregister();
    }

    function comeBack(uint256 who, bool sameKey) external {
        address keeper = keepers[who % keepers.length];
        bytes32 key = keccak256(abi.encode("key", keeper));
        vm.prank(keeper);
        validators.register(sameKey ? key : keccak256(abi.encode(key, validators.validatorCount())), "https://x.example");
    }

    function rotate(uint256 who, bytes32 key) external {
        vm.prank(keepers[who % keepers.length]);
        validators.setKey(key);
    }

    function transfer(uint256 pick, bool back) external {
        uint256 id = _asset(pick);
        address from = registry.ownerOf(id);
        vm.prank(from);
        registry.transferFrom(from, back ? publisher : stranger, id);
    }

    function wait_(uint32 seconds_, uint8 blocks) external {
        skip(seconds_ % 8 hours);
        mine(blocks % 16 == 0 ? 300 : blocks % 4);
    }

    function check() external view {
        assertTrue(bytes(broken).length == 0, broken);
        for (uint256 id = 1; id <= registry.assetCount(); ++id) {
            _checkKey(id);
            _checkPast(id);
        }
        assertEq(coin.balanceOf(address(custody)), 0, "custody holds no coins");
        for (uint256 i = 0; i < keepers.length; ++i) {
            assertEq(staking.stakeOf(keepers[i]), staked[keepers[i]], "no handover costs stake");
        }
    }

    function _checkKey(uint256 id) private view {
        assertEq(registry.packedVersion(id, 1) & TERMS, terms[id], "terms, threshold, status and time stay");
        assertEq(_epoch(id), past[id].length, "as many epochs as handovers that ended well");
        assertTrue((_keyset(id) == 0) == (past[id].length == 0), "the first keyset is the version's own");
        uint16[] memory committee = _holders(id);
        assertTrue(committee.length <= size[id], "a key is never spread further");
        assertTrue(committee.length >= registry.version(id, 1).threshold, "there are always enough to open it");
        for (uint256 i = 0; i < committee.length; ++i) {
            assertTrue(committee[i] != 0, "every place is somebody's");
            for (uint256 n = 0; n < i; ++n) {
                assertTrue(committee[i] != committee[n], "nobody has two shares");
            }
        }
    }

    /// @dev A grant is judged by the holders of its time, so what was then must stay readable as it was.
    function _checkPast(uint256 id) private view {
        Epoch[] storage epochs = past[id];
        for (uint256 i = 0; i < epochs.length; ++i) {
            uint256 first = i;
            while (first != 0 && epochs[first - 1].endedAt == epochs[i].endedAt) --first;
            ICustody.Holding memory holding = custody.holdersAt(id, 1, epochs[i].endedAt);
            assertEq(holding.epoch, first, "the epoch of that second");
            assertEq(_digest(holding.committee), epochs[first].committee, "and its holders");
            assertTrue(i == 0 || epochs[i - 1].endedAt <= epochs[i].endedAt, "one after the other");
        }
        ICustody.Holding memory now_ = custody.holdersAt(id, 1, vm.getBlockTimestamp() + 1);
        assertEq(now_.epoch, epochs.length, "from the next second on the newest");
        assertEq(_digest(now_.committee), _digest(_holders(id)), "whose holders are those of the version");
    }

    function _noteMove(
        uint256 id,
        bytes32 key,
        bytes32 named,
        ICustody.Handover memory handover,
        uint16[] memory before,
        bytes32 old,
        uint256 epoch
    ) private {
        uint256 threshold = registry.version(id, 1).threshold;
        uint256 wanted = (handover.committee.length * 2 + 2) / 3;
        if (threshold > wanted) wanted = threshold;
        bool enough = _count(key, before) >= threshold && _count(key, handover.committee) >= wanted;
        _must(_epoch(id) == epoch + (enough ? 1 : 0), "it moves when enough of both sides say so, by one epoch");
        if (!enough) {
            _must(_keyset(id) == old && _digest(_holders(id)) == _digest(before), "until then nothing changes");
            return;
        }
        _must(handover.epoch == epoch + 1 && handover.until >= vm.getBlockTimestamp(), "an open handover of this epoch");
        _must(_keyset(id) == named, "the keyset that they confirmed");
        _must(_digest(_holders(id)) == _digest(handover.committee), "to those who were drawn");
        past[id].push(Epoch(vm.getBlockTimestamp(), _digest(before), old));
        ++moves;
    }

    function _must(bool condition, string memory what) private {
        if (!condition && bytes(broken).length == 0) broken = what;
    }

    function _count(bytes32 key, uint16[] memory ids) private view returns (uint256 count) {
        for (uint256 i = 0; i < ids.length; ++i) {
            if (confirmed[key][ids[i]]) ++count;
        }
    }

    function _has(uint16[] memory ids, uint16 id) private pure returns (bool) {
        for (uint256 i = 0; i < ids.length; ++i) {
            if (ids[i] == id) return true;
        }
        return false;
    }

    function _opener(uint256 id, uint256 who) private view returns (address) {
        if (who % 4 == 0) return registry.ownerOf(id);
        return who % 17 == 0 ? buyer : keepers[who % keepers.length];
    }

    function _asset(uint256 pick) private view returns (uint256) {
        return pick % registry.assetCount() + 1;
    }

    function _holders(uint256 id) private view returns (uint16[] memory) {
        return registry.version(id, 1).committee;
    }

    function _epoch(uint256 id) private view returns (uint256 epoch) {
        (epoch,) = custody.keysetOf(id, 1);
    }

    function _keyset(uint256 id) private view returns (bytes32 keyset) {
        (, keyset) = custody.keysetOf(id, 1);
    }

    function _digest(uint16[] memory ids) private pure returns (bytes32) {
        return keccak256(abi.encode(ids));
    }
}

contract CustodyInvariantsTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    bool public IS_TEST = true;
    CustodyHandler private handler;

    function setUp() public {
        handler = new CustodyHandler();
        handler.setUp();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[10] memory all = [
            CustodyHandler.open.selector,
            CustodyHandler.draw.selector,
            CustodyHandler.confirm.selector,
            CustodyHandler.confirm.selector,
            CustodyHandler.handOn.selector,
            CustodyHandler.leave.selector,
            CustodyHandler.comeBack.selector,
            CustodyHandler.rotate.selector,
            CustodyHandler.transfer.selector,
            CustodyHandler.wait_.selector
        ];
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(handler), new bytes4[](all.length));
        for (uint256 i = 0; i < all.length; ++i) {
            targets[0].selectors[i] = all[i];
        }
    }

    /// @dev A walk that moves nothing would hold whatever the contract did.
    function test_aWalkMovesKeys() public {
        handler.handOn(0, 0, 0);
        handler.handOn(0, 0, 1);
        handler.leave(1);
        handler.handOn(0, 2, 0);
        require(handler.moves() == 3, "three handovers");
        handler.check();
    }

    function invariant_keysMoveOnlyForwardAndToWhoWasDrawn() public view {
        handler.check();
    }
}
