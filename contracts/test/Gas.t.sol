// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAssetRegistry} from "../src/interfaces/IAssetRegistry.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {IPrivateOffers} from "../src/interfaces/IPrivateOffers.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {Permit, Verdict} from "../src/interfaces/Types.sol";
import {CourtTest} from "./CourtTest.sol";
import {Vm, vm} from "./Vm.sol";

/// @dev Every call is a transaction of its own (cold slots, 21,000 and calldata included). Figures land in
/// contracts/snapshots; `node contracts/gas.ts` prints them.
/// forge-config: default.isolate = true
contract GasTest is CourtTest {
    uint32 private listingId;

    function setUp() public override {
        super.setUp();
        uint256 assetId = _publishLive(true);
        listingId = _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
        // The buyer, the seller and the treasury have traded before, and the market holds other orders.
        _buy(listingId, keccak256("other"));
        bytes32 first = _buy(listingId, keccak256("first"));
        _grantAll(first);
        vm.prank(buyer);
        market.confirm(first);
        _claimOne(first);
    }

    function test_buy() public {
        vm.prank(buyer);
        market.buy(listingId, 1, PRICE, keccak256("second"));
        assertTrue(vm.snapshotGasLastCall("gas", "buy") <= 75_000, "a returning buyer pays at most 75,000 gas");
        vm.prank(buyer);
        coin.approve(address(market), 1_000e18);
        _buy(listingId, keccak256("third"));
        uint256 finite = vm.snapshotGasLastCall("gas", "buyWithFiniteAllowance");
        assertTrue(finite <= 75_000, "with a finite allowance too");
        vm.prank(buyer);
        market.gift(listingId, 1, PRICE, keccak256("fourth"), stranger);
        vm.snapshotGasLastCall("gas", "gift");
    }

    function test_privateOffer() public {
        IPrivateOffers.Offer memory offer = IPrivateOffers.Offer({
            seller: publisher,
            buyer: buyer,
            assetId: market.listing(listingId).assetId,
            version: 1,
            token: address(0),
            price: PRICE,
            termsDigest: "terms",
            counter: 0,
            salt: SALT,
            expiry: uint40(block.timestamp)
        });
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf("publisher"), offers.hashOf(offer));
        vm.prank(buyer);
        offers.accept(offer, KEY, abi.encodePacked(r, s, v), _noPermit());
        vm.snapshotGasLastCall("gas", "acceptOffer");
        vm.prank(publisher);
        offers.cancelOffer("another");
        vm.snapshotGasLastCall("gas", "cancelOffer");
    }

    function test_batchBuy() public {
        IMarket.Purchase[] memory wanted = new IMarket.Purchase[](10);
        for (uint256 i = 0; i < 10; ++i) {
            uint256 assetId = _publishLive(true);
            wanted[i] = IMarket.Purchase(
                _list(assetId, IMarket.LicenseKind.Download, PRICE, 0), 1, PRICE, keccak256(abi.encode(i))
            );
        }
        vm.prank(buyer);
        market.batchBuy(wanted);
        uint256 each = vm.snapshotGasLastCall("gas", "batchBuyOf10") / 10;
        vm.snapshotValue("gas", "batchBuyPerOrderOf10", each);
        assertTrue(each <= 42_000, "ten assets in one transaction, 42,000 each");
    }

    function test_buyWithPermit() public {
        vm.prank(buyer);
        coin.approve(address(market), 0);
        Permit memory permit = _permit("buyer", address(market), PRICE);
        vm.prank(buyer);
        market.buyWithPermit(listingId, 1, PRICE, keccak256("second"), permit);
        vm.snapshotGasLastCall("gas", "buyWithPermit");
    }

    function test_subscription() public {
        uint256 assetId = _publishLive(true);
        IMarket.ListingInput memory input =
            IMarket.ListingInput(uint64(assetId), 1, 0, IMarket.LicenseKind.Subscription, PRICE, 0, "terms");
        vm.prank(publisher);
        uint32 plan = market.createListingWith(input, IMarket.ListingExtras(address(0), 1440, new IMarket.Split[](0)));
        _fund(stranger, 1_000e18);
        vm.prank(stranger);
        subscriptions.subscribe(plan, 1, 1, PRICE, KEY, _noPermit());
        vm.prank(buyer);
        bytes32 id = subscriptions.subscribe(plan, 1, 1, PRICE, KEY, _noPermit());
        vm.snapshotGasLastCall("gas", "subscribe");
        vm.prank(buyer);
        subscriptions.renewNow(plan);
        vm.snapshotGasLastCall("gas", "renewWithoutAccessList");
        vm.accessList(_coinSlots(buyer, address(subscriptions)));
        vm.prank(buyer);
        subscriptions.renewNow(plan);
        assertTrue(vm.snapshotGasLastCall("gas", "renew") <= 45_000, "a returning subscriber pays at most 45,000 gas");
        vm.noAccessList();
        vm.prank(stranger);
        subscriptions.renew(id, 12, _noPermit());
        vm.snapshotValue("gas", "renewPerPeriodOf12", vm.snapshotGasLastCall("gas", "renew12Periods") / 12);
        skip(GRANT_WINDOW + 1);
        vm.prank(buyer);
        subscriptions.cancel(id);
        vm.snapshotGasLastCall("gas", "cancelSubscription");
    }

    /// @dev What a payment out of an allowance touches in the coin: both balances (slot 0) and the allowance (slot 1).
    function _coinSlots(address from, address to) private view returns (Vm.AccessListItem[] memory list) {
        bytes32[] memory keys = new bytes32[](3);
        keys[0] = keccak256(abi.encode(from, 0));
        keys[1] = keccak256(abi.encode(to, 0));
        keys[2] = keccak256(abi.encode(to, keccak256(abi.encode(from, 1))));
        list = new Vm.AccessListItem[](1);
        list[0] = Vm.AccessListItem(address(coin), keys);
    }

    function test_grantConfirmClaim() public {
        bytes32 orderId = _buy(listingId, keccak256("second"));
        _grant(orderId, keepers[0]);
        vm.snapshotGasLastCall("gas", "grant");
        _grant(orderId, keepers[1]);
        vm.snapshotGasLastCall("gas", "grantReachingQuorum");
        vm.prank(buyer);
        market.confirm(orderId);
        vm.snapshotGasLastCall("gas", "confirm");
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = orderId;
        market.claim(publisher, ids);
        vm.snapshotGasLastCall("gas", "claim");
    }

    function test_batches() public {
        bytes32[] memory ids = new bytes32[](10);
        IMarket.Grant[] memory grants = new IMarket.Grant[](10);
        for (uint256 i = 0; i < 10; ++i) {
            ids[i] = _buy(listingId, keccak256(abi.encode("batch", i)));
            grants[i] = IMarket.Grant(ids[i], _share());
        }
        vm.prank(keepers[0]);
        market.grant(grants);
        vm.snapshotValue("gas", "grantPerOrderOf10", vm.snapshotGasLastCall("gas", "grantOf10") / 10);
        vm.prank(keepers[1]);
        market.grant(grants);
        vm.snapshotValue(
            "gas", "grantReachingQuorumPerOrderOf10", vm.snapshotGasLastCall("gas", "grantReachingQuorumOf10") / 10
        );
        skip(CONFIRM_WINDOW + 1);
        market.claim(publisher, ids);
        vm.snapshotValue("gas", "claimPerOrderOf10", vm.snapshotGasLastCall("gas", "claimOf10") / 10);
    }

    function test_escalateAndRule() public {
        bytes32 orderId = _judged(listingId, keccak256("wrong"), Verdict.Accept);
        uint256 id = _escalate(orderId, buyer);
        _disputeStep("disputeEscalate");
        mine(2);
        disputes.draw(id);
        _disputeStep("disputeDraw");
        _vote(id, FOR_BUYER);
        vm.warp(uint256(disputes.round(id, 0).appealUntil) + 1);
        disputes.conclude(id);
        _disputeStep("disputeConclude");
        disputes.executeRuling(id);
        _disputeStep("disputeRule");
        bytes32 other = _judged(listingId, keccak256("other one"), Verdict.None);
        skip(ESCALATION_WINDOW + 1);
        orderDisputes.resolve(other);
        _disputeStep("disputeResolve");
    }

    function _disputeStep(string memory name) private {
        assertTrue(vm.snapshotGasLastCall("gas", name) <= 300_000, "a step of a dispute takes at most 300,000 gas");
    }

    function test_refundAndDispute() public {
        bytes32 silent = _buy(listingId, keccak256("silent"));
        bytes32 wrong = _buy(listingId, keccak256("wrong"));
        _grantAll(wrong);
        vm.prank(buyer);
        orderDisputes.dispute(wrong, "evidence", _noPermit());
        _disputeStep("dispute");
        skip(GRANT_WINDOW + 1);
        market.refund(silent);
        vm.snapshotGasLastCall("gas", "refund");
    }

    function test_publishAndRound() public {
        IAssetRegistry.VersionInput memory input = _input(true);
        vm.prank(publisher);
        uint256 assetId = registry.publish(IAssetRegistry.AssetKind.Dataset, input, _noPermit());
        vm.snapshotGasLastCall("gas", "publish");
        bytes32 roundId = registry.roundOf(assetId, 1);
        uint16[] memory committee = _draw(roundId);
        vm.snapshotGasLastCall("gas", "drawCommittee");
        for (uint256 i = 0; i < 3; ++i) {
            _commit(roundId, _accountOf(committee[i]), Verdict.Accept);
        }
        vm.snapshotGasLastCall("gas", "commit");
        for (uint256 i = 0; i < 3; ++i) {
            _reveal(roundId, _accountOf(committee[i]), Verdict.Accept);
        }
        vm.snapshotGasLastCall("gas", "reveal");
        validators.settle(roundId);
        vm.snapshotGasLastCall("gas", "settleVersion");
        _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
        vm.snapshotGasLastCall("gas", "createListing");
    }

    function test_run() public {
        uint256 assetId = _publishLive(true);
        uint32 runs = _list(assetId, IMarket.LicenseKind.Compute, PRICE, 500);
        // Publisher, treasury and validators have earned before.
        bytes32 jobId = _openJob(runs);
        _claimJob(jobId);
        _endRun(jobId, Verdict.Accept);
        jobId = _openJob(runs);
        vm.snapshotGasLastCall("gas", "openJob");
        _claimJob(jobId);
        vm.snapshotGasLastCall("gas", "claimJob");
        address worker = training.job(jobId).worker;
        vm.prank(worker);
        training.submitReceipt(jobId, _receipt());
        vm.snapshotGasLastCall("gas", "submitReceipt");
        _conclude(training.job(jobId).roundId, Verdict.Accept);
        uint256 settle = vm.snapshotGasLastCall("gas", "settleRun");
        _finalize(jobId);
        uint256 finalize = vm.snapshotGasLastCall("gas", "finalizeRun");
        vm.snapshotValue("gas", "runEndPerValidatorOf3", (settle + finalize) / 3);
        assertTrue((settle + finalize) / 3 <= 75_000, "a run's end per validator");
    }

    function test_trial() public {
        uint32 runs = _list(_publishLive(true), IMarket.LicenseKind.Compute, PRICE, 0);
        vm.prank(publisher);
        trials.offer(runs, 1e18, 3);
        vm.snapshotGasLastCall("gas", "offerTrials");
        ITraining.JobInput memory input = _asked(runs, 1, "spec", KEY, type(uint256).max);
        vm.startPrank(buyer);
        trials.open(input, _noPermit());
        bytes32 jobId = trials.open(input, _noPermit());
        vm.stopPrank();
        vm.snapshotGasLastCall("gas", "openTrial");
        skip(OPEN_WINDOW + 1);
        training.refundJob(jobId);
        trials.settle(jobId);
        vm.snapshotGasLastCall("gas", "settleTrial");
    }

    function test_takeover() public {
        bytes32 jobId = _openJob(_list(_publishLive(true), IMarket.LicenseKind.Compute, PRICE, 500));
        address worker = _claimJob(jobId);
        vm.prank(worker);
        training.heartbeat(jobId, 100, "states");
        vm.snapshotGasLastCall("gas", "heartbeat");
        _takeOver(jobId);
        vm.snapshotGasLastCall("gas", "takeOver");
        _trainer(account("another"), 1_000e18);
        vm.snapshotGasLastCall("gas", "registerWorker");
    }

    function test_curation() public {
        for (uint256 i = 0; i < 7; ++i) {
            _list(1, IMarket.LicenseKind.Download, PRICE, 0);
        }
        vm.startPrank(curator);
        curation.suspend(1, "copied");
        vm.snapshotGasLastCall("gas", "suspendWith8Listings");
        curation.reinstate(1, "mistaken");
        vm.snapshotGasLastCall("gas", "reinstateWith8Listings");
        vm.stopPrank();
        uint256 assetId = _publish(true);
        skip(REVIEW_WINDOW + 1);
        curation.release(assetId);
        vm.snapshotGasLastCall("gas", "releaseBond");
    }

    function test_lineage() public {
        IAssetRegistry.Parent[] memory parents = new IAssetRegistry.Parent[](4);
        for (uint256 i = 0; i < 4; ++i) {
            parents[i] = IAssetRegistry.Parent(uint64(_publish(true)), 1, 1_250);
        }
        uint256 child = _derive(parents);
        vm.snapshotGasLastCall("gas", "publishDerivedFrom4");
        parents[0] = IAssetRegistry.Parent(uint64(child), 1, 1_250);
        for (uint256 i = 1; i < 4; ++i) {
            parents[i] = IAssetRegistry.Parent(uint64(_publish(true)), 1, 1_250);
        }
        child = _derive(parents);
        _conclude(registry.roundOf(child, 1), Verdict.Accept);
        for (uint160 i = 2; i < child; ++i) {
            vm.prank(publisher);
            registry.transferFrom(publisher, address(0xabc0 + i), i);
        }
        uint32 listing = _list(child, IMarket.LicenseKind.Download, PRICE, 0);
        vm.snapshotGasLastCall("gas", "createListingWith8Royalties");
        for (uint256 i = 0; i < 2; ++i) {
            bytes32 orderId = _buy(listing, keccak256(abi.encode("royal", i)));
            _grantAll(orderId);
            vm.prank(buyer);
            market.confirm(orderId);
            bytes32[] memory ids = new bytes32[](1);
            ids[0] = orderId;
            market.claim(publisher, ids);
            vm.snapshotGasLastCall("gas", i == 0 ? "claimWith8NewPayees" : "claimWith8Payees");
        }
    }

    function _derive(IAssetRegistry.Parent[] memory parents) private returns (uint256) {
        vm.prank(publisher);
        return registry.publishDerived(IAssetRegistry.AssetKind.Model, _input(true), parents, _noPermit());
    }

    function test_accuse() public {
        vm.prank(buyer);
        bytes32 roundId = accusations.accuse("order", 1, "envelope", new bytes(96), _noPermit());
        vm.snapshotGasLastCall("gas", "accuseGrant");
        uint16[] memory committee = _draw(roundId);
        for (uint256 i = 0; i < 3; ++i) {
            _commit(roundId, _accountOf(committee[i]), Verdict.Accept);
        }
        for (uint256 i = 0; i < 3; ++i) {
            _reveal(roundId, _accountOf(committee[i]), Verdict.Accept);
        }
        validators.settle(roundId);
        vm.snapshotGasLastCall("gas", "settleFalseGrant");
    }

    function test_sizes() public {
        vm.snapshotValue("size", "NeuroCoin", address(coin).code.length);
        vm.snapshotValue("size", "Staking", address(staking).code.length);
        vm.snapshotValue("size", "Validators", address(validators).code.length);
        vm.snapshotValue("size", "AssetRegistry", address(registry).code.length);
        vm.snapshotValue("size", "Market", address(market).code.length);
        vm.snapshotValue("size", "Training", address(training).code.length);
        vm.snapshotValue("size", "Workers", address(workers).code.length);
        vm.snapshotValue("size", "Challenges", address(challenges).code.length);
        vm.snapshotValue("size", "Accusations", address(accusations).code.length);
        vm.snapshotValue("size", "Trials", address(trials).code.length);
        vm.snapshotValue("size", "OrderDisputes", address(orderDisputes).code.length);
        vm.snapshotValue("size", "Subscriptions", address(subscriptions).code.length);
        vm.snapshotValue("size", "Curation", address(curation).code.length);
        vm.snapshotValue("size", "PrivateOffers", address(offers).code.length);
        assertTrue(address(market).code.length <= 24_576, "fits EIP-170");
    }
}
