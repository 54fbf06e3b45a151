// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Guardian} from "../src/Guardian.sol";
import {IGuardian} from "../src/interfaces/IGuardian.sol";
import {Logs} from "./Logs.sol";
import {vm} from "./Vm.sol";

contract GuardianTest is Logs {
    uint32 private constant MAX_PAUSE = 7 days;
    uint32 private constant COOL_DOWN = 30 days;

    Guardian private brake;
    address private owner = account("owner");
    address private guard = account("guard");
    address private alice = account("alice");

    function setUp() public {
        vm.warp(1_800_000_000);
        brake = new Guardian(owner, guard, MAX_PAUSE, COOL_DOWN);
    }

    function test_startsUnpaused() public view {
        assertTrue(!brake.paused(), "runs");
        assertEq(brake.guardian(), guard, "guardian");
        assertEq(brake.pausedUntil(), 0, "never paused");
        assertEq(brake.nextPauseAt(), 0, "and may at once");
    }

    function testFuzz_aPauseEndsByItself(uint32 seconds_) public {
        seconds_ = uint32(bound(seconds_, 1, MAX_PAUSE));
        vm.prank(guard);
        brake.pause(seconds_);
        assertTrue(brake.paused(), "at once");
        skip(seconds_ - 1);
        assertTrue(brake.paused(), "to its last second");
        skip(1);
        assertTrue(!brake.paused(), "and no longer");
        skip(COOL_DOWN - 1);
        vm.expectRevert(abi.encodeWithSelector(IGuardian.CoolingDown.selector, uint40(block.timestamp + 1)));
        vm.prank(guard);
        brake.pause(seconds_);
        skip(1);
        vm.prank(guard);
        brake.pause(seconds_);
        assertTrue(brake.paused(), "after the cool-down again");
    }

    function test_bounds() public {
        vm.startPrank(guard);
        vm.expectRevert(abi.encodeWithSelector(IGuardian.BadPause.selector, 0, MAX_PAUSE));
        brake.pause(0);
        vm.expectRevert(abi.encodeWithSelector(IGuardian.BadPause.selector, MAX_PAUSE + 1, MAX_PAUSE));
        brake.pause(MAX_PAUSE + 1);
        brake.pause(MAX_PAUSE);
        vm.expectRevert(
            abi.encodeWithSelector(IGuardian.CoolingDown.selector, uint40(block.timestamp) + MAX_PAUSE + COOL_DOWN)
        );
        brake.pause(1);
        vm.stopPrank();
    }

    function test_onlyTheGuardianPauses() public {
        vm.expectRevert(abi.encodeWithSelector(IGuardian.NotGuardian.selector, alice));
        vm.prank(alice);
        brake.pause(1);
        vm.expectRevert(abi.encodeWithSelector(IGuardian.NotGuardian.selector, owner));
        vm.prank(owner);
        brake.pause(1);
    }

    function test_guardianOrOwnerEndsAPauseEarly() public {
        vm.expectRevert(IGuardian.NotPaused.selector);
        vm.prank(guard);
        brake.endPause();
        vm.prank(guard);
        brake.pause(2 days);
        uint40 next = brake.nextPauseAt();
        vm.expectRevert(abi.encodeWithSelector(IGuardian.NotGuardian.selector, alice));
        vm.prank(alice);
        brake.endPause();
        vm.prank(owner);
        brake.endPause();
        assertTrue(!brake.paused(), "over in the same second");
        assertEq(brake.nextPauseAt(), next, "ending early buys no earlier pause");
        vm.warp(next);
        vm.startPrank(guard);
        brake.pause(1 days);
        skip(1 hours);
        brake.endPause();
        vm.stopPrank();
        assertTrue(!brake.paused(), "the guardian may as well");
    }

    function test_theOwnerNamesAndRevokesTheGuardian() public {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, guard));
        vm.prank(guard);
        brake.setGuardian(alice);
        vm.prank(owner);
        brake.setGuardian(address(0));
        vm.expectRevert(abi.encodeWithSelector(IGuardian.NotGuardian.selector, guard));
        vm.prank(guard);
        brake.pause(1);
        vm.prank(owner);
        brake.setGuardian(alice);
        vm.prank(alice);
        brake.pause(1);
        assertTrue(brake.paused(), "by the new one");
    }

    /// @dev A new guardian does not begin with a fresh allowance of pause.
    function test_theCoolDownOutlastsTheGuardian() public {
        vm.prank(guard);
        brake.pause(MAX_PAUSE);
        vm.prank(owner);
        brake.setGuardian(alice);
        skip(MAX_PAUSE);
        vm.expectRevert(abi.encodeWithSelector(IGuardian.CoolingDown.selector, uint40(block.timestamp) + COOL_DOWN));
        vm.prank(alice);
        brake.pause(1);
    }

    function test_deploymentBounds() public {
        uint32[2][3] memory wrong = [[uint32(0), 30 days], [uint32(14 days) + 1, 30 days], [uint32(7 days), 7 days - 1]];
        for (uint256 i = 0; i < wrong.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IGuardian.BadBounds.selector, wrong[i][0], wrong[i][1]));
            new Guardian(owner, guard, wrong[i][0], wrong[i][1]);
        }
        new Guardian(owner, guard, 14 days, 14 days);
    }

    function test_whatItSays() public {
        _record();
        Guardian fresh = new Guardian(owner, guard, MAX_PAUSE, COOL_DOWN);
        vm.prank(guard);
        fresh.pause(2 days);
        vm.prank(owner);
        fresh.endPause();
        vm.prank(owner);
        fresh.setGuardian(alice);
        _stop();
        address source = address(fresh);
        _assertSeen(source, abi.encodePacked(IGuardian.GuardianSet.selector, _id(guard)), "", "the first guardian");
        bytes memory until = abi.encode(block.timestamp + 2 days);
        _assertSeen(source, abi.encodePacked(IGuardian.Paused.selector, _id(guard)), until, "a pause");
        _assertSeen(source, abi.encodePacked(IGuardian.PauseEnded.selector, _id(owner)), "", "its end");
        _assertSeen(source, abi.encodePacked(IGuardian.GuardianSet.selector, _id(alice)), "", "the next guardian");
    }
}
