// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {LiquidityMining} from "../src/LiquidityMining.sol";
import {NeuroCoin} from "../src/NeuroCoin.sol";
import {ILiquidityMining} from "../src/interfaces/ILiquidityMining.sol";
import {HostileToken} from "./HostileTokens.sol";
import {Logs} from "./Logs.sol";
import {newCoin} from "./NewCoin.sol";
import {vm} from "./Vm.sol";

contract LiquidityMiningTest is Logs {
    uint40 private constant PERIOD = 100 days;
    NeuroCoin private coin;
    HostileToken private lp;
    LiquidityMining private mining;
    address private owner = account("owner");
    address private alice = account("alice");
    address private bob = account("bob");

    function setUp() public {
        vm.warp(1_800_000_000);
        coin = newCoin(address(this), address(this), 1_000_000e18);
        lp = new HostileToken();
        mining = new LiquidityMining(IERC20(address(coin)), owner);
        coin.approve(address(mining), type(uint256).max);
        mining.fund(1_000e18);
        address[2] memory both = [alice, bob];
        for (uint256 i = 0; i < 2; ++i) {
            lp.mint(both[i], 1_000_000e18);
            vm.prank(both[i]);
            lp.approve(address(mining), type(uint256).max);
        }
        _schedule(1_000e18, PERIOD);
    }

    function test_rewardsAreEvenAndExact() public {
        _stake(alice, 100e18);
        skip(10 days);
        _stake(bob, 300e18);
        assertEq(_pending(alice), 100e18, "a tenth of the budget, alone");
        skip(10 days);
        assertEq(_pending(alice), 125e18, "and a quarter of the next");
        assertEq(_pending(bob), 75e18, "three quarters");
        vm.prank(bob);
        assertEq(mining.claim(address(lp)), 75e18, "paid");
        vm.prank(bob);
        assertEq(mining.claim(address(lp)), 0, "once");
        skip(PERIOD);
        assertEq(_pending(alice) + _pending(bob), 925e18, "all of the budget, and no more");
        vm.prank(alice);
        mining.unstake(address(lp), 100e18);
        vm.prank(alice);
        assertEq(mining.claim(address(lp)), 325e18, "rewards outlast the stake");
        assertEq(lp.balanceOf(alice), 1_000_000e18, "and it is back");
        _assertHolds();
    }

    function test_whatItSays() public {
        _record();
        mining.fund(1_000e18);
        _schedule(1_000e18, PERIOD);
        uint256 endsAt = block.timestamp + PERIOD;
        _stake(alice, 100e18);
        vm.startPrank(alice);
        mining.claim(address(lp));
        skip(10 days);
        mining.claim(address(lp));
        skip(10 days);
        mining.unstake(address(lp), 40e18);
        mining.emergencyExit(address(lp));
        vm.stopPrank();
        _stop();
        address source = address(mining);
        bytes memory topics = abi.encodePacked(ILiquidityMining.BudgetFunded.selector, _id(address(this)));
        _assertSeen(source, topics, abi.encode(1_000e18), "BudgetFunded");
        topics = abi.encodePacked(ILiquidityMining.PoolScheduled.selector, _id(address(lp)));
        _assertSeen(source, topics, abi.encode(1_000e18, endsAt), "PoolScheduled");
        _assertHers(ILiquidityMining.LiquidityStaked.selector, abi.encode(100e18));
        _assertHers(ILiquidityMining.LiquidityRewardPaid.selector, abi.encode(200e18));
        _assertHers(ILiquidityMining.LiquidityUnstaked.selector, abi.encode(40e18));
        _assertHers(ILiquidityMining.EmergencyExit.selector, abi.encode(60e18, 200e18));
        assertEq(times[source][ILiquidityMining.LiquidityRewardPaid.selector], 1, "nothing is not paid");
        assertEq(emptyTransfers, 0, "nor moved");
    }

    function _assertHers(bytes32 selector, bytes memory data) private view {
        _assertSeen(address(mining), abi.encodePacked(selector, _id(address(lp)), _id(alice)), data, "hers");
    }

    function test_theBudgetWaitsWhileNobodyIsStaked() public {
        skip(50 days);
        _stake(alice, 1);
        skip(50 days);
        assertEq(_pending(alice), 500e18, "half");
        vm.prank(alice);
        mining.unstake(address(lp), 1);
        skip(1_000 days);
        _stake(alice, 1);
        skip(50 days - 1);
        assertTrue(_pending(alice) < 1_000e18, "not yet all");
        skip(1);
        assertEq(_pending(alice), 1_000e18, "all");
        skip(1);
        assertEq(_pending(alice), 1_000e18, "no more than all");
    }

    function test_aSecondPeriodTakesOverWhatIsLeft() public {
        _stake(alice, 1);
        skip(50 days);
        mining.fund(500e18);
        _schedule(500e18, 10 days);
        skip(5 days);
        assertEq(_pending(alice), 1_000e18, "500 before, and half of 500 + 500");
        skip(5 days);
        assertEq(_pending(alice), 1_500e18, "all");
        _schedule(0, 10 days);
        skip(5 days);
        assertEq(_pending(alice), 1_500e18, "nothing was added");
    }

    function test_emergencyExit() public {
        _stake(alice, 100e18);
        _stake(bob, 100e18);
        skip(10 days);
        vm.prank(alice);
        mining.claim(address(lp));
        skip(10 days);
        vm.prank(bob);
        assertEq(mining.claim(address(lp)), 100e18, "his half");
        vm.prank(alice);
        assertEq(mining.emergencyExit(address(lp)), 100e18, "all of it");
        assertEq(lp.balanceOf(alice), 1_000_000e18, "back");
        assertEq(mining.reserve(), 50e18, "what she had earned since is for others");
        assertEq(_pending(alice), 0, "gone");
        vm.expectRevert(ILiquidityMining.ZeroAmount.selector);
        vm.prank(alice);
        mining.emergencyExit(address(lp));
        _schedule(50e18, 80 days);
        skip(80 days);
        vm.prank(bob);
        assertEq(mining.claim(address(lp)), 850e18, "the rest");
        assertEq(mining.liabilities(), 0, "nothing left");
        _assertHolds();
    }

    function test_refusals() public {
        vm.expectRevert(ILiquidityMining.ZeroAmount.selector);
        mining.fund(0);
        vm.startPrank(owner);
        vm.expectRevert(ILiquidityMining.RewardTokenAsLiquidity.selector);
        mining.schedule(address(coin), 0, PERIOD);
        vm.expectRevert(abi.encodeWithSelector(ILiquidityMining.PeriodOutOfRange.selector, 59));
        mining.schedule(address(lp), 0, 59);
        vm.expectRevert(abi.encodeWithSelector(ILiquidityMining.PeriodOutOfRange.selector, 1460 days + 1));
        mining.schedule(address(lp), 0, 1460 days + 1);
        vm.expectRevert(abi.encodeWithSelector(ILiquidityMining.NotEnoughReserve.selector, 0, 1));
        mining.schedule(address(lp), 1, PERIOD);
        mining.schedule(address(lp), 0, 60);
        mining.schedule(address(lp), 0, 1460 days);
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, alice));
        vm.prank(alice);
        mining.schedule(address(lp), 0, PERIOD);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(ILiquidityMining.PoolNotScheduled.selector, address(coin)));
        mining.stake(address(coin), 1);
        vm.expectRevert(ILiquidityMining.ZeroAmount.selector);
        mining.stake(address(lp), 0);
        vm.expectRevert(ILiquidityMining.ZeroAmount.selector);
        mining.unstake(address(lp), 0);
        vm.expectRevert(abi.encodeWithSelector(ILiquidityMining.NotEnoughStaked.selector, 0, 1));
        mining.unstake(address(lp), 1);
        vm.stopPrank();
    }

    function test_whatArrivesIsWhatCounts() public {
        lp.setFee(1_000);
        _stake(alice, 100e18);
        assertEq(mining.stakedOf(address(lp), alice), 90e18, "nine tenths");
        assertEq(mining.pool(address(lp)).staked, 90e18, "nine tenths");
        lp.setFee(10_000);
        vm.expectRevert(abi.encodeWithSelector(ILiquidityMining.NothingArrived.selector, address(lp)));
        vm.prank(bob);
        mining.stake(address(lp), 1);
    }

    /// @dev However stakes and claims follow one another: no more than the budget is paid, and all of it but dust is.
    function testFuzz_neverMoreThanTheBudget(uint96[4] memory amounts, uint32[4] memory waits) public {
        for (uint256 i = 0; i < 4; ++i) {
            _stake(i % 2 == 0 ? alice : bob, bound(amounts[i], 1, 200_000e18));
            skip(waits[i] % 30 days);
            vm.prank(i % 2 == 0 ? bob : alice);
            mining.claim(address(lp));
        }
        skip(PERIOD);
        vm.prank(alice);
        mining.claim(address(lp));
        vm.prank(bob);
        mining.claim(address(lp));
        uint256 paid = coin.balanceOf(alice) + coin.balanceOf(bob);
        assertTrue(paid <= 1_000e18 && paid + 3 >= 1_000e18, "all but what two accounts round down");
        _assertHolds();
    }

    function _schedule(uint256 amount, uint40 duration) private {
        vm.prank(owner);
        mining.schedule(address(lp), amount, duration);
    }

    function _stake(address who, uint256 amount) private {
        vm.prank(who);
        mining.stake(address(lp), amount);
    }

    function _pending(address who) private view returns (uint256) {
        return mining.pendingOf(address(lp), who);
    }

    function _assertHolds() private view {
        assertEq(coin.balanceOf(address(mining)), mining.liabilities(), "holds what it owes");
        assertEq(lp.balanceOf(address(mining)), mining.pool(address(lp)).staked, "and what was staked");
    }
}
