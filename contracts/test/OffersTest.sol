// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PrivateOffers} from "../src/PrivateOffers.sol";
import {IPrivateOffers} from "../src/interfaces/IPrivateOffers.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

/// @dev A live asset of the publisher's, and what its private offers need.
abstract contract OffersTest is SystemTest {
    uint256 internal assetId;

    function setUp() public virtual override {
        super.setUp();
        assetId = _publishLive(true);
    }

    function _offer() internal view returns (IPrivateOffers.Offer memory) {
        return IPrivateOffers.Offer({
            seller: publisher,
            buyer: buyer,
            assetId: uint64(assetId),
            version: 1,
            token: address(0),
            price: PRICE,
            termsDigest: keccak256("terms"),
            counter: 0,
            salt: SALT,
            expiry: uint40(block.timestamp + 1 hours)
        });
    }

    function _sign(string memory name, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf(name), digest);
        return abi.encodePacked(r, s, v);
    }

    function _signed(IPrivateOffers.Offer memory offer) internal view returns (bytes memory) {
        return _sign("publisher", offers.hashOf(offer));
    }

    /// @dev Written out by hand, as another program would.
    function _digestOf(IPrivateOffers.Offer memory o, uint256 chainId, address verifier)
        internal
        pure
        returns (bytes32)
    {
        bytes32 typeHash = keccak256(
            "Offer(address seller,address buyer,uint64 assetId,uint16 version,address token,uint96 price,bytes32 termsDigest,uint256 counter,bytes32 salt,uint40 expiry)"
        );
        bytes memory head = abi.encode(typeHash, o.seller, o.buyer, o.assetId, o.version, o.token);
        bytes memory tail = abi.encode(o.price, o.termsDigest, o.counter, o.salt, o.expiry);
        return _typed(keccak256(bytes.concat(head, tail)), chainId, verifier);
    }

    function _acceptance(bytes32 offerHash, bytes32 key, uint256 deadline) internal view returns (bytes32) {
        bytes32 typeHash = keccak256("Acceptance(bytes32 offerHash,bytes32 recipientKey,uint256 deadline)");
        return _typed(keccak256(abi.encode(typeHash, offerHash, key, deadline)), block.chainid, address(offers));
    }

    function _typed(bytes32 structHash, uint256 chainId, address verifier) private pure returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("NeuroData PrivateOffers"),
                keccak256("1"),
                chainId,
                verifier
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    /// @dev Prepared before the prank that follows, which counts calls.
    function _accept(IPrivateOffers.Offer memory offer) internal returns (bytes32) {
        bytes memory signature = _signed(offer);
        vm.prank(offer.buyer);
        return offers.accept(offer, KEY, signature, _noPermit());
    }

    function _acceptFails(IPrivateOffers.Offer memory offer, bytes memory why) internal {
        _acceptFails(offer, _signed(offer), why);
    }

    function _acceptFails(IPrivateOffers.Offer memory offer, bytes memory signature, bytes memory why) internal {
        vm.expectRevert(why);
        vm.prank(offer.buyer);
        offers.accept(offer, KEY, signature, _noPermit());
    }

    function _badSeller(IPrivateOffers.Offer memory offer) internal view returns (bytes memory) {
        return abi.encodeWithSelector(IPrivateOffers.BadSellerSignature.selector, offers.hashOf(offer), offer.seller);
    }

    function _spent(IPrivateOffers.Offer memory offer) internal view returns (bytes memory) {
        return abi.encodeWithSelector(IPrivateOffers.OfferSpent.selector, offers.hashOf(offer));
    }
}
