// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {GovernanceTest} from "./GovernanceTest.sol";
import {vm} from "./Vm.sol";

/// @dev OpenZeppelin's ERC20 and nothing else.
contract PlainCoin is ERC20 {
    constructor(address holder) ERC20("Plain", "PLN") {
        _mint(holder, 1_000e18);
    }
}

/// @dev The same with votes inside, as the coin would be if they were not in a wrapper.
contract VotingCoin is ERC20, ERC20Permit, ERC20Votes {
    constructor(address holder) ERC20("Voting", "VOT") ERC20Permit("Voting") {
        _mint(holder, 1_000e18);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }

    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }
}

/// @dev Every call is a transaction of its own (cold slots, 21,000 and calldata included).
/// forge-config: default.isolate = true
contract GovernanceGasTest is GovernanceTest {
    function test_transfersCostWhatPlainOnesCost() public {
        ERC20[3] memory coins = [ERC20(address(coin)), new PlainCoin(holder), new VotingCoin(holder)];
        string[3] memory names = ["NeuroCoin", "PlainErc20", "Erc20Votes"];
        uint256[3] memory direct;
        uint256[3] memory pulled;
        for (uint256 i = 0; i < 3; ++i) {
            vm.startPrank(holder);
            coins[i].transfer(alice, 2e18);
            coins[i].transfer(bob, 1e18);
            coins[i].approve(carol, type(uint256).max);
            vm.stopPrank();
            vm.prank(alice);
            coins[i].transfer(bob, 1e18);
            direct[i] = vm.snapshotGasLastCall("governance", string.concat("transfer", names[i]));
            vm.prank(carol);
            coins[i].transferFrom(holder, bob, 1e18);
            pulled[i] = vm.snapshotGasLastCall("governance", string.concat("transferFrom", names[i]));
        }
        assertTrue(direct[0] * 100 <= direct[1] * 110, "a transfer within 10 % of OpenZeppelin's plain ERC20");
        assertTrue(pulled[0] * 100 <= pulled[1] * 110, "and so one by allowance");
    }

    function test_vote() public {
        Proposal memory p = _proposal(address(coin), abi.encodeCall(coin.setBudget, (bob, 5e18)), "A budget for bob");
        uint256 id = _propose(alice, p);
        vm.snapshotGasLastCall("governance", "propose");
        skip(VOTING_DELAY + 1);
        _cast(alice, id, FOR);
        vm.snapshotGasLastCall("governance", "voteFirst");
        _cast(bob, id, FOR);
        uint256 gas = vm.snapshotGasLastCall("governance", "vote");
        assertTrue(gas <= 66_000, "a vote costs at most 66,000");
        skip(VOTING_PERIOD);
        _queue(p);
        vm.snapshotGasLastCall("governance", "queue");
        skip(TIMELOCK_DELAY);
        _execute(p);
        vm.snapshotGasLastCall("governance", "execute");
    }

    /// @dev Looking a past second up among many costs one cold slot for each halving of the last few.
    function test_voteAfterALongHistory() public {
        // Absolute: the optimiser reads the clock once for a whole loop.
        for (uint256 i = 1; i <= 20; ++i) {
            vm.warp(1_800_000_000 + i * 1 hours);
            _wrap(bob, 1e18);
        }
        vm.warp(1_800_000_000 + 21 hours);
        uint256 id = _propose(alice, _proposal(address(coin), abi.encodeCall(coin.setBudget, (bob, 5e18)), "Again"));
        skip(VOTING_DELAY + 1);
        _cast(alice, id, FOR);
        _cast(bob, id, FOR);
        vm.snapshotGasLastCall("governance", "voteWith21Checkpoints");
    }

    function test_wrap() public {
        _wrap(bob, 1e18);
        vm.snapshotGasLastCall("governance", "wrapAgain");
        vm.prank(bob);
        votes.unwrap(1e18);
        vm.snapshotGasLastCall("governance", "unwrap");
    }

    function test_sizes() public {
        vm.snapshotValue("governance", "sizeNeuroCoin", address(coin).code.length);
        vm.snapshotValue("governance", "sizeNeuroVotes", address(votes).code.length);
        vm.snapshotValue("governance", "sizeNeuroGovernor", address(governor).code.length);
        assertTrue(address(governor).code.length <= 24_576, "fits EIP-170");
    }
}
