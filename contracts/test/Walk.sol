// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAssetRegistry} from "../src/interfaces/IAssetRegistry.sol";
import {IChallenges} from "../src/interfaces/IChallenges.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {IOrderDisputes} from "../src/interfaces/IOrderDisputes.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {IValidators} from "../src/interfaces/IValidators.sol";
import {CourtTest} from "./CourtTest.sol";

/// @dev What a random walk remembers, and how it picks what fits.
abstract contract Walk is CourtTest {
    address[] internal buyers;
    address[] internal everybody;
    uint256[] internal assets;
    uint32[] internal listings;
    bytes32[] internal orders;
    bytes32[] internal jobs;
    bytes32[] internal rounds;
    bytes32[] internal subscribed;
    bytes32[] internal tried;
    mapping(bytes32 orderId => IMarket.OrderState) internal ended;
    mapping(bytes32 roundId => bool) internal known;
    /// @dev Validators have confirmed the dispute in time.
    mapping(bytes32 orderId => bool) internal confirmed;
    uint256 internal donated;
    uint256 internal keyCount;
    /// @dev Somebody lost stake in a step that ended nothing of theirs. A flag, as what a step asserts is lost with the step.
    bool internal slashedUnheard;
    /// @dev A trial's fee went elsewhere, twice, or in part, or an account had more trials than allowed.
    bool internal wronglyPaid;
    /// @dev The worker whose claim this step has ended.
    address internal lostNow;
    mapping(bytes32 roundOrJobId => bool) private overBefore;

    /// @dev Invariant calls leave no trace, so endings and losses are written down by the steps that cause them.
    modifier noted() {
        uint256[] memory stakes = _stakes();
        lostNow = address(0);
        _;
        _noteOrders();
        _noteLosses(stakes);
    }

    /// @dev The first from `pick` on that is in one of two states, or the one at `pick`, which will then be refused.
    function _anOrder(uint256 pick, IMarket.OrderState one, IMarket.OrderState other) internal view returns (bytes32) {
        for (uint256 i = 0; i < orders.length; ++i) {
            bytes32 id = orders[(pick % orders.length + i) % orders.length];
            IMarket.OrderState state = market.order(id).state;
            if (state == one || state == other) return id;
        }
        return orders[pick % orders.length];
    }

    function _aDispute(uint256 pick, IOrderDisputes.DisputeState one, IOrderDisputes.DisputeState other)
        internal
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

    function _aJob(uint256 pick, ITraining.JobState wanted) internal view returns (bytes32) {
        for (uint256 i = 0; i < jobs.length; ++i) {
            bytes32 id = jobs[(pick % jobs.length + i) % jobs.length];
            if (training.job(id).state == wanted) return id;
        }
        return jobs[pick % jobs.length];
    }

    function _aChallenge(uint256 pick) internal view returns (uint256) {
        uint256 count = challenges.challengeCount();
        for (uint256 i = 0; i < count; ++i) {
            uint256 id = 1 + (pick % count + i) % count;
            if (challenges.challengeOf(id).stage < IChallenges.Stage.Refereed) return id;
        }
        return 1;
    }

    function _aRound(uint256 pick) internal view returns (bytes32) {
        for (uint256 i = 0; i < rounds.length; ++i) {
            bytes32 id = rounds[(pick % rounds.length + i) % rounds.length];
            if (!validators.round(id).settled) return id;
        }
        return rounds[pick % rounds.length];
    }

    function _aListing(uint256 pick, IMarket.LicenseKind wanted) internal view returns (uint32) {
        for (uint256 i = 0; i < listings.length; ++i) {
            uint32 id = listings[(pick % listings.length + i) % listings.length];
            IMarket.Listing memory terms = market.listing(id);
            bool live = registry.statusOf(terms.assetId, 1) == IAssetRegistry.VersionStatus.Live;
            if (terms.kind == wanted && live) return id;
        }
        return listings[pick % listings.length];
    }

    function _noteReferees(uint256 id) internal {
        bytes32 roundId = challenges.challengeOf(id).roundId;
        if (roundId != 0 && !known[roundId]) rounds.push(roundId);
        known[roundId] = true;
    }

    function _noteOrders() private {
        for (uint256 i = 0; i < orders.length; ++i) {
            IMarket.OrderState state = market.order(orders[i]).state;
            bool over = state == IMarket.OrderState.Claimed || state == IMarket.OrderState.Refunded;
            if (over && ended[orders[i]] == IMarket.OrderState.None) ended[orders[i]] = state;
        }
    }

    /// @dev A run's round ends after its last challenge, so who loses stake in a step without such an end could still be cleared.
    function _noteLosses(uint256[] memory before) private {
        for (uint256 i = 0; i < everybody.length; ++i) {
            bool lost = staking.stakeOf(everybody[i]) < before[i];
            if (lost && !_isOverFor(everybody[i])) slashedUnheard = true;
        }
        for (uint256 i = 0; i < rounds.length; ++i) {
            overBefore[rounds[i]] = overBefore[rounds[i]] || validators.round(rounds[i]).ended;
        }
        for (uint256 i = 0; i < jobs.length; ++i) {
            overBefore[jobs[i]] = overBefore[jobs[i]] || training.job(jobs[i]).state >= ITraining.JobState.Settled;
        }
    }

    /// @dev Whether a round with this member, or a job of this worker, has ended in this step.
    function _isOverFor(address who) private view returns (bool) {
        if (who == lostNow) return true;
        uint16 validatorId = validators.validatorIdOf(who);
        for (uint256 i = 0; i < rounds.length && validatorId != 0; ++i) {
            if (overBefore[rounds[i]]) continue;
            IValidators.Round memory r = validators.round(rounds[i]);
            for (uint256 k = 0; r.ended && k < r.committee.length; ++k) {
                if (r.committee[k] == validatorId) return true;
            }
        }
        for (uint256 i = 0; i < jobs.length; ++i) {
            if (overBefore[jobs[i]]) continue;
            ITraining.Job memory j = training.job(jobs[i]);
            if (j.worker == who && j.state >= ITraining.JobState.Settled) return true;
        }
        return false;
    }

    function _stakes() private view returns (uint256[] memory stakes) {
        stakes = new uint256[](everybody.length);
        for (uint256 i = 0; i < stakes.length; ++i) {
            stakes[i] = staking.stakeOf(everybody[i]);
        }
    }
}
