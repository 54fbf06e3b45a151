// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {MilestoneEscrow} from "../src/MilestoneEscrow.sol";
import {ICuration} from "../src/interfaces/ICuration.sol";
import {IDisputes} from "../src/interfaces/IDisputes.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {Verdict} from "../src/interfaces/Types.sol";
import {CurationTest} from "./CurationTest.sol";
import {JuryTest} from "./JuryTest.sol";
import {PlainToken} from "./Tokens.sol";
import {vm} from "./Vm.sol";

/// @dev The part of the cheat codes that reads and writes storage.
interface StorageVm {
    function load(address target, bytes32 slot) external view returns (bytes32);
    function store(address target, bytes32 slot, bytes32 value) external;
}

/// @dev Refusals at the far ends of juries.
contract JuryRefusalsTest is JuryTest {
    StorageVm private constant STORAGE = StorageVm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function test_aVoteIsRevealedOnceAndByWhoCommitted() public {
        uint256 id = _open();
        _drawAll(id);
        address[2] memory seated = _twoSeated(id);
        _commit(id, seated[0], 1);
        vm.warp(uint256(_last(id).commitUntil) + 1);
        bytes4 wrong = IDisputes.WrongSeatState.selector;
        vm.expectRevert(abi.encodeWithSelector(wrong, id, 0, IDisputes.SeatState.Silent));
        _reveal(id, seated[1], 1);
        _reveal(id, seated[0], 1);
        _assertPhase(id, IDisputes.Phase.Appeal);
    }

    function test_aJurorWhoHasRevealedWaitsForTheOthers() public {
        uint256 id = _open();
        _drawAll(id);
        address[2] memory seated = _twoSeated(id);
        for (uint256 i = 0; i < JURORS; ++i) {
            if (_seats(id, jurors[i]) != 0) _commit(id, jurors[i], 1);
        }
        _reveal(id, seated[0], 1);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.WrongSeatState.selector, id, 0, IDisputes.SeatState.Revealed));
        _reveal(id, seated[0], 1);
    }

    /// @dev Places that were left are passed over, and so is who takes one after the round was opened.
    function test_emptyAndLatePlacesAreNeverDrawn() public {
        IDisputes.Params memory p = _params();
        p.jurySize = 31;
        vm.prank(owner);
        disputes.setParams(p);
        vm.prank(jurors[0]);
        disputes.leaveJury();
        mine(disputes.EXIT_BLOCKS() + 1);
        vm.prank(jurors[0]);
        disputes.exitJury();
        (uint256 empty, uint256 late) = (_open(), _open());
        _drawAll(empty);
        address newcomer = account("newcomer");
        _join(newcomer, 4);
        _drawAll(late);
        assertEq(disputes.seat(empty, 0, jurors[0]).count, 0, "nobody is there");
        assertEq(disputes.seat(late, 0, newcomer).count, 0, "came too late");
        uint256 tries = uint256(disputes.round(empty, 0).tries) + disputes.round(late, 0).tries;
        assertTrue(tries > 2 * 31, "some tries found nobody to seat");
    }

    function test_theListOfTicketsEnds() public {
        uint256 length = JURORS * 4;
        uint256 slot = 0;
        // The second slot that holds this number: the first is the count of active tickets.
        for (uint256 seen = 0; seen < 2; ++slot) {
            if (uint256(STORAGE.load(address(disputes), bytes32(slot))) == length) ++seen;
        }
        STORAGE.store(address(disputes), bytes32(slot - 1), bytes32(uint256(type(uint16).max) - 1));
        address last = account("last");
        _join(last, 1);
        address tooMany = account("too many");
        coin.transfer(tooMany, TICKET);
        vm.startPrank(tooMany);
        coin.approve(address(staking), TICKET);
        staking.stake(TICKET);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.TooManyTickets.selector, 1 << 16, uint256(type(uint16).max)));
        disputes.joinJury(1);
        vm.stopPrank();
    }

    function test_idsAreWhatOthersCompute() public {
        MilestoneEscrow escrow = new MilestoneEscrow(disputes, IERC20(address(coin)), owner);
        bytes32 dealId = keccak256(abi.encode(block.chainid, address(escrow), payer, bytes32("salt")));
        assertEq(escrow.dealIdOf(payer, "salt"), dealId, "deal");
        assertEq(escrow.evidenceGroupOf(dealId, 3), uint256(keccak256(abi.encode(dealId, 3))), "evidence");
    }

    function _twoSeated(uint256 id) private view returns (address[2] memory seated) {
        uint256 found = 0;
        for (uint256 i = 0; i < JURORS && found < 2; ++i) {
            if (_seats(id, jurors[i]) != 0) seated[found++] = jurors[i];
        }
        assertEq(found, 2, "the three seats are not all one juror's");
    }
}

/// @dev Refusals of curators, listings and runs that other tests pass by.
contract SystemRefusalsTest is CurationTest {
    function test_aCuratorSaysWhyInAFewWords() public {
        uint256 most = curation.MAX_REASON();
        vm.startPrank(curator);
        for (uint256 i = 0; i < 2; ++i) {
            string memory reason = i == 0 ? "" : string(new bytes(most + 1));
            bytes memory bad = abi.encodeWithSelector(ICuration.BadReason.selector, bytes(reason).length, most);
            vm.expectRevert(bad);
            curation.approve(assetId, reason);
            vm.expectRevert(bad);
            curation.suspend(assetId, reason);
            vm.expectRevert(bad);
            curation.reinstate(assetId, reason);
        }
        curation.suspend(assetId, string(new bytes(most)));
        vm.stopPrank();
    }

    function test_runsArePricedInNcr() public {
        PlainToken plain = new PlainToken(18);
        vm.prank(owner);
        market.allowToken(address(plain), true);
        IMarket.ListingInput memory input =
            IMarket.ListingInput(uint64(assetId), 1, 0, IMarket.LicenseKind.Compute, PRICE, 0, "terms");
        vm.expectRevert(IMarket.BadExtras.selector);
        vm.prank(publisher);
        market.createListingWith(input, IMarket.ListingExtras(address(plain), 0, new IMarket.Split[](0)));
    }

    function test_aRunIsFinalOnlyAfterItsWindow() public {
        bytes32 jobId = _openJob(_list(assetId, IMarket.LicenseKind.Compute, PRICE, 0));
        _claimJob(jobId);
        _conclude(_submit(jobId), Verdict.Accept);
        uint256 notBefore = block.timestamp + CHALLENGE_WINDOW + 1;
        skip(CHALLENGE_WINDOW);
        vm.expectRevert(abi.encodeWithSelector(ITraining.TooEarly.selector, jobId, notBefore));
        training.finalize(jobId);
        skip(1);
        training.finalize(jobId);
        _assertJob(jobId, ITraining.JobState.Settled);
    }
}
