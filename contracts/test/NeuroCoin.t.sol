// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC7802} from "@openzeppelin/contracts/interfaces/draft-IERC7802.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {NeuroCoin} from "../src/NeuroCoin.sol";
import {INeuroCoin} from "../src/interfaces/INeuroCoin.sol";
import {Logs} from "./Logs.sol";
import {newCoin} from "./NewCoin.sol";
import {vm} from "./Vm.sol";

contract NeuroCoinTest is Logs {
    bytes32 private constant PERMIT =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
    uint256 private constant CAP = 1_000_000_000e18;

    NeuroCoin private coin;
    address private owner = account("owner");
    address private alice = account("alice");
    address private bob = account("bob");
    address private pool = account("pool");
    address private bridge = account("bridge");

    function setUp() public {
        vm.warp(1_800_000_000);
        coin = newCoin(owner, alice, 1_000_000e18);
    }

    function test_metadataAndSupply() public view {
        assertEq(keccak256(bytes(coin.name())), keccak256("NeuroCoin"), "name");
        assertEq(keccak256(bytes(coin.symbol())), keccak256("NCR"), "symbol");
        assertEq(coin.decimals(), 18, "decimals");
        assertEq(coin.totalSupply(), 1_000_000e18, "supply");
        assertEq(coin.balanceOf(alice), 1_000_000e18, "all of it is the first holder's");
        assertEq(coin.cap(), CAP, "cap");
        assertEq(coin.owner(), owner, "owner");
    }

    function test_interfaces() public view {
        assertTrue(coin.supportsInterface(0x33331994), "ERC-7802 by its id");
        assertTrue(coin.supportsInterface(type(IERC7802).interfaceId), "ERC-7802");
        assertTrue(coin.supportsInterface(type(IERC20).interfaceId), "ERC-20");
        assertTrue(coin.supportsInterface(type(IERC165).interfaceId), "ERC-165");
        assertTrue(!coin.supportsInterface(0xffffffff), "not the forbidden id");
        assertTrue(!coin.supportsInterface(0x80ac58cd), "not ERC-721");
    }

    function test_allocationsAndBudgetsShareTheCap() public {
        INeuroCoin.Allocation[] memory allocations = new INeuroCoin.Allocation[](2);
        allocations[0] = INeuroCoin.Allocation(alice, 600_000_000e18);
        allocations[1] = INeuroCoin.Allocation(bob, 300_000_000e18);
        INeuroCoin.Budget[] memory budgets = new INeuroCoin.Budget[](1);
        budgets[0] = INeuroCoin.Budget(pool, 100_000_000e18);
        coin = new NeuroCoin("Other", "OTH", owner, allocations, budgets);
        assertEq(coin.balanceOf(bob), 300_000_000e18, "second allocation");
        assertEq(coin.totalSupply() + coin.totalBudget(), CAP, "up to the cap");
        budgets[0].amount += 1;
        vm.expectRevert(abi.encodeWithSelector(INeuroCoin.OverCap.selector, 100_000_000e18 + 1, 100_000_000e18));
        new NeuroCoin("Other", "OTH", owner, allocations, budgets);
    }

    function test_allocationsStayUnderTheCap() public {
        newCoin(owner, alice, CAP);
        vm.expectRevert(abi.encodeWithSelector(INeuroCoin.OverCap.selector, CAP + 1, CAP));
        newCoin(owner, alice, CAP + 1);
    }

    function test_burnLowersTheSupply() public {
        vm.prank(alice);
        coin.burn(1e18);
        assertEq(coin.totalSupply(), 999_999e18, "supply");
        vm.prank(alice);
        coin.approve(bob, 2e18);
        vm.prank(bob);
        coin.burnFrom(alice, 2e18);
        assertEq(coin.totalSupply(), 999_997e18, "supply after burnFrom");
    }

    function test_aPoolMintsItsBudgetAndNoMore() public {
        _budget(pool, 10e18);
        vm.startPrank(pool);
        coin.mint(bob, 4e18);
        assertEq(coin.balanceOf(bob), 4e18, "minted");
        assertEq(coin.budgetOf(pool), 6e18, "left");
        assertEq(coin.totalBudget(), 6e18, "total left");
        vm.expectRevert(abi.encodeWithSelector(INeuroCoin.OverBudget.selector, pool, 6e18, 6e18 + 1));
        coin.mint(bob, 6e18 + 1);
        coin.mint(bob, 6e18);
        assertEq(coin.budgetOf(pool), 0, "spent");
        vm.expectRevert(abi.encodeWithSelector(INeuroCoin.OverBudget.selector, pool, 0, 1));
        coin.mint(bob, 1);
        vm.stopPrank();
    }

    function test_nobodyElseMints() public {
        vm.expectRevert(abi.encodeWithSelector(INeuroCoin.OverBudget.selector, alice, 0, 1));
        vm.prank(alice);
        coin.mint(alice, 1);
        vm.expectRevert(abi.encodeWithSelector(INeuroCoin.OverBudget.selector, owner, 0, 1));
        vm.prank(owner);
        coin.mint(owner, 1);
        vm.expectRevert(abi.encodeWithSelector(INeuroCoin.NotAdapter.selector, owner));
        vm.prank(owner);
        coin.crosschainMint(owner, 1);
    }

    function test_onlyTheOwnerSetsBudgetsAndAdapters() public {
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, alice));
        coin.setBudget(alice, 1);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, alice));
        coin.setAdapter(alice, 1, 1, 1);
        vm.stopPrank();
    }

    function test_budgetsAreReplacedNotAdded() public {
        _budget(pool, 10e18);
        _budget(bob, 5e18);
        assertEq(coin.totalBudget(), 15e18, "two budgets");
        _budget(pool, 3e18);
        assertEq(coin.totalBudget(), 8e18, "the first was replaced");
        _budget(pool, 0);
        assertEq(coin.totalBudget(), 5e18, "and taken away");
        uint256 room = CAP - 1_000_000e18 - 5e18;
        _budget(pool, room);
        vm.expectRevert(abi.encodeWithSelector(INeuroCoin.OverCap.selector, room + 1, room));
        vm.prank(owner);
        coin.setBudget(pool, room + 1);
    }

    function test_aBridgeCannotUseUpWhatAPoolWasPromised() public {
        uint256 room = CAP - 1_000_000e18;
        _budget(pool, room - 1e18);
        _adapter(2e18, 2e18, 1 hours);
        vm.startPrank(bridge);
        vm.expectRevert(abi.encodeWithSelector(INeuroCoin.OverCap.selector, 1e18 + 1, 1e18));
        coin.crosschainMint(bob, 1e18 + 1);
        coin.crosschainMint(bob, 1e18);
        vm.stopPrank();
        vm.prank(pool);
        coin.mint(bob, room - 1e18);
        assertEq(coin.totalSupply(), CAP, "at the cap");
    }

    function test_adapterLimits() public {
        _adapter(100e18, 50e18, 1 days);
        (uint256 mintable, uint256 burnable) = coin.adapterLimits(bridge);
        assertEq(mintable, 100e18, "full at the start");
        assertEq(burnable, 50e18, "both ways");
        vm.startPrank(bridge);
        coin.crosschainMint(bob, 100e18);
        vm.expectRevert(abi.encodeWithSelector(INeuroCoin.RateLimited.selector, bridge, 0, 1));
        coin.crosschainMint(bob, 1);
        vm.stopPrank();
        skip(6 hours);
        (mintable, burnable) = coin.adapterLimits(bridge);
        assertEq(mintable, 25e18, "a quarter of the window refills a quarter");
        assertEq(burnable, 50e18, "the other way was not used, and is not over its capacity");
        skip(18 hours - 1);
        (mintable,) = coin.adapterLimits(bridge);
        assertTrue(mintable < 100e18, "a second short of full");
        skip(1);
        (mintable,) = coin.adapterLimits(bridge);
        assertEq(mintable, 100e18, "full");
    }

    function test_crosschainBurnNeedsTheHoldersAllowance() public {
        _adapter(0, 50e18, 1 days);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, bridge, 0, 1e18));
        vm.prank(bridge);
        coin.crosschainBurn(alice, 1e18);
        vm.prank(alice);
        coin.approve(bridge, 60e18);
        vm.startPrank(bridge);
        coin.crosschainBurn(alice, 30e18);
        assertEq(coin.allowance(alice, bridge), 30e18, "allowance spent");
        vm.expectRevert(abi.encodeWithSelector(INeuroCoin.RateLimited.selector, bridge, 20e18, 20e18 + 1));
        coin.crosschainBurn(alice, 20e18 + 1);
        vm.stopPrank();
        vm.prank(alice);
        coin.transfer(bridge, 5e18);
        vm.prank(bridge);
        coin.crosschainBurn(bridge, 5e18);
        assertEq(coin.totalSupply(), 1_000_000e18 - 35e18, "its own coins need no allowance");
        vm.expectRevert(abi.encodeWithSelector(INeuroCoin.RateLimited.selector, bridge, 0, 1));
        vm.prank(bridge);
        coin.crosschainMint(bob, 1);
    }

    function test_adaptersAreChangedAndRemoved() public {
        vm.startPrank(owner);
        vm.expectRevert(abi.encodeWithSelector(INeuroCoin.BadAdapter.selector, bridge, uint24(0)));
        coin.setAdapter(bridge, 1, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(INeuroCoin.BadAdapter.selector, address(0), uint24(1)));
        coin.setAdapter(address(0), 1, 1, 1);
        vm.stopPrank();
        _adapter(100e18, 100e18, 1 days);
        vm.prank(bridge);
        coin.crosschainMint(bob, 60e18);
        _adapter(50e18, 200e18, 2 days);
        (INeuroCoin.Bucket memory minting, INeuroCoin.Bucket memory burning) = coin.adapter(bridge);
        assertEq(minting.available, 40e18, "what it held");
        assertEq(burning.available, 100e18, "no more than before");
        assertEq(burning.capacity, 200e18, "but it may fill up further");
        assertEq(burning.window, 2 days, "window");
        assertEq(burning.updatedAt, block.timestamp, "from now");
        _adapter(10e18, 200e18, 2 days);
        (minting,) = coin.adapter(bridge);
        assertEq(minting.available, 10e18, "cut to the new capacity");
        _adapter(0, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(INeuroCoin.NotAdapter.selector, bridge));
        vm.prank(bridge);
        coin.crosschainMint(bob, 0);
        vm.expectRevert(abi.encodeWithSelector(INeuroCoin.NotAdapter.selector, bridge));
        vm.prank(bridge);
        coin.crosschainBurn(bridge, 0);
    }

    /// @dev Over any sequence of waits and takes a bucket gives at most its capacity and what refilled meanwhile.
    function testFuzz_bucketNeverGivesMoreThanItsRate(uint96 capacity, uint24 window, uint256[8] memory seeds) public {
        capacity = uint96(bound(capacity, 1, 900_000_000e18));
        window = uint24(bound(window, 1, type(uint24).max));
        _adapter(capacity, 0, window);
        uint256 begun = block.timestamp;
        uint256 taken;
        for (uint256 i = 0; i < seeds.length; ++i) {
            skip(bound(seeds[i] >> 128, 0, uint256(window) * 2));
            (uint256 level,) = coin.adapterLimits(bridge);
            assertTrue(level <= capacity, "never over its capacity");
            uint256 room = CAP - coin.totalSupply();
            uint256 amount = bound(seeds[i], 0, level < room ? level : room);
            vm.prank(bridge);
            coin.crosschainMint(bob, amount);
            taken += amount;
            (uint256 after_,) = coin.adapterLimits(bridge);
            assertEq(after_, level - amount, "what is left");
            vm.expectRevert(abi.encodeWithSelector(INeuroCoin.RateLimited.selector, bridge, after_, after_ + 1));
            vm.prank(bridge);
            coin.crosschainMint(bob, after_ + 1);
        }
        assertTrue(taken <= capacity + capacity * (block.timestamp - begun) / window, "the rate holds over time");
    }

    function testFuzz_budgets(uint256 first, uint256 second, uint256 spent) public {
        uint256 room = CAP - coin.totalSupply();
        first = bound(first, 0, room);
        _budget(pool, first);
        second = bound(second, 0, room - first);
        _budget(bob, second);
        spent = bound(spent, 0, first);
        vm.prank(pool);
        coin.mint(alice, spent);
        assertEq(coin.totalBudget(), first - spent + second, "the sum of what is left");
        assertEq(coin.totalSupply(), 1_000_000e18 + spent, "what was minted");
    }

    function testFuzz_permitOnceOnly(uint256 value, uint256 deadline) public {
        deadline = bound(deadline, block.timestamp, type(uint256).max);
        (uint8 v, bytes32 r, bytes32 s) = _sign(value, deadline);
        coin.permit(alice, bob, value, deadline, v, r, s);
        assertEq(coin.allowance(alice, bob), value, "allowance");
        assertEq(coin.nonces(alice), 1, "nonce");
        vm.expectRevert();
        coin.permit(alice, bob, value, deadline, v, r, s);
    }

    function test_permitExpires() public {
        (uint8 v, bytes32 r, bytes32 s) = _sign(1, block.timestamp - 1);
        vm.expectRevert(abi.encodeWithSelector(ERC20Permit.ERC2612ExpiredSignature.selector, block.timestamp - 1));
        coin.permit(alice, bob, 1, block.timestamp - 1, v, r, s);
    }

    function test_malleablePermitIsRefused() public {
        (uint8 v, bytes32 r, bytes32 s) = _sign(1, block.timestamp);
        bytes32 other = bytes32(0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141 - uint256(s));
        vm.expectRevert();
        coin.permit(alice, bob, 1, block.timestamp, v == 27 ? 28 : 27, r, other);
        coin.permit(alice, bob, 1, block.timestamp, v, r, s);
    }

    function test_whatItSays() public {
        _record();
        coin = newCoin(owner, alice, 1_000_000e18);
        _budget(pool, 10e18);
        vm.prank(pool);
        coin.mint(bob, 4e18);
        _adapter(7e18, 8e18, 1 hours);
        vm.startPrank(bridge);
        coin.crosschainMint(bridge, 3e18);
        coin.crosschainBurn(bridge, 2e18);
        vm.stopPrank();
        _stop();
        address source = address(coin);
        bytes memory topics = abi.encodePacked(INeuroCoin.Allocated.selector, _id(alice));
        _assertSeen(source, topics, abi.encode(1_000_000e18), "Allocated");
        topics = abi.encodePacked(INeuroCoin.BudgetSet.selector, _id(pool));
        _assertSeen(source, topics, abi.encode(10e18), "BudgetSet");
        topics = abi.encodePacked(INeuroCoin.BudgetSpent.selector, _id(pool), _id(bob));
        _assertSeen(source, topics, abi.encode(4e18, 6e18), "BudgetSpent");
        topics = abi.encodePacked(INeuroCoin.AdapterSet.selector, _id(bridge));
        _assertSeen(source, topics, abi.encode(7e18, 8e18, 1 hours), "AdapterSet");
        topics = abi.encodePacked(IERC7802.CrosschainMint.selector, _id(bridge), _id(bridge));
        _assertSeen(source, topics, abi.encode(3e18), "CrosschainMint");
        topics = abi.encodePacked(IERC7802.CrosschainBurn.selector, _id(bridge), _id(bridge));
        _assertSeen(source, topics, abi.encode(2e18), "CrosschainBurn");
    }

    function _sign(uint256 value, uint256 deadline) private view returns (uint8, bytes32, bytes32) {
        bytes32 digest = keccak256(abi.encode(PERMIT, alice, bob, value, 0, deadline));
        return vm.sign(keyOf("alice"), keccak256(abi.encodePacked(hex"1901", coin.DOMAIN_SEPARATOR(), digest)));
    }

    function _budget(address minter, uint256 amount) private {
        vm.prank(owner);
        coin.setBudget(minter, amount);
    }

    function _adapter(uint96 minting, uint96 burning, uint24 window) private {
        vm.prank(owner);
        coin.setAdapter(bridge, minting, burning, window);
    }
}
