// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {IPrivateOffers} from "../src/interfaces/IPrivateOffers.sol";
import {ITokenPayouts} from "../src/interfaces/ITokenPayouts.sol";
import {Permit} from "../src/interfaces/Types.sol";
import {OffersTest} from "./OffersTest.sol";
import {FalseToken, FeeToken, LyingToken, PlainToken, ReentrantToken} from "./Tokens.sol";
import {RevertingWallet, ShortWallet, Wallet, WritingWallet, WrongWordWallet} from "./Wallets.sol";
import {vm} from "./Vm.sol";

/// @dev See Offer.tree: signatures in other forms, contracts that sign, and coins of other people.
contract PrivateOffersHostileTest is OffersTest {
    /// @dev The order of secp256k1: (r, n - s) with the other parity signs the same.
    uint256 private constant N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    // Forms of a signature

    function test_compactSignatures() public {
        IPrivateOffers.Offer memory offer = _offer();
        bytes32 offerHash = offers.hashOf(offer);
        bytes memory sellers = _compact("publisher", offerHash);
        bytes memory buyers = _compact("buyer", _acceptance(offerHash, KEY, block.timestamp));
        bytes memory strangers = _compact("stranger", offerHash);
        vm.expectRevert(_badSeller(offer));
        offers.acceptFor(offer, KEY, block.timestamp, strangers, buyers, _noPermit());
        offers.acceptFor(offer, KEY, block.timestamp, sellers, buyers, _noPermit());
        _acceptFails(offer, _spent(offer));
    }

    function testFuzz_aSignaturesTwinIsRefused(bytes32 salt) public {
        IPrivateOffers.Offer memory offer = _offer();
        offer.salt = salt;
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf("publisher"), offers.hashOf(offer));
        bytes memory twin = abi.encodePacked(r, bytes32(N - uint256(s)), v == 27 ? uint8(28) : uint8(27));
        _acceptFails(offer, twin, _badSeller(offer));
        _accept(offer);
        _acceptFails(offer, twin, _spent(offer));
    }

    function test_signaturesOfAnotherLength() public {
        IPrivateOffers.Offer memory offer = _offer();
        bytes memory whole = _signed(offer);
        _acceptFails(offer, bytes.concat(whole, hex"00"), _badSeller(offer));
        bytes memory part = new bytes(63);
        for (uint256 i = 0; i < 63; ++i) {
            part[i] = whole[i];
        }
        _acceptFails(offer, part, _badSeller(offer));
        // What is left of a whole one by cutting its last byte is 64 bytes, and no compact signature of the seller's
        // unless its parity happens to be the lower one, whereupon it is one.
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf("publisher"), offers.hashOf(offer));
        bytes32 wrong = v == 27 ? s | bytes32(uint256(1) << 255) : s;
        _acceptFails(offer, abi.encodePacked(r, wrong), _badSeller(offer));
    }

    // Contracts that sign

    function test_aContractSells() public {
        Wallet wallet = new Wallet(publisher);
        IPrivateOffers.Offer memory offer = _sellWith(address(wallet));
        _acceptFails(offer, _sign("stranger", offers.hashOf(offer)), _badSeller(offer));
        bytes32 orderId = _accept(offer);
        assertEq(market.listing(market.order(orderId).listingId).seller, address(wallet), "is the seller");
        _grantAll(orderId);
        skip(CONFIRM_WINDOW + 1);
        assertEq(_claimOne(orderId), coin.balanceOf(address(wallet)), "and is paid");
        assertTrue(coin.balanceOf(address(wallet)) != 0, "something");
    }

    function test_aContractBuys() public {
        Wallet wallet = new Wallet(buyer);
        _fund(address(wallet), PRICE);
        IPrivateOffers.Offer memory offer = _offer();
        offer.buyer = address(wallet);
        bytes32 offerHash = offers.hashOf(offer);
        bytes memory sellers = _signed(offer);
        bytes memory buyers = _sign("buyer", _acceptance(offerHash, KEY, block.timestamp));
        vm.prank(stranger);
        bytes32 orderId = offers.acceptFor(offer, KEY, block.timestamp, sellers, buyers, _noPermit());
        assertEq(market.order(orderId).buyer, address(wallet), "is the buyer");
        assertEq(coin.balanceOf(address(wallet)), 0, "and has paid");
    }

    function test_aContractBuysByItself() public {
        Wallet wallet = new Wallet(buyer);
        _fund(address(wallet), PRICE);
        IPrivateOffers.Offer memory offer = _offer();
        offer.buyer = address(wallet);
        _assertState(_accept(offer), IMarket.OrderState.Open);
    }

    function test_contractsThatDoNotSayYes() public {
        address[3] memory wallets =
            [address(new RevertingWallet()), address(new WrongWordWallet()), address(new ShortWallet())];
        for (uint256 i = 0; i < wallets.length; ++i) {
            IPrivateOffers.Offer memory offer = _sellWith(wallets[i]);
            _acceptFails(offer, _badSeller(offer));
            // Their bytes are never read as a key's, even where they are 64.
            _acceptFails(offer, new bytes(64), _badSeller(offer));
            assetId = _publishLive(true);
            offer = _offer();
            offer.buyer = wallets[i];
            bytes32 offerHash = offers.hashOf(offer);
            bytes memory sellers = _signed(offer);
            vm.expectRevert(abi.encodeWithSelector(IPrivateOffers.BadBuyerSignature.selector, offerHash, wallets[i]));
            offers.acceptFor(offer, KEY, block.timestamp, sellers, sellers, _noPermit());
        }
    }

    /// @dev Asked while it answers, a contract would accept a second time; it may only read.
    function test_aContractThatWritesWhileItIsAsked() public {
        WritingWallet wallet = new WritingWallet();
        IPrivateOffers.Offer memory offer = _sellWith(address(wallet));
        bytes memory sellers = _signed(offer);
        bytes memory buyers = _sign("buyer", _acceptance(offers.hashOf(offer), KEY, block.timestamp));
        bytes memory again =
            abi.encodeCall(IPrivateOffers.acceptFor, (offer, KEY, block.timestamp, sellers, buyers, _noPermit()));
        wallet.plant(address(offers), again);
        _acceptFails(offer, sellers, _badSeller(offer));
        assertEq(market.listingCount(), 0, "nothing was listed");
    }

    // Coins of other people

    function test_tokensThatAreNotAllowed() public {
        PlainToken plain = new PlainToken(18);
        IPrivateOffers.Offer memory offer = _offer();
        offer.token = address(plain);
        _acceptFails(offer, abi.encodeWithSelector(IMarket.TokenNotAllowed.selector, address(plain)));
    }

    function test_hostileTokensAreRefused() public {
        FeeToken fee = new FeeToken();
        uint256 less = PRICE - PRICE / 100;
        _acceptFails(
            _offerIn(fee), abi.encodeWithSelector(ITokenPayouts.ShortPayment.selector, address(fee), less, PRICE)
        );
        FalseToken false_ = new FalseToken();
        _acceptFails(
            _offerIn(false_), abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(false_))
        );
        LyingToken lying = new LyingToken();
        _acceptFails(
            _offerIn(lying), abi.encodeWithSelector(ITokenPayouts.ShortPayment.selector, address(lying), 0, PRICE)
        );
    }

    function test_aTokenThatCallsBackFindsTheOfferSpent() public {
        ReentrantToken evil = new ReentrantToken();
        IPrivateOffers.Offer memory offer = _offerIn(evil);
        bytes memory sellers = _signed(offer);
        bytes memory buyers = _sign("buyer", _acceptance(offers.hashOf(offer), "inner", block.timestamp));
        bytes memory again =
            abi.encodeCall(IPrivateOffers.acceptFor, (offer, "inner", block.timestamp, sellers, buyers, _noPermit()));
        evil.plant(address(offers), again);
        _accept(offer);
        assertTrue(!evil.reached(), "spent");
        assertEq(evil.balanceOf(address(market)), PRICE, "one payment");
        assertEq(market.listingCount(), 1, "one order");
    }

    /// @dev It has no permit at all: what stands as allowance pays.
    function testFuzz_anOfferInAnotherTokenConservesMoney(uint96 price, uint8 places) public {
        PlainToken plain = new PlainToken(places);
        IPrivateOffers.Offer memory offer = _offerIn(plain);
        offer.price = price;
        plain.mint(buyer, price);
        bytes memory signature = _signed(offer);
        Permit memory permit = _permit("buyer", address(market), price);
        vm.prank(buyer);
        bytes32 orderId = offers.accept(offer, KEY, signature, permit);
        assertEq(plain.balanceOf(address(market)), price, "held");
        _grantAll(orderId);
        skip(CONFIRM_WINDOW + 1);
        _claimOne(orderId);
        uint256 fee = uint256(price) * 25 / 10_000;
        assertEq(market.owedIn(address(plain), publisher), price - fee, "seller");
        assertEq(market.owedIn(address(plain), treasury), fee, "treasury");
    }

    function test_aRefundInAnotherToken() public {
        PlainToken plain = new PlainToken(6);
        bytes32 orderId = _accept(_offerIn(plain));
        skip(GRANT_WINDOW + 1);
        market.refund(orderId);
        assertEq(market.owedIn(address(plain), buyer), PRICE, "all of it");
        assertEq(market.listing(1).token, address(plain), "as its listing says");
    }

    function _offerIn(PlainToken token) private returns (IPrivateOffers.Offer memory offer) {
        token.mint(buyer, PRICE);
        vm.prank(owner);
        market.allowToken(address(token), true);
        vm.prank(buyer);
        token.approve(address(market), type(uint256).max);
        offer = _offer();
        offer.token = address(token);
    }

    function _sellWith(address wallet) private returns (IPrivateOffers.Offer memory offer) {
        vm.prank(publisher);
        registry.transferFrom(publisher, wallet, assetId);
        offer = _offer();
        offer.seller = wallet;
    }

    function _compact(string memory name, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf(name), digest);
        return abi.encodePacked(r, v == 28 ? s | bytes32(uint256(1) << 255) : s);
    }
}
