// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IMarket} from "./interfaces/IMarket.sol";
import {IPrivateOffers} from "./interfaces/IPrivateOffers.sol";
import {Permit, System} from "./interfaces/Types.sol";
import {PermitLib} from "./libraries/PermitLib.sol";

/// @title PrivateOffers
/// @notice Holds no coins and has no owner. The Market takes its word for who sells, who buys and at what price, so it
/// gives that word only on both parties' own.
contract PrivateOffers is IPrivateOffers, EIP712 {
    using PermitLib for IERC20;

    bytes32 private constant OFFER_TYPE = keccak256(
        "Offer(address seller,address buyer,uint64 assetId,uint16 version,address token,uint96 price,bytes32 termsDigest,uint256 counter,bytes32 salt,uint40 expiry)"
    );
    bytes32 private constant ACCEPTANCE_TYPE =
        keccak256("Acceptance(bytes32 offerHash,bytes32 recipientKey,uint256 deadline)");

    IERC20 public immutable token;
    IMarket public immutable market;

    mapping(address seller => uint256) public counterOf;
    /// @dev By seller, so that a hash says nothing about another's offer, and only its seller need be asked.
    mapping(address seller => mapping(bytes32 offerHash => bool)) public isSpent;

    constructor(System memory system) EIP712("NeuroData PrivateOffers", "1") {
        token = IERC20(system.token);
        market = IMarket(system.market);
    }

    /// @inheritdoc IPrivateOffers
    function accept(Offer calldata offer, bytes32 recipientKey, bytes calldata sellerSignature, Permit calldata permit)
        external
        returns (bytes32)
    {
        bytes32 offerHash = hashOf(offer);
        require(msg.sender == offer.buyer, NotOfferBuyer(offerHash, msg.sender));
        return _accept(offer, offerHash, recipientKey, sellerSignature, permit);
    }

    /// @inheritdoc IPrivateOffers
    function acceptFor(
        Offer calldata offer,
        bytes32 recipientKey,
        uint256 deadline,
        bytes calldata sellerSignature,
        bytes calldata buyerSignature,
        Permit calldata permit
    ) external returns (bytes32) {
        bytes32 offerHash = hashOf(offer);
        require(block.timestamp <= deadline, AcceptanceExpired(offerHash, deadline));
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(ACCEPTANCE_TYPE, offerHash, recipientKey, deadline)));
        require(_isSigned(offer.buyer, digest, buyerSignature), BadBuyerSignature(offerHash, offer.buyer));
        return _accept(offer, offerHash, recipientKey, sellerSignature, permit);
    }

    /// @inheritdoc IPrivateOffers
    function cancelOffer(bytes32 offerHash) external {
        require(!isSpent[msg.sender][offerHash], OfferSpent(offerHash));
        isSpent[msg.sender][offerHash] = true;
        emit OfferCancelled(msg.sender, offerHash);
    }

    /// @inheritdoc IPrivateOffers
    function cancelAll() external returns (uint256 counter) {
        counter = ++counterOf[msg.sender];
        emit OffersCancelled(msg.sender, counter);
    }

    /// @inheritdoc IPrivateOffers
    function hashOf(Offer calldata offer) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(OFFER_TYPE, offer)));
    }

    /// @dev Spent by its hash and before any call that could come back: another signature of the same offer, however it
    /// was made, finds it spent.
    function _accept(
        Offer calldata offer,
        bytes32 offerHash,
        bytes32 recipientKey,
        bytes calldata sellerSignature,
        Permit calldata permit
    ) private returns (bytes32 orderId) {
        require(block.timestamp <= offer.expiry, OfferExpired(offerHash, offer.expiry));
        require(!isSpent[offer.seller][offerHash], OfferSpent(offerHash));
        uint256 counter = counterOf[offer.seller];
        require(offer.counter == counter, OfferWithdrawn(offerHash, counter));
        require(_isSigned(offer.seller, offerHash, sellerSignature), BadSellerSignature(offerHash, offer.seller));
        isSpent[offer.seller][offerHash] = true;

        IERC20 priced = offer.token == address(0) ? token : IERC20(offer.token);
        priced.tryPermitOf(offer.buyer, address(market), permit);
        orderId = market.openOffered(_inputOf(offer), _extrasOf(offer), offer.seller, offer.buyer, recipientKey);
        emit OfferAccepted(offerHash, orderId, offer.seller, offer.buyer, msg.sender);
    }

    function _inputOf(Offer calldata offer) private pure returns (IMarket.ListingInput memory) {
        return IMarket.ListingInput({
            assetId: offer.assetId,
            firstVersion: offer.version,
            lastVersion: offer.version,
            kind: IMarket.LicenseKind.Download,
            price: offer.price,
            modelShareBps: 0,
            termsDigest: offer.termsDigest
        });
    }

    function _extrasOf(Offer calldata offer) private pure returns (IMarket.ListingExtras memory) {
        return IMarket.ListingExtras(offer.token, 0, new IMarket.Split[](0));
    }

    /// @dev An account without code may also sign in ERC-2098's 64 bytes.
    function _isSigned(address signer, bytes32 digest, bytes calldata signature) private view returns (bool) {
        if (signature.length != 64 || signer.code.length != 0) {
            return SignatureChecker.isValidSignatureNowCalldata(signer, digest, signature);
        }
        (address recovered, ECDSA.RecoverError failure,) =
            ECDSA.tryRecover(digest, bytes32(signature[:32]), bytes32(signature[32:]));
        return failure == ECDSA.RecoverError.NoError && recovered == signer;
    }
}
