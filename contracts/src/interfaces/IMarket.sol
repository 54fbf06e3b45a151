// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAssetRegistry} from "./IAssetRegistry.sol";
import {IPayouts} from "./IPayouts.sol";
import {ITokenPayouts} from "./ITokenPayouts.sol";
import {Permit} from "./Types.sol";

/// @notice Listings, orders with escrow, key grants, and the one entitlement function.
interface IMarket is IPayouts, ITokenPayouts {
    enum LicenseKind {
        Download,
        Compute,
        Subscription
    }

    /// @dev open -> granted -> released -> claimed; open/granted/disputed -> refunded; granted -> disputed -> released.
    enum OrderState {
        None,
        Open,
        Granted,
        Disputed,
        Released,
        Claimed,
        Refunded
    }

    /// @param lastVersion Last covered version; 0 means: `firstVersion` and every later one.
    /// @param modelShareBps Compute listings: the part of a derived model's price that goes to this asset's owner.
    /// @param termsDigest sha256 of the licence terms' canonical JSON (its CID follows from it).
    struct ListingInput {
        uint64 assetId;
        uint32 firstVersion;
        uint32 lastVersion;
        LicenseKind kind;
        uint96 price;
        uint16 modelShareBps;
        bytes32 termsDigest;
    }

    /// @notice A payee's part of what the seller gets, after fee and lineage share.
    struct Split {
        address payee;
        uint16 bps;
    }

    /// @param token What the price is in: an allow-listed ERC-20, or 0 for NCR. Compute listings are in NCR.
    /// @param periodMinutes Subscription listings only, and there not 0: how long one price lasts.
    /// @param splits At most four; the seller keeps the rest.
    struct ListingExtras {
        address token;
        uint24 periodMinutes;
        Split[] splits;
    }

    /// @param maxPrice Reverts if the listing asks for more.
    struct Purchase {
        uint32 listingId;
        uint16 version;
        uint96 maxPrice;
        bytes32 recipientKey;
    }

    /// @param parentAssetId The first of the listing's royalties, 0 where there is none; `royaltiesOf` has all of them.
    struct Listing {
        address seller;
        uint96 price;
        uint64 assetId;
        uint32 firstVersion;
        uint32 lastVersion;
        LicenseKind kind;
        bool retired;
        uint16 modelShareBps;
        uint64 parentAssetId;
        uint16 parentShareBps;
        address token;
        uint24 periodMinutes;
    }

    struct Order {
        address buyer;
        uint40 changedAt;
        uint32 listingId;
        uint16 version;
        uint16 grants;
        OrderState state;
    }

    struct Grant {
        bytes32 orderId;
        bytes sealedShare;
    }

    struct Params {
        address treasury;
        uint16 feeBps;
        uint32 grantWindow;
        uint32 grantMargin;
        uint32 confirmWindow;
    }

    event ListingCreated(uint32 indexed listingId, uint256 indexed assetId, address indexed seller, ListingInput input);
    event ListingExtended(uint32 indexed listingId, ListingExtras extras);
    event ListingRetired(uint32 indexed listingId);
    event OrderGifted(bytes32 indexed orderId, address indexed from);
    event TokenAllowed(address indexed token, uint8 tokenId, bool allowed);
    event GuardianChanged(address guardian);
    event NewOrdersPaused(uint40 until);
    event OrderOpened(
        bytes32 indexed orderId,
        uint32 indexed listingId,
        address indexed buyer,
        uint16 version,
        uint96 price,
        bytes32 recipientKey
    );
    event ShareGranted(bytes32 indexed orderId, uint16 indexed validatorId, bytes sealedShare);
    event OrderGranted(bytes32 indexed orderId);
    event OrderConfirmed(bytes32 indexed orderId);
    event OrderReleased(bytes32 indexed orderId);
    event OrderClaimed(
        bytes32 indexed orderId, address indexed seller, uint256 toSeller, uint256 fee, uint256 toParent
    );
    event OrderRefunded(bytes32 indexed orderId, address indexed buyer, uint256 amount);
    event ParamsChanged(Params params);

    error NotSeller(uint32 listingId, address caller);
    error NotAssetOwner(uint256 assetId, address caller);
    error UnknownListing(uint32 listingId);
    error ListingIsRetired(uint32 listingId);
    error WrongLicense(uint32 listingId);
    error VersionNotCovered(uint32 listingId, uint32 version);
    error VersionNotLive(uint256 assetId, uint32 version);
    error BadVersionRange(uint32 firstVersion, uint32 lastVersion);
    error PriceAboveMax(uint96 price, uint96 maxPrice);
    error EmptyRecipientKey();
    error OrderExists(bytes32 orderId);
    error WrongState(bytes32 orderId, OrderState state);
    error NotBuyer(bytes32 orderId, address caller);
    error NotKeyHolder(bytes32 orderId, address caller);
    error BadShare(bytes32 orderId);
    error TooEarly(bytes32 orderId, uint256 notBefore);
    error TooLate(bytes32 orderId, uint256 notAfter);
    error ShareTooLarge(uint256 bps, uint256 cap);
    error RunsNeedReaders(uint256 assetId, uint32 version);
    error NotOrderDisputes(address caller);
    error ParamOutOfRange();
    error TooManyListings(uint256 assetId);
    error TokenNotAllowed(address token);
    error BadExtras();
    error NewOrdersStopped(uint256 until);
    error NotRegistry(address caller);
    error NotCuration(address caller);
    error EmptyAccount();
    error NotPrivateOffers(address caller);

    function createListing(ListingInput calldata input) external returns (uint32 listingId);
    /// @notice The same in another token, with payees, or for a period. Emits ListingExtended too.
    function createListingWith(ListingInput calldata input, ListingExtras calldata extras)
        external
        returns (uint32 listingId);
    /// @notice Stops new purchases on a listing. A new price is a new listing. Seller or current asset owner.
    function retireListing(uint32 listingId) external;
    /// @notice Pays the listing's price into escrow. The caller is entitled from here on until a refund.
    /// @param maxPrice Reverts if the listing asks for more.
    /// @param recipientKey X25519 public key to which validators seal their shares; fresh for each order.
    /// @return orderId 0x01 followed by 31 bytes of keccak256(chainid, market, listingId, version, buyer, recipientKey).
    function buy(uint32 listingId, uint16 version, uint96 maxPrice, bytes32 recipientKey)
        external
        returns (bytes32 orderId);
    function buyWithPermit(
        uint32 listingId,
        uint16 version,
        uint96 maxPrice,
        bytes32 recipientKey,
        Permit calldata permit
    ) external returns (bytes32 orderId);
    /// @notice Several purchases with one payment of the sum.
    function batchBuy(Purchase[] calldata purchases) external returns (bytes32[] memory orderIds);
    /// @notice Buys for another account: the order is wholly theirs, so a refund goes to them too.
    /// @param recipientKey A key whose secret `to` holds.
    function gift(uint32 listingId, uint16 version, uint96 maxPrice, bytes32 recipientKey, address to)
        external
        returns (bytes32 orderId);
    /// @notice PrivateOffers only, which has asked both parties: lists one version for one buyer, opens the order, and
    /// pulls the price from the buyer. The listing is born retired.
    function openOffered(
        ListingInput calldata input,
        ListingExtras calldata extras,
        address seller,
        address buyer,
        bytes32 recipientKey
    ) external returns (bytes32 orderId);
    /// @notice A key holder hands over its shares for a batch of orders, each sealed to the order's recipient key. Orders
    /// that are closed, past the margin, or already served by the caller are passed over.
    function grant(Grant[] calldata grants) external;
    /// @notice The buyer says that the goods are right; the money is the seller's to claim.
    function confirm(bytes32 orderId) external;
    /// @notice OrderDisputes only: `buyer` disputes a granted order within the confirm window.
    function openDispute(bytes32 orderId, address buyer) external;
    /// @notice OrderDisputes only: gives a disputed order's price to the seller, to claim, or back to the buyer.
    function closeDispute(bytes32 orderId, bool toSeller) external;
    /// @notice Anybody: returns the money of an order that was not granted in time, or whose version was proved wrong.
    function refund(bytes32 orderId) external;
    /// @notice Anybody: pays a seller for orders that were released, or granted and left silent past the confirm window.
    /// NCR is sent; other tokens, and the parts of payees, are credited. `paid` is the NCR.
    function claim(address seller, bytes32[] calldata orderIds) external returns (uint256 paid);

    /// @notice The one rule on who may have the key of an asset version now. `proofId` is an order id (0x01..), a job id
    /// (0x02..), a round id (0x03..), a subscription id (0x04..), or 0x05, asset (27 bytes) and version (4) for the asset's owner.
    function entitled(address account, uint256 assetId, uint32 version, bytes32 proofId) external view returns (bool);
    function listing(uint32 listingId) external view returns (Listing memory);
    function order(bytes32 orderId) external view returns (Order memory);
    function orderIdOf(uint32 listingId, uint16 version, address buyer, bytes32 recipientKey)
        external
        view
        returns (bytes32);
    function splitsOf(uint32 listingId) external view returns (Split[] memory);
    /// @notice What goes to the owners of the asset's ancestors; as fixed as its lineage.
    function royaltiesOf(uint32 listingId) external view returns (IAssetRegistry.Royalty[] memory);
    /// @notice Highest price in NCR at which any version of the asset was ever offered for download.
    function highestDownloadPrice(uint256 assetId) external view returns (uint96);
    function params() external view returns (Params memory);
    /// @notice Owner only, within hard caps. Holds for open orders too.
    function setParams(Params calldata params_) external;

    /// @notice Owner only: lets new listings be priced in a token, or stops its listings and new orders. A token must
    /// not change balances by itself; one that does can only fail its own holders.
    function allowToken(address token, bool allowed) external;
    /// @notice 0 is NCR; 255 tokens at most.
    function tokenAt(uint8 tokenId) external view returns (address);
    function tokenAllowed(address token) external view returns (bool);
    /// @notice Owner only: whose `paused()` decides. 0: nobody can pause.
    function setGuardian(address guardian) external;
    /// @notice Anybody: takes over what the guardian says. A pause ends by itself after `MAX_PAUSE` unless it is synced
    /// again. It stops new orders, listings, jobs and assets, and nothing else.
    function syncPause() external;
    function pausedUntil() external view returns (uint40);
    function paused() external view returns (bool);
    /// @notice Registry only: a version went live, or ended. Reaches the asset's open download listings.
    function onVersionChange(uint256 assetId, uint32 version, bool live) external;
    /// @notice Curation only: an asset was suspended, or is so no longer. Reaches its open download listings.
    function onSuspension(uint256 assetId, bool suspended) external;
}
