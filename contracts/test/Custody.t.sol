// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAssetRegistry} from "../src/interfaces/IAssetRegistry.sol";
import {ICustody} from "../src/interfaces/ICustody.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {IValidators} from "../src/interfaces/IValidators.sol";
import {Logs} from "./Logs.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

/// @dev Validators 1, 2 and 3 hold the shares, two are needed; 4 is idle.
contract CustodyTest is SystemTest, Logs {
    bytes32 private constant NEXT = "next keyset";
    uint256 private assetId;
    uint32 private listingId;

    function setUp() public override {
        super.setUp();
        assetId = _publishLive(true);
        listingId = _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
        skip(1);
    }

    function test_sameHoldersGetOtherShares() public {
        _open(keepers[0], _none());
        ICustody.Handover memory handover = custody.handover(assetId, 1, keepers[0]);
        assertEq(handover.epoch, 1, "epoch");
        assertEq(handover.without, 0, "nobody goes");
        assertEq(handover.committee.length, 3, "as before");
        _confirm(keepers[0], keepers[0]);
        (uint32 epoch, bytes32 keyset) = custody.keysetOf(assetId, 1);
        assertEq(epoch, 0, "one of three is not enough");
        assertEq(keyset, bytes32(0), "the version's own");
        _confirm(keepers[2], keepers[0]);
        (epoch, keyset) = custody.keysetOf(assetId, 1);
        assertEq(epoch, 1, "two of three are");
        assertEq(keyset, NEXT, "keyset");
        IAssetRegistry.Version memory version = registry.version(assetId, 1);
        assertEq(version.threshold, 2, "threshold stays");
        assertEq(uint8(version.status), uint8(IAssetRegistry.VersionStatus.Live), "status stays");
        assertTrue(version.validatorsMayRead, "terms stay");
        assertEq(version.committee[2], 3, "committee");
    }

    function test_whoLeftIsReplacedByADraw() public {
        _leave(keepers[1]);
        _open(keepers[3], _none());
        mine(2);
        uint16[] memory committee = custody.draw(assetId, 1, keepers[3]);
        assertEq(committee.length, 3, "as many as before");
        assertEq(committee[0], 1, "who stays keeps the place");
        assertEq(committee[1], 4, "the only one left");
        assertEq(committee[2], 3, "stays");
        _confirm(keepers[3], keepers[3]);
        _confirm(keepers[2], keepers[3]);
        (uint32 epoch,) = custody.keysetOf(assetId, 1);
        assertEq(epoch, 0, "two of the new ones, but one of the old ones only");
        _confirm(keepers[1], keepers[3]);
        (epoch,) = custody.keysetOf(assetId, 1);
        assertEq(epoch, 1, "who leaves helps still");
        assertEq(registry.version(assetId, 1).committee[1], 4, "drawn");
        assertTrue(registry.version(assetId, 1).validatorsMayRead, "bits beside it are left alone");
    }

    function test_placesFallAwayWhereNobodyIsLeft() public {
        _leave(keepers[1]);
        _leave(keepers[3]);
        _open(keepers[0], _none());
        mine(2);
        uint16[] memory committee = custody.draw(assetId, 1, keepers[0]);
        assertEq(committee.length, 2, "two are left");
        _confirm(keepers[0], keepers[0]);
        _confirm(keepers[2], keepers[0]);
        assertEq(registry.version(assetId, 1).committee.length, 2, "and hold it");
    }

    function test_neverFewerThanTheThreshold() public {
        _leave(keepers[1]);
        _leave(keepers[2]);
        _leave(keepers[3]);
        _open(keepers[0], _none());
        mine(2);
        vm.expectRevert(abi.encodeWithSelector(ICustody.TooFewHolders.selector, 1, 2));
        custody.draw(assetId, 1, keepers[0]);
    }

    function test_whoMayOpen() public {
        vm.expectRevert(abi.encodeWithSelector(ICustody.NotAllowedToOpen.selector, keepers[3]));
        _open(keepers[3], _none());
        vm.expectRevert(abi.encodeWithSelector(ICustody.NotAllowedToOpen.selector, buyer));
        _open(buyer, _none());
        _leave(keepers[1]);
        vm.expectRevert(abi.encodeWithSelector(ICustody.NotAllowedToOpen.selector, buyer));
        _open(buyer, _none());
        vm.expectRevert(abi.encodeWithSelector(ICustody.NotAllowedToOpen.selector, keepers[3]));
        _open(keepers[3], _one(1));
        _open(keepers[3], _none());
        _open(publisher, _one(1));
        assertEq(custody.handover(assetId, 1, publisher).without, 3, "who is named, and who has left");
        _open(keepers[0], _one(3));
        assertEq(custody.handover(assetId, 1, keepers[0]).without, 6, "each has its own");
        vm.expectRevert(abi.encodeWithSelector(ICustody.NotHolder.selector, 4));
        _open(keepers[2], _one(4));
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.UnknownVersion.selector, assetId, 2));
        vm.prank(publisher);
        custody.open(assetId, 2, _none());
    }

    function test_oneAtATime() public {
        _open(keepers[0], _none());
        uint256 until = block.timestamp + custody.WINDOW();
        vm.expectRevert(abi.encodeWithSelector(ICustody.HandoverStillOpen.selector, until));
        _open(keepers[0], _none());
        _confirm(keepers[0], keepers[0]);
        skip(custody.WINDOW() + 1);
        vm.expectRevert(abi.encodeWithSelector(ICustody.NoHandover.selector, keepers[0]));
        _confirm(keepers[1], keepers[0]);
        mine(1);
        _open(keepers[0], _none());
        _confirm(keepers[1], keepers[0]);
        (uint32 epoch,) = custody.keysetOf(assetId, 1);
        assertEq(epoch, 0, "what was confirmed before does not count");
        _confirm(keepers[0], keepers[0]);
        _open(keepers[0], _none());
        assertEq(custody.handover(assetId, 1, keepers[0]).epoch, 2, "the next one at once");
    }

    function test_anotherHandoverEndsWithTheEpoch() public {
        _open(keepers[0], _none());
        _open(publisher, _none());
        _confirm(keepers[0], keepers[0]);
        _confirm(keepers[1], keepers[0]);
        vm.expectRevert(abi.encodeWithSelector(ICustody.NoHandover.selector, publisher));
        _confirm(keepers[0], publisher);
    }

    function test_confirmRefusals() public {
        _leave(keepers[1]);
        _open(keepers[0], _none());
        vm.expectRevert(abi.encodeWithSelector(ICustody.NotDrawableYet.selector, block.number + 1));
        _confirm(keepers[0], keepers[0]);
        vm.expectRevert(abi.encodeWithSelector(ICustody.NotDrawableYet.selector, block.number + 1));
        custody.draw(assetId, 1, keepers[0]);
        vm.expectRevert(abi.encodeWithSelector(ICustody.NoHandover.selector, buyer));
        custody.draw(assetId, 1, buyer);
        mine(2);
        custody.draw(assetId, 1, keepers[0]);
        vm.expectRevert(abi.encodeWithSelector(ICustody.NotDrawableYet.selector, block.number - 1));
        custody.draw(assetId, 1, keepers[0]);
        vm.expectRevert(abi.encodeWithSelector(ICustody.NotHolder.selector, 0));
        _confirm(buyer, keepers[0]);
        vm.expectRevert(ICustody.EmptyKeyset.selector);
        vm.prank(keepers[0]);
        custody.confirm(assetId, 1, keepers[0], 0);
        _confirm(keepers[0], keepers[0]);
        vm.expectRevert(abi.encodeWithSelector(ICustody.AlreadyConfirmed.selector, 1));
        _confirm(keepers[0], keepers[0]);
    }

    function test_confirmationsOfOneKeysetAreNotThoseOfAnother() public {
        _open(keepers[0], _none());
        _confirm(keepers[0], keepers[0]);
        vm.prank(keepers[1]);
        custody.confirm(assetId, 1, keepers[0], "another");
        (uint32 epoch,) = custody.keysetOf(assetId, 1);
        assertEq(epoch, 0, "one for each");
        _confirm(keepers[2], keepers[0]);
        (, bytes32 keyset) = custody.keysetOf(assetId, 1);
        assertEq(keyset, NEXT, "two for this one");
    }

    function test_aDrawOutOfReachIsAnchoredAnew() public {
        _leave(keepers[1]);
        _open(keepers[0], _none());
        mine(300);
        assertEq(custody.draw(assetId, 1, keepers[0]).length, 0, "not drawn");
        mine(2);
        assertEq(custody.draw(assetId, 1, keepers[0]).length, 3, "drawn");
    }

    function test_onlyCustodyMovesKeys() public {
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.NotCustody.selector, publisher));
        vm.prank(publisher);
        registry.moveKey(assetId, 1, 1);
    }

    function test_anOrderIsGrantedByWhoHeldTheKeyWhenItWasOpened() public {
        bytes32 before = _buy(listingId, KEY);
        _moveToFour();
        _grant(before, keepers[1]);
        skip(1);
        bytes32 later = _buy(listingId, keccak256("other key"));
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotKeyHolder.selector, before, keepers[3]));
        _grant(before, keepers[3]);
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotKeyHolder.selector, later, keepers[1]));
        _grant(later, keepers[1]);
        _grant(later, keepers[3]);
        _grant(later, keepers[0]);
        assertEq(uint8(market.order(later).state), uint8(IMarket.OrderState.Granted), "by the new ones");
        _grant(before, keepers[0]);
        assertEq(uint8(market.order(before).state), uint8(IMarket.OrderState.Granted), "by the old ones");
    }

    function test_holdersAtATime() public {
        uint256 start = block.timestamp;
        _moveToFour();
        uint256 moved = block.timestamp;
        ICustody.Holding memory holding = custody.holdersAt(assetId, 1, start);
        assertEq(holding.epoch, 0, "before");
        assertEq(holding.committee[1], 2, "who left");
        assertEq(custody.holdersAt(assetId, 1, moved).epoch, 0, "in the same second still");
        holding = custody.holdersAt(assetId, 1, moved + 1);
        assertEq(holding.epoch, 1, "after");
        assertEq(holding.committee[1], 4, "who came");
        assertEq(holding.threshold, 2, "as ever");
        skip(10);
        _open(keepers[0], _none());
        _confirm(keepers[0], keepers[0]);
        _confirm(keepers[2], keepers[0]);
        assertEq(custody.holdersAt(assetId, 1, block.timestamp).epoch, 1, "two steps");
        assertEq(custody.holdersAt(assetId, 1, block.timestamp + 1).epoch, 2, "three");
        assertEq(custody.holdersAt(assetId, 1, 0).epoch, 0, "long ago");
    }

    function test_theOwnerIsEntitledToItsOwnKey() public {
        bytes32 id = bytes32((uint256(5) << 248) | (assetId << 32) | 1);
        assertTrue(market.entitled(publisher, assetId, 1, id), "owner");
        assertTrue(!market.entitled(buyer, assetId, 1, id), "nobody else");
        assertTrue(!market.entitled(publisher, assetId, 2, id), "of another version");
        vm.prank(publisher);
        registry.transferFrom(publisher, buyer, assetId);
        assertTrue(!market.entitled(publisher, assetId, 1, id), "no longer");
        assertTrue(market.entitled(buyer, assetId, 1, id), "the next owner");
    }

    function test_aValidatorChangesItsKey() public {
        vm.prank(keepers[0]);
        validators.setKey("fresh");
        assertEq(validators.validator(1).encryptionKey, "fresh", "under the same id");
        vm.expectRevert(IValidators.EmptyKey.selector);
        vm.prank(keepers[0]);
        validators.setKey(0);
        vm.expectRevert(abi.encodeWithSelector(IValidators.NotValidator.selector, buyer));
        vm.prank(buyer);
        validators.setKey("fresh");
    }

    function testFuzz_wordsKeepTheirOtherBits(uint16[3] memory next) public {
        uint256 word = registry.packedVersion(assetId, 1);
        uint256 committee = uint256(next[0]) | (uint256(next[1]) << 16) | (uint256(next[2]) << 32);
        vm.prank(address(custody));
        registry.moveKey(assetId, 1, committee);
        assertEq(registry.packedVersion(assetId, 1), (word & type(uint64).max) | (1 << 9) | (committee << 64), "word");
    }

    function _moveToFour() private {
        _leave(keepers[1]);
        _open(keepers[0], _none());
        mine(2);
        custody.draw(assetId, 1, keepers[0]);
        _confirm(keepers[0], keepers[0]);
        _confirm(keepers[2], keepers[0]);
    }

    function _open(address who, uint16[] memory without) private {
        vm.prank(who);
        custody.open(assetId, 1, without);
    }

    function _confirm(address who, address opener) private {
        vm.prank(who);
        custody.confirm(assetId, 1, opener, NEXT);
    }

    function _leave(address who) private {
        vm.prank(who);
        validators.deregister();
    }

    function _none() private pure returns (uint16[] memory) {
        return new uint16[](0);
    }

    function _one(uint16 id) private pure returns (uint16[] memory ids) {
        ids = new uint16[](1);
        ids[0] = id;
    }
}
