// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMarket} from "../src/interfaces/IMarket.sol";
import {IOrderDisputes} from "../src/interfaces/IOrderDisputes.sol";
import {IPrivateOffers} from "../src/interfaces/IPrivateOffers.sol";
import {ISubscriptions} from "../src/interfaces/ISubscriptions.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {Verdict} from "../src/interfaces/Types.sol";
import {Walk} from "./Walk.sol";
import {vm} from "./Vm.sol";

/// @dev Publishing, sales, subscriptions and disputes.
abstract contract WalkTrade is Walk {
    // Publishers

    function publish(bool mayRead) public {
        if (assets.length == 12) return;
        uint256 assetId = _publish(mayRead);
        assets.push(assetId);
        rounds.push(registry.roundOf(assetId, 1));
    }

    function publishModel(uint256 pick) external {
        bytes32 jobId = _aJob(pick, ITraining.JobState.Settled);
        ITraining.Job memory job = training.job(jobId);
        vm.prank(job.buyer);
        uint256 assetId = registry.publishModel(jobId, _input(true), _noPermit());
        assets.push(assetId);
        rounds.push(registry.roundOf(assetId, 1));
    }

    function list(uint256 pick, uint8 kind, uint96 price, uint16 share) public {
        if (listings.length == 40) return;
        bool runs = kind % 2 == 1;
        price = uint96(bound(price, 0, 200e18));
        uint256 assetId = assets[pick % assets.length];
        listings.push(_list(assetId, IMarket.LicenseKind(kind % 2), price, runs ? share % 5_001 : 0));
    }

    function offerByTheDay(uint256 pick, uint96 price) public {
        if (listings.length == 40) return;
        uint256 assetId = assets[pick % assets.length];
        IMarket.ListingInput memory input = IMarket.ListingInput(
            uint64(assetId), 1, 0, IMarket.LicenseKind.Subscription, uint96(bound(price, 0, 50e18)), 0, "terms"
        );
        address seller = registry.ownerOf(assetId);
        vm.prank(seller);
        listings.push(market.createListingWith(input, IMarket.ListingExtras(address(0), 1440, new IMarket.Split[](0))));
    }

    function retry(uint256 pick) external {
        uint256 assetId = assets[pick % assets.length];
        address owner_ = registry.ownerOf(assetId);
        vm.prank(owner_);
        rounds.push(registry.retryRound(assetId, 1, _noPermit()));
    }

    function revoke(uint256 pick, uint8 dice) external {
        if (dice % 8 != 0) return;
        uint256 assetId = assets[pick % assets.length];
        address owner_ = registry.ownerOf(assetId);
        vm.prank(owner_);
        registry.revokeVersion(assetId, 1, "x");
    }

    function releaseReserve(uint256 pick) external {
        registry.releaseReserve(assets[pick % assets.length], 1);
    }

    function claim(uint256 pick) external noted {
        _claimOne(_anOrder(pick, IMarket.OrderState.Granted, IMarket.OrderState.Released));
    }

    // Buyers, and who grants to them

    function buy(uint256 pick, uint256 who) external {
        bytes32 key = keccak256(abi.encode(++keyCount));
        uint32 listingId = _aListing(pick, IMarket.LicenseKind.Download);
        vm.prank(buyers[who % 2]);
        orders.push(market.buy(listingId, 1, type(uint96).max, key));
    }

    /// @dev An owner signs for a buyer, who may be themselves.
    function acceptOffer(uint256 pick, uint256 who, uint96 price) external {
        uint256 assetId = assets[pick % assets.length];
        IPrivateOffers.Offer memory offer;
        (offer.seller, offer.buyer) = (registry.ownerOf(assetId), buyers[who % 2]);
        (offer.assetId, offer.version) = (uint64(assetId), 1);
        offer.price = uint96(bound(price, 0, 200e18));
        (offer.termsDigest, offer.salt) = ("terms", bytes32(++keyCount));
        offer.expiry = uint40(block.timestamp);
        string memory name = offer.seller == publisher ? "publisher" : offer.seller == buyer ? "buyer" : "stranger";
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf(name), offers.hashOf(offer));
        vm.prank(offer.buyer);
        orders.push(offers.accept(offer, offer.salt, abi.encodePacked(r, s, v), _noPermit()));
    }

    function confirm(uint256 pick) external {
        bytes32 orderId = _anOrder(pick, IMarket.OrderState.Granted, IMarket.OrderState.Granted);
        address buyer_ = market.order(orderId).buyer;
        vm.prank(buyer_);
        market.confirm(orderId);
    }

    function dispute(uint256 pick) external {
        bytes32 orderId = _anOrder(pick, IMarket.OrderState.Granted, IMarket.OrderState.Granted);
        rounds.push(_dispute(orderId));
    }

    function refund(uint256 pick) external noted {
        market.refund(_anOrder(pick, IMarket.OrderState.Open, IMarket.OrderState.Open));
    }

    function resolveDispute(uint256 pick) external noted {
        orderDisputes.resolve(_anOrder(pick, IMarket.OrderState.Disputed, IMarket.OrderState.Disputed));
    }

    function subscribe(uint256 pick, uint256 who, uint16 periods) external {
        uint32 listingId = _aListing(pick, IMarket.LicenseKind.Subscription);
        periods = uint16(bound(periods, 1, 5));
        vm.prank(buyers[who % 2]);
        bytes32 id = subscriptions.subscribe(listingId, 1, periods, type(uint256).max, KEY, _noPermit());
        for (uint256 i = 0; i < subscribed.length; ++i) {
            if (subscribed[i] == id) return;
        }
        subscribed.push(id);
    }

    function renewSubscription(uint256 pick, uint16 periods, uint256 who) external {
        bytes32 id = subscribed[pick % subscribed.length];
        ISubscriptions.Subscription memory s = subscriptions.subscription(id);
        vm.prank(periods % 3 == 0 ? s.account : buyers[who % 2]);
        if (periods % 3 == 0) subscriptions.renewNow(s.listingId);
        else subscriptions.renew(id, periods % 3, _noPermit());
    }

    function cancelSubscription(uint256 pick) external {
        bytes32 id = subscribed[pick % subscribed.length];
        vm.prank(subscriptions.subscription(id).account);
        subscriptions.cancel(id);
    }

    function requestKey(uint256 pick) external {
        bytes32 id = subscribed[pick % subscribed.length];
        vm.prank(subscriptions.subscription(id).account);
        subscriptions.requestKey(id, 1, keccak256(abi.encode(++keyCount)));
    }

    function grantKey(uint256 pick, uint256 who) external {
        ISubscriptions.Grant[] memory grants = new ISubscriptions.Grant[](1);
        bytes32 id = subscribed[pick % subscribed.length];
        grants[0] = ISubscriptions.Grant(id, subscriptions.request(id).requestedAt, _share());
        for (uint256 i = who % 2; i < 2; ++i) {
            vm.prank(keepers[i]);
            subscriptions.grant(grants);
        }
    }

    function claimSubscriptions() external {
        subscriptions.claim(subscribed);
    }

    function closePlan(uint256 pick) external {
        ISubscriptions.Subscription memory s = subscriptions.subscription(subscribed[pick % subscribed.length]);
        address seller = market.listing(s.listingId).seller;
        vm.prank(seller);
        market.retireListing(s.listingId);
        address[] memory accounts = new address[](1);
        accounts[0] = s.account;
        subscriptions.closePlan(s.listingId, accounts);
    }

    /// @dev The buyer asks, or the seller, or somebody who may not; where there is nothing to ask about, after a round that
    /// begins and ends now.
    function escalate(uint256 pick, uint8 who) external noted {
        bytes32 orderId = _aDispute(pick, IOrderDisputes.DisputeState.Accepted, IOrderDisputes.DisputeState.Undecided);
        if (orderDisputes.disputeOf(orderId).until == 0) {
            orderId = _anOrder(pick, IMarket.OrderState.Open, IMarket.OrderState.Granted);
            _grantAll(orderId);
            bytes32 roundId = _dispute(orderId);
            rounds.push(roundId);
            _conclude(roundId, Verdict(who / 8 % 2));
        }
        address seller = market.listing(market.order(orderId).listingId).seller;
        _escalate(orderId, who % 8 == 0 ? stranger : who % 2 == 0 ? market.order(orderId).buyer : seller);
    }

    /// @dev A whole jury of one mind, or one that never forms.
    function judgeOrder(uint256 pick, uint8 ruling) external noted {
        bytes32 orderId = _aDispute(pick, IOrderDisputes.DisputeState.Jury, IOrderDisputes.DisputeState.Jury);
        uint256 id = orderDisputes.disputeOf(orderId).juryDispute;
        if (ruling % 4 == 3) _execute(id);
        else _rule(id, ruling % 4);
    }

    function grant(uint256 pick, uint256 who) external {
        _grant(_anOrder(pick, IMarket.OrderState.Open, IMarket.OrderState.Granted), keepers[who % 3]);
    }

    function grantEverything() external {
        for (uint256 i = 0; i < orders.length; ++i) {
            _grantAll(orders[i]);
        }
    }
}
