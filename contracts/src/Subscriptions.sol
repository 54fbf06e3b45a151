// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IAssetRegistry} from "./interfaces/IAssetRegistry.sol";
import {ICuration} from "./interfaces/ICuration.sol";
import {ICustody} from "./interfaces/ICustody.sol";
import {IMarket} from "./interfaces/IMarket.sol";
import {ISubscriptions} from "./interfaces/ISubscriptions.sol";
import {IValidators} from "./interfaces/IValidators.sol";
import {Permit, System} from "./interfaces/Types.sol";
import {EntitlementIds} from "./libraries/EntitlementIds.sol";
import {Payouts} from "./libraries/Payouts.sol";
import {PermitLib} from "./libraries/PermitLib.sol";
import {Royalties} from "./libraries/Royalties.sol";
import {SubscriptionWord} from "./libraries/SubscriptionWord.sol";
import {TokenPayouts} from "./libraries/TokenPayouts.sol";
import {VersionWord} from "./libraries/VersionWord.sol";

/// @title Subscriptions
/// @notice Holds what was paid for periods that are not claimed, and the credits. Has no owner; windows and the fee are
/// the Market's.
contract Subscriptions is ISubscriptions, TokenPayouts {
    using SafeERC20 for IERC20;
    using PermitLib for IERC20;
    using EntitlementIds for bytes32;
    using SubscriptionWord for uint256;
    using VersionWord for uint256;

    /// @dev A reference to it is looked up once and used twice.
    struct Slot {
        uint256 word;
    }

    uint16 public constant MAX_PERIODS = 120;
    uint256 public constant MAX_SHARE_LENGTH = 512;
    uint256 private constant BPS = 10_000;
    uint256 private constant RENEWED_UNTIL = 192;

    IMarket public immutable market;
    IAssetRegistry public immutable registry;
    IValidators public immutable validators;
    ICuration public immutable curation;
    ICustody public immutable custody;

    mapping(bytes32 subscriptionId => Slot) private _slots;
    mapping(bytes32 subscriptionId => Request) private _requests;

    constructor(System memory system) Payouts(system.token) {
        market = IMarket(system.market);
        registry = IAssetRegistry(system.registry);
        validators = IValidators(system.validators);
        curation = ICuration(system.curation);
        custody = ICustody(system.custody);
    }

    /// @inheritdoc ISubscriptions
    function subscribe(
        uint32 listingId,
        uint16 version,
        uint16 periods,
        uint256 maxTotal,
        bytes32 recipientKey,
        Permit calldata permit
    ) external returns (bytes32 id) {
        require(!market.paused(), IMarket.NewOrdersStopped(market.pausedUntil()));
        IMarket.Listing memory terms = market.listing(listingId);
        require(terms.kind == IMarket.LicenseKind.Subscription, NotForSubscription(listingId));
        require(!terms.retired, IMarket.ListingIsRetired(listingId));
        require(!curation.isSuspended(terms.assetId), ICuration.AssetSuspended(terms.assetId));
        uint256 total = uint256(terms.price) * periods;
        require(total <= maxTotal, TotalAboveMax(total, maxTotal));
        id = EntitlementIds.subscription(listingId, msg.sender);
        uint256 word = _slots[id].word;
        require(word.paidUntil() <= block.timestamp, SubscriptionExists(id));
        uint256 due = word.held();

        bool foreign = terms.token != address(token);
        word = SubscriptionWord.make(terms.price, uint32(terms.periodMinutes) * 60, foreign, block.timestamp);
        word = _extended(word, periods);
        _slots[id].word = word;
        emit Subscribed(id, listingId, msg.sender, terms.price, uint32(block.timestamp), uint32(word.paidUntil()));
        _distribute(id, terms, due);
        _request(id, terms, version, recipientKey);
        IERC20(terms.token).tryPermit(permit);
        _pay(id, word, total);
    }

    /// @inheritdoc ISubscriptions
    /// @dev The way of a returning subscriber, in one slot; whatever is not plain goes the long way.
    function renewNow(uint256 listingId) external {
        bytes32 id = EntitlementIds.subscription(listingId, msg.sender);
        Slot storage slot = _slots[id];
        (uint256 word, uint256 until) = slot.word.renewed();
        if (until == 0) return _renew(id, 1);
        slot.word = word;
        emit SubscriptionRenewed(bytes32(uint256(id) | (until << RENEWED_UNTIL)));
        token.safeTransferFrom(msg.sender, address(this), word.price());
    }

    /// @inheritdoc ISubscriptions
    function renew(bytes32 id, uint16 periods, Permit calldata permit) external {
        token.tryPermit(permit);
        _renew(id, periods);
    }

    /// @inheritdoc ISubscriptions
    function cancel(bytes32 id) external returns (uint256 refunded) {
        uint256 word = _own(id);
        Request memory asked = _requests[id];
        uint256 end = _periodEnd(word);
        if (asked.grantedUntil < end) {
            uint256 notBefore = uint256(asked.requestedAt) + market.params().grantWindow + 1;
            // A request that validators answered in an earlier period is no longer open.
            bool open = asked.grantedUntil <= asked.requestedAt;
            require(!open || block.timestamp >= notBefore, RequestPending(id, notBefore));
            end = block.timestamp;
        }
        uint256 held = word.held();
        refunded = uint256(word.price()) * (word.paidUntil() - end) / word.period();
        _slots[id].word = word.withTimes(end, end);
        emit SubscriptionCancelled(id, refunded, uint32(end));
        IMarket.Listing memory terms = market.listing(id.listingOf());
        _distribute(id, terms, held - refunded);
        _creditIn(terms.token, msg.sender, refunded);
    }

    /// @inheritdoc ISubscriptions
    function requestKey(bytes32 id, uint16 version, bytes32 recipientKey) external {
        _own(id);
        _request(id, market.listing(id.listingOf()), version, recipientKey);
    }

    /// @inheritdoc ISubscriptions
    function grant(Grant[] calldata grants) external {
        uint16 validatorId = validators.validatorIdOf(msg.sender);
        IMarket.Params memory windows = market.params();
        uint256 window = windows.grantWindow - windows.grantMargin;
        for (uint256 i = 0; i < grants.length; ++i) {
            bytes32 id = grants[i].subscriptionId;
            uint256 word = _slots[id].word;
            Request memory asked = _requests[id];
            bool late = block.timestamp > asked.requestedAt + window || block.timestamp >= word.paidUntil();
            if (late || grants[i].requestedAt != asked.requestedAt) continue;
            _grant(grants[i], word, asked, validatorId);
        }
    }

    /// @inheritdoc ISubscriptions
    function claim(bytes32[] calldata subscriptionIds) external {
        for (uint256 i = 0; i < subscriptionIds.length; ++i) {
            bytes32 id = subscriptionIds[i];
            uint256 word = _known(id);
            uint256 until = word.paidUntil();
            if (block.timestamp < until) {
                until = _periodEnd(word);
                if (_requests[id].grantedUntil < until) until -= word.period();
            }
            uint256 due = word.withTimes(word.claimedUntil(), until).held();
            if (due == 0) continue;
            _slots[id].word = word.withTimes(until, word.paidUntil());
            _distribute(id, market.listing(id.listingOf()), due);
        }
    }

    /// @inheritdoc ISubscriptions
    function closePlan(uint32 listingId, address[] calldata accounts) external {
        require(_isStopped(listingId), ListingIsOpen(listingId));
        for (uint256 i = 0; i < accounts.length; ++i) {
            emit SubscriptionClosed(_setClosed(listingId, accounts[i], true));
        }
    }

    /// @inheritdoc ISubscriptions
    function reopenPlan(uint32 listingId, address[] calldata accounts) external {
        require(!_isStopped(listingId), ListingIsStopped(listingId));
        for (uint256 i = 0; i < accounts.length; ++i) {
            emit SubscriptionReopened(_setClosed(listingId, accounts[i], false));
        }
    }

    /// @inheritdoc ISubscriptions
    function entitles(bytes32 id, address account, uint256 assetId, uint32 version) external view returns (bool) {
        if (id.accountOf() != account || block.timestamp >= _slots[id].word.paidUntil()) return false;
        IMarket.Listing memory terms = market.listing(id.listingOf());
        return terms.assetId == assetId && _covers(terms, version);
    }

    /// @inheritdoc ISubscriptions
    function subscription(bytes32 id) external view returns (Subscription memory) {
        uint256 word = _known(id);
        return Subscription({
            account: id.accountOf(),
            listingId: id.listingOf(),
            price: word.price(),
            period: uint32(word.period()),
            claimedUntil: uint32(word.claimedUntil()),
            paidUntil: uint32(word.paidUntil()),
            closed: word.closed()
        });
    }

    /// @inheritdoc ISubscriptions
    function request(bytes32 id) external view returns (Request memory) {
        return _requests[id];
    }

    /// @inheritdoc ISubscriptions
    function subscriptionIdOf(uint32 listingId, address account) external pure returns (bytes32) {
        return EntitlementIds.subscription(listingId, account);
    }

    /// @inheritdoc ISubscriptions
    function heldFor(bytes32 id) external view returns (uint256) {
        return _slots[id].word.held();
    }

    function _isStopped(uint32 listingId) private view returns (bool) {
        IMarket.Listing memory terms = market.listing(listingId);
        return terms.retired || curation.isSuspended(terms.assetId);
    }

    function _setClosed(uint32 listingId, address account, bool closed) private returns (bytes32 id) {
        id = EntitlementIds.subscription(listingId, account);
        _slots[id].word = _known(id).withClosed(closed);
    }

    function _renew(bytes32 id, uint16 periods) private {
        uint256 word = _known(id);
        require(!word.closed(), RenewalsAreClosed(id));
        uint256 due = 0;
        if (word.paidUntil() <= block.timestamp) {
            due = word.held();
            word = word.withTimes(block.timestamp, block.timestamp);
        }
        word = _extended(word, periods);
        _slots[id].word = word;
        emit SubscriptionRenewed(bytes32(uint256(id) | (word.paidUntil() << RENEWED_UNTIL)));
        if (due != 0) _distribute(id, market.listing(id.listingOf()), due);
        _pay(id, word, uint256(word.price()) * periods);
    }

    function _extended(uint256 word, uint16 periods) private pure returns (uint256) {
        uint256 until = word.paidUntil() + word.period() * periods;
        require(periods != 0 && periods <= MAX_PERIODS && until <= type(uint32).max, BadPeriods(periods));
        return word.withTimes(word.claimedUntil(), until);
    }

    function _pay(bytes32 id, uint256 word, uint256 total) private {
        if (total == 0) return;
        if (!word.foreign()) return token.safeTransferFrom(msg.sender, address(this), total);
        address token_ = market.listing(id.listingOf()).token;
        require(market.tokenAllowed(token_), IMarket.TokenNotAllowed(token_));
        _collect(token_, msg.sender, total);
    }

    function _request(bytes32 id, IMarket.Listing memory terms, uint16 version, bytes32 recipientKey) private {
        require(recipientKey != 0, IMarket.EmptyRecipientKey());
        require(_covers(terms, version), IMarket.VersionNotCovered(id.listingOf(), version));
        bool live = registry.packedVersion(terms.assetId, version).isLive();
        require(live, IMarket.VersionNotLive(terms.assetId, version));
        uint32 grantedUntil = _requests[id].grantedUntil;
        _requests[id] = Request(version, 0, uint32(block.timestamp), grantedUntil);
        emit KeyRequested(id, version, recipientKey);
    }

    function _grant(Grant calldata grant_, uint256 word, Request memory asked, uint16 validatorId) private {
        bytes32 id = grant_.subscriptionId;
        uint256 assetId = market.listing(id.listingOf()).assetId;
        uint256 version = registry.packedVersion(assetId, asked.version);
        if (version.isMoved()) version = custody.wordAt(assetId, asked.version, asked.requestedAt);
        uint256 position = version.positionOf(validatorId);
        require(position != VersionWord.MAX_COMMITTEE, IMarket.NotKeyHolder(id, msg.sender));
        uint256 length = grant_.sealedShare.length;
        require(length != 0 && length <= MAX_SHARE_LENGTH, IMarket.BadShare(id));
        if ((asked.grants >> position) & 1 != 0) return;
        asked.grants |= uint16(1 << position);
        uint256 count = 0;
        for (uint256 bits = asked.grants; bits != 0; bits &= bits - 1) {
            ++count;
        }
        uint32 end = uint32(_periodEnd(word));
        bool reached = count == version.threshold();
        if (reached) asked.grantedUntil = end;
        _requests[id] = asked;
        emit SubscriptionShareGranted(id, validatorId, asked.version, grant_.sealedShare);
        if (reached) emit SubscriptionKeyGranted(id, asked.version, end);
    }

    function _distribute(bytes32 id, IMarket.Listing memory terms, uint256 amount) private {
        if (amount == 0) return;
        IMarket.Params memory p = market.params();
        uint256 fee = amount * p.feeBps / BPS;
        IAssetRegistry.Royalty[] memory royalties;
        if (terms.parentShareBps != 0) royalties = market.royaltiesOf(id.listingOf());
        uint256 toParents = Royalties.total(royalties, amount);
        uint256 toSeller = amount - fee - toParents;
        emit SubscriptionClaimed(id, toSeller, fee, toParents);
        _creditIn(terms.token, p.treasury, fee);
        _creditIn(terms.token, terms.seller, toSeller);
        for (uint256 i = 0; i < royalties.length; ++i) {
            address owner = registry.ownerOf(royalties[i].assetId);
            _creditIn(terms.token, owner, Royalties.partOf(royalties[i], amount));
        }
    }

    /// @dev End of the period that is running; periods are counted back from the last one's end.
    function _periodEnd(uint256 word) private view returns (uint256) {
        (uint256 until, uint256 period) = (word.paidUntil(), word.period());
        return until - (until - block.timestamp - 1) / period * period;
    }

    function _covers(IMarket.Listing memory terms, uint32 version) private pure returns (bool) {
        return version >= terms.firstVersion && (terms.lastVersion == 0 || version <= terms.lastVersion);
    }

    function _known(bytes32 id) private view returns (uint256 word) {
        word = _slots[id].word;
        require(word != 0, UnknownSubscription(id));
    }

    function _own(bytes32 id) private view returns (uint256 word) {
        word = _known(id);
        require(id.accountOf() == msg.sender, NotSubscriber(id, msg.sender));
        require(block.timestamp < word.paidUntil(), SubscriptionOver(id, word.paidUntil()));
    }
}
