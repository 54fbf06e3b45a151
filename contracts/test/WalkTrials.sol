// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMarket} from "../src/interfaces/IMarket.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {ITrials} from "../src/interfaces/ITrials.sol";
import {Verdict} from "../src/interfaces/Types.sol";
import {WalkRuns} from "./WalkRuns.sol";
import {vm} from "./Vm.sol";

/// @dev Trial runs: their jobs are among all others, so that every step of a run happens to them too.
abstract contract WalkTrials is WalkRuns {
    function offerTrials(uint256 pick, uint96 fee, uint8 cap) public {
        uint32 listingId = _aListing(pick, IMarket.LicenseKind.Compute);
        address seller = market.listing(listingId).seller;
        vm.prank(seller);
        trials.offer(listingId, uint96(bound(fee, 0, 20e18)), cap % 4);
    }

    function openTrial(uint256 pick, uint256 who) public returns (bytes32 jobId) {
        uint32 listingId = _aListing(pick, IMarket.LicenseKind.Compute);
        address account_ = buyers[who % 2];
        uint256 before = coin.balanceOf(account_);
        needs.maxFee = uint96(bound(pick, WORKER_FEE, 2 * WORKER_FEE));
        vm.prank(account_);
        jobId = trials.open(_asked(listingId, 1, "spec", KEY, type(uint256).max), _noPermit());
        jobs.push(jobId);
        tried.push(jobId);
        uint256 run = uint256(needs.maxFee) + training.job(jobId).validationFee;
        if (before - coin.balanceOf(account_) != run + trials.trial(jobId).fee) wronglyPaid = true;
        if (trials.used(training.job(jobId).assetId, account_) > trials.offerOf(listingId).cap) wronglyPaid = true;
    }

    /// @dev A whole one, as its steps seldom follow each other by chance.
    function finishTrial(uint256 pick, uint256 who, bool right) external noted {
        bytes32 jobId = openTrial(pick, who);
        _claimJob(jobId);
        bytes32 roundId = _submit(jobId);
        rounds.push(roundId);
        _conclude(roundId, right ? Verdict.Accept : Verdict.Reject);
        _finalize(jobId);
    }

    /// @dev Any order, of any buyer and asset; mostly one of those that may fit.
    function countTrial(uint256 pick, uint256 other, bool any) external {
        bytes32 jobId = _aTrial(pick);
        bytes32 orderId = orders[other % orders.length];
        address buyer_ = trials.trial(jobId).buyer;
        for (uint256 i = 0; i < orders.length && !any; ++i) {
            bytes32 id = orders[(other % orders.length + i) % orders.length];
            if (market.order(id).buyer == buyer_) orderId = id;
        }
        _movesOne(jobId, abi.encodeCall(trials.count, (jobId, orderId)));
    }

    function settleTrial(uint256 pick, bool late) external {
        bytes32 jobId = _aTrial(pick);
        if (late) skip(HOLD_PERIOD + 1);
        _movesOne(jobId, abi.encodeCall(trials.settle, (jobId)));
    }

    /// @dev The whole fee goes to one of two, once, when its state says so. Flags, as what a step asserts is lost with the step.
    function _movesOne(bytes32 jobId, bytes memory call) private {
        ITrials.Trial memory before = trials.trial(jobId);
        address seller = market.listing(training.job(jobId).listingId).seller;
        bool same = seller == before.buyer;
        (uint256 buyers_, uint256 sellers_) = (coin.balanceOf(before.buyer), coin.balanceOf(seller));
        (bool done,) = address(trials).call(call);
        require(done, "refused");
        ITrials.State state = trials.trial(jobId).state;
        uint256 toBuyer = state == ITrials.State.Returned ? before.fee : 0;
        uint256 toSeller = state == ITrials.State.Paid ? before.fee : 0;
        if (same) (toBuyer, toSeller) = (toBuyer + toSeller, toBuyer + toSeller);
        bool right = coin.balanceOf(before.buyer) == buyers_ + toBuyer && coin.balanceOf(seller) == sellers_ + toSeller;
        if (!right || before.state != ITrials.State.Held) wronglyPaid = true;
    }

    /// @dev The first from `pick` on whose fee is held, or the one at `pick`, which will then be refused.
    function _aTrial(uint256 pick) private view returns (bytes32) {
        for (uint256 i = 0; i < tried.length; ++i) {
            bytes32 id = tried[(pick % tried.length + i) % tried.length];
            if (trials.trial(id).state == ITrials.State.Held) return id;
        }
        return tried[pick % tried.length];
    }
}
