// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPayouts} from "./IPayouts.sol";
import {ITokenPayouts} from "./ITokenPayouts.sol";
import {Permit} from "./Types.sol";

/// @notice Licences by the period: paid ahead, granted while paid, cancelled for what is left.
interface ISubscriptions is IPayouts, ITokenPayouts {
    /// @param price Of a period, in base units.
    /// @param period In seconds.
    /// @param claimedUntil What was paid for the time from here to `paidUntil` is held.
    /// @param paidUntil End of the last paid period; the account is entitled before it.
    /// @param closed It runs to its end and is not renewed.
    struct Subscription {
        address account;
        uint32 listingId;
        uint96 price;
        uint32 period;
        uint32 claimedUntil;
        uint32 paidUntil;
        bool closed;
    }

    /// @param version What the account asked the key of, and 0 before.
    /// @param grants One bit for each committee place that has granted.
    /// @param grantedUntil End of the last period in which a key was granted: not refunded.
    struct Request {
        uint16 version;
        uint16 grants;
        uint32 requestedAt;
        uint32 grantedUntil;
    }

    /// @param requestedAt Of the request that the share answers: another may have taken its place.
    struct Grant {
        bytes32 subscriptionId;
        uint32 requestedAt;
        bytes sealedShare;
    }

    event Subscribed(
        bytes32 indexed subscriptionId,
        uint32 indexed listingId,
        address indexed account,
        uint96 price,
        uint32 paidFrom,
        uint32 paidUntil
    );
    /// @param renewal The subscription's id, with the new `paidUntil` in the four bytes before the listing's.
    event SubscriptionRenewed(bytes32 renewal);
    event SubscriptionCancelled(bytes32 indexed subscriptionId, uint256 refunded, uint32 paidUntil);
    event SubscriptionClaimed(bytes32 indexed subscriptionId, uint256 toSeller, uint256 fee, uint256 toParent);
    event KeyRequested(bytes32 indexed subscriptionId, uint16 version, bytes32 recipientKey);
    event SubscriptionShareGranted(
        bytes32 indexed subscriptionId, uint16 indexed validatorId, uint16 version, bytes sealedShare
    );
    event SubscriptionKeyGranted(bytes32 indexed subscriptionId, uint16 version, uint32 notRefundedBefore);
    event SubscriptionClosed(bytes32 indexed subscriptionId);
    event SubscriptionReopened(bytes32 indexed subscriptionId);

    error NotForSubscription(uint32 listingId);
    error RenewalsAreClosed(bytes32 subscriptionId);
    error ListingIsOpen(uint32 listingId);
    error ListingIsStopped(uint32 listingId);
    error BadPeriods(uint256 periods);
    error TotalAboveMax(uint256 total, uint256 maxTotal);
    error SubscriptionExists(bytes32 subscriptionId);
    error UnknownSubscription(bytes32 subscriptionId);
    error NotSubscriber(bytes32 subscriptionId, address caller);
    error SubscriptionOver(bytes32 subscriptionId, uint256 paidUntil);
    error RequestPending(bytes32 subscriptionId, uint256 notBefore);

    /// @notice Pays for `periods` and asks for the key of a version. One subscription per account and listing.
    /// @param recipientKey X25519 public key to which validators seal their shares; fresh for each request.
    /// @return subscriptionId 0x04, 7 zero bytes, the listing (4 bytes) and the account (20).
    function subscribe(
        uint32 listingId,
        uint16 version,
        uint16 periods,
        uint256 maxTotal,
        bytes32 recipientKey,
        Permit calldata permit
    ) external returns (bytes32 subscriptionId);
    /// @notice The subscriber pays for one more period, at the same price; after a gap, from now on.
    /// @dev The cheapest way. The wide argument is not checked: a listing that does not exist is nobody's subscription.
    function renewNow(uint256 listingId) external;
    /// @notice Anybody pays for more periods of any subscription, with an approval that may come along.
    function renew(bytes32 subscriptionId, uint16 periods, Permit calldata permit) external;
    /// @notice The subscriber ends it now. The unused part of what was paid is returned; not the period in which a key
    /// was granted. While a request is open nobody can say which of the two holds, so it waits for the grant window.
    function cancel(bytes32 subscriptionId) external returns (uint256 refunded);
    /// @notice The subscriber asks for the key of a covered live version, sealed to another recipient key.
    function requestKey(bytes32 subscriptionId, uint16 version, bytes32 recipientKey) external;
    /// @notice A key holder hands over its shares. Requests that are over, late, replaced or already
    /// served are passed over.
    function grant(Grant[] calldata grants) external;
    /// @notice Anybody: credits sellers with the periods that are over, or in which a key was granted.
    function claim(bytes32[] calldata subscriptionIds) external;
    /// @notice Anybody, once the listing is retired or while its asset is suspended: these accounts' subscriptions run to
    /// their end and are not renewed.
    function closePlan(uint32 listingId, address[] calldata accounts) external;
    /// @notice Anybody, while neither holds: these accounts' subscriptions can be renewed again.
    function reopenPlan(uint32 listingId, address[] calldata accounts) external;

    function entitles(bytes32 subscriptionId, address account, uint256 assetId, uint32 version)
        external
        view
        returns (bool);
    function subscription(bytes32 subscriptionId) external view returns (Subscription memory);
    function request(bytes32 subscriptionId) external view returns (Request memory);
    function subscriptionIdOf(uint32 listingId, address account) external pure returns (bytes32);
    /// @notice Base units held for a subscription: paid and not yet claimed or returned.
    function heldFor(bytes32 subscriptionId) external view returns (uint256);
}
