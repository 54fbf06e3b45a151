// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {OrderDisputes} from "../src/OrderDisputes.sol";
import {IArbitrable, IEvidence} from "../src/interfaces/Arbitration.sol";
import {IAssetRegistry} from "../src/interfaces/IAssetRegistry.sol";
import {IDisputes} from "../src/interfaces/IDisputes.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {IOrderDisputes} from "../src/interfaces/IOrderDisputes.sol";
import {IPayouts} from "../src/interfaces/IPayouts.sol";
import {IStaking} from "../src/interfaces/IStaking.sol";
import {ISubscriptions} from "../src/interfaces/ISubscriptions.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {IValidators} from "../src/interfaces/IValidators.sol";
import {IWorkers} from "../src/interfaces/IWorkers.sol";
import {RoundKind, System, Verdict} from "../src/interfaces/Types.sol";
import {CourtTest} from "./CourtTest.sol";
import {Logs} from "./Logs.sol";
import {vm} from "./Vm.sol";

/// @dev Indexers live from events alone: each is said, by the contract whose it is, with what happened.
contract EventsTest is CourtTest, Logs {
    function _orders(bytes32 orderId) private pure returns (bytes32[] memory ids) {
        ids = new bytes32[](1);
        ids[0] = orderId;
    }

    function test_staking() public {
        _fund(stranger, 1_000e18);
        _record();
        vm.startPrank(stranger);
        staking.stake(400e18);
        staking.fundPool(100e18);
        staking.unbond(150e18);
        uint256 availableAt = block.timestamp + 7 days;
        skip(7 days);
        staking.withdraw();
        uint256 paid = staking.claimRewards();
        vm.stopPrank();
        vm.prank(owner);
        staking.setRate(600);
        vm.prank(keepers[3]);
        validators.deregister();
        vm.prank(keepers[3]);
        validators.register(keccak256("key"), "https://keeper.example");
        _stop();
        address source = address(staking);
        bytes32 who = _id(stranger);
        _assertSeen(source, abi.encodePacked(IStaking.Staked.selector, who), abi.encode(400e18), "Staked");
        _assertSeen(source, abi.encodePacked(IStaking.PoolFunded.selector, who), abi.encode(100e18), "PoolFunded");
        _assertSeen(
            source, abi.encodePacked(IStaking.Unbonding.selector, who), abi.encode(150e18, availableAt), "Unbonding"
        );
        _assertSeen(source, abi.encodePacked(IStaking.Withdrawn.selector, who), abi.encode(150e18), "Withdrawn");
        _assertSeen(source, abi.encodePacked(IStaking.RewardPaid.selector, who), abi.encode(paid), "RewardPaid");
        _assertSeen(source, abi.encodePacked(IStaking.RateChanged.selector), abi.encode(600), "RateChanged");
        who = _id(keepers[3]);
        _assertSeen(source, abi.encodePacked(IStaking.Unlocked.selector, who), abi.encode(MIN_STAKE), "Unlocked");
        _assertSeen(source, abi.encodePacked(IStaking.Locked.selector, who), abi.encode(MIN_STAKE), "Locked");
    }

    function test_validators() public {
        address who = keepers[3];
        _record();
        vm.startPrank(who);
        validators.setEndpoint("https://elsewhere.example");
        validators.deregister();
        validators.register(keccak256("key"), "https://keeper.example");
        vm.stopPrank();
        vm.prank(owner);
        validators.setParams(_validatorParams());
        _stop();
        address source = address(validators);
        bytes memory left = abi.encodePacked(IValidators.ValidatorLeft.selector, uint256(4));
        bytes memory moved = abi.encodePacked(IValidators.ValidatorEndpointChanged.selector, uint256(4));
        bytes memory came = abi.encodePacked(IValidators.ValidatorRegistered.selector, uint256(5), _id(who));
        _assertSeen(source, moved, abi.encode("https://elsewhere.example"), "ValidatorEndpointChanged");
        _assertSeen(source, left, "", "ValidatorLeft");
        _assertSeen(source, came, abi.encode(keccak256("key"), "https://keeper.example"), "ValidatorRegistered");
        bytes memory changed = abi.encodePacked(IValidators.ParamsChanged.selector);
        _assertSeen(source, changed, abi.encode(_validatorParams()), "ParamsChanged");
    }

    function test_round() public {
        _record();
        uint256 assetId = _publish(true);
        uint256 anchorBlock = block.number + 1;
        bytes32 roundId = registry.roundOf(assetId, 1);
        bytes32 subject = registry.versionKey(assetId, 1);
        vm.roll(block.number + 300);
        validators.drawCommittee(roundId);
        uint256 nextAnchor = block.number + 1;
        _conclude(roundId, Verdict.Accept);
        _stop();
        IValidators.Round memory round = validators.round(roundId);
        bytes memory opened = abi.encodePacked(IValidators.RoundOpened.selector, roundId, subject);
        _assertSeen(address(validators), opened, abi.encode(RoundKind.Version, ROUND_FEE, anchorBlock), "RoundOpened");
        bytes memory again = abi.encodePacked(IValidators.RoundReanchored.selector, roundId);
        _assertSeen(address(validators), again, abi.encode(nextAnchor), "RoundReanchored");
        bytes32 seed = keccak256(abi.encode(blockhash(nextAnchor), roundId));
        bytes memory drawn = abi.encodePacked(IValidators.CommitteeDrawn.selector, roundId);
        bytes memory windows = abi.encode(round.committee, seed, round.commitUntil, round.revealUntil);
        _assertSeen(address(validators), drawn, windows, "CommitteeDrawn");
        bytes memory settled = abi.encodePacked(IValidators.RoundSettled.selector, roundId);
        _assertSeen(address(validators), settled, abi.encode(Verdict.Accept, 3, 0), "RoundSettled");
        for (uint256 i = 0; i < 3; ++i) {
            _assertMember(roundId, round.committee[i], i == 0 ? ROUND_FEE / 3 + ROUND_FEE % 3 : ROUND_FEE / 3);
        }
    }

    function _assertMember(bytes32 roundId, uint16 validatorId, uint256 reward) private view {
        address source = address(validators);
        address who = _accountOf(validatorId);
        bytes32 id = bytes32(uint256(validatorId));
        bytes memory data = abi.encode(_commitment(roundId, who, Verdict.Accept));
        _assertSeen(source, abi.encodePacked(IValidators.Committed.selector, roundId, id), data, "Committed");
        data = abi.encode(Verdict.Accept, bytes32("evidence"));
        _assertSeen(source, abi.encodePacked(IValidators.Revealed.selector, roundId, id), data, "Revealed");
        data = abi.encode(reward);
        _assertSeen(source, abi.encodePacked(IValidators.RewardCredited.selector, roundId, id), data, "RewardCredited");
        _assertSeen(source, abi.encodePacked(IPayouts.Credited.selector, _id(who)), data, "Credited");
    }

    function test_withdrawal() public {
        _publishLive(true);
        uint16 validatorId = validators.round(registry.roundOf(1, 1)).committee[1];
        address who = _accountOf(validatorId);
        _record();
        vm.prank(who);
        uint256 paid = validators.withdraw();
        _stop();
        bytes memory topics = abi.encodePacked(IPayouts.Withdrawn.selector, _id(who));
        _assertSeen(address(validators), topics, abi.encode(paid), "Withdrawn");
    }

    function test_versions() public {
        _record();
        uint256 assetId = _publishLive(true);
        bytes32 roundId = registry.roundOf(assetId, 1);
        vm.startPrank(publisher);
        registry.revokeVersion(assetId, 1, "wrong");
        vm.stopPrank();
        skip(120 days);
        registry.releaseReserve(assetId, 1);
        uint256 other = _publish(true);
        _conclude(registry.roundOf(other, 1), Verdict.None);
        vm.prank(publisher);
        registry.retryRound(other, 1, _noPermit());
        bytes32 retried = registry.roundOf(other, 1);
        _conclude(retried, Verdict.Reject);
        _stop();
        address source = address(registry);
        bytes32 id = bytes32(assetId);
        bytes32 one = bytes32(uint256(1));
        bytes memory topics = abi.encodePacked(IAssetRegistry.AssetPublished.selector, id, _id(publisher));
        _assertSeen(source, topics, abi.encode(IAssetRegistry.AssetKind.Dataset), "AssetPublished");
        topics = abi.encodePacked(IAssetRegistry.VersionPublished.selector, id, one, _id(publisher));
        _assertSeen(source, topics, abi.encode(_input(true), roundId), "VersionPublished");
        topics = abi.encodePacked(IAssetRegistry.VersionStatusChanged.selector, id, one);
        _assertSeen(source, topics, abi.encode(IAssetRegistry.VersionStatus.Live, bytes32(0)), "live");
        _assertSeen(source, topics, abi.encode(IAssetRegistry.VersionStatus.Revoked, bytes32("wrong")), "revoked");
        topics = abi.encodePacked(IAssetRegistry.ReserveReleased.selector, id, one, _id(publisher));
        _assertSeen(source, topics, abi.encode(ROUND_FEE), "ReserveReleased");
        topics = abi.encodePacked(IAssetRegistry.RoundRetried.selector, other, one);
        _assertSeen(source, topics, abi.encode(retried), "RoundRetried");
        topics = abi.encodePacked(IAssetRegistry.VersionStatusChanged.selector, other, one);
        _assertSeen(source, topics, abi.encode(IAssetRegistry.VersionStatus.Refused, bytes32("round")), "refused");
    }

    function test_jobs() public {
        uint32 listingId = _list(_publishLive(true), IMarket.LicenseKind.Compute, PRICE, 500);
        _record();
        bytes32 refunded = _openJob(listingId);
        vm.roll(block.number + 300);
        training.redraw(refunded);
        uint256 anchorBlock = block.number + 1;
        address worker = _claimJob(refunded);
        uint256 runUntil = block.timestamp + RUN_WINDOW;
        skip(RUN_WINDOW + 1);
        training.refundJob(refunded);
        _stop();
        address source = address(training);
        uint256 total = uint256(PRICE) + WORKER_FEE + ROUND_FEE;
        bytes memory topics = abi.encodePacked(ITraining.JobOpened.selector, refunded, uint256(listingId), _id(buyer));
        bytes memory data = abi.encode(1, keccak256("spec"), KEY, PRICE, needs, ROUND_FEE);
        _assertSeen(source, topics, data, "JobOpened");
        _assertSeen(
            source, abi.encodePacked(ITraining.JobRedrawn.selector, refunded), abi.encode(anchorBlock), "JobRedrawn"
        );
        topics = abi.encodePacked(ITraining.JobClaimed.selector, refunded, _id(worker));
        _assertSeen(source, topics, abi.encode(MIN_BOND, WORKER_FEE, runUntil), "JobClaimed");
        topics = abi.encodePacked(ITraining.JobRefunded.selector, refunded, _id(buyer));
        _assertSeen(source, topics, abi.encode(total + STALL_PENALTY), "JobRefunded");
        topics = abi.encodePacked(IStaking.Slashed.selector, _id(worker), _id(source));
        _assertSeen(address(staking), topics, abi.encode(STALL_PENALTY), "Slashed");
    }

    function test_takeovers() public {
        bytes32 jobId = _openJob(_list(_publishLive(true), IMarket.LicenseKind.Compute, PRICE, 500));
        address worker = _claimJob(jobId);
        _record();
        vm.prank(worker);
        training.heartbeat(jobId, 12, "states");
        _takeOver(jobId);
        _stop();
        address source = address(training);
        bytes memory topics = abi.encodePacked(ITraining.Heartbeat.selector, jobId, _id(worker));
        _assertSeen(source, topics, abi.encode(12, bytes32("states")), "Heartbeat");
        topics = abi.encodePacked(ITraining.JobTakenOver.selector, jobId, _id(worker));
        _assertSeen(source, topics, abi.encode(STALL_PENALTY, training.job(jobId).anchorBlock), "JobTakenOver");
        topics = abi.encodePacked(IStaking.Slashed.selector, _id(worker), _id(source));
        _assertSeen(address(staking), topics, abi.encode(STALL_PENALTY), "Slashed");
    }

    function test_runs() public {
        uint32 listingId = _list(_publishLive(true), IMarket.LicenseKind.Compute, PRICE, 500);
        _record();
        bytes32 settled = _openJob(listingId);
        address worker = _claimJob(settled);
        bytes32 roundId = _submit(settled);
        _conclude(roundId, Verdict.Accept);
        _finalize(settled);
        bytes32 slashed = _openJob(listingId);
        address cheat = _claimJob(slashed);
        _endRun(slashed, Verdict.Reject);
        bytes32 undecided = _openJob(listingId);
        _claimJob(undecided);
        _endRun(undecided, Verdict.None);
        _stop();
        address source = address(training);
        bytes memory topics = abi.encodePacked(ITraining.ReceiptSubmitted.selector, settled, _id(worker));
        _assertSeen(source, topics, abi.encode(_receipt(), roundId), "ReceiptSubmitted");
        uint256 fee = uint256(PRICE) * 25 / 10_000;
        bytes memory data = abi.encode(PRICE - fee, WORKER_FEE, fee, 0);
        _assertSeen(source, abi.encodePacked(ITraining.JobSettled.selector, settled), data, "JobSettled");
        topics = abi.encodePacked(ITraining.JobSlashed.selector, slashed, _id(cheat));
        _assertSeen(source, topics, abi.encode(MIN_BOND), "JobSlashed");
        data = abi.encode(uint256(PRICE) + WORKER_FEE + ROUND_FEE);
        topics = abi.encodePacked(ITraining.JobRefunded.selector, slashed, _id(buyer));
        _assertSeen(source, topics, data, "the slashed run's JobRefunded");
        topics = abi.encodePacked(ITraining.JobRefunded.selector, undecided, _id(buyer));
        _assertSeen(source, topics, data, "the undecided run's JobRefunded");
    }

    function test_model() public {
        bytes32 jobId = _openJob(_list(_publishLive(true), IMarket.LicenseKind.Compute, PRICE, 500));
        _claimJob(jobId);
        _endRun(jobId, Verdict.Accept);
        _record();
        vm.prank(buyer);
        uint256 modelId = registry.publishModel(jobId, _input(true), _noPermit());
        _stop();
        bytes memory topics = abi.encodePacked(IAssetRegistry.LineageRecorded.selector, modelId, jobId, uint256(1));
        _assertSeen(address(registry), topics, abi.encode(1, 500), "LineageRecorded");
    }

    function test_workers() public {
        _stake(stranger, 500e18);
        _record();
        vm.startPrank(stranger);
        workers.register("https://worker.example", _offer(7));
        workers.deregister();
        vm.stopPrank();
        vm.prank(owner);
        training.setParams(_trainingParams());
        _stop();
        address source = address(workers);
        bytes32 who = _id(stranger);
        bytes memory name = abi.encode("https://worker.example");
        _assertSeen(source, abi.encodePacked(IWorkers.WorkerRegistered.selector, who), name, "WorkerRegistered");
        name = abi.encode("https://worker.example", _offer(7));
        _assertSeen(source, abi.encodePacked(IWorkers.OfferChanged.selector, who), name, "OfferChanged");
        _assertSeen(source, abi.encodePacked(IWorkers.WorkerLeft.selector, who), "", "WorkerLeft");
        bytes memory changed = abi.encodePacked(ITraining.ParamsChanged.selector);
        _assertSeen(address(training), changed, abi.encode(_trainingParams()), "ParamsChanged");
    }

    function test_orders() public {
        uint32 listingId = _list(_publishLive(true), IMarket.LicenseKind.Download, PRICE, 0);
        _record();
        bytes32 sold = _buy(listingId, KEY);
        _grantAll(sold);
        vm.prank(buyer);
        market.confirm(sold);
        _claimOne(sold);
        bytes32 late = _buy(listingId, keccak256("late"));
        skip(GRANT_WINDOW + 1);
        market.refund(late);
        bytes32 wrong = _buy(listingId, keccak256("wrong"));
        _grantAll(wrong);
        uint256 until = block.timestamp + VERDICT_WINDOW;
        bytes32 round = _dispute(wrong);
        skip(VERDICT_WINDOW + 1);
        orderDisputes.resolve(wrong);
        vm.prank(publisher);
        market.retireListing(listingId);
        _stop();
        address source = address(market);
        bytes memory topics = abi.encodePacked(IMarket.OrderOpened.selector, sold, uint256(listingId), _id(buyer));
        _assertSeen(source, topics, abi.encode(1, PRICE, KEY), "OrderOpened");
        topics = abi.encodePacked(IMarket.ShareGranted.selector, sold, uint256(2));
        _assertSeen(source, topics, abi.encode(_share()), "ShareGranted");
        _assertSeen(source, abi.encodePacked(IMarket.OrderGranted.selector, sold), "", "OrderGranted");
        _assertSeen(source, abi.encodePacked(IMarket.OrderConfirmed.selector, sold), "", "OrderConfirmed");
        uint256 fee = uint256(PRICE) * 25 / 10_000;
        topics = abi.encodePacked(IMarket.OrderClaimed.selector, sold, _id(publisher));
        _assertSeen(source, topics, abi.encode(PRICE - fee, fee, 0), "OrderClaimed");
        topics = abi.encodePacked(IMarket.OrderRefunded.selector, late, _id(buyer));
        _assertSeen(source, topics, abi.encode(PRICE), "OrderRefunded");
        _assertSeen(source, abi.encodePacked(IMarket.OrderReleased.selector, wrong), "", "OrderReleased");
        _assertSeen(source, abi.encodePacked(IMarket.ListingRetired.selector, uint256(listingId)), "", "ListingRetired");
        source = address(orderDisputes);
        topics = abi.encodePacked(IOrderDisputes.OrderDisputed.selector, wrong);
        _assertSeen(source, topics, abi.encode(round, bytes32("evidence"), until), "OrderDisputed");
        topics = abi.encodePacked(IOrderDisputes.DisputeResolved.selector, wrong);
        _assertSeen(source, topics, abi.encode(true), "DisputeResolved");
    }

    function test_subscriptions() public {
        IMarket.ListingInput memory input =
            IMarket.ListingInput(uint64(_publishLive(true)), 1, 0, IMarket.LicenseKind.Subscription, PRICE, 0, "terms");
        vm.prank(publisher);
        uint32 listingId =
            market.createListingWith(input, IMarket.ListingExtras(address(0), 1440, new IMarket.Split[](0)));
        uint32 begin = uint32(block.timestamp);
        _record();
        vm.prank(buyer);
        bytes32 id = subscriptions.subscribe(listingId, 1, 1, PRICE, KEY, _noPermit());
        vm.prank(buyer);
        subscriptions.renewNow(listingId);
        vm.prank(buyer);
        subscriptions.renew(id, 1, _noPermit());
        ISubscriptions.Grant[] memory grants = new ISubscriptions.Grant[](1);
        grants[0] = ISubscriptions.Grant(id, begin, _share());
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(keepers[i]);
            subscriptions.grant(grants);
        }
        vm.prank(publisher);
        market.retireListing(listingId);
        address[] memory accounts = new address[](1);
        accounts[0] = buyer;
        subscriptions.closePlan(listingId, accounts);
        vm.prank(buyer);
        subscriptions.cancel(id);
        _stop();
        _assertSubscription(listingId, id, begin);
    }

    function _assertSubscription(uint32 listingId, bytes32 id, uint32 begin) private view {
        address source = address(subscriptions);
        bytes memory taken = abi.encodePacked(ISubscriptions.Subscribed.selector, id, uint256(listingId), _id(buyer));
        _assertSeen(source, taken, abi.encode(PRICE, begin, begin + 1 days), "Subscribed");
        bytes memory asked = abi.encodePacked(ISubscriptions.KeyRequested.selector, id);
        _assertSeen(source, asked, abi.encode(1, KEY), "KeyRequested");
        bytes memory renewed = abi.encodePacked(ISubscriptions.SubscriptionRenewed.selector);
        _assertSeen(source, renewed, abi.encode(uint256(id) | (uint256(begin + 2 days) << 192)), "by renewNow");
        _assertSeen(source, renewed, abi.encode(uint256(id) | (uint256(begin + 3 days) << 192)), "by renew");
        bytes memory share = abi.encodePacked(ISubscriptions.SubscriptionShareGranted.selector, id, uint256(2));
        _assertSeen(source, share, abi.encode(1, _share()), "SubscriptionShareGranted");
        bytes memory key = abi.encodePacked(ISubscriptions.SubscriptionKeyGranted.selector, id);
        _assertSeen(source, key, abi.encode(1, begin + 1 days), "SubscriptionKeyGranted");
        bytes memory closed = abi.encodePacked(ISubscriptions.SubscriptionClosed.selector, id);
        _assertSeen(source, closed, "", "SubscriptionClosed");
        bytes memory cancelled = abi.encodePacked(ISubscriptions.SubscriptionCancelled.selector, id);
        _assertSeen(source, cancelled, abi.encode(2 * PRICE, begin + 1 days), "SubscriptionCancelled");
        bytes memory claimed = abi.encodePacked(ISubscriptions.SubscriptionClaimed.selector, id);
        uint256 fee = PRICE * 25 / 10_000;
        _assertSeen(source, claimed, abi.encode(PRICE - fee, fee, 0), "SubscriptionClaimed");
    }

    function test_juries() public {
        _record();
        System memory system;
        system.token = address(coin);
        OrderDisputes fresh = new OrderDisputes(system, disputes, owner, _disputeParams());
        _stop();
        bytes memory changed = abi.encodePacked(IOrderDisputes.ParamsChanged.selector);
        _assertSeen(address(fresh), changed, abi.encode(_disputeParams()), "ParamsChanged");
        bytes memory question = abi.encodePacked(IEvidence.MetaEvidence.selector, uint256(0));
        assertTrue(seen[keccak256(abi.encode(address(fresh), question))], "MetaEvidence");

        uint32 listingId = _list(_publishLive(true), IMarket.LicenseKind.Download, PRICE, 0);
        bytes32 orderId = _granted(listingId, KEY);
        bytes32 roundId = _dispute(orderId);
        _record();
        _conclude(roundId, Verdict.Accept);
        uint256 until = block.timestamp + ESCALATION_WINDOW;
        uint256 id = _escalate(orderId, buyer);
        vm.prank(buyer);
        orderDisputes.submitEvidence(orderId, "ipfs://evidence");
        _rule(id, FOR_BUYER);
        _stop();
        address source = address(orderDisputes);
        bytes memory topics = abi.encodePacked(IOrderDisputes.DisputeJudged.selector, orderId);
        _assertSeen(source, topics, abi.encode(Verdict.Accept, until), "DisputeJudged");
        topics = abi.encodePacked(IOrderDisputes.DisputeEscalated.selector, orderId, id, _id(buyer));
        _assertSeen(source, topics, abi.encode(COST), "DisputeEscalated");
        topics = abi.encodePacked(IEvidence.Dispute.selector, _id(address(disputes)), id);
        _assertSeen(source, topics, abi.encode(0, uint256(orderId)), "Dispute");
        topics = abi.encodePacked(IEvidence.Evidence.selector, _id(address(disputes)), orderId, _id(buyer));
        _assertSeen(source, topics, abi.encode("ipfs://evidence"), "Evidence");
        topics = abi.encodePacked(IArbitrable.Ruling.selector, _id(address(disputes)), id);
        _assertSeen(source, topics, abi.encode(FOR_BUYER), "Ruling");
        topics = abi.encodePacked(IOrderDisputes.DisputeResolved.selector, orderId);
        _assertSeen(source, topics, abi.encode(false), "DisputeResolved");
        topics = abi.encodePacked(IDisputes.PartiesExcluded.selector, id);
        _assertSeen(address(disputes), topics, abi.encode(buyer, publisher), "PartiesExcluded");
    }
}
