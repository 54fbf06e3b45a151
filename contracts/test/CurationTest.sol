// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICuration} from "../src/interfaces/ICuration.sol";
import {IDisputes} from "../src/interfaces/IDisputes.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

/// @dev Cheat code for events: the next call says exactly this.
interface EmitVm {
    function expectEmit(address emitter) external;
}

/// @dev The whole system with three jurors, and short helpers for what curators, owners and jurors do.
abstract contract CurationTest is SystemTest {
    EmitVm internal constant EMITS = EmitVm(address(uint160(uint256(keccak256("hevm cheat code")))));
    address[] internal jurors;
    uint256 internal assetId;

    function setUp() public virtual override {
        super.setUp();
        string[3] memory names = ["j1", "j2", "j3"];
        for (uint256 i = 0; i < 3; ++i) {
            jurors.push(account(names[i]));
            _stake(jurors[i], TICKET);
            vm.prank(jurors[i]);
            disputes.joinJury(1);
        }
        mine(1);
        assetId = _publishLive(true);
    }

    function _approve(uint256 id) internal {
        vm.prank(curator);
        curation.approve(id, "sound");
    }

    function _suspend(uint256 id) internal {
        vm.prank(curator);
        curation.suspend(id, "copied");
    }

    function _reinstate(uint256 id) internal {
        vm.prank(curator);
        curation.reinstate(id, "mistaken");
    }

    function _appeal(uint256 id) internal returns (uint256) {
        vm.prank(publisher);
        return curation.appeal(id, "ipfs://mine", _noPermit());
    }

    /// @dev The jury votes `ruling`, and it is handed over.
    function _rule(uint256 disputeId, uint8 ruling) internal {
        _vote(disputeId, ruling);
        disputes.executeRuling(disputeId);
    }

    function _vote(uint256 disputeId, uint8 ruling) internal {
        mine(2);
        while (disputes.draw(disputeId) < 3) {}
        for (uint256 i = 0; i < 3; ++i) {
            if (disputes.seat(disputeId, 0, jurors[i]).count == 0) continue;
            vm.prank(jurors[i]);
            disputes.commit(disputeId, keccak256(abi.encode(disputeId, uint8(0), jurors[i], ruling, SALT)));
        }
        for (uint256 i = 0; i < 3; ++i) {
            if (disputes.seat(disputeId, 0, jurors[i]).count == 0) continue;
            vm.prank(jurors[i]);
            disputes.reveal(disputeId, ruling, SALT);
        }
        _conclude(disputeId);
    }

    function _conclude(uint256 disputeId) internal {
        IDisputes.RoundInfo memory round = disputes.round(disputeId, 0);
        vm.warp((round.commitUntil == 0 ? uint256(round.drawUntil) : round.appealUntil) + 1);
        disputes.conclude(disputeId);
    }

    function _assertRecord(uint256 id, ICuration.Status status, ICuration.Appeal appeal, uint96 bond) internal view {
        ICuration.Record memory record = curation.record(id);
        assertEq(uint8(record.status), uint8(status), "status");
        assertEq(uint8(curation.statusOf(id)), uint8(status), "status of");
        assertTrue(curation.isSuspended(id) == (status == ICuration.Status.Suspended), "suspended");
        assertEq(uint8(record.appeal), uint8(appeal), "appeal");
        assertEq(record.bond, bond, "bond");
    }
}
