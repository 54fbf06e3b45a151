// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMarket} from "../src/interfaces/IMarket.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {ITrials} from "../src/interfaces/ITrials.sol";
import {Verdict} from "../src/interfaces/Types.sol";
import {Sequences} from "./Sequences.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

/// @dev Trials against the model in packages/protocol/src/model/trial.ts, on the walks of `vectors/trialSequences.json`. What
/// is set up here, and the numbers of steps, are those of trialSequences.ts. What the runs themselves cost is left out.
contract TrialModelTest is SystemTest, Sequences {
    uint256 private constant TRIALS = 4;
    uint256 private constant SLOTS = 8;
    uint256 private constant WITH_COINS = 4;

    address[] private people;
    uint256[] private assets;
    uint32[] private listings;
    bytes32[] private jobs;
    /// @dev What runs gave and took, by person.
    int256[WITH_COINS] private byRuns;
    uint256 private start;

    function setUp() public override {
        super.setUp();
        people = [buyer, stranger, publisher, treasury, keepers[0], keepers[1], keepers[2]];
        // Enough to be silent in many rounds and stay.
        for (uint256 i = 0; i < 4; ++i) {
            _stake(keepers[i], 100_000e18);
        }
        assets.push(_publishLive(true));
        assets.push(_publishLive(true));
        listings.push(_list(assets[0], IMarket.LicenseKind.Download, PRICE, 0));
        listings.push(_list(assets[1], IMarket.LicenseKind.Download, PRICE, 0));
        listings.push(_list(assets[0], IMarket.LicenseKind.Compute, PRICE, 0));
        listings.push(_list(assets[0], IMarket.LicenseKind.Compute, PRICE, 0));
        listings.push(_list(assets[1], IMarket.LicenseKind.Compute, PRICE, 0));
        for (uint256 i = 0; i < WITH_COINS; ++i) {
            uint256 had = coin.balanceOf(people[i]);
            vm.prank(people[i]);
            coin.transfer(address(this), had);
        }
        _fund(buyer, 1_000_000e18);
        _fund(stranger, 1_000_000e18);
        start = block.timestamp;
    }

    function test_trialsDoWhatTheModelSays() public {
        _playAll(vm.envOr("NEURODATA_TRIAL_SEQUENCES", "vectors/trialSequences.json"));
    }

    // Steps

    function _step(uint8 op, uint8[3] memory x) internal override returns (bytes4) {
        if (op == 0) {
            skip(_seconds(x));
            return 0;
        }
        if (op == 1) {
            bytes memory data = abi.encodeCall(ITrials.offer, (listings[x[1]], _feeOf(x[2]), uint16(x[2] % 3)));
            return _call(people[x[0]], address(trials), data);
        }
        if (op == 2) return _open(people[x[0]], listings[x[1]], x[2] == 0);
        if (op == 3) return _ended(jobs[x[1]], x[2]);
        if (op >= 9) {
            bytes memory data = op == 9
                ? abi.encodeCall(ITrials.count, (jobs[x[1]], _orderId(x[2])))
                : abi.encodeCall(ITrials.settle, (jobs[x[1]]));
            return _call(people[x[0]], address(trials), data);
        }
        return _call(people[x[0]], address(market), _escrow(op, x[1]));
    }

    function _escrow(uint8 op, uint256 slot) private view returns (bytes memory) {
        bytes32 orderId = _orderId(slot);
        if (op == 4) return abi.encodeCall(IMarket.buy, (listings[slot >> 2], 1, PRICE, _keyOf(slot)));
        if (op == 5) {
            IMarket.Grant[] memory grants = new IMarket.Grant[](1);
            grants[0] = IMarket.Grant(orderId, _share());
            return abi.encodeCall(IMarket.grant, (grants));
        }
        if (op == 6) return abi.encodeCall(IMarket.confirm, (orderId));
        if (op == 8) return abi.encodeCall(IMarket.refund, (orderId));
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = orderId;
        return abi.encodeCall(IMarket.claim, (publisher, ids));
    }

    /// @dev What goes to Training is the run's.
    function _open(address who, uint32 listingId, bool agrees) private returns (bytes4) {
        uint256 total = uint256(WORKER_FEE) + ROUND_FEE + trials.offerOf(listingId).fee;
        ITraining.JobInput memory input =
            _asked(listingId, 1, keccak256("spec"), KEY, agrees ? type(uint256).max : total - 1);
        uint256 before = coin.balanceOf(address(training));
        vm.prank(who);
        (bool done, bytes memory answer) = address(trials).call(abi.encodeCall(ITrials.open, (input, _noPermit())));
        if (!done) return bytes4(answer);
        jobs.push(abi.decode(answer, (bytes32)));
        byRuns[who == buyer ? 0 : 1] -= int256(coin.balanceOf(address(training)) - before);
        return 0;
    }

    /// @dev A run from its claim to its end, or the money back of one that nobody claimed.
    function _ended(bytes32 jobId, uint8 how) private returns (bytes4 refused) {
        uint256[WITH_COINS] memory before;
        for (uint256 i = 0; i < WITH_COINS; ++i) {
            before[i] = coin.balanceOf(people[i]);
        }
        refused = how == 3
            ? _call(stranger, address(training), abi.encodeCall(ITraining.refundJob, (jobId)))
            : _ran(jobId, how);
        for (uint256 i = 0; i < WITH_COINS; ++i) {
            byRuns[i] += int256(coin.balanceOf(people[i])) - int256(before[i]);
        }
    }

    function _ran(bytes32 jobId, uint8 how) private returns (bytes4 refused) {
        mine(2);
        address worker = training.drawnWorker(jobId);
        refused = _call(worker, address(training), abi.encodeCall(ITraining.claimJob, (jobId)));
        if (refused == 0) _endRun(jobId, how == 0 ? Verdict.Accept : how == 1 ? Verdict.Reject : Verdict.None);
    }

    function _feeOf(uint8 number) private pure returns (uint96) {
        return number < 3 ? 4e18 : number < 6 ? 0 : 1;
    }

    function _orderId(uint256 slot) private view returns (bytes32) {
        return market.orderIdOf(listings[slot >> 2], 1, people[(slot >> 1) & 1], _keyOf(slot));
    }

    function _keyOf(uint256 slot) private pure returns (bytes32) {
        return bytes32((slot & 1) + 1);
    }

    // What must be equal at the end

    function _words() internal view override returns (uint256[] memory words) {
        words = new uint256[](1 + 4 * TRIALS + 4 + 6 + 2 * SLOTS + WITH_COINS + 2);
        words[0] = block.timestamp - start;
        uint256 n = 1;
        for (uint256 i = 0; i < TRIALS; ++i) {
            if (i < jobs.length) _trialWords(words, n, trials.trial(jobs[i]));
            n += 4;
        }
        for (uint256 i = 0; i < 2; ++i) {
            words[n++] = trials.used(assets[i], buyer);
            words[n++] = trials.used(assets[i], stranger);
        }
        for (uint256 i = 2; i < 5; ++i) {
            ITrials.Offer memory offered = trials.offerOf(listings[i]);
            words[n++] = offered.fee;
            words[n++] = offered.cap;
        }
        for (uint256 slot = 0; slot < SLOTS; ++slot) {
            IMarket.Order memory order = market.order(_orderId(slot));
            words[n++] = uint8(order.state);
            words[n++] = order.changedAt == 0 ? 0 : order.changedAt - start;
        }
        for (uint256 i = 0; i < WITH_COINS; ++i) {
            words[n++] = uint256(int256(coin.balanceOf(people[i])) - byRuns[i]);
        }
        words[n++] = coin.balanceOf(address(market));
        words[n++] = coin.balanceOf(address(trials));
        assertEq(n, words.length, "all words");
    }

    function _trialWords(uint256[] memory words, uint256 n, ITrials.Trial memory trial) private view {
        words[n] = uint8(trial.state);
        words[n + 1] = trial.fee;
        words[n + 2] = trial.openedAt - start;
        for (uint256 slot = 0; slot < SLOTS && trial.orderId != 0; ++slot) {
            if (_orderId(slot) == trial.orderId) words[n + 3] = slot + 1;
        }
    }
}
