// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Curation} from "../src/Curation.sol";
import {IArbitrable, IArbitrator, IEvidence} from "../src/interfaces/Arbitration.sol";
import {IAssetRegistry} from "../src/interfaces/IAssetRegistry.sol";
import {ICuration} from "../src/interfaces/ICuration.sol";
import {IDisputes} from "../src/interfaces/IDisputes.sol";
import {IPayouts} from "../src/interfaces/IPayouts.sol";
import {Permit, System} from "../src/interfaces/Types.sol";
import {CurationTest} from "./CurationTest.sol";
import {Logs} from "./Logs.sol";
import {vm} from "./Vm.sol";

/// @dev See Curation.tree.
contract CurationBondTest is CurationTest, Logs {
    // Publishing

    function test_publishingPullsTheBondWithTheFees() public {
        uint256 before = coin.balanceOf(publisher);
        EMITS.expectEmit(address(curation));
        emit ICuration.AssetEntered(assetId + 1, BOND, uint40(block.timestamp + REVIEW_WINDOW));
        uint256 next = _publish(true);
        assertEq(before - coin.balanceOf(publisher), 2 * uint256(ROUND_FEE) + BOND, "two fees and the bond");
        assertEq(coin.balanceOf(address(curation)), 2 * uint256(BOND), "held");
        _assertRecord(next, ICuration.Status.Pending, ICuration.Appeal.None, BOND);
        assertEq(curation.record(next).until, block.timestamp + REVIEW_WINDOW, "until");
        vm.prank(publisher);
        registry.addVersion(next, _input(true), _noPermit());
        assertEq(coin.balanceOf(address(curation)), 2 * uint256(BOND), "once for each asset");
    }

    function test_onePermitCoversFeesAndBond() public {
        vm.prank(publisher);
        coin.approve(address(registry), 0);
        uint256 total = 2 * uint256(ROUND_FEE) + BOND;
        Permit memory permit = _permit("publisher", address(registry), total);
        vm.prank(publisher);
        uint256 next = registry.publish(IAssetRegistry.AssetKind.Dataset, _input(true), permit);
        _assertRecord(next, ICuration.Status.Pending, ICuration.Appeal.None, BOND);
        permit = _permit("publisher", address(registry), total - 1);
        vm.expectRevert();
        vm.prank(publisher);
        registry.publish(IAssetRegistry.AssetKind.Dataset, _input(true), permit);
    }

    function test_withoutABondThereIsAReviewAllTheSame() public {
        vm.prank(owner);
        curation.setParams(ICuration.Params(0, REVIEW_WINDOW, APPEAL_WINDOW));
        _record();
        uint256 next = _publish(true);
        assertEq(coin.balanceOf(address(curation)), BOND, "nothing came");
        _assertRecord(next, ICuration.Status.Pending, ICuration.Appeal.None, 0);
        _approve(next);
        _stop();
        assertEq(curation.owed(publisher), 0, "nothing to return");
        assertEq(times[address(curation)][ICuration.BondReturned.selector], 0, "and nothing said of it");
        assertEq(emptyTransfers, 0, "or moved");
        _suspend(next);
        skip(APPEAL_WINDOW + 1);
        vm.expectRevert(abi.encodeWithSelector(ICuration.NothingHeld.selector, next));
        curation.slash(next);
    }

    function test_theSmallestBondIsReturned() public {
        vm.prank(owner);
        curation.setParams(ICuration.Params(1, REVIEW_WINDOW, APPEAL_WINDOW));
        _approve(_publish(true));
        assertEq(curation.owed(publisher), 1, "one base unit");
    }

    function test_onlyTheRegistryEnters() public {
        vm.expectRevert(abi.encodeWithSelector(ICuration.NotRegistry.selector, stranger));
        vm.prank(stranger);
        curation.enter(99);
    }

    // Review

    function test_approvalReturnsTheBond() public {
        EMITS.expectEmit(address(curation));
        emit ICuration.CurationChanged(assetId, ICuration.Status.Live, curator, "sound", 0);
        EMITS.expectEmit(address(curation));
        emit ICuration.BondReturned(assetId, publisher, BOND);
        EMITS.expectEmit(address(curation));
        emit IPayouts.Credited(publisher, BOND);
        _approve(assetId);
        _assertRecord(assetId, ICuration.Status.Live, ICuration.Appeal.None, 0);
        assertEq(curation.record(assetId).until, 0, "no window is open");
        assertEq(curation.owed(publisher), BOND, "credited");
        vm.prank(publisher);
        assertEq(curation.withdraw(), BOND, "withdrawn");
        assertEq(coin.balanceOf(address(curation)), 0, "nothing stays");
    }

    function test_theBondGoesToWhoeverOwnsTheAssetThen() public {
        vm.prank(publisher);
        registry.transferFrom(publisher, stranger, assetId);
        _approve(assetId);
        assertEq(curation.owed(stranger), BOND, "the owner's");
        assertEq(curation.owed(publisher), 0, "no longer the publisher's");
    }

    function test_anybodyReleasesAfterTheReview() public {
        uint256 until = curation.record(assetId).until;
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(ICuration.ReviewOpen.selector, assetId, until + 1));
        curation.release(assetId);
        vm.warp(until + 1);
        EMITS.expectEmit(address(curation));
        emit ICuration.CurationChanged(assetId, ICuration.Status.Live, stranger, "review window over", 0);
        vm.prank(stranger);
        curation.release(assetId);
        _assertRecord(assetId, ICuration.Status.Live, ICuration.Appeal.None, 0);
        assertEq(curation.owed(publisher), BOND, "credited");
    }

    function test_whatHoldsIsFixedWhenItBegins() public {
        uint256 until = curation.record(assetId).until;
        vm.prank(owner);
        curation.setParams(ICuration.Params(2 * BOND, 1, 1));
        assertEq(curation.record(assetId).until, until, "the same window");
        _approve(assetId);
        assertEq(curation.owed(publisher), BOND, "the same bond");
    }

    // Suspension

    function test_suspendingKeepsTheBondAndOpensAnAppeal() public {
        uint40 until = uint40(block.timestamp + APPEAL_WINDOW);
        EMITS.expectEmit(address(curation));
        emit ICuration.CurationChanged(assetId, ICuration.Status.Suspended, curator, "copied", until);
        _suspend(assetId);
        _assertRecord(assetId, ICuration.Status.Suspended, ICuration.Appeal.None, BOND);
        assertEq(curation.record(assetId).until, until, "until");
    }

    function test_silenceIsSlashedAfterTheAppealWindow() public {
        _suspend(assetId);
        uint256 until = curation.record(assetId).until;
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(ICuration.AppealOpen.selector, assetId, until + 1));
        curation.slash(assetId);
        vm.warp(until + 1);
        uint256 supply = coin.totalSupply();
        EMITS.expectEmit(address(curation));
        emit ICuration.BondSlashed(assetId, BOND);
        vm.prank(stranger);
        assertEq(curation.slash(assetId), BOND, "slashed");
        assertEq(supply - coin.totalSupply(), BOND, "burnt, nobody's");
        assertEq(coin.balanceOf(address(curation)), 0, "nothing stays");
        vm.expectRevert(abi.encodeWithSelector(ICuration.NothingHeld.selector, assetId));
        curation.slash(assetId);
        vm.expectRevert(abi.encodeWithSelector(ICuration.AppealOver.selector, assetId, until));
        _appeal(assetId);
        _reinstate(assetId);
        assertEq(curation.owed(publisher), 0, "what is burnt does not come back");
    }

    function test_reinstatingReturnsTheBond() public {
        _suspend(assetId);
        EMITS.expectEmit(address(curation));
        emit ICuration.CurationChanged(assetId, ICuration.Status.Live, curator, "mistaken", 0);
        _reinstate(assetId);
        _assertRecord(assetId, ICuration.Status.Live, ICuration.Appeal.None, 0);
        assertEq(curation.owed(publisher), BOND, "credited");
        _suspend(assetId);
        _assertRecord(assetId, ICuration.Status.Suspended, ICuration.Appeal.None, 0);
    }

    // Appeal

    function test_appealPaysTheJuryAndIsHeard() public {
        _suspend(assetId);
        uint256 before = coin.balanceOf(publisher);
        EMITS.expectEmit(address(disputes));
        emit IDisputes.PartiesExcluded(1, publisher, curator);
        EMITS.expectEmit(address(curation));
        emit ICuration.AppealOpened(assetId, 1, publisher);
        EMITS.expectEmit(address(curation));
        emit IEvidence.MetaEvidence(
            1, "1: reinstate the asset and return its bond. 2: keep it suspended and burn the bond."
        );
        EMITS.expectEmit(address(curation));
        emit IEvidence.Dispute(disputes, 1, 1, assetId);
        EMITS.expectEmit(address(curation));
        emit IEvidence.Evidence(disputes, assetId, publisher, "ipfs://mine");
        uint256 disputeId = _appeal(assetId);
        assertEq(disputeId, 1, "id");
        assertEq(before - coin.balanceOf(publisher), 3 * uint256(JUROR_FEE), "the cost of arbitration");
        assertEq(coin.balanceOf(address(curation)), BOND, "nothing but the bond is here");
        _assertRecord(assetId, ICuration.Status.Suspended, ICuration.Appeal.Open, BOND);
        skip(APPEAL_WINDOW + 1);
        vm.expectRevert(abi.encodeWithSelector(ICuration.WrongAppeal.selector, assetId, ICuration.Appeal.Open));
        curation.slash(assetId);
        vm.expectRevert(abi.encodeWithSelector(ICuration.WrongAppeal.selector, assetId, ICuration.Appeal.Open));
        _appeal(assetId);
    }

    function test_appealWithPermitInTheLastSecond() public {
        _suspend(assetId);
        vm.prank(publisher);
        coin.approve(address(curation), 0);
        uint256 until = curation.record(assetId).until;
        vm.warp(until + 1);
        Permit memory permit = _permit("publisher", address(curation), 3 * uint256(JUROR_FEE));
        vm.expectRevert(abi.encodeWithSelector(ICuration.AppealOver.selector, assetId, until));
        vm.prank(publisher);
        curation.appeal(assetId, "", permit);
        vm.warp(until);
        vm.prank(publisher);
        curation.appeal(assetId, "", permit);
        _assertRecord(assetId, ICuration.Status.Suspended, ICuration.Appeal.Open, BOND);
    }

    function test_onlyTheOwnerOfASuspendedAssetAppeals() public {
        vm.expectRevert(abi.encodeWithSelector(ICuration.WrongStatus.selector, assetId, ICuration.Status.Pending));
        _appeal(assetId);
        _suspend(assetId);
        vm.expectRevert(abi.encodeWithSelector(ICuration.NotAssetOwner.selector, assetId, stranger));
        vm.prank(stranger);
        curation.appeal(assetId, "", _noPermit());
    }

    function test_theJuryReinstates() public {
        _suspend(assetId);
        uint256 disputeId = _appeal(assetId);
        mine(2);
        _rule(disputeId, 1);
        _assertRecord(assetId, ICuration.Status.Live, ICuration.Appeal.None, 0);
        assertEq(curation.owed(publisher), BOND, "the bond stays theirs");
        _suspend(assetId);
        assertTrue(_appeal(assetId) == disputeId + 1, "another suspension, another appeal");
    }

    function test_theJuryUpholds() public {
        _suspend(assetId);
        uint256 disputeId = _appeal(assetId);
        _vote(disputeId, 2);
        EMITS.expectEmit(address(curation));
        emit IArbitrable.Ruling(disputes, disputeId, 2);
        EMITS.expectEmit(address(curation));
        emit ICuration.AppealLost(assetId, disputeId);
        disputes.executeRuling(disputeId);
        _assertRecord(assetId, ICuration.Status.Suspended, ICuration.Appeal.Lost, BOND);
        vm.expectRevert(abi.encodeWithSelector(ICuration.WrongAppeal.selector, assetId, ICuration.Appeal.Lost));
        _appeal(assetId);
        assertEq(curation.slash(assetId), BOND, "at once");
        assertTrue(curation.isSuspended(assetId), "for good");
    }

    function test_aLostAppealIsSlashedBeforeTheWindowEnds() public {
        vm.prank(owner);
        curation.setParams(ICuration.Params(BOND, REVIEW_WINDOW, 90 days));
        _suspend(assetId);
        _rule(_appeal(assetId), 2);
        assertTrue(block.timestamp < curation.record(assetId).until, "the window is open");
        curation.slash(assetId);
        _reinstate(assetId);
        assertEq(curation.owed(publisher), 0, "gone");
    }

    function test_aJuryThatDecidesNothingLocksNothing() public {
        _suspend(assetId);
        uint256 disputeId = _appeal(assetId);
        _vote(disputeId, 0);
        uint40 until = uint40(block.timestamp + APPEAL_WINDOW);
        EMITS.expectEmit(address(curation));
        emit ICuration.AppealUndecided(assetId, until);
        disputes.executeRuling(disputeId);
        _assertRecord(assetId, ICuration.Status.Suspended, ICuration.Appeal.None, 0);
        assertEq(curation.owed(publisher), BOND, "nobody is slashed unheard");
        assertEq(curation.record(assetId).until, until, "a new window");
        assertEq(_appeal(assetId), disputeId + 1, "and another appeal");
    }

    function test_aJuryThatNeverFormsLocksNothing() public {
        _suspend(assetId);
        uint256 disputeId = _appeal(assetId);
        _conclude(disputeId);
        disputes.executeRuling(disputeId);
        _assertRecord(assetId, ICuration.Status.Suspended, ICuration.Appeal.None, 0);
        assertEq(curation.owed(publisher), BOND, "credited");
        assertEq(disputes.owed(publisher), 3 * uint256(JUROR_FEE), "and what nobody earned");
    }

    function test_withoutJurorsAnAppealCostsNothing() public {
        _suspend(assetId);
        vm.prank(jurors[0]);
        disputes.leaveJury();
        uint256 before = coin.balanceOf(publisher);
        uint40 until = uint40(block.timestamp + APPEAL_WINDOW);
        EMITS.expectEmit(address(curation));
        emit ICuration.AppealUndecided(assetId, until);
        EMITS.expectEmit(address(curation));
        emit ICuration.BondReturned(assetId, publisher, BOND);
        assertEq(_appeal(assetId), 0, "no dispute");
        assertEq(coin.balanceOf(publisher), before, "nothing paid");
        _assertRecord(assetId, ICuration.Status.Suspended, ICuration.Appeal.None, 0);
        assertEq(_appeal(assetId), 0, "again");
        assertEq(curation.owed(publisher), BOND, "once");
    }

    function test_aRulingThatComesTooLateIsPassedOver() public {
        _suspend(assetId);
        uint256 first = _appeal(assetId);
        _reinstate(assetId);
        assertEq(curation.owed(publisher), BOND, "taken back meanwhile");
        _rule(first, 2);
        _assertRecord(assetId, ICuration.Status.Live, ICuration.Appeal.None, 0);
        _suspend(assetId);
        uint256 second = _appeal(assetId);
        _reinstate(assetId);
        _suspend(assetId);
        uint256 third = _appeal(assetId);
        _rule(second, 1);
        _assertRecord(assetId, ICuration.Status.Suspended, ICuration.Appeal.Open, 0);
        assertEq(curation.record(assetId).disputeId, third, "waits for its own");
    }

    function test_onlyDisputesRules() public {
        vm.expectRevert(abi.encodeWithSelector(ICuration.NotDisputes.selector, stranger));
        vm.prank(stranger);
        curation.rule(1, 1);
    }

    // Who, why, when

    function test_onlyCuratorsWithAReason() public {
        vm.startPrank(owner);
        vm.expectRevert(abi.encodeWithSelector(ICuration.NotCurator.selector, owner));
        curation.approve(assetId, "x");
        vm.expectRevert(abi.encodeWithSelector(ICuration.NotCurator.selector, owner));
        curation.suspend(assetId, "x");
        vm.expectRevert(abi.encodeWithSelector(ICuration.NotCurator.selector, owner));
        curation.reinstate(assetId, "x");
        vm.stopPrank();
        vm.startPrank(curator);
        vm.expectRevert(abi.encodeWithSelector(ICuration.BadReason.selector, 0, 256));
        curation.suspend(assetId, "");
        string memory longest = string(new bytes(256));
        vm.expectRevert(abi.encodeWithSelector(ICuration.BadReason.selector, 257, 256));
        curation.suspend(assetId, string.concat(longest, "x"));
        curation.suspend(assetId, longest);
        vm.stopPrank();
    }

    function test_eachStepInItsStatusOnly() public {
        _wrongStatus(99, ICuration.Status.None);
        vm.startPrank(curator);
        vm.expectRevert(abi.encodeWithSelector(ICuration.WrongStatus.selector, 99, ICuration.Status.None));
        curation.suspend(99, "x");
        vm.expectRevert(abi.encodeWithSelector(ICuration.WrongStatus.selector, assetId, ICuration.Status.Pending));
        curation.reinstate(assetId, "x");
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(ICuration.WrongStatus.selector, assetId, ICuration.Status.Pending));
        curation.slash(assetId);
        _approve(assetId);
        _wrongStatus(assetId, ICuration.Status.Live);
        _suspend(assetId);
        _wrongStatus(assetId, ICuration.Status.Suspended);
        vm.expectRevert(abi.encodeWithSelector(ICuration.WrongStatus.selector, assetId, ICuration.Status.Suspended));
        _suspend(assetId);
    }

    function _wrongStatus(uint256 id, ICuration.Status status) private {
        bytes memory wrong = abi.encodeWithSelector(ICuration.WrongStatus.selector, id, status);
        vm.expectRevert(wrong);
        _approve(id);
        vm.expectRevert(wrong);
        curation.release(id);
    }

    function test_theOwnerNamesCurators() public {
        assertTrue(curation.isCurator(curator) && !curation.isCurator(stranger), "as deployed");
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, curator));
        vm.prank(curator);
        curation.setCurator(stranger, true);
        EMITS.expectEmit(address(curation));
        emit ICuration.CuratorSet(curator, false);
        vm.prank(owner);
        curation.setCurator(curator, false);
        vm.expectRevert(abi.encodeWithSelector(ICuration.NotCurator.selector, curator));
        _suspend(assetId);
    }

    function test_params() public {
        ICuration.Params memory p = _curationParams();
        assertEq(keccak256(abi.encode(curation.params())), keccak256(abi.encode(p)), "as deployed");
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
        vm.prank(stranger);
        curation.setParams(p);
        _refused(ICuration.Params(100_000e18 + 1, 1, 1));
        _refused(ICuration.Params(0, 0, 1));
        _refused(ICuration.Params(0, 90 days + 1, 1));
        _refused(ICuration.Params(0, 1, 0));
        _refused(ICuration.Params(0, 1, 90 days + 1));
        p = ICuration.Params(100_000e18, 90 days, 90 days);
        EMITS.expectEmit(address(curation));
        emit ICuration.ParamsChanged(p);
        vm.prank(owner);
        curation.setParams(p);
        assertEq(keccak256(abi.encode(curation.params())), keccak256(abi.encode(p)), "at the caps");
        System memory system;
        vm.expectRevert(ICuration.ParamOutOfRange.selector);
        new Curation(system, disputes, owner, ICuration.Params(0, 0, 0), new address[](0));
    }

    function _refused(ICuration.Params memory p) private {
        vm.expectRevert(ICuration.ParamOutOfRange.selector);
        vm.prank(owner);
        curation.setParams(p);
    }
}
