// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IStaking} from "../src/interfaces/IStaking.sol";
import {Logs} from "./Logs.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

/// @dev Delegated stake counts and falls with the validator's, earns for its owner, and comes back after the delay.
contract DelegationTest is SystemTest, Logs {
    uint256 private constant AMOUNT = 3_000e18;
    address private dora = account("dora");
    address private carl = account("carl");
    address private keeper;

    function setUp() public override {
        super.setUp();
        keeper = keepers[0];
        _stake(dora, AMOUNT);
        _stake(carl, AMOUNT);
        coin.approve(address(staking), type(uint256).max);
        staking.fundPool(1_000_000e18);
        mine(1);
    }

    function test_delegatedStakeCountsAsTheValidators() public {
        _delegate(dora, 1_000e18);
        assertEq(staking.stakeOf(dora), 2_000e18, "less of her own");
        assertEq(staking.stakeOf(keeper), MIN_STAKE, "the keeper's own is what it was");
        assertEq(staking.freeOf(keeper), 0, "nothing more to lock or unbond");
        assertEq(staking.weightOf(keeper), MIN_STAKE + 1_000e18, "weight");
        assertEq(staking.delegatedTo(keeper), 1_000e18, "delegated");
        mine(1);
        assertEq(staking.stakeAt(keeper, block.number - 1), MIN_STAKE + 1_000e18, "counts in the draw");
        assertEq(staking.stakeAt(keeper, block.number - 2), MIN_STAKE, "not before");
    }

    function test_whatItSays() public {
        _record();
        _delegate(dora, 2_000e18);
        vm.prank(dora);
        staking.claimDelegationRewards(keeper);
        skip(365 days);
        vm.prank(dora);
        staking.claimDelegationRewards(keeper);
        vm.prank(dora);
        staking.undelegate(keeper, 400e18);
        uint256 availableAt = block.timestamp + 7 days;
        vm.prank(address(validators));
        staking.slash(keeper, MIN_STAKE / 4, treasury);
        skip(7 days);
        vm.prank(dora);
        staking.withdrawDelegation(keeper);
        _stop();
        _assertHers(IStaking.Delegated.selector, abi.encode(2_000e18));
        _assertHers(IStaking.DelegationRewardPaid.selector, abi.encode(100e18));
        _assertHers(IStaking.Undelegated.selector, abi.encode(400e18, availableAt));
        _assertHers(IStaking.DelegationWithdrawn.selector, abi.encode(300e18));
        bytes memory topics = abi.encodePacked(IStaking.DelegationSlashed.selector, _id(keeper));
        _assertSeen(address(staking), topics, abi.encode(500e18), "a quarter of all, of what is leaving too");
        assertEq(times[address(staking)][IStaking.DelegationRewardPaid.selector], 1, "nothing is not paid");
        assertEq(emptyTransfers, 0, "nor moved");
    }

    function _assertHers(bytes32 selector, bytes memory data) private view {
        _assertSeen(address(staking), abi.encodePacked(selector, _id(dora), _id(keeper)), data, "hers");
    }

    function test_refusals() public {
        vm.startPrank(dora);
        vm.expectRevert(abi.encodeWithSelector(IStaking.NotActiveValidator.selector, carl));
        staking.delegate(carl, 1);
        vm.expectRevert(IStaking.ZeroAmount.selector);
        staking.delegate(keeper, 0);
        vm.expectRevert(abi.encodeWithSelector(IStaking.NotEnoughFreeStake.selector, AMOUNT, AMOUNT + 1));
        staking.delegate(keeper, AMOUNT + 1);
        vm.expectRevert(IStaking.ZeroAmount.selector);
        staking.undelegate(keeper, 0);
        staking.delegate(keeper, 5);
        vm.expectRevert(abi.encodeWithSelector(IStaking.NotEnoughDelegated.selector, 5, 6));
        staking.undelegate(keeper, 6);
        vm.expectRevert(IStaking.NothingToWithdraw.selector);
        staking.withdrawDelegation(keeper);
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(IStaking.NotEnoughDelegated.selector, 0, 1));
        vm.prank(carl);
        staking.undelegate(keeper, 1);
    }

    function test_leavingTakesTheDelayAndWorksAfterTheValidatorHasGone() public {
        _delegate(dora, AMOUNT);
        vm.prank(keeper);
        validators.deregister();
        vm.startPrank(dora);
        staking.undelegate(keeper, 1_000e18);
        skip(7 days - 1);
        staking.undelegate(keeper, 500e18);
        IStaking.Delegation memory held = staking.delegationOf(dora, keeper);
        assertEq(held.amount, 1_500e18, "still there");
        assertEq(held.leaving, 1_500e18, "leaving");
        assertEq(held.availableAt, block.timestamp + 7 days, "restarted");
        vm.warp(held.availableAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IStaking.UnbondingUntil.selector, held.availableAt));
        staking.withdrawDelegation(keeper);
        vm.warp(held.availableAt);
        assertEq(staking.withdrawDelegation(keeper), 1_500e18, "paid");
        vm.stopPrank();
        assertEq(coin.balanceOf(dora), 1_500e18, "in her hands");
        assertEq(staking.weightOf(keeper), MIN_STAKE + 1_500e18, "the rest still counts");
    }

    /// @dev Each takes out its own part of what leaves one validator, whoever comes first.
    function test_whoLeavesTogetherIsPaidApart() public {
        _delegate(dora, 1_000e18);
        _delegate(carl, 2_000e18);
        vm.prank(dora);
        staking.undelegate(keeper, 400e18);
        vm.prank(carl);
        staking.undelegate(keeper, 1_000e18);
        skip(7 days);
        vm.prank(dora);
        assertEq(staking.withdrawDelegation(keeper), 400e18, "hers");
        assertEq(staking.delegationOf(carl, keeper).leaving, 1_000e18, "his waits");
        vm.prank(dora);
        staking.undelegate(keeper, 600e18);
        vm.prank(carl);
        assertEq(staking.withdrawDelegation(keeper), 1_000e18, "his");
        skip(7 days);
        vm.prank(dora);
        assertEq(staking.withdrawDelegation(keeper), 600e18, "the rest of hers");
        assertEq(staking.weightOf(keeper), MIN_STAKE + 1_000e18, "the rest of his stays");
    }

    function test_aSlashTakesTheSamePartFromAll() public {
        _delegate(dora, 2_000e18);
        _delegate(carl, 1_000e18);
        vm.prank(carl);
        staking.undelegate(keeper, 400e18);
        uint256 pool = staking.pool();
        vm.prank(address(validators));
        staking.slash(keeper, MIN_STAKE / 4, treasury);
        assertEq(coin.balanceOf(treasury), MIN_STAKE / 4, "exactly what the role contract asked for");
        assertEq(staking.stakeOf(keeper), MIN_STAKE * 3 / 4, "the keeper's own");
        assertEq(staking.delegationOf(dora, keeper).amount, 1_500e18, "a quarter of hers");
        assertEq(staking.delegationOf(carl, keeper).amount, 450e18, "a quarter of his");
        assertEq(staking.delegationOf(carl, keeper).leaving, 300e18, "and of what is leaving");
        assertEq(staking.pool(), pool + 750e18, "what delegators lose feeds the pool");
        assertEq(staking.weightOf(keeper), MIN_STAKE * 3 / 4 + 1_950e18, "weight");
        skip(7 days);
        vm.prank(carl);
        assertEq(staking.withdrawDelegation(keeper), 300e18, "what is left of it");
    }

    function test_whatHasBeenTakenOutCannotBeSlashed() public {
        _delegate(dora, 1_000e18);
        vm.prank(dora);
        staking.undelegate(keeper, 1_000e18);
        skip(7 days);
        vm.prank(dora);
        staking.withdrawDelegation(keeper);
        vm.prank(address(validators));
        staking.slash(keeper, MIN_STAKE, treasury);
        assertEq(coin.balanceOf(dora), 1_000e18, "hers");
    }

    function test_aWipedPoolTakesNoMore() public {
        _delegate(dora, 1_000e18);
        vm.prank(dora);
        staking.undelegate(keeper, 400e18);
        vm.prank(address(validators));
        staking.slash(keeper, MIN_STAKE, treasury);
        assertEq(staking.delegationOf(dora, keeper).amount, 1, "all but one base unit");
        vm.prank(address(validators));
        vm.expectRevert();
        staking.slash(keeper, 1, treasury);
        vm.expectRevert(abi.encodeWithSelector(IStaking.DelegationWiped.selector, keeper));
        vm.prank(carl);
        staking.delegate(keeper, 1_000e18);
        vm.prank(dora);
        staking.undelegate(keeper, 1);
        skip(7 days);
        vm.prank(dora);
        assertEq(staking.withdrawDelegation(keeper), 2, "the last of it comes out");
    }

    function test_delegatedStakeEarnsForTheDelegator() public {
        _delegate(dora, 2_000e18);
        skip(365 days);
        assertEq(staking.delegationOf(dora, keeper).rewards, 100e18, "5 % of what she lent");
        assertEq(staking.pendingRewards(dora), 50e18, "and of what she kept");
        assertEq(staking.pendingRewards(keeper), 50e18, "the keeper earns on its own");
        _delegate(carl, 3_000e18);
        assertEq(staking.delegationOf(carl, keeper).rewards, 0, "nothing for before");
        skip(365 days);
        vm.prank(dora);
        assertEq(staking.claimDelegationRewards(keeper), 200e18, "hers");
        vm.prank(dora);
        assertEq(staking.claimDelegationRewards(keeper), 0, "once");
        vm.prank(carl);
        staking.undelegate(keeper, 3_000e18);
        skip(365 days);
        assertEq(staking.delegationOf(carl, keeper).rewards, 150e18, "what leaves earns no more");
    }

    /// @dev Whatever the amounts: nobody gets out more than was put in, and what rounding keeps is a few base units.
    function testFuzz_sharesGiveBackWhatTheyTook(uint96 first, uint96 second, uint96 lost, uint96 part) public {
        first = uint96(bound(first, 1, AMOUNT));
        second = uint96(bound(second, 1, AMOUNT));
        _delegate(dora, first);
        uint256 cut = bound(lost, 0, MIN_STAKE / 2);
        vm.prank(address(validators));
        staking.slash(keeper, cut, treasury);
        uint256 kept = staking.delegationOf(dora, keeper).amount;
        assertTrue(kept <= first && kept + 1 >= first - first * cut / MIN_STAKE - 1, "the same part");
        _delegate(carl, second);
        uint256 his = staking.delegationOf(carl, keeper).amount;
        assertTrue(his <= second && his + 2 >= second, "his is his");
        assertTrue(staking.delegationOf(dora, keeper).amount + 1 >= kept, "hers is hers");
        if (his == 0) return;
        vm.startPrank(carl);
        staking.undelegate(keeper, bound(part, 1, his));
        skip(7 days);
        assertTrue(staking.withdrawDelegation(keeper) <= second, "no gain");
        vm.stopPrank();
        uint256 due = staking.pool() + staking.earningStake() + staking.delegationOf(dora, keeper).leaving;
        assertTrue(coin.balanceOf(address(staking)) >= due, "it holds what it owes");
    }

    function _delegate(address who, uint256 amount) private {
        vm.prank(who);
        staking.delegate(keeper, amount);
    }
}
