// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Guardian} from "../src/Guardian.sol";
import {LiquidityMining} from "../src/LiquidityMining.sol";
import {Staking} from "../src/Staking.sol";
import {System} from "../src/interfaces/Types.sol";
import {GovernanceTest} from "./GovernanceTest.sol";
import {vm} from "./Vm.sol";

/// @dev What votes are for, told whole.
contract GovernanceStoryTest is GovernanceTest {
    /// @dev One proposal gives the timelock a budget, mints it and puts it into the pools: no more comes into being than
    /// the vote said, and all of it is where the vote said.
    function test_aVoteMintsRewardsIntoThePools() public {
        System memory system;
        system.token = address(coin);
        Staking staking = new Staking(system, account("disputes"), address(timelock), 500, 7 days);
        LiquidityMining mining = new LiquidityMining(coin, address(timelock));
        address[5] memory targets = [address(coin), address(coin), address(coin), address(staking), address(coin)];
        bytes[5] memory calls = [
            abi.encodeCall(coin.setBudget, (address(timelock), 30e18)),
            abi.encodeCall(coin.mint, (address(timelock), 30e18)),
            abi.encodeCall(coin.approve, (address(staking), 20e18)),
            abi.encodeCall(staking.fundPool, (20e18)),
            abi.encodeCall(coin.approve, (address(mining), 10e18))
        ];
        Proposal memory p = Proposal(new address[](6), new uint256[](6), new bytes[](6), "Rewards for a year");
        for (uint256 i = 0; i < 5; ++i) {
            (p.targets[i], p.calls[i]) = (targets[i], calls[i]);
        }
        (p.targets[5], p.calls[5]) = (address(mining), abi.encodeCall(mining.fund, (10e18)));
        uint256 before = coin.totalSupply();
        _enact(p);
        assertEq(coin.balanceOf(address(staking)), 20e18, "the staking pool");
        assertEq(coin.balanceOf(address(mining)), 10e18, "liquidity mining");
        assertEq(coin.totalSupply(), before + 30e18, "and no more");
        assertEq(coin.totalBudget(), 0, "the budget is spent");
    }

    function test_aLateHandOverIsAcceptedByAVote() public {
        address deployer = account("deployer");
        Guardian guardian = new Guardian(deployer, deployer, 7 days, 30 days);
        vm.prank(deployer);
        guardian.transferOwnership(address(timelock));
        assertEq(guardian.owner(), deployer, "not yet");
        _enact(_proposal(address(guardian), abi.encodeCall(guardian.acceptOwnership, ()), "Accept the guardian"));
        assertEq(guardian.owner(), address(timelock), "handed over");
        _enact(_proposal(address(guardian), abi.encodeCall(guardian.setGuardian, (address(0))), "No guardian"));
        assertEq(guardian.guardian(), address(0), "and governed");
    }
}
