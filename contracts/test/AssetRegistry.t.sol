// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAssetRegistry} from "../src/interfaces/IAssetRegistry.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {Permit, Verdict} from "../src/interfaces/Types.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

contract AssetRegistryTest is SystemTest {
    function test_publish() public {
        uint256 before = coin.balanceOf(publisher);
        uint256 assetId = _publish(true);
        assertEq(assetId, 1, "ids start at 1");
        assertEq(registry.ownerOf(assetId), publisher, "owner");
        assertEq(uint8(registry.kindOf(assetId)), uint8(IAssetRegistry.AssetKind.Dataset), "kind");
        assertEq(registry.latestVersion(assetId), 1, "version");
        assertEq(before - coin.balanceOf(publisher), 2 * uint256(ROUND_FEE) + BOND, "two fees and the bond");
        assertEq(coin.balanceOf(address(registry)), ROUND_FEE, "one is the reserve");
        assertEq(registry.reserveOf(assetId, 1), ROUND_FEE, "reserve");
        assertEq(coin.balanceOf(address(validators)), ROUND_FEE, "one pays the round");

        IAssetRegistry.Version memory v = registry.version(assetId, 1);
        bytes32 digest =
            keccak256(abi.encode(bytes32("manifest"), bytes32("root"), bytes32("commitment"), bytes32("keyset")));
        assertEq(v.digest, digest, "digest");
        assertEq(uint8(v.status), uint8(IAssetRegistry.VersionStatus.Pending), "pending");
        assertTrue(v.validatorsMayRead, "may read");
        assertEq(v.threshold, 2, "threshold");
        assertEq(v.publishedAt, block.timestamp, "published at");
        assertEq(v.committee.length, 3, "committee");
        assertEq(v.committee[2], 3, "third member");
    }

    function test_publishWithPermit() public {
        vm.prank(publisher);
        coin.approve(address(registry), 0);
        Permit memory permit = _permit("publisher", address(registry), 2 * uint256(ROUND_FEE) + BOND);
        vm.prank(publisher);
        registry.publish(IAssetRegistry.AssetKind.Algorithm, _input(false), permit);
        assertEq(uint8(registry.kindOf(1)), uint8(IAssetRegistry.AssetKind.Algorithm), "kind");
    }

    function test_inputRefusals() public {
        IAssetRegistry.VersionInput memory input = _input(true);
        input.manifestDigest = 0;
        _refused(input, IAssetRegistry.EmptyDigest.selector);
        input = _input(true);
        input.contentRoot = 0;
        _refused(input, IAssetRegistry.EmptyDigest.selector);
        input = _input(true);
        input.contentCommitment = 0;
        _refused(input, IAssetRegistry.EmptyDigest.selector);
        input = _input(true);
        input.keyCommitment = 0;
        _refused(input, IAssetRegistry.EmptyDigest.selector);
        input = _input(true);
        input.threshold = 0;
        _refused(input, IAssetRegistry.BadCommittee.selector);
        input.threshold = 4;
        _refused(input, IAssetRegistry.BadCommittee.selector);
        input = _input(true);
        input.committee[1] = 1;
        _refused(input, IAssetRegistry.BadCommittee.selector);
        input.committee[1] = 0;
        _refused(input, IAssetRegistry.BadCommittee.selector);
        input.committee[1] = 9;
        _refused(input, IAssetRegistry.BadCommittee.selector);
        input.committee = new uint16[](0);
        _refused(input, IAssetRegistry.BadCommittee.selector);
        input.committee = new uint16[](13);
        _refused(input, IAssetRegistry.BadCommittee.selector);
        vm.prank(keepers[0]);
        validators.deregister();
        _refused(_input(true), IAssetRegistry.BadCommittee.selector);
    }

    function test_acceptMakesItLive() public {
        uint256 assetId = _publishLive(true);
        assertEq(uint8(registry.statusOf(assetId, 1)), uint8(IAssetRegistry.VersionStatus.Live), "live");
        assertEq(registry.reserveOf(assetId, 1), ROUND_FEE, "reserve kept");
    }

    function test_rejectRefusesAndReturnsTheReserve() public {
        uint256 before = coin.balanceOf(publisher);
        uint256 assetId = _publish(true);
        _conclude(registry.roundOf(assetId, 1), Verdict.Reject);
        assertEq(uint8(registry.statusOf(assetId, 1)), uint8(IAssetRegistry.VersionStatus.Refused), "refused");
        assertEq(before - coin.balanceOf(publisher), uint256(ROUND_FEE) + BOND, "one fee is spent, the bond held");
        assertEq(coin.balanceOf(address(registry)), 0, "nothing kept");
    }

    function test_noQuorumAndRetry() public {
        uint256 before = coin.balanceOf(publisher);
        uint256 assetId = _publish(true);
        bytes32 first = registry.roundOf(assetId, 1);
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.RoundStillOpen.selector, first));
        vm.prank(publisher);
        registry.retryRound(assetId, 1, _noPermit());
        _conclude(first, Verdict.None);
        assertEq(uint8(registry.statusOf(assetId, 1)), uint8(IAssetRegistry.VersionStatus.Pending), "pending");
        assertEq(before - coin.balanceOf(publisher), uint256(ROUND_FEE) + BOND, "the round's fee is back");
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.NotAssetOwner.selector, assetId, stranger));
        vm.prank(stranger);
        registry.retryRound(assetId, 1, _noPermit());
        vm.prank(publisher);
        bytes32 second = registry.retryRound(assetId, 1, _noPermit());
        assertTrue(second != first, "another round");
        _conclude(second, Verdict.Accept);
        assertEq(uint8(registry.statusOf(assetId, 1)), uint8(IAssetRegistry.VersionStatus.Live), "live");
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.NotPending.selector, assetId, 1));
        vm.prank(publisher);
        registry.retryRound(assetId, 1, _noPermit());
    }

    function test_addVersion() public {
        uint256 assetId = _publishLive(true);
        vm.prank(publisher);
        assertEq(registry.addVersion(assetId, _input(false), _noPermit()), 2, "second");
        assertEq(uint8(registry.statusOf(assetId, 1)), uint8(IAssetRegistry.VersionStatus.Live), "first stays");
        assertEq(uint8(registry.statusOf(assetId, 2)), uint8(IAssetRegistry.VersionStatus.Pending), "second waits");
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.NotAssetOwner.selector, assetId, stranger));
        vm.prank(stranger);
        registry.addVersion(assetId, _input(true), _noPermit());
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.NotAssetOwner.selector, 99, publisher));
        vm.prank(publisher);
        registry.addVersion(99, _input(true), _noPermit());
    }

    function test_revoke() public {
        uint256 assetId = _publishLive(true);
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.NotAssetOwner.selector, assetId, stranger));
        vm.prank(stranger);
        registry.revokeVersion(assetId, 1, "x");
        vm.startPrank(publisher);
        registry.revokeVersion(assetId, 1, "x");
        assertEq(uint8(registry.statusOf(assetId, 1)), uint8(IAssetRegistry.VersionStatus.Revoked), "revoked");
        vm.expectRevert(
            abi.encodeWithSelector(
                IAssetRegistry.VersionEnded.selector, assetId, 1, IAssetRegistry.VersionStatus.Revoked
            )
        );
        registry.revokeVersion(assetId, 1, "x");
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.UnknownVersion.selector, assetId, 2));
        registry.revokeVersion(assetId, 2, "x");
        vm.stopPrank();
    }

    function test_aVerdictDoesNotReviveARevokedVersion() public {
        uint256 assetId = _publish(true);
        vm.prank(publisher);
        registry.revokeVersion(assetId, 1, "x");
        _conclude(registry.roundOf(assetId, 1), Verdict.Accept);
        assertEq(uint8(registry.statusOf(assetId, 1)), uint8(IAssetRegistry.VersionStatus.Revoked), "revoked");
    }

    function test_theReserveReturnsInTheEnd() public {
        uint256 assetId = _publishLive(true);
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.NoReserve.selector, assetId, 1));
        registry.releaseReserve(assetId, 1);
        vm.prank(publisher);
        registry.revokeVersion(assetId, 1, "x");
        uint256 notBefore = block.timestamp + 120 days;
        vm.warp(notBefore - 1);
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.ReserveHeldUntil.selector, assetId, 1, notBefore));
        registry.releaseReserve(assetId, 1);
        skip(1);
        uint256 before = coin.balanceOf(publisher);
        vm.prank(stranger);
        assertEq(registry.releaseReserve(assetId, 1), ROUND_FEE, "paid");
        assertEq(coin.balanceOf(publisher) - before, ROUND_FEE, "to the owner");
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.NoReserve.selector, assetId, 1));
        registry.releaseReserve(assetId, 1);
    }

    function test_callersOfRefuseAndOnVerdict() public {
        uint256 assetId = _publishLive(true);
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.NotOrderDisputes.selector, stranger));
        registry.refuse(assetId, 1, stranger);
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.NotOrderDisputes.selector, stranger));
        registry.spendReserve(assetId, 1, stranger, 1);
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.NotValidatorsContract.selector, stranger));
        registry.onVerdict("round", "subject", Verdict.Accept, 0);
        vm.stopPrank();
        vm.startPrank(address(orderDisputes));
        assertEq(registry.refuse(assetId, 1, buyer), ROUND_FEE, "reserve");
        assertEq(registry.refuse(assetId, 1, buyer), 0, "once");
        vm.stopPrank();
    }

    function test_theReserveIsSpentInParts() public {
        uint256 assetId = _publishLive(true);
        uint256 before = coin.balanceOf(buyer);
        vm.startPrank(address(orderDisputes));
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.UnknownVersion.selector, assetId, 2));
        registry.spendReserve(assetId, 2, buyer, 1);
        assertEq(registry.spendReserve(assetId, 1, buyer, 1), 1, "a part");
        assertEq(registry.reserveOf(assetId, 1), ROUND_FEE - 1, "the rest stays");
        assertEq(registry.spendReserve(assetId, 1, buyer, 0), 0, "nothing");
        assertEq(registry.spendReserve(assetId, 1, buyer, ROUND_FEE), ROUND_FEE - 1, "no more than there is");
        vm.stopPrank();
        assertEq(coin.balanceOf(buyer) - before, ROUND_FEE, "all of it");
        assertEq(uint8(registry.statusOf(assetId, 1)), uint8(IAssetRegistry.VersionStatus.Live), "as it was");
    }

    function test_publishModel() public {
        uint256 assetId = _publishLive(true);
        bytes32 jobId = _openJob(_list(assetId, IMarket.LicenseKind.Compute, PRICE, 1_000));
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.JobNotSettled.selector, jobId));
        vm.prank(buyer);
        registry.publishModel(jobId, _input(true), _noPermit());
        _claimJob(jobId);
        _endRun(jobId, Verdict.Accept);
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.NotJobBuyer.selector, jobId, stranger));
        vm.prank(stranger);
        registry.publishModel(jobId, _input(true), _noPermit());
        vm.prank(buyer);
        uint256 model = registry.publishModel(jobId, _input(true), _noPermit());
        assertEq(registry.ownerOf(model), buyer, "the buyer's");
        assertEq(uint8(registry.kindOf(model)), uint8(IAssetRegistry.AssetKind.Model), "model");
        IAssetRegistry.Lineage memory lineage = registry.lineageOf(model);
        assertEq(lineage.jobId, jobId, "job");
        assertEq(lineage.parents.length, 1, "one parent");
        assertEq(lineage.parents[0].assetId, assetId, "parent");
        assertEq(lineage.parents[0].version, 1, "parent version");
        assertEq(lineage.parents[0].shareBps, 1_000, "share");
        assertEq(registry.assetOfJob(jobId), model, "asset of job");
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.JobAlreadyPublished.selector, jobId, model));
        vm.prank(buyer);
        registry.publishModel(jobId, _input(true), _noPermit());
    }

    function test_unknownVersions() public {
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.UnknownVersion.selector, 7, 1));
        registry.version(7, 1);
        assertEq(uint8(registry.statusOf(7, 1)), 0, "none");
        assertEq(registry.packedVersion(7, 1), 0, "no word");
        vm.expectRevert();
        registry.kindOf(7);
    }

    /// @dev What goes into the word comes out of it.
    function testFuzz_versionWord(uint8 size_, uint8 threshold, bool mayRead) public {
        for (uint256 i = 0; i < 8; ++i) {
            _keeper(vm.addr(500 + i), MIN_STAKE);
        }
        IAssetRegistry.VersionInput memory input = _input(mayRead);
        uint256 size = bound(size_, 1, 12);
        input.committee = new uint16[](size);
        for (uint256 i = 0; i < size; ++i) {
            input.committee[i] = uint16(12 - i);
        }
        input.threshold = uint8(bound(threshold, 1, size));
        vm.prank(publisher);
        uint256 assetId = registry.publish(IAssetRegistry.AssetKind.Dataset, input, _noPermit());
        IAssetRegistry.Version memory v = registry.version(assetId, 1);
        assertEq(v.committee.length, size, "size");
        for (uint256 i = 0; i < size; ++i) {
            assertEq(v.committee[i], 12 - i, "member");
        }
        assertEq(v.threshold, input.threshold, "threshold");
        assertTrue(v.validatorsMayRead == mayRead, "may read");
    }

    function _refused(IAssetRegistry.VersionInput memory input, bytes4 selector) private {
        vm.expectRevert(selector);
        vm.prank(publisher);
        registry.publish(IAssetRegistry.AssetKind.Dataset, input, _noPermit());
    }
}
