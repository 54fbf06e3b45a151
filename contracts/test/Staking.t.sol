// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {NeuroCoin} from "../src/NeuroCoin.sol";
import {Staking} from "../src/Staking.sol";
import {IStaking} from "../src/interfaces/IStaking.sol";
import {System} from "../src/interfaces/Types.sol";
import {Logs} from "./Logs.sol";
import {newCoin} from "./NewCoin.sol";
import {vm} from "./Vm.sol";

contract StakingTest is Logs {
    uint16 private constant RATE = 500;
    uint32 private constant DELAY = 7 days;

    NeuroCoin private coin;
    Staking private staking;
    address private role = account("training");
    address private alice = account("alice");
    address private bob = account("bob");
    address private owner = account("owner");

    function setUp() public {
        vm.warp(1_800_000_000);
        vm.roll(1_000);
        coin = newCoin(address(this), address(this), 1_000_000_000e18);
        System memory system;
        (system.token, system.validators, system.training) = (address(coin), account("validators"), role);
        staking = new Staking(system, account("disputes"), owner, RATE, DELAY);
        coin.approve(address(staking), type(uint256).max);
        for (uint256 i = 0; i < 2; ++i) {
            address who = i == 0 ? alice : bob;
            coin.transfer(who, 1_000e18);
            vm.prank(who);
            coin.approve(address(staking), type(uint256).max);
        }
    }

    function test_stakeUnbondWithdraw() public {
        _stake(alice, 100e18);
        assertEq(staking.stakeOf(alice), 100e18, "staked");
        vm.prank(alice);
        staking.unbond(40e18);
        assertEq(staking.stakeOf(alice), 60e18, "unbonding is not stake");
        (uint256 amount, uint40 availableAt) = staking.unbondingOf(alice);
        assertEq(amount, 40e18, "unbonding");
        assertEq(availableAt, block.timestamp + DELAY, "available at");

        vm.warp(availableAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IStaking.UnbondingUntil.selector, availableAt));
        vm.prank(alice);
        staking.withdraw();
        vm.warp(availableAt);
        vm.prank(alice);
        staking.withdraw();
        assertEq(coin.balanceOf(alice), 940e18, "paid out");
        vm.expectRevert(IStaking.NothingToWithdraw.selector);
        vm.prank(alice);
        staking.withdraw();
    }

    function test_aSecondUnbondRestartsTheDelay() public {
        _stake(alice, 100e18);
        vm.prank(alice);
        staking.unbond(1e18);
        skip(DELAY - 1);
        vm.prank(alice);
        staking.unbond(2e18);
        (uint256 amount, uint40 availableAt) = staking.unbondingOf(alice);
        assertEq(amount, 3e18, "added up");
        assertEq(availableAt, block.timestamp + DELAY, "restarted");
    }

    function test_zeroAmounts() public {
        vm.expectRevert(IStaking.ZeroAmount.selector);
        staking.stake(0);
        vm.expectRevert(IStaking.ZeroAmount.selector);
        staking.unbond(0);
        vm.expectRevert(IStaking.ZeroAmount.selector);
        staking.fundPool(0);
    }

    function test_lockedStakeCannotLeave() public {
        _stake(alice, 100e18);
        vm.prank(role);
        staking.lock(alice, 70e18);
        assertEq(staking.lockedOf(alice), 70e18, "locked");
        assertEq(staking.freeOf(alice), 30e18, "free");
        vm.expectRevert(abi.encodeWithSelector(IStaking.NotEnoughFreeStake.selector, 30e18, 30e18 + 1));
        vm.prank(alice);
        staking.unbond(30e18 + 1);
        vm.expectRevert(abi.encodeWithSelector(IStaking.NotEnoughFreeStake.selector, 30e18, 31e18));
        vm.prank(role);
        staking.lock(alice, 31e18);
        vm.prank(role);
        staking.unlock(alice, 70e18);
        vm.prank(alice);
        staking.unbond(100e18);
    }

    function test_slashTakesLockedStakeOnly() public {
        _stake(alice, 100e18);
        vm.startPrank(role);
        staking.lock(alice, 70e18);
        staking.slash(alice, 50e18, bob);
        assertEq(staking.stakeOf(alice), 50e18, "stake");
        assertEq(staking.lockedOf(alice), 20e18, "locked");
        assertEq(coin.balanceOf(bob), 1_050e18, "to bob");
        vm.expectRevert();
        staking.slash(alice, 20e18 + 1, bob);
        vm.expectRevert();
        staking.unlock(alice, 20e18 + 1);
        vm.stopPrank();
    }

    function test_rolesOnly() public {
        bytes memory refusal = abi.encodeWithSelector(IStaking.NotRole.selector, alice);
        vm.startPrank(alice);
        vm.expectRevert(refusal);
        staking.lock(alice, 1);
        vm.expectRevert(refusal);
        staking.unlock(alice, 1);
        vm.expectRevert(refusal);
        staking.slash(alice, 1, alice);
        vm.stopPrank();
    }

    function test_rewardsAreTheYearlyRate() public {
        staking.fundPool(1_000e18);
        _stake(alice, 100e18);
        skip(365 days);
        assertEq(staking.pendingRewards(alice), 5e18, "5 % of 100 after a year");
        vm.prank(alice);
        assertEq(staking.claimRewards(), 5e18, "paid");
        vm.prank(alice);
        assertEq(staking.claimRewards(), 0, "once");
        assertEq(staking.pool(), 995e18, "out of the pool");
    }

    function test_whatThePoolDoesNotHoldIsNeverPromised() public {
        staking.fundPool(2e18);
        _stake(alice, 100e18);
        _stake(bob, 300e18);
        skip(365 days);
        assertEq(staking.pendingRewards(alice), 0.5e18, "a quarter of the pool");
        assertEq(staking.pendingRewards(bob), 1.5e18, "three quarters");
        assertEq(staking.unpromised(), 0, "all of it is spoken for");
        vm.prank(alice);
        assertEq(staking.claimRewards(), 0.5e18, "paid");
        skip(365 days);
        assertEq(staking.pendingRewards(alice), 0, "a dry pool earns nothing");
        staking.fundPool(100e18);
        assertEq(staking.pendingRewards(alice), 0, "nor does it later, for the dry time");
        skip(365 days);
        assertEq(staking.pendingRewards(alice), 5e18, "and goes on from there");
        assertEq(staking.unpromised(), 100e18 - 20e18, "less what both have earned");
        vm.prank(bob);
        assertEq(staking.claimRewards(), 16.5e18, "all that was shown");
        assertEq(coin.balanceOf(address(staking)), 400e18 + staking.pool(), "stake untouched");
    }

    function test_theSecondAtWhichThePoolRunsDry() public {
        // 500 bps of a stake of 365 days x 10,000 base units is 500 base units a second.
        uint256 yearBps = 365 days * 10_000;
        staking.fundPool(1_000);
        _stake(alice, yearBps);
        skip(1);
        assertEq(staking.pendingRewards(alice), 500, "half after a second");
        skip(1);
        assertEq(staking.pendingRewards(alice), 1_000, "all after two");
        skip(1);
        assertEq(staking.pendingRewards(alice), 1_000, "and no more");
    }

    function test_aNewRateHoldsFromNowOn() public {
        staking.fundPool(1_000e18);
        _stake(alice, 100e18);
        skip(365 days);
        vm.prank(owner);
        staking.setRate(1_000);
        assertEq(staking.rateBps(), 1_000, "rate");
        skip(365 days);
        assertEq(staking.pendingRewards(alice), 15e18, "5 and 10");
        vm.expectRevert(abi.encodeWithSelector(IStaking.RateTooHigh.selector, 2_001, 2_000));
        vm.prank(owner);
        staking.setRate(2_001);
        vm.prank(owner);
        staking.setRate(2_000);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, alice));
        vm.prank(alice);
        staking.setRate(0);
    }

    function test_aRateOfZeroEarnsNothing() public {
        staking.fundPool(1_000e18);
        vm.prank(owner);
        staking.setRate(0);
        _stake(alice, 100e18);
        skip(365 days);
        assertEq(staking.pendingRewards(alice), 0, "nothing");
        _record();
        vm.prank(alice);
        assertEq(staking.claimRewards(), 0, "nothing to claim");
        _stop();
        assertEq(times[address(staking)][IStaking.RewardPaid.selector], 0, "nothing said of it");
        assertEq(emptyTransfers, 0, "nothing moved");
    }

    function test_slashedAndUnbondingStakeEarnsNoMore() public {
        staking.fundPool(1_000e18);
        _stake(alice, 100e18);
        vm.startPrank(role);
        staking.lock(alice, 50e18);
        staking.slash(alice, 50e18, bob);
        vm.stopPrank();
        vm.prank(alice);
        staking.unbond(30e18);
        assertEq(staking.earningStake(), 20e18, "what is left earns");
        skip(365 days);
        assertEq(staking.pendingRewards(alice), 1e18, "5 % of 20");
        assertEq(staking.unpromised(), 999e18, "nothing is set aside for the rest");
    }

    function test_threeContractsHaveTheRole() public {
        _stake(alice, 3);
        address[3] memory roles = [account("validators"), account("disputes"), role];
        for (uint256 i = 0; i < 3; ++i) {
            vm.startPrank(roles[i]);
            staking.lock(alice, 1);
            staking.unlock(alice, 1);
            vm.stopPrank();
        }
    }

    function test_priorityDoublesItsPriceAtEachStep() public {
        uint256[5] memory stakes = [uint256(1e18 - 1), 1, 1e18 - 1, 1, 998e18 - 1];
        uint8[5] memory wanted = [0, 1, 1, 2, 10];
        for (uint256 i = 0; i < 5; ++i) {
            _stake(alice, stakes[i]);
            assertEq(staking.priorityOf(alice), wanted[i], "priority");
        }
    }

    function test_ownershipMovesInTwoSteps() public {
        vm.prank(owner);
        staking.transferOwnership(alice);
        assertEq(staking.owner(), owner, "not yet");
        vm.prank(alice);
        staking.acceptOwnership();
        assertEq(staking.owner(), alice, "now");
    }

    function test_stakeAtRemembers() public {
        _stake(alice, 10e18);
        mine(5);
        _stake(alice, 20e18);
        mine(1);
        assertEq(staking.stakeAt(alice, 999), 0, "before");
        assertEq(staking.stakeAt(alice, 1_000), 10e18, "at the first");
        assertEq(staking.stakeAt(alice, 1_004), 10e18, "between");
        assertEq(staking.stakeAt(alice, 1_005), 30e18, "at the second");
        vm.expectRevert(abi.encodeWithSelector(IStaking.BlockNotYetPast.selector, block.number));
        staking.stakeAt(alice, block.number);
    }

    /// @dev However often it is asked for in between, a reward never exceeds what the rate gives in one piece.
    function testFuzz_claimingOftenGainsNothing(uint96 amount, uint32 first, uint32 second) public {
        uint256 stake_ = bound(amount, 1, 1_000e18);
        staking.fundPool(100_000_000e18);
        _stake(alice, stake_);
        _stake(bob, stake_);
        skip(first);
        vm.prank(alice);
        uint256 paid = staking.claimRewards();
        skip(second);
        vm.prank(alice);
        paid += staking.claimRewards();
        vm.prank(bob);
        uint256 atOnce = staking.claimRewards();
        assertTrue(paid <= atOnce && atOnce - paid <= 1, "the same but for rounding down");
    }

    function _stake(address who, uint256 amount) private {
        vm.prank(who);
        staking.stake(amount);
    }
}
