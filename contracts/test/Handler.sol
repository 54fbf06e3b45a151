// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAssetRegistry} from "../src/interfaces/IAssetRegistry.sol";
import {IChallenges} from "../src/interfaces/IChallenges.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {IOrderDisputes} from "../src/interfaces/IOrderDisputes.sol";
import {IPrivateOffers} from "../src/interfaces/IPrivateOffers.sol";
import {ISubscriptions} from "../src/interfaces/ISubscriptions.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {IValidators} from "../src/interfaces/IValidators.sol";
import {Verdict} from "../src/interfaces/Types.sol";
import {CourtTest} from "./CourtTest.sol";
import {vm} from "./Vm.sol";

/// @dev Everything that anybody may do, with arguments that mostly fit, and the books that must add up after each step.
contract Handler is CourtTest {
    address[] private buyers;
    address[] private everybody;
    uint256[] private assets;
    uint32[] private listings;
    bytes32[] private orders;
    bytes32[] private jobs;
    bytes32[] private rounds;
    bytes32[] private subscribed;
    mapping(bytes32 orderId => IMarket.OrderState) private ended;
    mapping(bytes32 roundId => bool) private known;
    /// @dev Validators have confirmed the dispute in time.
    mapping(bytes32 orderId => bool) private confirmed;
    uint256 private donated;
    uint256 private keyCount;

    /// @dev Invariant calls leave no trace, so endings are written down by the steps that cause them.
    modifier noted() {
        _;
        for (uint256 i = 0; i < orders.length; ++i) {
            IMarket.OrderState state = market.order(orders[i]).state;
            bool over = state == IMarket.OrderState.Claimed || state == IMarket.OrderState.Refunded;
            if (over && ended[orders[i]] == IMarket.OrderState.None) ended[orders[i]] = state;
        }
    }

    function setUp() public override {
        super.setUp();
        _fund(stranger, 10_000e18);
        _fund(publisher, 10_000e18);
        buyers = [buyer, stranger];
        everybody = [buyer, stranger, publisher, treasury, owner];
        for (uint256 i = 0; i < keepers.length; ++i) {
            everybody.push(keepers[i]);
        }
        for (uint256 i = 0; i < trainers.length; ++i) {
            everybody.push(trainers[i]);
        }
        for (uint256 i = 0; i < jurors.length; ++i) {
            everybody.push(jurors[i]);
        }
        coin.approve(address(staking), type(uint256).max);
        staking.fundPool(100e18);
        publish(true);
        concludeRound(0, 1);
        list(0, 0, 50e18, 0);
        list(0, 1, 30e18, 700);
        offerByTheDay(0, 20e18);
    }

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

    // Buyers

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
    function escalate(uint256 pick, uint8 who) external {
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

    function openJob(uint256 pick, uint256 who) public returns (bytes32 jobId) {
        uint32 listingId = _aListing(pick, IMarket.LicenseKind.Compute);
        vm.prank(buyers[who % 2]);
        jobId = training.openJob(listingId, 1, "spec", KEY, type(uint256).max, _noPermit());
        jobs.push(jobId);
    }

    function refundJob(uint256 pick) external {
        ITraining.JobState[3] memory states =
            [ITraining.JobState.Open, ITraining.JobState.Claimed, ITraining.JobState.Cancelled];
        training.refundJob(_aJob(pick, states[pick % 3]));
    }

    function cancelJob(uint256 pick) external {
        bytes32 jobId = _aJob(pick, pick % 2 == 0 ? ITraining.JobState.Open : ITraining.JobState.Claimed);
        address buyer_ = training.job(jobId).buyer;
        vm.prank(buyer_);
        training.cancelJob(jobId);
    }

    function finalizeJob(uint256 pick, uint8 dice) external {
        bytes32 jobId = _aJob(pick, pick % 2 == 0 ? ITraining.JobState.Accepted : ITraining.JobState.Rejected);
        if (dice % 2 == 0) skip(CHALLENGE_WINDOW + 1);
        training.finalize(jobId);
    }

    // Challenges

    function challenge(uint256 pick, uint256 who) public {
        address account_ = who % 2 == 0 ? stranger : keepers[who % keepers.length];
        bytes32 jobId = _aJob(pick, ITraining.JobState.Accepted);
        vm.prank(account_);
        challenges.challenge(jobId, who % 5 == 0 ? STATE_ROOT : OTHER_ROOT, _noPermit());
    }

    function appeal(uint256 pick) public {
        bytes32 jobId = _aJob(pick, ITraining.JobState.Rejected);
        address worker = training.job(jobId).worker;
        vm.prank(worker);
        _noteReferees(challenges.appeal(jobId, _noPermit()));
    }

    function play(uint256 pick, uint8 sides) external {
        uint256 id = _aChallenge(pick);
        bool same = challenges.challengeOf(id).counterRoot == STATE_ROOT;
        IChallenges.Post[] memory posts = new IChallenges.Post[](1);
        posts[0] = IChallenges.Post(false, "state", new bytes32[](0));
        if (sides % 4 != 0) challenges.post(id, posts);
        posts[0] = IChallenges.Post(true, same ? bytes32("state") : bytes32("other"), new bytes32[](0));
        if (sides % 4 != 1) challenges.post(id, posts);
        _noteReferees(id);
    }

    function poke(uint256 pick) external noted {
        uint256 id = _aChallenge(pick);
        challenges.poke(id);
        _noteReferees(id);
    }

    function accuse(uint256 pick, uint256 who) external {
        bytes32 roundId = training.job(_aJob(pick, ITraining.JobState.Accepted)).roundId;
        uint16[] memory committee = validators.round(roundId).committee;
        address accuser = _accountOf(committee[who % 3]);
        vm.prank(accuser);
        validators.accuse(roundId, committee[(who / 3) % 3]);
    }

    function _noteReferees(uint256 id) private {
        bytes32 roundId = challenges.challengeOf(id).roundId;
        if (roundId != 0 && !known[roundId]) rounds.push(roundId);
        known[roundId] = true;
    }

    // Workers and validators

    function grant(uint256 pick, uint256 who) external {
        _grant(_anOrder(pick, IMarket.OrderState.Open, IMarket.OrderState.Granted), keepers[who % 3]);
    }

    function grantEverything() external {
        for (uint256 i = 0; i < orders.length; ++i) {
            _grantAll(orders[i]);
        }
    }

    function claimJob(uint256 pick) external {
        _claimJob(_aJob(pick, ITraining.JobState.Open));
    }

    function redraw(uint256 pick) external {
        training.redraw(_aJob(pick, ITraining.JobState.Open));
    }

    function submit(uint256 pick) external {
        rounds.push(_submit(_aJob(pick, pick % 4 == 0 ? ITraining.JobState.Cancelled : ITraining.JobState.Claimed)));
    }

    function concludeRound(uint256 pick, uint8 word) public noted {
        bytes32 roundId = _aRound(pick);
        bool inTime = _isWaiting(roundId);
        _conclude(roundId, Verdict(word % 3));
        _note(roundId, inTime);
    }

    /// @dev Members disagree, or fall silent half-way.
    function quarrel(uint256 pick, uint8[3] memory words) external noted {
        bytes32 roundId = _aRound(pick);
        bool inTime = _isWaiting(roundId);
        uint16[] memory committee = _draw(roundId);
        for (uint256 i = 0; i < 3; ++i) {
            if (words[i] % 4 != 0) _commit(roundId, _accountOf(committee[i]), Verdict(1 + words[i] % 2));
        }
        skip(COMMIT_WINDOW + 1);
        for (uint256 i = 0; i < 3; ++i) {
            if (words[i] % 4 > 1) _reveal(roundId, _accountOf(committee[i]), Verdict(1 + words[i] % 2));
        }
        skip(REVEAL_WINDOW);
        validators.settle(roundId);
        _note(roundId, inTime);
    }

    /// @dev A run as far as its round, whose members disagree or fall silent. Seldom reached step by step.
    function judge(uint256 pick, uint256 who, uint8[3] memory words, bool appeals) external noted {
        bytes32 jobId = openJob(pick, who);
        _claimJob(jobId);
        bytes32 roundId = _submit(jobId);
        rounds.push(roundId);
        uint16[] memory committee = _draw(roundId);
        for (uint256 i = 0; i < 3; ++i) {
            _commit(roundId, _accountOf(committee[i]), _said(words[i]));
        }
        for (uint256 i = 0; i < 3; ++i) {
            if (words[i] % 8 != 0) _reveal(roundId, _accountOf(committee[i]), _said(words[i]));
        }
        skip(REVEAL_WINDOW + COMMIT_WINDOW);
        validators.settle(roundId);
        if (training.job(jobId).state == ITraining.JobState.Accepted) challenge(jobs.length - 1, who);
        else if (appeals) appeal(jobs.length - 1);
    }

    function _said(uint8 word) private pure returns (Verdict) {
        return word % 3 == 0 ? Verdict.Reject : Verdict.Accept;
    }

    function stake(uint256 who, uint96 amount) external {
        address account_ = everybody[who % everybody.length];
        amount = uint96(bound(amount, 1, 500e18));
        if (coin.balanceOf(address(this)) > amount) _stake(account_, amount);
    }

    function unbond(uint256 who, uint96 amount) external {
        address account_ = everybody[who % everybody.length];
        uint256 part = bound(amount, 0, staking.freeOf(account_));
        vm.prank(account_);
        staking.unbond(part);
    }

    // Anybody

    function withdraw(uint256 who, uint8 where) external {
        vm.startPrank(everybody[who % everybody.length]);
        if (where % 8 == 0) market.withdraw();
        if (where % 8 == 1) training.withdraw();
        if (where % 8 == 2) validators.withdraw();
        if (where % 8 == 3) staking.withdraw();
        if (where % 8 == 4) staking.claimRewards();
        if (where % 8 == 5) orderDisputes.withdraw();
        if (where % 8 == 6) subscriptions.withdraw();
        if (where % 8 == 7) challenges.withdraw();
        vm.stopPrank();
    }

    function donate(uint64 amount) external {
        coin.transfer(address(market), amount);
        donated += amount;
    }

    function wait_(uint8 how) external {
        uint32[9] memory waits = [
            CHALLENGE_WINDOW,
            60,
            120,
            240,
            CLAIM_WINDOW,
            GRANT_WINDOW,
            CONFIRM_WINDOW,
            ESCALATION_WINDOW,
            VERDICT_WINDOW
        ];
        skip(how > 235 ? 120 days : waits[how % 9] + 1);
        mine(how % 3);
    }

    /// @dev The first from `pick` on that is in one of two states, or the one at `pick`, which will then be refused.
    function _anOrder(uint256 pick, IMarket.OrderState one, IMarket.OrderState other) private view returns (bytes32) {
        for (uint256 i = 0; i < orders.length; ++i) {
            bytes32 id = orders[(pick % orders.length + i) % orders.length];
            IMarket.OrderState state = market.order(id).state;
            if (state == one || state == other) return id;
        }
        return orders[pick % orders.length];
    }

    function _aDispute(uint256 pick, IOrderDisputes.DisputeState one, IOrderDisputes.DisputeState other)
        private
        view
        returns (bytes32)
    {
        for (uint256 i = 0; i < orders.length; ++i) {
            bytes32 id = orders[(pick % orders.length + i) % orders.length];
            IOrderDisputes.DisputeState state = orderDisputes.disputeOf(id).state;
            if (state == one || state == other) return id;
        }
        return orders[pick % orders.length];
    }

    function _isWaiting(bytes32 roundId) private view returns (bool) {
        return orderDisputes.disputeOf(validators.round(roundId).subject).state == IOrderDisputes.DisputeState.Round;
    }

    function _note(bytes32 roundId, bool inTime) private {
        IValidators.Round memory round = validators.round(roundId);
        if (inTime && round.verdict == Verdict.Reject) confirmed[round.subject] = true;
    }

    function _aJob(uint256 pick, ITraining.JobState wanted) private view returns (bytes32) {
        for (uint256 i = 0; i < jobs.length; ++i) {
            bytes32 id = jobs[(pick % jobs.length + i) % jobs.length];
            if (training.job(id).state == wanted) return id;
        }
        return jobs[pick % jobs.length];
    }

    function _aChallenge(uint256 pick) private view returns (uint256) {
        uint256 count = challenges.challengeCount();
        for (uint256 i = 0; i < count; ++i) {
            uint256 id = 1 + (pick % count + i) % count;
            if (challenges.challengeOf(id).stage < IChallenges.Stage.Refereed) return id;
        }
        return 1;
    }

    function _aRound(uint256 pick) private view returns (bytes32) {
        for (uint256 i = 0; i < rounds.length; ++i) {
            bytes32 id = rounds[(pick % rounds.length + i) % rounds.length];
            if (!validators.round(id).settled) return id;
        }
        return rounds[pick % rounds.length];
    }

    function _aListing(uint256 pick, IMarket.LicenseKind wanted) private view returns (uint32) {
        for (uint256 i = 0; i < listings.length; ++i) {
            uint32 id = listings[(pick % listings.length + i) % listings.length];
            IMarket.Listing memory terms = market.listing(id);
            bool live = registry.statusOf(terms.assetId, 1) == IAssetRegistry.VersionStatus.Live;
            if (terms.kind == wanted && live) return id;
        }
        return listings[pick % listings.length];
    }

    // The books

    function checkMarket() external view {
        uint256 due = donated;
        for (uint256 i = 0; i < orders.length; ++i) {
            IMarket.Order memory o = market.order(orders[i]);
            IMarket.OrderState before = ended[orders[i]];
            assertTrue(before == IMarket.OrderState.None || before == o.state, "an ended order stays as it ended");
            bool over = o.state == IMarket.OrderState.Claimed || o.state == IMarket.OrderState.Refunded;
            if (!over) due += market.listing(o.listingId).price;
        }
        for (uint256 i = 0; i < everybody.length; ++i) {
            due += market.owed(everybody[i]);
        }
        assertEq(coin.balanceOf(address(market)), due, "market holds what it owes");
    }

    function checkOrderDisputes() external view {
        uint256 due = 0;
        for (uint256 i = 0; i < orders.length; ++i) {
            IOrderDisputes.OrderDispute memory d = orderDisputes.disputeOf(orders[i]);
            IMarket.OrderState state = market.order(orders[i]).state;
            bool open = d.state != IOrderDisputes.DisputeState.None && d.state < IOrderDisputes.DisputeState.Dismissed;
            assertTrue(open == (state == IMarket.OrderState.Disputed), "open here as there");
            bool lost = d.state == IOrderDisputes.DisputeState.Dismissed;
            assertTrue(!confirmed[orders[i]] || !lost, "a machine-confirmed accuser never loses");
            if (open) due += d.bond;
        }
        for (uint256 i = 0; i < everybody.length; ++i) {
            due += orderDisputes.owed(everybody[i]);
        }
        assertEq(coin.balanceOf(address(orderDisputes)), due, "order disputes hold what they owe");
    }

    function checkSubscriptions() external view {
        uint256 due = 0;
        for (uint256 i = 0; i < subscribed.length; ++i) {
            due += subscriptions.heldFor(subscribed[i]);
        }
        for (uint256 i = 0; i < everybody.length; ++i) {
            due += subscriptions.owed(everybody[i]);
        }
        assertEq(coin.balanceOf(address(subscriptions)), due, "subscriptions holds what it owes");
    }

    function checkTraining() external view {
        uint256 due = 0;
        for (uint256 i = 0; i < jobs.length; ++i) {
            ITraining.Job memory j = training.job(jobs[i]);
            if (j.state == ITraining.JobState.None || j.state >= ITraining.JobState.Settled) continue;
            due += uint256(j.price) + j.workerFee;
            if (j.state < ITraining.JobState.Submitted) due += j.validationFee;
        }
        for (uint256 i = 0; i < everybody.length; ++i) {
            due += training.owed(everybody[i]);
        }
        assertEq(coin.balanceOf(address(training)), due, "training holds what it owes");
    }

    function checkValidators() external view {
        uint256 due = 0;
        for (uint256 i = 0; i < rounds.length; ++i) {
            IValidators.Round memory r = validators.round(rounds[i]);
            if (!r.ended) due += r.fee;
        }
        _checkPending();
        for (uint256 i = 0; i < everybody.length; ++i) {
            due += validators.owed(everybody[i]);
        }
        assertEq(coin.balanceOf(address(validators)), due, "validators holds what it owes");
    }

    /// @dev Stake is lost when a round ends, so nobody loses any while a challenge could still clear them.
    function _checkPending() private view {
        for (uint256 i = 0; i < jobs.length; ++i) {
            ITraining.Job memory j = training.job(jobs[i]);
            bool pending = j.state == ITraining.JobState.Accepted || j.state == ITraining.JobState.Rejected;
            if (pending) {
                assertTrue(!validators.round(j.roundId).ended, "a pending run's round is open");
            } else {
                assertEq(j.contests * (j.state < ITraining.JobState.Settled ? 1 : 0), 0, "contested while pending only");
            }
        }
    }

    function checkChallenges() external view {
        uint256 due = 0;
        for (uint256 id = 1; id <= challenges.challengeCount(); ++id) {
            due += challenges.challengeOf(id).bond;
        }
        for (uint256 i = 0; i < everybody.length; ++i) {
            due += challenges.owed(everybody[i]);
        }
        assertEq(coin.balanceOf(address(challenges)), due, "challenges holds what it owes");
    }

    function checkRegistry() external view {
        uint256 due = 0;
        for (uint256 i = 0; i < assets.length; ++i) {
            due += registry.reserveOf(assets[i], 1);
        }
        assertEq(coin.balanceOf(address(registry)), due, "registry holds its reserves");
    }

    function checkStaking() external view {
        uint256 due = staking.pool();
        for (uint256 i = 0; i < everybody.length; ++i) {
            (uint256 unbonding,) = staking.unbondingOf(everybody[i]);
            due += staking.stakeOf(everybody[i]) + unbonding;
            assertEq(staking.lockedOf(everybody[i]), _reserved(everybody[i]), "locked for a reason");
        }
        assertEq(coin.balanceOf(address(staking)), due, "staking holds what it owes");
    }

    /// @notice How many orders and jobs are in each state.
    function endings() external view returns (uint256[7] memory orders_, uint256[10] memory jobs_) {
        for (uint256 i = 0; i < orders.length; ++i) {
            ++orders_[uint8(market.order(orders[i]).state)];
        }
        for (uint256 i = 0; i < jobs.length; ++i) {
            ++jobs_[uint8(training.job(jobs[i]).state)];
        }
    }

    function _reserved(address who) private view returns (uint256 reserved) {
        reserved = validators.validator(validators.validatorIdOf(who)).locked;
        reserved += disputes.juror(who).bond;
        for (uint256 i = 0; i < jobs.length; ++i) {
            ITraining.Job memory j = training.job(jobs[i]);
            bool bound_ = j.state >= ITraining.JobState.Claimed && j.state < ITraining.JobState.Settled;
            if (bound_ && j.worker == who) reserved += j.bond;
        }
    }
}
