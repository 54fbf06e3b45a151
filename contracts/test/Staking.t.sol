// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {NeuroCoin} from "../src/NeuroCoin.sol";
import {Staking} from "../src/Staking.sol";
import {IStaking} from "../src/interfaces/IStaking.sol";
import {System} from "../src/interfaces/Types.sol";
import {newCoin} from "./NewCoin.sol";
import {Test} from "./Test.sol";
import {vm} from "./Vm.sol";

contract StakingTest is Test {
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
        System memory system = System(address(coin), address(0), account("validators"), address(0), address(0), role);
        staking = new Staking(system, owner, RATE, DELAY);
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

    function test_anEmptyPoolPaysLaterAndNeverFromStake() public {
        staking.fundPool(2e18);
        _stake(alice, 100e18);
        _stake(bob, 100e18);
        skip(365 days);
        vm.prank(alice);
        assertEq(staking.claimRewards(), 2e18, "all that is there");
        vm.prank(bob);
        assertEq(staking.claimRewards(), 0, "nothing is there");
        assertEq(staking.pendingRewards(alice), 3e18, "the rest stays accrued");
        assertEq(coin.balanceOf(address(staking)), 200e18, "stake untouched");
        staking.fundPool(100e18);
        vm.prank(alice);
        assertEq(staking.claimRewards(), 3e18, "paid later");
    }

    function test_aNewRateHoldsFromNowOn() public {
        _stake(alice, 100e18);
        skip(365 days);
        vm.prank(owner);
        staking.setRate(1_000);
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
