// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {LiquidityMining} from "../src/LiquidityMining.sol";
import {MilestoneEscrow} from "../src/MilestoneEscrow.sol";
import {IDisputes} from "../src/interfaces/IDisputes.sol";
import {IMilestoneEscrow} from "../src/interfaces/IMilestoneEscrow.sol";
import {Permit} from "../src/interfaces/Types.sol";
import {HostileToken} from "./HostileTokens.sol";
import {JuryTest} from "./JuryTest.sol";
import {vm} from "./Vm.sol";

/// @dev Every call is a transaction of its own. Figures land in contracts/snapshots/economy.json.
/// forge-config: default.isolate = true
contract EconomyGasTest is JuryTest {
    MilestoneEscrow private escrow;
    address private buyer = account("buyer");
    address private seller = account("seller");

    function setUp() public override {
        super.setUp();
        escrow = new MilestoneEscrow(disputes, IERC20(address(coin)), owner);
        coin.transfer(buyer, 1_000e18);
        vm.prank(buyer);
        coin.approve(address(escrow), type(uint256).max);
    }

    function test_dealAndDispute() public {
        IMilestoneEscrow.DealInput memory input;
        (input.seller, input.arbiter, input.token) = (seller, address(disputes), address(coin));
        (input.reviewWindow, input.arbitrationWindow, input.terms) = (1 days, 1 days, "ipfs://terms");
        (input.amounts, input.deadlines) = (new uint96[](2), new uint40[](2));
        for (uint256 i = 0; i < 2; ++i) {
            (input.amounts[i], input.deadlines[i]) = (10e18, uint40(block.timestamp + 1 days));
        }
        vm.prank(buyer);
        bytes32 id = escrow.open(input, Permit(0, 0, 0, 0, 0));
        vm.snapshotGasLastCall("economy", "dealOpenOf2");
        vm.prank(buyer);
        escrow.release(id, 0, 10e18);
        vm.snapshotGasLastCall("economy", "dealRelease");
        vm.prank(seller);
        escrow.withdraw(address(coin), seller);
        vm.snapshotGasLastCall("economy", "dealWithdraw");
        vm.prank(seller);
        escrow.deliver(id, 1, "digest");
        vm.prank(buyer);
        escrow.contest(id, 1);
        vm.prank(buyer);
        uint256 disputeId = escrow.escalate(id, 1);
        _step("disputeEscalate");
        _run(disputeId);
    }

    function test_joinJury() public {
        address who = account("new juror");
        coin.transfer(who, 10 * TICKET);
        vm.startPrank(who);
        coin.approve(address(staking), type(uint256).max);
        staking.stake(10 * TICKET);
        disputes.joinJury(10);
        vm.snapshotGasLastCall("economy", "joinJuryOf10");
        vm.stopPrank();
    }

    function test_liquidity() public {
        LiquidityMining mining = new LiquidityMining(IERC20(address(coin)), owner);
        HostileToken lp = new HostileToken();
        coin.approve(address(mining), type(uint256).max);
        mining.fund(1_000e18);
        vm.prank(owner);
        mining.schedule(address(lp), 1_000e18, 10 days);
        lp.mint(buyer, 100e18);
        vm.startPrank(buyer);
        lp.approve(address(mining), type(uint256).max);
        mining.stake(address(lp), 10e18);
        skip(1 days);
        mining.stake(address(lp), 10e18);
        vm.snapshotGasLastCall("economy", "liquidityStake");
        skip(1 days);
        mining.claim(address(lp));
        vm.snapshotGasLastCall("economy", "liquidityClaim");
        vm.stopPrank();
    }

    function _run(uint256 id) private {
        for (uint256 n = 0; n < 4; ++n) {
            if (n != 0) {
                _appeal(id);
                _step("disputeAppeal");
            }
            mine(2);
            uint256 size = _last(id).size;
            while (disputes.draw(id) < size) _step("disputeDrawOf5");
            _votes(id);
        }
        _appeal(id);
        vm.warp(uint256(_last(id).appealUntil) + 1);
        disputes.conclude(id);
        _step("disputeConcludeOf5Rounds");
        disputes.executeRuling(id);
        _step("disputeExecute");
    }

    function _votes(uint256 id) private {
        for (uint256 i = 0; i < JURORS; ++i) {
            if (_seats(id, jurors[i]) == 0) continue;
            _commit(id, jurors[i], 1);
            _step("disputeCommit");
        }
        for (uint256 i = 0; i < JURORS; ++i) {
            if (_seats(id, jurors[i]) == 0) continue;
            _reveal(id, jurors[i], 1);
            _step("disputeReveal");
        }
    }

    function _step(string memory name) private {
        assertTrue(vm.snapshotGasLastCall("economy", name) <= 300_000, "a step of a dispute takes at most 300,000 gas");
    }

    function test_sizes() public view {
        assertTrue(address(disputes).code.length <= 24_576, "fits EIP-170");
    }
}
