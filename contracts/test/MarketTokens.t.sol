// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {ITokenPayouts} from "../src/interfaces/ITokenPayouts.sol";
import {Permit} from "../src/interfaces/Types.sol";
import {SystemTest} from "./SystemTest.sol";
import {
    BlockingToken,
    FalseToken,
    FeeToken,
    LyingToken,
    PlainToken,
    RebasingToken,
    ReentrantToken,
    SilentToken
} from "./Tokens.sol";
import {vm} from "./Vm.sol";

/// @dev Listings in other coins, the well-behaved and the hostile. See Tokens.tree.
contract MarketTokensTest is SystemTest {
    uint256 private assetId;

    function setUp() public override {
        super.setUp();
        assetId = _publishLive(true);
    }

    // The allow-list

    function test_onlyTheOwnerAllowsTokens() public {
        address plain = address(new PlainToken(18));
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
        vm.prank(stranger);
        market.allowToken(plain, true);
        vm.expectRevert(abi.encodeWithSelector(IMarket.TokenNotAllowed.selector, plain));
        _listIn(plain, PRICE);
        vm.startPrank(owner);
        market.allowToken(plain, true);
        vm.expectRevert(abi.encodeWithSelector(IMarket.TokenNotAllowed.selector, address(coin)));
        market.allowToken(address(coin), false);
        vm.stopPrank();
        assertEq(market.tokenAt(1), plain, "has a number");
        assertEq(market.tokenAt(0), address(coin), "NCR is 0");
    }

    function test_aDisallowedTokenBuysNothingMoreButIsPaidOut() public {
        PlainToken plain = new PlainToken(18);
        uint32 listingId = _allowed(plain);
        bytes32 orderId = _buy(listingId, KEY);
        vm.prank(owner);
        market.allowToken(address(plain), false);
        vm.expectRevert(abi.encodeWithSelector(IMarket.TokenNotAllowed.selector, address(plain)));
        _buy(listingId, "other");
        _finish(orderId);
        vm.prank(publisher);
        assertEq(market.withdrawToken(address(plain)), PRICE - PRICE * 25 / 10_000, "paid out");
        vm.prank(owner);
        market.allowToken(address(plain), true);
        assertEq(market.tokenAt(1), address(plain), "keeps its number");
        _buy(listingId, "other");
    }

    function test_atMost255Tokens() public {
        vm.startPrank(owner);
        for (uint160 i = 1; i <= 255; ++i) {
            market.allowToken(address(i), true);
        }
        vm.expectRevert(abi.encodeWithSelector(IMarket.TokenNotAllowed.selector, address(256)));
        market.allowToken(address(256), true);
    }

    // A sale in another coin

    /// @dev For any price and count of decimals, what came in is what goes out, in that coin alone.
    function testFuzz_aSaleInAnotherTokenConservesMoney(uint96 price, uint8 places) public {
        PlainToken plain = new PlainToken(places);
        plain.mint(buyer, type(uint96).max);
        _allow(address(plain));
        uint32 listingId = _listIn(address(plain), price);
        _finish(_buy(listingId, KEY));
        uint256 fee = uint256(price) * 25 / 10_000;
        assertEq(market.owedIn(address(plain), treasury), fee, "fee");
        assertEq(market.owedIn(address(plain), publisher), price - fee, "seller");
        vm.prank(publisher);
        assertEq(market.withdrawToken(address(plain)), price - fee, "withdrawn");
        vm.prank(publisher);
        assertEq(market.withdrawToken(address(plain)), 0, "once");
        vm.prank(treasury);
        market.withdrawToken(address(plain));
        assertEq(plain.balanceOf(address(market)), 0, "nothing left");
        assertEq(coin.balanceOf(address(market)), 0, "no NCR moved");
        assertEq(market.highestDownloadPrice(assetId), 0, "bonds count in NCR");
    }

    function test_aRefundInAnotherTokenIsCredited() public {
        PlainToken plain = new PlainToken(18);
        bytes32 orderId = _buy(_allowed(plain), KEY);
        skip(GRANT_WINDOW + 1);
        market.refund(orderId);
        vm.prank(buyer);
        assertEq(market.withdrawToken(address(plain)), PRICE, "all of it");
    }

    function test_aBatchOverTwoTokens() public {
        PlainToken plain = new PlainToken(18);
        IMarket.Purchase[] memory wanted = new IMarket.Purchase[](3);
        wanted[0] = IMarket.Purchase(_allowed(plain), 1, PRICE, "a");
        wanted[1] = IMarket.Purchase(_list(assetId, IMarket.LicenseKind.Download, 7e18, 0), 1, 7e18, "b");
        wanted[2] = IMarket.Purchase(wanted[0].listingId, 1, PRICE, "c");
        vm.prank(buyer);
        market.batchBuy(wanted);
        assertEq(plain.balanceOf(address(market)), 2 * PRICE, "two in one");
        assertEq(coin.balanceOf(address(market)), 7e18, "one in the other");
    }

    // Hostile coins

    function test_aTokenThatKeepsAPartIsRefused() public {
        FeeToken fee = new FeeToken();
        uint32 listingId = _allowed(fee);
        vm.expectRevert(
            abi.encodeWithSelector(ITokenPayouts.ShortPayment.selector, address(fee), PRICE - PRICE / 100, PRICE)
        );
        _buy(listingId, KEY);
    }

    function test_aTokenThatSaysFalseIsRefused() public {
        FalseToken false_ = new FalseToken();
        uint32 listingId = _allowed(false_);
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(false_)));
        _buy(listingId, KEY);
    }

    function test_aTokenThatLiesIsRefused() public {
        LyingToken lying = new LyingToken();
        uint32 listingId = _allowed(lying);
        vm.expectRevert(abi.encodeWithSelector(ITokenPayouts.ShortPayment.selector, address(lying), 0, PRICE));
        _buy(listingId, KEY);
    }

    function test_aTokenThatSaysNothingIsAccepted() public {
        SilentToken silent = new SilentToken();
        silent.mint(buyer, 2 * PRICE);
        _allow(address(silent));
        _finish(_buy(_listIn(address(silent), PRICE), KEY));
        vm.prank(publisher);
        market.withdrawToken(address(silent));
        assertEq(silent.balanceOf(publisher), PRICE - PRICE * 25 / 10_000, "paid");
    }

    /// @dev One payment measured twice would give two orders.
    function test_aTokenThatCallsBackBuysOnce() public {
        ReentrantToken evil = new ReentrantToken();
        uint32 listingId = _allowed(evil);
        evil.mint(address(evil), PRICE);
        vm.prank(address(evil));
        evil.approve(address(market), PRICE);
        evil.plant(address(market), abi.encodeCall(IMarket.buy, (listingId, 1, PRICE, bytes32("inner"))));
        _buy(listingId, KEY);
        assertTrue(!evil.reached(), "refused by the guard");
        assertEq(evil.balanceOf(address(market)), PRICE, "one payment");
        _assertState(market.orderIdOf(listingId, 1, address(evil), "inner"), IMarket.OrderState.None);
    }

    function test_aTokenThatCallsBackWithdrawsOnce() public {
        ReentrantToken evil = new ReentrantToken();
        _finish(_buy(_allowed(evil), KEY));
        evil.plant(address(market), abi.encodeCall(ITokenPayouts.withdrawToken, (address(evil))));
        vm.prank(publisher);
        market.withdrawToken(address(evil));
        assertTrue(!evil.reached(), "refused by the guard");
    }

    /// @dev Whoever is barred waits alone: the other party of the same order and the treasury are paid.
    function test_aBarredAccountBlocksNobodyElse() public {
        BlockingToken blocking = new BlockingToken();
        uint32 listingId = _allowed(blocking);
        bytes32 sold = _buy(listingId, KEY);
        bytes32 late = _buy(listingId, "late");
        blocking.bar(buyer);
        blocking.bar(treasury);
        _finish(sold);
        skip(GRANT_WINDOW + 1);
        market.refund(late);
        vm.prank(publisher);
        market.withdrawToken(address(blocking));
        assertEq(blocking.balanceOf(publisher), PRICE - PRICE * 25 / 10_000, "the seller is paid");
        assertEq(market.owedIn(address(blocking), buyer), PRICE, "the buyer's money waits");
        vm.expectRevert(BlockingToken.Barred.selector);
        vm.prank(buyer);
        market.withdrawToken(address(blocking));
    }

    /// @dev A coin that shrinks can only fail those who took it: NCR and other coins are untouched.
    function test_aShrinkingTokenFailsOnlyItsOwn() public {
        RebasingToken shrinking = new RebasingToken();
        PlainToken plain = new PlainToken(18);
        bytes32 one = _buy(_allowed(shrinking), KEY);
        bytes32 other = _buy(_allowed(plain), "other");
        bytes32 third = _buy(_list(assetId, IMarket.LicenseKind.Download, PRICE, 0), "third");
        shrinking.shrink(address(market));
        _finish(one);
        _finishIn(other);
        _finishIn(third);
        vm.startPrank(publisher);
        vm.expectRevert();
        market.withdrawToken(address(shrinking));
        assertEq(market.withdrawToken(address(plain)), PRICE - PRICE * 25 / 10_000, "plain");
        vm.stopPrank();
    }

    function test_aTokenWithoutPermitIsBoughtWithAnAllowance() public {
        SilentToken silent = new SilentToken();
        silent.mint(buyer, 2 * PRICE);
        _allow(address(silent));
        uint32 listingId = _listIn(address(silent), PRICE);
        Permit memory p = _permit("buyer", address(market), PRICE);
        vm.prank(buyer);
        market.buyWithPermit(listingId, 1, PRICE, KEY, p);
        assertEq(silent.balanceOf(address(market)), PRICE, "paid");
    }

    function _allowed(PlainToken token) private returns (uint32) {
        token.mint(buyer, 3 * PRICE);
        _allow(address(token));
        return _listIn(address(token), PRICE);
    }

    function _allow(address token) private {
        vm.prank(owner);
        market.allowToken(token, true);
        vm.prank(buyer);
        IERC20Like(token).approve(address(market), type(uint256).max);
    }

    function _listIn(address token, uint96 price) private returns (uint32) {
        IMarket.ListingInput memory input =
            IMarket.ListingInput(uint64(assetId), 1, 0, IMarket.LicenseKind.Download, price, 0, "terms");
        vm.prank(publisher);
        return market.createListingWith(input, IMarket.ListingExtras(token, 0, new IMarket.Split[](0)));
    }

    function _finish(bytes32 orderId) private {
        _grantAll(orderId);
        skip(CONFIRM_WINDOW + 1);
        _claimOne(orderId);
    }

    function _finishIn(bytes32 orderId) private {
        vm.warp(market.order(orderId).changedAt + 1);
        _finish(orderId);
    }
}

interface IERC20Like {
    function approve(address spender, uint256 amount) external;
}
