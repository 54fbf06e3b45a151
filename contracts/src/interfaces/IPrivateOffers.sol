// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Permit} from "./Types.sol";

/// @notice Offers that an asset's owner signs for one buyer. Nothing is on chain until one is accepted; then it is an
/// ordinary order of the Market.
interface IPrivateOffers {
    /// @param seller Who signs, and owns the asset when the offer is accepted.
    /// @param token What the price is in: an allow-listed ERC-20, or 0 for NCR.
    /// @param termsDigest sha256 of the licence terms' canonical JSON (its CID follows from it).
    /// @param counter The seller's `counterOf` when signing.
    /// @param salt Tells apart offers that are otherwise alike.
    /// @param expiry Unix seconds; the last second in which the offer can be accepted.
    struct Offer {
        address seller;
        address buyer;
        uint64 assetId;
        uint16 version;
        address token;
        uint96 price;
        bytes32 termsDigest;
        uint256 counter;
        bytes32 salt;
        uint40 expiry;
    }

    event OfferAccepted(
        bytes32 indexed offerHash, bytes32 indexed orderId, address indexed seller, address buyer, address relayer
    );
    event OfferCancelled(address indexed seller, bytes32 indexed offerHash);
    event OffersCancelled(address indexed seller, uint256 counter);

    error OfferExpired(bytes32 offerHash, uint256 expiry);
    error OfferSpent(bytes32 offerHash);
    error OfferWithdrawn(bytes32 offerHash, uint256 counter);
    error NotOfferBuyer(bytes32 offerHash, address caller);
    error AcceptanceExpired(bytes32 offerHash, uint256 deadline);
    error BadSellerSignature(bytes32 offerHash, address seller);
    error BadBuyerSignature(bytes32 offerHash, address buyer);

    /// @notice The offer's buyer takes it. The price is pulled from the buyer, whose allowance stands with the Market.
    /// @param recipientKey X25519 public key to which validators seal their shares.
    /// @param sellerSignature Over `Offer`: 65 bytes, 64 (ERC-2098), or what the seller's ERC-1271 contract takes.
    /// @param permit To the Market, in the offer's token.
    function accept(Offer calldata offer, bytes32 recipientKey, bytes calldata sellerSignature, Permit calldata permit)
        external
        returns (bytes32 orderId);
    /// @notice Anybody, with the buyer's word for it: the buyer needs no gas, and may be an ERC-1271 contract. The price
    /// and the permit are the buyer's all the same.
    /// @param deadline Unix seconds; the last second in which the buyer's word holds.
    /// @param buyerSignature Over `Acceptance(bytes32 offerHash,bytes32 recipientKey,uint256 deadline)`.
    function acceptFor(
        Offer calldata offer,
        bytes32 recipientKey,
        uint256 deadline,
        bytes calldata sellerSignature,
        bytes calldata buyerSignature,
        Permit calldata permit
    ) external returns (bytes32 orderId);
    /// @notice The caller's offer of that hash can no longer be accepted. Works for one that nobody has seen yet.
    function cancelOffer(bytes32 offerHash) external;
    /// @notice None of the offers that the caller has signed so far can be accepted any more.
    function cancelAll() external returns (uint256 counter);

    /// @notice The EIP-712 digest that the seller signs, which names the offer.
    function hashOf(Offer calldata offer) external view returns (bytes32);
    /// @notice Accepted or cancelled.
    function isSpent(address seller, bytes32 offerHash) external view returns (bool);
    function counterOf(address seller) external view returns (uint256);
}
