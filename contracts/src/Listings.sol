// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IAssetRegistry} from "./interfaces/IAssetRegistry.sol";
import {ICuration} from "./interfaces/ICuration.sol";
import {IMarket} from "./interfaces/IMarket.sol";
import {IPause} from "./interfaces/IPause.sol";
import {System} from "./interfaces/Types.sol";
import {OpenListings} from "./libraries/OpenListings.sol";
import {TermsWord} from "./libraries/TermsWord.sol";
import {TokenPayouts} from "./libraries/TokenPayouts.sol";
import {VersionWord} from "./libraries/VersionWord.sol";

/// @title Listings
/// @notice The half of the Market that says what is for sale: listings, the tokens that they may be priced in, and the
/// pause.
abstract contract Listings is IMarket, TokenPayouts, Ownable2Step {
    using TermsWord for uint256;
    using VersionWord for uint256;
    using OpenListings for uint256;

    /// @dev One slot: all that the seller's side needs besides the price.
    struct Payees {
        address seller;
        uint16 modelShareBps;
        uint64 parentAssetId;
        uint16 parentShareBps;
    }

    uint16 public constant MAX_MODEL_SHARE_BPS = 5_000;
    uint256 public constant MAX_SPLITS = 4;
    uint40 public constant MAX_PAUSE = 3 days;
    uint256 internal constant BPS = 10_000;

    IAssetRegistry public immutable registry;
    ICuration public immutable curation;
    address public immutable offers;

    uint32 public listingCount;
    uint40 public pausedUntil;
    address public guardian;
    address[] private _tokens;
    mapping(address token => bool) public tokenAllowed;
    mapping(uint32 listingId => uint256 termsWord) internal _terms;
    mapping(uint32 listingId => Payees) internal _payees;
    mapping(uint32 listingId => Split[]) internal _splits;
    mapping(uint256 assetId => uint256 openListings) private _openListings;
    mapping(uint256 assetId => uint96) public highestDownloadPrice;

    constructor(System memory system, address guardian_) {
        registry = IAssetRegistry(system.registry);
        curation = ICuration(system.curation);
        offers = system.offers;
        _tokens.push(address(token));
        guardian = guardian_;
    }

    /// @inheritdoc IMarket
    function createListing(ListingInput calldata input) external returns (uint32) {
        return _create(msg.sender, input, TermsWord.make(input));
    }

    /// @inheritdoc IMarket
    function createListingWith(ListingInput calldata input, ListingExtras calldata extras)
        external
        returns (uint32 listingId)
    {
        listingId = _create(msg.sender, input, _termsWith(input, extras));
        for (uint256 i = 0; i < extras.splits.length; ++i) {
            _splits[listingId].push(extras.splits[i]);
        }
        emit ListingExtended(listingId, extras);
    }

    /// @inheritdoc IMarket
    function retireListing(uint32 listingId) external {
        uint256 terms = _known(listingId);
        uint256 assetId = terms.assetId();
        bool may = _payees[listingId].seller == msg.sender || registry.ownerOf(assetId) == msg.sender;
        require(may, NotSeller(listingId, msg.sender));
        require(!terms.retired(), ListingIsRetired(listingId));
        _terms[listingId] = terms.withRetired();
        _openListings[assetId] = _openListings[assetId].removed(listingId);
        emit ListingRetired(listingId);
    }

    /// @inheritdoc IMarket
    /// @dev A listing remembers one live version, so that buying the newest needs no call. Others are looked up.
    function onVersionChange(uint256 assetId, uint32 version, bool live) external {
        require(msg.sender == address(registry), NotRegistry(msg.sender));
        uint256 open = _openListings[assetId];
        for (uint256 i = 0; i < OpenListings.MAX_OPEN; ++i) {
            uint32 listingId = open.idAt(i);
            if (listingId == 0) continue;
            uint256 terms = _terms[listingId];
            uint256 newest = terms.newestLive();
            if (live && version > newest && terms.covers(version) && version <= type(uint16).max) {
                _terms[listingId] = terms.withNewestLive(uint16(version));
            }
            if (!live && version == newest) _terms[listingId] = terms.withNewestLive(0);
        }
    }

    /// @inheritdoc IMarket
    /// @dev So that buying pays nothing for the question. Listings of other kinds are not in the list: where they are
    /// used, Curation is asked.
    function onSuspension(uint256 assetId, bool suspended) external {
        require(msg.sender == address(curation), NotCuration(msg.sender));
        uint256 open = _openListings[assetId];
        for (uint256 i = 0; i < OpenListings.MAX_OPEN; ++i) {
            uint32 listingId = open.idAt(i);
            if (listingId != 0) _terms[listingId] = _terms[listingId].withSuspended(suspended);
        }
    }

    /// @inheritdoc IMarket
    function allowToken(address token_, bool allowed) external onlyOwner {
        uint256 tokenId = _tokenIdOf(token_);
        require(tokenId != 0 && tokenId <= type(uint8).max, TokenNotAllowed(token_));
        if (tokenId == _tokens.length) _tokens.push(token_);
        tokenAllowed[token_] = allowed;
        emit TokenAllowed(token_, uint8(tokenId), allowed);
    }

    /// @inheritdoc IMarket
    function setGuardian(address guardian_) external onlyOwner {
        guardian = guardian_;
        emit GuardianChanged(guardian_);
    }

    /// @inheritdoc IMarket
    function syncPause() external {
        bool stopped = guardian != address(0) && IPause(guardian).paused();
        pausedUntil = stopped ? uint40(block.timestamp) + MAX_PAUSE : 0;
        emit NewOrdersPaused(pausedUntil);
    }

    /// @inheritdoc IMarket
    function listing(uint32 listingId) external view returns (Listing memory) {
        uint256 terms = _known(listingId);
        Payees storage payees = _payees[listingId];
        return Listing({
            seller: payees.seller,
            price: terms.price(),
            assetId: terms.assetId(),
            firstVersion: terms.firstVersion(),
            lastVersion: terms.lastVersion(),
            kind: terms.kind(),
            retired: terms.retired(),
            modelShareBps: payees.modelShareBps,
            parentAssetId: payees.parentAssetId,
            parentShareBps: payees.parentShareBps,
            token: tokenAt(terms.tokenId()),
            periodMinutes: terms.periodMinutes()
        });
    }

    /// @inheritdoc IMarket
    function splitsOf(uint32 listingId) external view returns (Split[] memory) {
        return _splits[listingId];
    }

    /// @inheritdoc IMarket
    function royaltiesOf(uint32 listingId) external view returns (IAssetRegistry.Royalty[] memory) {
        return _royaltiesOf(_known(listingId), _payees[listingId]);
    }

    /// @inheritdoc IMarket
    function tokenAt(uint8 tokenId) public view returns (address) {
        return _tokens[tokenId];
    }

    /// @inheritdoc IMarket
    function paused() public view returns (bool) {
        return block.timestamp < pausedUntil;
    }

    function _termsWith(ListingInput calldata input, ListingExtras calldata extras) internal view returns (uint256) {
        uint8 tokenId = _checkExtras(input, extras);
        return TermsWord.make(input).withExtras(tokenId, extras.periodMinutes, extras.splits.length != 0);
    }

    /// @dev What was offered to one buyer is neither open to others nor counted in the highest price.
    function _create(address seller, ListingInput calldata input, uint256 terms) internal returns (uint32 listingId) {
        uint256 assetId = input.assetId;
        require(!paused(), NewOrdersStopped(pausedUntil));
        require(registry.ownerOf(assetId) == seller, NotAssetOwner(assetId, seller));
        require(!curation.isSuspended(assetId), ICuration.AssetSuspended(assetId));
        bool ordered = (input.lastVersion == 0 || input.lastVersion >= input.firstVersion)
            && input.firstVersion <= type(uint16).max && input.lastVersion <= type(uint16).max;
        require(ordered, BadVersionRange(input.firstVersion, input.lastVersion));
        uint256 word = registry.packedVersion(assetId, input.firstVersion);
        bool open = word.isLive() || word.status() == IAssetRegistry.VersionStatus.Pending;
        require(open, VersionNotLive(assetId, input.firstVersion));
        bool runs = input.kind == LicenseKind.Compute;
        require(!runs || word.validatorsMayRead(), RunsNeedReaders(assetId, input.firstVersion));
        uint16 cap = runs ? MAX_MODEL_SHARE_BPS : 0;
        require(input.modelShareBps <= cap, ShareTooLarge(input.modelShareBps, cap));
        require((input.kind == LicenseKind.Subscription) == (terms.periodMinutes() != 0), BadExtras());

        listingId = ++listingCount;
        if (input.kind == LicenseKind.Download && msg.sender != offers) terms = _enter(listingId, assetId, terms);
        _terms[listingId] = _addPayees(listingId, seller, input, terms);
        emit ListingCreated(listingId, assetId, seller, input);
    }

    function _addPayees(uint32 listingId, address seller, ListingInput calldata input, uint256 terms)
        private
        returns (uint256)
    {
        IAssetRegistry.Royalty[] memory royalties = registry.royaltiesOf(input.assetId);
        IAssetRegistry.Royalty memory first;
        if (royalties.length != 0) first = royalties[0];
        _payees[listingId] = Payees(seller, input.modelShareBps, first.assetId, first.bps);
        return royalties.length < 2 ? terms : terms.withRoyalties();
    }

    /// @dev A lineage never changes, so what the registry says now is what it said when the listing was made.
    function _royaltiesOf(uint256 terms, Payees memory payees)
        internal
        view
        returns (IAssetRegistry.Royalty[] memory royalties)
    {
        if (terms.royalties()) return registry.royaltiesOf(terms.assetId());
        if (payees.parentShareBps == 0) return royalties;
        royalties = new IAssetRegistry.Royalty[](1);
        royalties[0] = IAssetRegistry.Royalty(payees.parentAssetId, payees.parentShareBps);
    }

    function _enter(uint32 listingId, uint256 assetId, uint256 terms) private returns (uint256) {
        uint256 open = _openListings[assetId].added(listingId);
        require(open != 0, TooManyListings(assetId));
        _openListings[assetId] = open;
        uint96 price = terms.price();
        if (terms.tokenId() == 0 && price > highestDownloadPrice[assetId]) highestDownloadPrice[assetId] = price;
        uint32 latest = registry.latestVersion(assetId);
        bool known =
            latest <= type(uint16).max && terms.covers(latest) && registry.packedVersion(assetId, latest).isLive();
        return known ? terms.withNewestLive(uint16(latest)) : terms;
    }

    function _checkExtras(ListingInput calldata input, ListingExtras calldata extras)
        private
        view
        returns (uint8 tokenId)
    {
        if (extras.token != address(0) && extras.token != address(token)) {
            require(tokenAllowed[extras.token], TokenNotAllowed(extras.token));
            require(input.kind != LicenseKind.Compute, BadExtras());
            tokenId = uint8(_tokenIdOf(extras.token));
        }
        require(extras.splits.length <= MAX_SPLITS, BadExtras());
        uint256 sum = 0;
        for (uint256 i = 0; i < extras.splits.length; ++i) {
            require(extras.splits[i].payee != address(0) && extras.splits[i].bps != 0, BadExtras());
            sum += extras.splits[i].bps;
        }
        require(sum <= BPS && (sum == 0 || input.kind == LicenseKind.Download), BadExtras());
    }

    /// @return The place of the token, or the first free one.
    function _tokenIdOf(address token_) private view returns (uint256) {
        uint256 length = _tokens.length;
        for (uint256 i = 0; i < length; ++i) {
            if (_tokens[i] == token_) return i;
        }
        return length;
    }

    function _known(uint32 listingId) internal view returns (uint256 terms) {
        terms = _terms[listingId];
        require(terms != 0, UnknownListing(listingId));
    }
}
