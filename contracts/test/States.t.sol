// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMarket} from "../src/interfaces/IMarket.sol";
import {IOrderDisputes} from "../src/interfaces/IOrderDisputes.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {Outcome, Verdict} from "../src/interfaces/Types.sol";
import {CourtTest} from "./CourtTest.sol";
import {vm} from "./Vm.sol";

/// @dev Brings an order, its dispute and a job into each state, offers each event, and compares with `vectors/states.json`, which is
/// made from the state machines in packages/protocol. A refused event reverts or is passed over; the state stays.
contract StatesTest is CourtTest {
    struct Table {
        string[] states;
        string[] events;
        string[] next;
    }

    uint256 private assetId;
    uint32 private downloads;
    uint32 private runs;
    bytes32 private orderId;
    bytes32 private jobId;

    function setUp() public override {
        super.setUp();
        assetId = _publishLive(true);
        downloads = _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
        runs = _list(assetId, IMarket.LicenseKind.Compute, PRICE, 0);
        orderId = market.orderIdOf(downloads, 1, buyer, KEY);
        _setWindows(OPEN_WINDOW, CANCEL_WINDOW);
    }

    function test_orders() public {
        Table memory table = _read("order");
        for (uint256 s = 0; s < table.states.length; ++s) {
            for (uint256 e = 0; e < table.events.length; ++e) {
                uint256 snapshot = vm.snapshotState();
                _bringOrder(IMarket.OrderState(s));
                _assertState(orderId, IMarket.OrderState(s));
                try this.orderEvent(table.events[e]) {} catch {}
                _assertNext(table, s, e, uint8(market.order(orderId).state));
                vm.revertToState(snapshot);
            }
        }
    }

    function test_disputes() public {
        Table memory table = _read("dispute");
        for (uint256 s = 0; s < table.states.length; ++s) {
            for (uint256 e = 0; e < table.events.length; ++e) {
                uint256 snapshot = vm.snapshotState();
                _bringDispute(IOrderDisputes.DisputeState(s));
                _assertDispute(orderId, IOrderDisputes.DisputeState(s));
                try this.disputeEvent(table.events[e]) {} catch {}
                _assertNext(table, s, e, uint8(orderDisputes.disputeOf(orderId).state));
                vm.revertToState(snapshot);
            }
        }
    }

    function test_jobs() public {
        Table memory table = _read("job");
        for (uint256 s = 0; s < table.states.length; ++s) {
            for (uint256 e = 0; e < table.events.length; ++e) {
                // Every opening is a job of its own: an existing one cannot be opened again.
                if (s != 0 && _is(table.events[e], "open")) continue;
                uint256 snapshot = vm.snapshotState();
                _bringJob(ITraining.JobState(s));
                _assertJob(jobId, ITraining.JobState(s));
                try this.jobEvent(table.events[e]) {} catch {}
                _assertNext(table, s, e, uint8(training.job(jobId).state));
                vm.revertToState(snapshot);
            }
        }
    }

    function orderEvent(string calldata name) external {
        if (_is(name, "open")) _buy(downloads, KEY);
        else if (_is(name, "grantQuorum")) _grantAll(orderId);
        else if (_is(name, "confirm")) _asBuyer().confirm(orderId);
        else if (_is(name, "dispute")) _dispute(orderId);
        else if (_is(name, "rulingSeller")) _closeAs(true);
        else if (_is(name, "rulingBuyer")) _closeAs(false);
        else if (_is(name, "claim")) _claimLate();
        else if (_is(name, "refundLate")) _refundLate();
        else if (_is(name, "refundRefused")) _refundRefused();
        else revert(name);
    }

    function disputeEvent(string calldata name) external {
        if (_is(name, "open")) _dispute(orderId);
        else if (_is(name, "verdictAccept")) _verdictOnOrder(Verdict.Accept);
        else if (_is(name, "verdictReject")) _verdictOnOrder(Verdict.Reject);
        else if (_is(name, "verdictNone")) _verdictOnOrder(Verdict.None);
        else if (_is(name, "escalateByBuyer")) _escalate(orderId, buyer);
        else if (_is(name, "escalateBySeller")) _escalate(orderId, publisher);
        else if (_is(name, "resolveLive")) _resolveLate();
        else if (_is(name, "resolveRevoked")) _resolveRevoked();
        else if (_is(name, "resolveRefused")) _resolveRefused();
        else if (_is(name, "ruleBuyer")) _ruleAs(FOR_BUYER);
        else if (_is(name, "ruleSeller")) _ruleAs(FOR_SELLER);
        else if (_is(name, "ruleNobody")) _ruleAs(FOR_NOBODY);
        else revert(name);
    }

    function jobEvent(string calldata name) external {
        if (_is(name, "open")) jobId = _openJob(runs);
        else if (_is(name, "claim")) _claimJob(jobId);
        else if (_is(name, "submit")) _submit(jobId);
        else if (_is(name, "cancel")) _asTheBuyer().cancelJob(jobId);
        else if (_is(name, "finalize")) _finalize(jobId);
        else if (_is(name, "overturn")) _overturn();
        else if (_is(name, "canary")) _canary();
        else if (_is(name, "verdictAccept")) _verdictOnJob(Verdict.Accept);
        else if (_is(name, "verdictReject")) _verdictOnJob(Verdict.Reject);
        else if (_is(name, "verdictNone")) _verdictOnJob(Verdict.None);
        else if (_is(name, "takeOver")) _takeOver(jobId);
        else if (_is(name, "refundUnclaimed")) _refundJobAfter(OPEN_WINDOW, OPEN_WINDOW, 4 * OPEN_WINDOW);
        else if (_is(name, "refundStalled")) _refundJobAfter(2 * OPEN_WINDOW, 4 * OPEN_WINDOW, 4 * OPEN_WINDOW);
        else if (_is(name, "refundCancelled")) _refundJobAfter(CANCEL_WINDOW, OPEN_WINDOW, CANCEL_WINDOW);
        else revert(name);
    }

    function _bringOrder(IMarket.OrderState state) private {
        if (state == IMarket.OrderState.None) return;
        _buy(downloads, KEY);
        if (state == IMarket.OrderState.Open) return;
        if (state == IMarket.OrderState.Refunded) return _refundLate();
        _grantAll(orderId);
        if (state == IMarket.OrderState.Granted) return;
        if (state == IMarket.OrderState.Disputed) {
            _dispute(orderId);
            return;
        }
        _asBuyer().confirm(orderId);
        if (state == IMarket.OrderState.Claimed) _claimOne(orderId);
    }

    function _bringDispute(IOrderDisputes.DisputeState state) private {
        _buy(downloads, KEY);
        _grantAll(orderId);
        if (state == IOrderDisputes.DisputeState.None) return;
        _dispute(orderId);
        if (state == IOrderDisputes.DisputeState.Upheld) _verdictOnOrder(Verdict.Reject);
        if (state == IOrderDisputes.DisputeState.Dismissed) _resolveLate();
        if (state == IOrderDisputes.DisputeState.Accepted) _verdictOnOrder(Verdict.Accept);
        if (state == IOrderDisputes.DisputeState.Undecided) _verdictOnOrder(Verdict.None);
        if (state == IOrderDisputes.DisputeState.Jury) {
            _verdictOnOrder(Verdict.Accept);
            _escalate(orderId, buyer);
        }
    }

    function _bringJob(ITraining.JobState state) private {
        jobId = bytes32(0);
        if (state == ITraining.JobState.None) return;
        jobId = _openJob(runs);
        if (state == ITraining.JobState.Open) return;
        _claimJob(jobId);
        if (state == ITraining.JobState.Claimed) return;
        if (state == ITraining.JobState.Cancelled) {
            _asTheBuyer().cancelJob(jobId);
            return;
        }
        _submit(jobId);
        if (state == ITraining.JobState.Submitted) return;
        if (state == ITraining.JobState.Refunded) return _verdictOnJob(Verdict.None);
        bool accepted = state == ITraining.JobState.Accepted || state == ITraining.JobState.Settled;
        _verdictOnJob(accepted ? Verdict.Accept : Verdict.Reject);
        if (state >= ITraining.JobState.Settled) _finalize(jobId);
    }

    function _asBuyer() private returns (IMarket) {
        vm.prank(buyer);
        return market;
    }

    function _asTheBuyer() private returns (ITraining) {
        vm.prank(buyer);
        return training;
    }

    /// @dev What Challenges says of a challenge that it has opened before.
    function _overturn() private {
        _asChallenges().contest(jobId);
        _asChallenges().resolve(jobId, Outcome.Overturned, stranger);
    }

    function _canary() private {
        if (training.job(jobId).state == ITraining.JobState.Rejected) return _asChallenges().spare(jobId);
        _asChallenges().contest(jobId);
        _asChallenges().resolve(jobId, Outcome.Canary, stranger);
    }

    function _asChallenges() private returns (ITraining) {
        vm.prank(address(challenges));
        return training;
    }

    function _verdictOnOrder(Verdict verdict) private {
        vm.prank(address(validators));
        orderDisputes.onVerdict("round", orderId, verdict, 0);
    }

    function _verdictOnJob(Verdict verdict) private {
        vm.prank(address(validators));
        training.onVerdict("round", jobId, verdict, 0);
    }

    function _closeAs(bool toSeller) private {
        vm.prank(address(orderDisputes));
        market.closeDispute(orderId, toSeller);
    }

    function _ruleAs(uint256 ruling) private {
        uint256 id = orderDisputes.disputeOf(orderId).juryDispute;
        vm.prank(address(disputes));
        orderDisputes.rule(id, ruling);
    }

    function _resolveRevoked() private {
        vm.prank(publisher);
        registry.revokeVersion(assetId, 1, "x");
        _resolveLate();
    }

    function _resolveRefused() private {
        vm.prank(address(orderDisputes));
        registry.refuse(assetId, 1, buyer);
        _resolveLate();
    }

    function _resolveLate() private {
        skip(VERDICT_WINDOW + 1);
        orderDisputes.resolve(orderId);
    }

    function _claimLate() private {
        skip(CONFIRM_WINDOW + 1);
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = orderId;
        market.claim(publisher, ids);
    }

    function _refundLate() private {
        skip(GRANT_WINDOW + 1);
        market.refund(orderId);
    }

    function _refundRefused() private {
        vm.prank(address(orderDisputes));
        registry.refuse(assetId, 1, buyer);
        market.refund(orderId);
    }

    /// @dev The three events are one function; which of the windows has passed tells them apart.
    function _refundJobAfter(uint32 wait, uint32 openWindow, uint32 cancelWindow) private {
        _setWindows(openWindow, cancelWindow);
        skip(wait + 1);
        training.refundJob(jobId);
    }

    function _setWindows(uint32 openWindow, uint32 cancelWindow) private {
        ITraining.Params memory p = _trainingParams();
        (p.openWindow, p.runWindow, p.cancelWindow) = (openWindow, 2 * OPEN_WINDOW, cancelWindow);
        vm.prank(owner);
        training.setParams(p);
    }

    function _read(string memory noun) private view returns (Table memory) {
        string memory json = vm.readFile("vectors/states.json");
        return Table({
            states: vm.parseJsonStringArray(json, string.concat(".", noun, ".states")),
            events: vm.parseJsonStringArray(json, string.concat(".", noun, ".events")),
            next: vm.parseJsonStringArray(json, string.concat(".", noun, ".next"))
        });
    }

    function _assertNext(Table memory table, uint256 state, uint256 event_, uint256 got) private pure {
        string memory next = table.next[state * table.events.length + event_];
        string memory wanted = _is(next, "refused") ? table.states[state] : next;
        string memory what = string.concat(table.states[state], " + ", table.events[event_], " -> ", wanted);
        assertTrue(_is(table.states[got], wanted), what);
    }

    function _is(string memory a, string memory b) private pure returns (bool) {
        return keccak256(bytes(a)) == keccak256(bytes(b));
    }
}
