// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IAssetRegistry} from "./interfaces/IAssetRegistry.sol";
import {IMarket} from "./interfaces/IMarket.sol";
import {ISubscriptions} from "./interfaces/ISubscriptions.sol";
import {IValidators} from "./interfaces/IValidators.sol";
import {System} from "./interfaces/Types.sol";
import {EntitlementIds} from "./libraries/EntitlementIds.sol";
import {Payouts} from "./libraries/Payouts.sol";
import {TokenPayouts} from "./libraries/TokenPayouts.sol";
import {VersionWord} from "./libraries/VersionWord.sol";

/// @title Subscriptions
/// @notice Holds what was paid for periods that are not claimed, and the credits. Has no owner; windows and the fee are
/// the Market's.
contract Subscriptions is ISubscriptions, TokenPayouts {
    using SafeERC20 for IERC20;
    using VersionWord for uint256;

    /// @dev What a renewal needs, in one slot; the token's address only where it is not NCR.
    struct Plan {
        uint96 price;
        uint32 period;
        bool closed;
        bool foreign;
    }

    uint16 public constant MAX_PERIODS = 120;
    uint256 public constant MAX_SHARE_LENGTH = 512;
    uint256 private constant BPS = 10_000;

    IMarket public immutable market;
    IAssetRegistry public immutable registry;
    IValidators public immutable validators;

    mapping(bytes32 subscriptionId => Subscription) private _subscriptions;
    mapping(bytes32 subscriptionId => Request) private _requests;
    mapping(uint32 listingId => Plan) private _plans;
    mapping(uint32 listingId => address) private _tokenOf;

    constructor(System memory system) Payouts(system.token) {
        market = IMarket(system.market);
        registry = IAssetRegistry(system.registry);
        validators = IValidators(system.validators);
    }

    /// @inheritdoc ISubscriptions
    function subscribe(uint32 listingId, uint16 version, uint16 periods, uint256 maxTotal, bytes32 recipientKey)
        external
        returns (bytes32 subscriptionId)
    {
        require(!market.paused(), IMarket.NewOrdersStopped(market.pausedUntil()));
        IMarket.Listing memory terms = market.listing(listingId);
        require(terms.kind == IMarket.LicenseKind.Subscription, NotForSubscription(listingId));
        require(!terms.retired, IMarket.ListingIsRetired(listingId));
        Plan memory plan = _planOf(listingId, terms);
        uint256 total = uint256(plan.price) * periods;
        require(total <= maxTotal, IMarket.PriceAboveMax(plan.price, uint96(maxTotal)));
        subscriptionId = subscriptionIdOf(listingId, msg.sender);
        Subscription memory s = _subscriptions[subscriptionId];
        require(s.paidUntil <= block.timestamp, SubscriptionExists(subscriptionId));
        if (s.paidUntil != s.claimedUntil) _settle(subscriptionId, s, s.paidUntil);

        uint32 start = uint32(block.timestamp);
        uint32 until = _extended(start, plan, periods);
        _subscriptions[subscriptionId] = Subscription(msg.sender, listingId, start, until);
        emit Subscribed(subscriptionId, listingId, msg.sender, plan.price, start, until);
        _request(subscriptionId, terms, version, recipientKey);
        _pay(listingId, plan, total);
    }

    /// @inheritdoc ISubscriptions
    function renew(bytes32 subscriptionId, uint16 periods) external {
        Subscription memory s = _known(subscriptionId);
        Plan memory plan = _plans[s.listingId];
        require(!plan.closed, PlanIsClosed(s.listingId));
        if (s.paidUntil <= block.timestamp) {
            if (s.paidUntil != s.claimedUntil) _settle(subscriptionId, s, s.paidUntil);
            s.claimedUntil = s.paidUntil = uint32(block.timestamp);
        }
        s.paidUntil = _extended(s.paidUntil, plan, periods);
        _subscriptions[subscriptionId] = s;
        emit SubscriptionRenewed(subscriptionId, s.paidUntil);
        _pay(s.listingId, plan, uint256(plan.price) * periods);
    }

    /// @inheritdoc ISubscriptions
    function cancel(bytes32 subscriptionId) external returns (uint256 refunded) {
        Subscription memory s = _own(subscriptionId);
        Request memory asked = _requests[subscriptionId];
        uint256 period = _plans[s.listingId].period;
        uint256 end = _periodEnd(s.paidUntil, period);
        if (asked.grantedUntil < end) {
            uint256 notBefore = uint256(asked.requestedAt) + market.params().grantWindow + 1;
            // A request that validators answered in an earlier period is no longer open.
            bool open = asked.requestedAt != 0 && asked.grantedUntil <= asked.requestedAt;
            require(!open || block.timestamp >= notBefore, RequestPending(subscriptionId, notBefore));
            end = block.timestamp;
        }
        uint256 held = heldFor(subscriptionId);
        refunded = uint256(_plans[s.listingId].price) * (s.paidUntil - end) / period;
        s.claimedUntil = s.paidUntil = uint32(end);
        _subscriptions[subscriptionId] = s;
        emit SubscriptionCancelled(subscriptionId, refunded, uint32(end));
        _distribute(subscriptionId, s.listingId, held - refunded);
        _creditIn(_token(s.listingId), s.account, refunded);
    }

    /// @inheritdoc ISubscriptions
    function requestKey(bytes32 subscriptionId, uint16 version, bytes32 recipientKey) external {
        Subscription memory s = _own(subscriptionId);
        _request(subscriptionId, market.listing(s.listingId), version, recipientKey);
    }

    /// @inheritdoc ISubscriptions
    function grant(Grant[] calldata grants) external {
        uint16 validatorId = validators.validatorIdOf(msg.sender);
        IMarket.Params memory windows = market.params();
        uint256 window = windows.grantWindow - windows.grantMargin;
        for (uint256 i = 0; i < grants.length; ++i) {
            bytes32 id = grants[i].subscriptionId;
            Subscription memory s = _subscriptions[id];
            Request memory asked = _requests[id];
            bool open = asked.version != 0 && block.timestamp <= asked.requestedAt + window;
            if (!open || block.timestamp >= s.paidUntil) continue;
            _grant(grants[i], s, asked, validatorId);
        }
    }

    /// @inheritdoc ISubscriptions
    function claim(bytes32[] calldata subscriptionIds) external {
        for (uint256 i = 0; i < subscriptionIds.length; ++i) {
            bytes32 id = subscriptionIds[i];
            Subscription memory s = _known(id);
            uint256 until = s.paidUntil;
            if (block.timestamp < until) {
                uint256 period = _plans[s.listingId].period;
                until = _periodEnd(until, period);
                if (_requests[id].grantedUntil < until) until -= period;
            }
            if (until > s.claimedUntil) _settle(id, s, uint32(until));
        }
    }

    /// @inheritdoc ISubscriptions
    function closePlan(uint32 listingId) external {
        require(market.listing(listingId).retired, IMarket.WrongLicense(listingId));
        _plans[listingId].closed = true;
        emit PlanClosed(listingId);
    }

    /// @inheritdoc ISubscriptions
    function entitles(bytes32 subscriptionId, address account, uint256 assetId, uint32 version)
        external
        view
        returns (bool)
    {
        Subscription memory s = _subscriptions[subscriptionId];
        if (s.account != account || block.timestamp >= s.paidUntil) return false;
        IMarket.Listing memory terms = market.listing(s.listingId);
        return terms.assetId == assetId && _covers(terms, version);
    }

    /// @inheritdoc ISubscriptions
    function subscription(bytes32 subscriptionId) external view returns (Subscription memory) {
        return _subscriptions[subscriptionId];
    }

    /// @inheritdoc ISubscriptions
    function request(bytes32 subscriptionId) external view returns (Request memory) {
        return _requests[subscriptionId];
    }

    /// @inheritdoc ISubscriptions
    function subscriptionIdOf(uint32 listingId, address account) public view returns (bytes32) {
        return EntitlementIds.make(
            EntitlementIds.SUBSCRIPTION, keccak256(abi.encode(block.chainid, address(this), listingId, account))
        );
    }

    /// @inheritdoc ISubscriptions
    function heldFor(bytes32 subscriptionId) public view returns (uint256) {
        Subscription memory s = _subscriptions[subscriptionId];
        if (s.paidUntil == s.claimedUntil) return 0;
        Plan memory plan = _plans[s.listingId];
        return uint256(plan.price) * ((s.paidUntil - s.claimedUntil) / plan.period);
    }

    function _planOf(uint32 listingId, IMarket.Listing memory terms) private returns (Plan memory plan) {
        plan = _plans[listingId];
        if (plan.period != 0) return plan;
        bool foreign = terms.token != address(token);
        plan = Plan(terms.price, uint32(terms.periodMinutes) * 60, false, foreign);
        _plans[listingId] = plan;
        if (foreign) _tokenOf[listingId] = terms.token;
    }

    function _extended(uint256 from, Plan memory plan, uint16 periods) private pure returns (uint32) {
        uint256 until = from + uint256(plan.period) * periods;
        require(periods != 0 && periods <= MAX_PERIODS && until <= type(uint32).max, BadPeriods(periods));
        return uint32(until);
    }

    function _pay(uint32 listingId, Plan memory plan, uint256 total) private {
        if (total == 0) return;
        if (!plan.foreign) return token.safeTransferFrom(msg.sender, address(this), total);
        address token_ = _tokenOf[listingId];
        require(market.tokenAllowed(token_), IMarket.TokenNotAllowed(token_));
        _collect(token_, msg.sender, total);
    }

    function _request(bytes32 subscriptionId, IMarket.Listing memory terms, uint16 version, bytes32 recipientKey)
        private
    {
        uint32 listingId = _subscriptions[subscriptionId].listingId;
        require(recipientKey != 0, IMarket.EmptyRecipientKey());
        require(_covers(terms, version), IMarket.VersionNotCovered(listingId, version));
        bool live = registry.packedVersion(terms.assetId, version).isLive();
        require(live, IMarket.VersionNotLive(terms.assetId, version));
        uint32 grantedUntil = _requests[subscriptionId].grantedUntil;
        _requests[subscriptionId] = Request(version, 0, uint32(block.timestamp), grantedUntil);
        emit KeyRequested(subscriptionId, version, recipientKey);
    }

    function _grant(Grant calldata grant_, Subscription memory s, Request memory asked, uint16 validatorId) private {
        bytes32 id = grant_.subscriptionId;
        uint256 word = registry.packedVersion(market.listing(s.listingId).assetId, asked.version);
        uint256 position = word.positionOf(validatorId);
        require(position != VersionWord.MAX_COMMITTEE, IMarket.NotKeyHolder(id, msg.sender));
        uint256 length = grant_.sealedShare.length;
        require(length != 0 && length <= MAX_SHARE_LENGTH, IMarket.BadShare(id));
        if ((asked.grants >> position) & 1 != 0) return;
        asked.grants |= uint16(1 << position);
        uint256 count = 0;
        for (uint256 bits = asked.grants; bits != 0; bits &= bits - 1) {
            ++count;
        }
        uint32 end = uint32(_periodEnd(s.paidUntil, _plans[s.listingId].period));
        bool reached = count == word.threshold();
        if (reached && end > asked.grantedUntil) asked.grantedUntil = end;
        _requests[id] = asked;
        emit SubscriptionShareGranted(id, validatorId, asked.version, grant_.sealedShare);
        if (reached) emit SubscriptionKeyGranted(id, asked.version, end);
    }

    /// @dev Whole periods only: `until` is a boundary.
    function _settle(bytes32 subscriptionId, Subscription memory s, uint32 until) private {
        Plan memory plan = _plans[s.listingId];
        uint256 amount = uint256(plan.price) * ((until - s.claimedUntil) / plan.period);
        s.claimedUntil = until;
        _subscriptions[subscriptionId] = s;
        _distribute(subscriptionId, s.listingId, amount);
    }

    function _distribute(bytes32 subscriptionId, uint32 listingId, uint256 amount) private {
        if (amount == 0) return;
        IMarket.Listing memory terms = market.listing(listingId);
        IMarket.Params memory p = market.params();
        uint256 fee = amount * p.feeBps / BPS;
        uint256 toParent = amount * terms.parentShareBps / BPS;
        uint256 toSeller = amount - fee - toParent;
        address token_ = _token(listingId);
        emit SubscriptionClaimed(subscriptionId, toSeller, fee, toParent);
        _creditIn(token_, p.treasury, fee);
        _creditIn(token_, terms.seller, toSeller);
        if (toParent != 0) _creditIn(token_, registry.ownerOf(terms.parentAssetId), toParent);
    }

    function _token(uint32 listingId) private view returns (address) {
        return _plans[listingId].foreign ? _tokenOf[listingId] : address(token);
    }

    /// @dev End of the period that is running; periods are counted back from the last one's end.
    function _periodEnd(uint256 paidUntil, uint256 period) private view returns (uint256) {
        return paidUntil - (paidUntil - block.timestamp - 1) / period * period;
    }

    function _covers(IMarket.Listing memory terms, uint32 version) private pure returns (bool) {
        return version >= terms.firstVersion && (terms.lastVersion == 0 || version <= terms.lastVersion);
    }

    function _known(bytes32 subscriptionId) private view returns (Subscription memory s) {
        s = _subscriptions[subscriptionId];
        require(s.account != address(0), UnknownSubscription(subscriptionId));
    }

    function _own(bytes32 subscriptionId) private view returns (Subscription memory s) {
        s = _subscriptions[subscriptionId];
        require(s.account == msg.sender, NotSubscriber(subscriptionId, msg.sender));
        require(block.timestamp < s.paidUntil, SubscriptionOver(subscriptionId, s.paidUntil));
    }
}
