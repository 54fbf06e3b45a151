// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Accusations} from "../src/Accusations.sol";
import {AssetRegistry} from "../src/AssetRegistry.sol";
import {Challenges} from "../src/Challenges.sol";
import {Curation} from "../src/Curation.sol";
import {Custody} from "../src/Custody.sol";
import {Disputes} from "../src/Disputes.sol";
import {Market} from "../src/Market.sol";
import {NeuroCoin} from "../src/NeuroCoin.sol";
import {OrderDisputes} from "../src/OrderDisputes.sol";
import {PrivateOffers} from "../src/PrivateOffers.sol";
import {Staking} from "../src/Staking.sol";
import {Subscriptions} from "../src/Subscriptions.sol";
import {Training} from "../src/Training.sol";
import {Trials} from "../src/Trials.sol";
import {Validators} from "../src/Validators.sol";
import {Workers} from "../src/Workers.sol";
import {IArbitrator} from "../src/interfaces/Arbitration.sol";
import {IAccusations} from "../src/interfaces/IAccusations.sol";
import {IAssetRegistry} from "../src/interfaces/IAssetRegistry.sol";
import {IChallenges} from "../src/interfaces/IChallenges.sol";
import {ICuration} from "../src/interfaces/ICuration.sol";
import {IDisputes} from "../src/interfaces/IDisputes.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {IOrderDisputes} from "../src/interfaces/IOrderDisputes.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {IValidators} from "../src/interfaces/IValidators.sol";
import {IWorkers} from "../src/interfaces/IWorkers.sol";
import {Permit, System, Verdict} from "../src/interfaces/Types.sol";
import {newCoin} from "./NewCoin.sol";
import {Test} from "./Test.sol";
import {vm} from "./Vm.sol";

/// @dev All contracts of sales and runs, wired as a deployment wires them, with four validators, three workers and short helpers for
/// the steps that every story has.
abstract contract SystemTest is Test {
    uint96 internal constant ROUND_FEE = 3e18 + 1;
    uint96 internal constant MIN_STAKE = 1_000e18;
    uint32 internal constant UNITS = 4;
    uint96 internal constant UNIT_PRICE = 0.5e18;
    uint96 internal constant WORKER_FEE = UNITS * UNIT_PRICE;
    uint96 internal constant MIN_BOND = 100e18;
    uint96 internal constant STALL_PENALTY = 10e18;
    uint96 internal constant PRICE = 40e18;
    uint32 internal constant COMMIT_WINDOW = 600;
    uint32 internal constant REVEAL_WINDOW = 900;
    uint32 internal constant GRANT_WINDOW = 3600;
    uint32 internal constant GRANT_MARGIN = 300;
    uint32 internal constant CONFIRM_WINDOW = 1 days;
    uint32 internal constant VERDICT_WINDOW = 3 days;
    uint32 internal constant ESCALATION_WINDOW = 2 days;
    uint32 internal constant CLAIM_WINDOW = 300;
    uint32 internal constant OPEN_WINDOW = 7200;
    uint32 internal constant RUN_WINDOW = 1800;
    uint32 internal constant HEARTBEAT_WINDOW = 500;
    uint96 internal constant BOND = 5e18 + 1;
    uint32 internal constant REVIEW_WINDOW = 7 days;
    uint32 internal constant APPEAL_WINDOW = 4 days;
    uint96 internal constant TICKET = 100e18;
    uint96 internal constant JUROR_FEE = 2e18;
    uint32 internal constant CANCEL_WINDOW = 120;
    uint32 internal constant CHALLENGE_WINDOW = 2400;
    uint32 internal constant MOVE_WINDOW = 240;
    uint32 internal constant HOLD_PERIOD = 30 days;
    uint96 internal constant CHALLENGE_BOND = 50e18;
    uint16 internal constant LOSS_BPS = 2_000;
    uint16 internal constant REWARD_BPS = 4_000;
    bytes32 internal constant KEY = keccak256("recipient key");
    bytes32 internal constant SALT = keccak256("salt");
    /// @dev Checkpoint trees of one leaf, "state" and "other": a call to sha256 would use up a prank.
    bytes32 internal constant STATE_ROOT = 0x328d26cacef5509bc0c7422307648abdf7e406b0ce441eafcef70324c9e86664;
    bytes32 internal constant OTHER_ROOT = 0x2ed643e726729cd46260c7f0a23764f7ecb578e39f5f441697e8cb11fb40c945;
    uint256 internal constant SUPPLY = 100_000_000e18;

    NeuroCoin internal coin;
    Staking internal staking;
    Validators internal validators;
    AssetRegistry internal registry;
    Market internal market;
    Training internal training;
    Subscriptions internal subscriptions;
    OrderDisputes internal orderDisputes;
    Challenges internal challenges;
    Custody internal custody;
    Workers internal workers;
    /// @dev What the next job asks for.
    IWorkers.Needs internal needs = IWorkers.Needs("engine", UNITS, 2_048, 2, WORKER_FEE);
    Accusations internal accusations;
    Trials internal trials;
    Curation internal curation;
    PrivateOffers internal offers;
    Disputes internal disputes;

    address internal owner = account("owner");
    address internal treasury = account("treasury");
    address internal publisher = account("publisher");
    address internal buyer = account("buyer");
    address internal stranger = account("stranger");
    address internal curator = account("curator");
    address[] internal keepers;
    address[] internal trainers;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        vm.roll(1_000);
        _deploy();
        string[4] memory names = ["v1", "v2", "v3", "v4"];
        for (uint256 i = 0; i < 4; ++i) {
            keepers.push(_keeper(account(names[i]), MIN_STAKE));
        }
        string[3] memory runners = ["w1", "w2", "w3"];
        for (uint256 i = 0; i < 3; ++i) {
            trainers.push(_trainer(account(runners[i]), 1_000e18));
        }
        _fund(publisher, 1_000e18);
        _fund(buyer, 10_000e18);
        mine(1);
    }

    function _deploy() private {
        uint256 nonce = vm.getNonce(address(this));
        System memory system = System({
            token: vm.computeCreateAddress(address(this), nonce),
            staking: vm.computeCreateAddress(address(this), nonce + 1),
            validators: vm.computeCreateAddress(address(this), nonce + 2),
            registry: vm.computeCreateAddress(address(this), nonce + 3),
            market: vm.computeCreateAddress(address(this), nonce + 4),
            training: vm.computeCreateAddress(address(this), nonce + 5),
            subscriptions: vm.computeCreateAddress(address(this), nonce + 6),
            orderDisputes: vm.computeCreateAddress(address(this), nonce + 7),
            curation: vm.computeCreateAddress(address(this), nonce + 8),
            offers: vm.computeCreateAddress(address(this), nonce + 10),
            challenges: vm.computeCreateAddress(address(this), nonce + 11),
            custody: vm.computeCreateAddress(address(this), nonce + 12),
            workers: vm.computeCreateAddress(address(this), nonce + 13),
            accusations: vm.computeCreateAddress(address(this), nonce + 14),
            trials: vm.computeCreateAddress(address(this), nonce + 15)
        });
        coin = newCoin(owner, address(this), SUPPLY);
        address jury = vm.computeCreateAddress(address(this), nonce + 9);
        staking = new Staking(system, jury, owner, 500, 7 days);
        validators = new Validators(system, owner, _validatorParams());
        registry = new AssetRegistry(system);
        market = new Market(system, owner, _marketParams(), address(0));
        training = new Training(system, owner, _trainingParams());
        subscriptions = new Subscriptions(system);
        orderDisputes = new OrderDisputes(system, IArbitrator(jury), owner, _disputeParams());
        address[] memory curators = new address[](1);
        curators[0] = curator;
        curation = new Curation(system, IDisputes(jury), owner, _curationParams(), curators);
        disputes = new Disputes(address(coin), staking, owner, _juryParams());
        offers = new PrivateOffers(system);
        challenges = new Challenges(system, owner, _challengeParams());
        custody = new Custody(system);
        workers = new Workers(system);
        accusations = new Accusations(system, owner, IAccusations.Params(LOSS_BPS, REWARD_BPS));
        assertEq(address(disputes), jury, "addresses are as predicted");
        assertEq(address(workers), system.workers, "as are those that came later");
        trials = new Trials(system, HOLD_PERIOD);
        assertEq(address(accusations), system.accusations, "and those after it");
        assertEq(address(trials), system.trials, "to the last one");
    }

    function _curationParams() internal pure returns (ICuration.Params memory) {
        return ICuration.Params(BOND, REVIEW_WINDOW, APPEAL_WINDOW);
    }

    function _validatorParams() internal pure returns (IValidators.Params memory) {
        return IValidators.Params(MIN_STAKE, ROUND_FEE, COMMIT_WINDOW, REVEAL_WINDOW, 3, 10, 100, 1_000);
    }

    function _challengeParams() internal view returns (IChallenges.Params memory) {
        return IChallenges.Params(treasury, CHALLENGE_BOND, MOVE_WINDOW, 5_000);
    }

    function _marketParams() internal view returns (IMarket.Params memory) {
        return IMarket.Params(treasury, 25, GRANT_WINDOW, GRANT_MARGIN, CONFIRM_WINDOW);
    }

    function _disputeParams() internal pure returns (IOrderDisputes.Params memory) {
        return IOrderDisputes.Params(VERDICT_WINDOW, ESCALATION_WINDOW);
    }

    function _juryParams() internal pure returns (IDisputes.Params memory) {
        return IDisputes.Params(TICKET, JUROR_FEE, 10e18, 6_000, 3, 1 days, 1 days, 1 days, 1 days, 1 days);
    }

    function _trainingParams() internal view returns (ITraining.Params memory) {
        return ITraining.Params({
            treasury: treasury,
            feeBps: 25,
            minBond: MIN_BOND,
            stallPenalty: STALL_PENALTY,
            claimWindow: CLAIM_WINDOW,
            openWindow: OPEN_WINDOW,
            runWindow: RUN_WINDOW,
            heartbeatWindow: HEARTBEAT_WINDOW,
            cancelWindow: CANCEL_WINDOW,
            challengeWindow: CHALLENGE_WINDOW,
            rewardBps: 4_000
        });
    }

    function _fund(address who, uint256 amount) internal {
        coin.transfer(who, amount);
        address[10] memory spenders = [
            address(staking),
            address(registry),
            address(market),
            address(training),
            address(subscriptions),
            address(orderDisputes),
            address(curation),
            address(challenges),
            address(accusations),
            address(trials)
        ];
        vm.startPrank(who);
        for (uint256 i = 0; i < spenders.length; ++i) {
            coin.approve(spenders[i], type(uint256).max);
        }
        vm.stopPrank();
    }

    function _stake(address who, uint256 amount) internal {
        _fund(who, amount);
        vm.prank(who);
        staking.stake(amount);
    }

    function _keeper(address who, uint256 amount) internal returns (address) {
        _stake(who, amount);
        vm.prank(who);
        validators.register(keccak256(abi.encode("key", who)), "https://keeper.example");
        return who;
    }

    function _trainer(address who, uint256 amount) internal returns (address) {
        _stake(who, amount);
        vm.prank(who);
        workers.register("https://worker.example", _offer(UNIT_PRICE));
        return who;
    }

    function _noPermit() internal pure returns (Permit memory) {
        return Permit(0, 0, 0, 0, 0);
    }

    function _input(bool mayRead) internal pure returns (IAssetRegistry.VersionInput memory) {
        uint16[] memory committee = new uint16[](3);
        (committee[0], committee[1], committee[2]) = (1, 2, 3);
        return IAssetRegistry.VersionInput("manifest", "root", "commitment", "keyset", committee, 2, mayRead);
    }

    function _publish(bool mayRead) internal returns (uint256 assetId) {
        vm.prank(publisher);
        return registry.publish(IAssetRegistry.AssetKind.Dataset, _input(mayRead), _noPermit());
    }

    function _publishLive(bool mayRead) internal returns (uint256 assetId) {
        assetId = _publish(mayRead);
        _conclude(registry.roundOf(assetId, 1), Verdict.Accept);
    }

    function _draw(bytes32 roundId) internal returns (uint16[] memory) {
        mine(2);
        return validators.drawCommittee(roundId);
    }

    function _accountOf(uint16 validatorId) internal view returns (address) {
        return validators.validator(validatorId).account;
    }

    function _commitment(bytes32 roundId, address who, Verdict verdict) internal pure returns (bytes32) {
        return keccak256(abi.encode(roundId, who, verdict, bytes32("evidence"), SALT));
    }

    function _commit(bytes32 roundId, address who, Verdict verdict) internal {
        vm.prank(who);
        validators.commit(roundId, _commitment(roundId, who, verdict));
    }

    function _reveal(bytes32 roundId, address who, Verdict verdict) internal {
        vm.prank(who);
        validators.reveal(roundId, verdict, "evidence", SALT);
    }

    /// @dev Draws, and lets every member say `verdict` (nobody says anything on None), then settles.
    function _conclude(bytes32 roundId, Verdict verdict) internal {
        uint16[] memory committee = _draw(roundId);
        if (verdict == Verdict.None) {
            skip(COMMIT_WINDOW + 1);
        } else {
            for (uint256 i = 0; i < committee.length; ++i) {
                _commit(roundId, _accountOf(committee[i]), verdict);
            }
            for (uint256 i = 0; i < committee.length; ++i) {
                _reveal(roundId, _accountOf(committee[i]), verdict);
            }
        }
        validators.settle(roundId);
    }

    function _list(uint256 assetId, IMarket.LicenseKind kind, uint96 price, uint16 modelShareBps)
        internal
        returns (uint32)
    {
        address seller = registry.ownerOf(assetId);
        vm.prank(seller);
        return market.createListing(
            IMarket.ListingInput(uint64(assetId), 1, 0, kind, price, modelShareBps, keccak256("terms"))
        );
    }

    function _buy(uint32 listingId, bytes32 recipientKey) internal returns (bytes32) {
        vm.prank(buyer);
        return market.buy(listingId, 1, type(uint96).max, recipientKey);
    }

    /// @dev 209 bytes, as a granted share has: encapsulated key, share and tag (113), its twin and the sender's proof (96).
    function _share() internal pure returns (bytes memory) {
        bytes32 word = keccak256("a");
        return abi.encodePacked(word, word, word, word, word, word, bytes17(word));
    }

    function _grant(bytes32 orderId, address who) internal {
        IMarket.Grant[] memory grants = new IMarket.Grant[](1);
        grants[0] = IMarket.Grant(orderId, _share());
        vm.prank(who);
        market.grant(grants);
    }

    function _grantAll(bytes32 orderId) internal {
        _grant(orderId, keepers[0]);
        _grant(orderId, keepers[1]);
    }

    function _dispute(bytes32 orderId) internal returns (bytes32 roundId) {
        address holder = market.order(orderId).buyer;
        vm.prank(holder);
        return orderDisputes.dispute(orderId, "evidence", _noPermit());
    }

    function _claimOne(bytes32 orderId) internal returns (uint256) {
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = orderId;
        return market.claim(market.listing(market.order(orderId).listingId).seller, ids);
    }

    function _assertState(bytes32 orderId, IMarket.OrderState wanted) internal view {
        assertEq(uint8(market.order(orderId).state), uint8(wanted), "order state");
    }

    function _assertJob(bytes32 jobId, ITraining.JobState wanted) internal view {
        assertEq(uint8(training.job(jobId).state), uint8(wanted), "job state");
    }

    function _offer(uint96 pricePerUnit) internal pure returns (IWorkers.Offer memory offer) {
        offer = IWorkers.Offer(4, 8_192, pricePerUnit, new bytes32[](1));
        offer.runtimes[0] = "engine";
    }

    function _asked(uint32 listingId, uint16 version, bytes32 specDigest, bytes32 key, uint256 maxTotal)
        internal
        view
        returns (ITraining.JobInput memory)
    {
        return ITraining.JobInput(listingId, version, specDigest, key, needs, maxTotal);
    }

    function _openJob(uint32 listingId) internal returns (bytes32) {
        vm.prank(buyer);
        return training.openJob(_asked(listingId, 1, keccak256("spec"), KEY, type(uint256).max), _noPermit());
    }

    function _claimJob(bytes32 jobId) internal returns (address worker) {
        mine(2);
        worker = training.drawnWorker(jobId);
        vm.prank(worker);
        training.claimJob(jobId);
    }

    /// @dev Nobody has heard of the worker.
    function _takeOver(bytes32 jobId) internal {
        skip(HEARTBEAT_WINDOW + 1);
        training.takeOver(jobId);
    }

    function _receipt() internal pure returns (ITraining.Receipt memory) {
        return ITraining.Receipt("receipt", "model", STATE_ROOT, "engine", "canary", 1, 0);
    }

    function _submit(bytes32 jobId) internal returns (bytes32 roundId) {
        address worker = training.job(jobId).worker;
        vm.prank(worker);
        training.submitReceipt(jobId, _receipt());
        return training.job(jobId).roundId;
    }

    /// @dev Receipt, round and, where there is a verdict, the end of the challenge window.
    function _endRun(bytes32 jobId, Verdict verdict) internal {
        _conclude(_submit(jobId), verdict);
        if (verdict != Verdict.None) _finalize(jobId);
    }

    function _finalize(bytes32 jobId) internal {
        skip(CHALLENGE_WINDOW + 1);
        training.finalize(jobId);
    }

    function _permit(string memory name, address spender, uint256 value) internal view returns (Permit memory permit) {
        address holder = vm.addr(keyOf(name));
        permit.value = value;
        permit.deadline = block.timestamp + 1 hours;
        bytes32 typeHash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 digest = keccak256(
            abi.encodePacked(
                hex"1901",
                coin.DOMAIN_SEPARATOR(),
                keccak256(abi.encode(typeHash, holder, spender, value, coin.nonces(holder), permit.deadline))
            )
        );
        (permit.v, permit.r, permit.s) = vm.sign(keyOf(name), digest);
    }
}
