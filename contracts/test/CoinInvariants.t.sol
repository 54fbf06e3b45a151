// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {NeuroCoin} from "../src/NeuroCoin.sol";
import {NeuroVotes} from "../src/NeuroVotes.sol";
import {Permit} from "../src/interfaces/Types.sol";
import {newCoin} from "./NewCoin.sol";
import {Test} from "./Test.sol";
import {vm} from "./Vm.sol";

/// @dev Owner, pools, bridges and holders who do what they can, in any order.
contract CoinHandler is Test {
    NeuroCoin public immutable coin;
    NeuroVotes public immutable votes;
    address[3] public pools = [address(0xA1), address(0xA2), address(0xA3)];
    address[2] public bridges = [address(0xB1), address(0xB2)];
    address[3] public holders = [address(0xC1), address(0xC2), address(0xC3)];
    /// @dev What each pool was ever allowed: what it had minted when its budget was set, and that budget.
    mapping(address pool => uint256) public allowed;
    mapping(address pool => uint256) public minted;
    /// @dev What a bridge could have minted since its limits were set: the bucket and what refilled since, rounded up.
    mapping(address bridge => uint256) public bridged;
    mapping(address bridge => uint256) public bridgeAllowed;
    uint256 public bridgedIn;
    uint256 public burnt;

    constructor() {
        coin = newCoin(address(this), address(0xC1), 100_000_000e18);
        votes = new NeuroVotes(address(coin), "Votes", "VOT");
    }

    function setBudget(uint256 who, uint256 amount) external {
        address pool = pools[who % 3];
        amount = bound(amount, 0, 1_100_000_000e18);
        try coin.setBudget(pool, amount) {
            allowed[pool] = minted[pool] + amount;
        } catch {}
    }

    function setAdapter(uint256 who, uint96 capacity, uint24 window) external {
        address bridge = bridges[who % 2];
        capacity = uint96(bound(capacity, 1, 400_000_000e18));
        window = uint24(bound(window, 1, 30 days));
        coin.setAdapter(bridge, capacity, capacity, window);
        (uint256 level,) = coin.adapterLimits(bridge);
        bridgeAllowed[bridge] = bridged[bridge] + level;
    }

    function wait_(uint256 seconds_) external {
        seconds_ = bound(seconds_, 1, 10 days);
        skip(seconds_);
        for (uint256 i = 0; i < 2; ++i) {
            (NeuroCoin.Bucket memory minting,) = coin.adapter(bridges[i]);
            if (minting.window != 0) bridgeAllowed[bridges[i]] += seconds_ * minting.capacity / minting.window + 1;
        }
    }

    function mint(uint256 who, uint256 amount) external {
        address pool = pools[who % 3];
        vm.prank(pool);
        try coin.mint(holders[amount % 3], bound(amount, 0, coin.budgetOf(pool) * 2)) {
            minted[pool] = allowed[pool] - coin.budgetOf(pool);
        } catch {}
    }

    function crosschainMint(uint256 who, uint256 amount) external {
        address bridge = bridges[who % 2];
        (uint256 level,) = coin.adapterLimits(bridge);
        amount = bound(amount, 0, level * 2);
        vm.prank(bridge);
        try coin.crosschainMint(holders[amount % 3], amount) {
            bridged[bridge] += amount;
            bridgedIn += amount;
        } catch {}
    }

    function crosschainBurn(uint256 who, uint256 from, uint256 amount) external {
        address bridge = bridges[who % 2];
        address holder = holders[from % 3];
        amount = bound(amount, 0, coin.balanceOf(holder) * 2);
        vm.prank(holder);
        coin.approve(bridge, amount / 2 + amount % 2);
        vm.prank(bridge);
        try coin.crosschainBurn(holder, amount / 2) {
            burnt += amount / 2;
        } catch {}
    }

    function burn(uint256 who, uint256 amount) external {
        address holder = holders[who % 3];
        amount = bound(amount, 0, coin.balanceOf(holder));
        vm.prank(holder);
        coin.burn(amount);
        burnt += amount;
    }

    function wrap(uint256 who, uint256 amount) external {
        address holder = holders[who % 3];
        amount = bound(amount, 0, coin.balanceOf(holder));
        vm.startPrank(holder);
        coin.approve(address(votes), amount);
        votes.wrap(amount, holder, Permit(0, 0, 0, 0, 0));
        vm.stopPrank();
    }

    function unwrap(uint256 who, uint256 amount) external {
        address holder = holders[who % 3];
        amount = bound(amount, 0, votes.balanceOf(holder));
        vm.prank(holder);
        votes.unwrap(amount);
    }
}

contract CoinInvariantsTest is Test {
    CoinHandler private handler;

    function setUp() public {
        vm.warp(1_800_000_000);
        handler = new CoinHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_supplyAndBudgetsStayUnderTheCap() public view {
        NeuroCoin coin = handler.coin();
        assertTrue(coin.totalSupply() + coin.totalBudget() <= coin.cap(), "supply and what is promised");
    }

    function invariant_budgetsAddUp() public view {
        NeuroCoin coin = handler.coin();
        uint256 sum;
        uint256 minted;
        for (uint256 i = 0; i < 3; ++i) {
            address pool = handler.pools(i);
            sum += coin.budgetOf(pool);
            minted += handler.minted(pool);
            assertTrue(handler.minted(pool) <= handler.allowed(pool), "no pool minted more than it was allowed");
        }
        assertEq(coin.totalBudget(), sum, "the total is the sum");
        uint256 known = 100_000_000e18 + minted + handler.bridgedIn() - handler.burnt();
        assertEq(coin.totalSupply(), known, "every coin came from an allocation, a budget or a bridge");
    }

    function invariant_bridgesKeepTheirRate() public view {
        for (uint256 i = 0; i < 2; ++i) {
            address bridge = handler.bridges(i);
            assertTrue(handler.bridged(bridge) <= handler.bridgeAllowed(bridge), "no bridge is faster than its rate");
        }
    }

    function invariant_votesAreBacked() public view {
        NeuroVotes votes = handler.votes();
        assertEq(votes.totalSupply(), handler.coin().balanceOf(address(votes)), "one coin for each vote");
        uint256 sum;
        for (uint256 i = 0; i < 3; ++i) {
            sum += votes.getVotes(handler.holders(i));
        }
        assertEq(sum, votes.totalSupply(), "and one vote for each");
    }
}
