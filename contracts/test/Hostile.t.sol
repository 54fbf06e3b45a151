// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {LiquidityMining} from "../src/LiquidityMining.sol";
import {IAssetRegistry} from "../src/interfaces/IAssetRegistry.sol";
import {ILiquidityMining} from "../src/interfaces/ILiquidityMining.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {Permit} from "../src/interfaces/Types.sol";
import {SubscriptionTest} from "./SubscriptionTest.sol";
import {BlockingToken, FalseToken, PlainToken, RebasingToken, ReentrantToken, SilentToken} from "./Tokens.sol";
import {vm} from "./Vm.sol";

/// @dev Liquidity mining with coins that misbehave: a pool of one fails alone, and its rewards stay payable.
contract HostileLiquidityTest is SubscriptionTest {
    LiquidityMining private mining;

    function setUp() public override {
        super.setUp();
        mining = new LiquidityMining(IERC20(address(coin)), owner);
        coin.approve(address(mining), type(uint256).max);
        mining.fund(1_000e18);
    }

    function test_falseIsAFailure() public {
        FalseToken false_ = new FalseToken();
        _schedule(false_);
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(false_)));
        _stakeIn(address(false_));
    }

    function test_sayingNothingIsFine() public {
        SilentToken silent = new SilentToken();
        silent.mint(buyer, 1e18);
        vm.prank(owner);
        mining.schedule(address(silent), 100e18, 10 days);
        vm.prank(buyer);
        silent.approve(address(mining), 1e18);
        _stakeIn(address(silent));
        skip(10 days);
        vm.startPrank(buyer);
        mining.unstake(address(silent), 1e18);
        assertEq(silent.balanceOf(buyer), 1e18, "back");
        assertEq(mining.claim(address(silent)), 100e18, "all of the budget");
        vm.stopPrank();
    }

    function test_callingBackGainsNothing() public {
        ReentrantToken evil = new ReentrantToken();
        _schedule(evil);
        bytes[3] memory plans = [
            abi.encodeCall(ILiquidityMining.stake, (address(evil), 1)),
            abi.encodeCall(ILiquidityMining.emergencyExit, (address(evil))),
            abi.encodeCall(ILiquidityMining.claim, (address(evil)))
        ];
        evil.mint(address(evil), 1e18);
        for (uint256 i = 0; i < 3; ++i) {
            evil.plant(address(mining), plans[i]);
            _stakeIn(address(evil));
            assertTrue(!evil.reached(), "refused on the way in");
            evil.plant(address(mining), plans[i]);
            vm.prank(buyer);
            mining.unstake(address(evil), 1e18);
            assertTrue(!evil.reached(), "refused on the way out");
        }
        assertEq(evil.balanceOf(address(mining)), 0, "in is out");
    }

    function test_aBarredStakerHoldsUpNobody() public {
        BlockingToken blocking = new BlockingToken();
        _schedule(blocking);
        _stakeIn(address(blocking));
        blocking.mint(stranger, 1e18);
        vm.startPrank(stranger);
        blocking.approve(address(mining), 1e18);
        mining.stake(address(blocking), 1e18);
        vm.stopPrank();
        blocking.bar(buyer);
        skip(10 days);
        vm.expectRevert(BlockingToken.Barred.selector);
        vm.prank(buyer);
        mining.unstake(address(blocking), 1e18);
        vm.prank(buyer);
        assertEq(mining.claim(address(blocking)), 50e18, "its rewards are in another coin");
        vm.prank(stranger);
        mining.unstake(address(blocking), 1e18);
        assertEq(blocking.balanceOf(stranger), 1e18, "the other is out");
    }

    function test_aShrinkingPoolFailsAlone() public {
        RebasingToken shrinking = new RebasingToken();
        PlainToken plain = new PlainToken(18);
        _schedule(shrinking);
        _schedule(plain);
        _stakeIn(address(shrinking));
        _stakeIn(address(plain));
        shrinking.shrink(address(mining));
        skip(10 days);
        vm.startPrank(buyer);
        mining.unstake(address(shrinking), 0.5e18);
        vm.expectRevert();
        mining.unstake(address(shrinking), 0.5e18);
        mining.unstake(address(plain), 1e18);
        assertEq(mining.claim(address(plain)) + mining.claim(address(shrinking)), 200e18, "both budgets are paid");
        vm.stopPrank();
    }

    function _schedule(PlainToken token) private {
        token.mint(buyer, 1e18);
        vm.prank(owner);
        mining.schedule(address(token), 100e18, 10 days);
        vm.prank(buyer);
        token.approve(address(mining), type(uint256).max);
    }

    function _stakeIn(address token) private {
        vm.prank(buyer);
        mining.stake(token, 1e18);
    }
}

/// @dev Subscriptions in coins that misbehave, beyond SubscriptionEdges.
contract HostileSubscriptionTest is SubscriptionTest {
    function test_falseIsAFailure() public {
        FalseToken false_ = new FalseToken();
        _offer(false_);
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(false_)));
        _subscribe(1);
    }

    function test_sayingNothingIsFine() public {
        SilentToken silent = new SilentToken();
        silent.mint(buyer, PRICE);
        vm.prank(owner);
        market.allowToken(address(silent), true);
        vm.prank(buyer);
        silent.approve(address(subscriptions), PRICE);
        listingId = _listPlan(address(silent), PRICE);
        _subscribe(1);
        assertEq(silent.balanceOf(address(subscriptions)), PRICE, "paid");
    }

    function test_aBarredSubscriberHoldsUpNobody() public {
        BlockingToken blocking = new BlockingToken();
        _offer(blocking);
        bytes32 id = _subscribe(2);
        blocking.bar(buyer);
        skip(PERIOD);
        _claimSub(id);
        uint256 due = subscriptions.owedIn(address(blocking), publisher);
        assertTrue(due != 0, "the seller has earned a period");
        vm.prank(publisher);
        assertEq(subscriptions.withdrawToken(address(blocking)), due, "and is paid");
        _cancel(id);
        vm.expectRevert(BlockingToken.Barred.selector);
        vm.prank(buyer);
        subscriptions.withdrawToken(address(blocking));
    }

    function _offer(PlainToken token) private {
        token.mint(buyer, 10 * PRICE);
        vm.prank(owner);
        market.allowToken(address(token), true);
        vm.prank(buyer);
        token.approve(address(subscriptions), type(uint256).max);
        listingId = _listPlan(address(token), PRICE);
    }
}

/// @dev Somebody sees a permit on its way and uses it first: the call that carried it goes through all the same.
contract FrontRunPermitTest is SubscriptionTest {
    function test_ofAPurchase() public {
        uint32 listing = _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
        Permit memory p = _frontRun("buyer", address(market), PRICE);
        vm.prank(buyer);
        market.buyWithPermit(listing, 1, PRICE, KEY, p);
        assertEq(coin.balanceOf(address(market)), PRICE, "paid");
    }

    function test_ofASubscription() public {
        Permit memory p = _frontRun("buyer", address(subscriptions), 2 * PRICE);
        vm.startPrank(buyer);
        bytes32 id = subscriptions.subscribe(listingId, 1, 1, PRICE, KEY, p);
        subscriptions.renew(id, 1, p);
        vm.stopPrank();
        assertEq(coin.balanceOf(address(subscriptions)), 2 * PRICE, "paid");
    }

    function test_ofADispute() public {
        bytes32 orderId = _buy(_list(assetId, IMarket.LicenseKind.Download, PRICE, 0), KEY);
        _grantAll(orderId);
        Permit memory p = _frontRun("buyer", address(orderDisputes), ROUND_FEE);
        vm.prank(buyer);
        orderDisputes.dispute(orderId, "x", p);
        _assertState(orderId, IMarket.OrderState.Disputed);
    }

    function test_ofARun() public {
        uint32 runs = _list(assetId, IMarket.LicenseKind.Compute, PRICE, 0);
        Permit memory p = _frontRun("buyer", address(training), 100e18);
        vm.prank(buyer);
        training.openJob(_asked(runs, 1, "spec", KEY, type(uint256).max), p);
        assertTrue(coin.balanceOf(address(training)) != 0, "paid");
    }

    function test_ofAnAsset() public {
        Permit memory p = _frontRun("publisher", address(registry), 100e18);
        vm.prank(publisher);
        uint256 id = registry.publish(IAssetRegistry.AssetKind.Dataset, _input(true), p);
        assertEq(registry.ownerOf(id), publisher, "published");
    }

    /// @dev No allowance but the permit's, and that is taken before the call that brings it.
    function _frontRun(string memory name, address spender, uint256 value) private returns (Permit memory p) {
        address holder = account(name);
        vm.prank(holder);
        coin.approve(spender, 0);
        p = _permit(name, spender, value);
        vm.prank(stranger);
        coin.permit(holder, spender, value, p.deadline, p.v, p.r, p.s);
    }
}
