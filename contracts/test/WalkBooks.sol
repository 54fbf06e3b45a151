// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMarket} from "../src/interfaces/IMarket.sol";
import {IOrderDisputes} from "../src/interfaces/IOrderDisputes.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {ITrials} from "../src/interfaces/ITrials.sol";
import {IValidators} from "../src/interfaces/IValidators.sol";
import {Walk} from "./Walk.sol";

/// @dev The books that must add up after each step.
abstract contract WalkBooks is Walk {
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
            bool run = j.state >= ITraining.JobState.Submitted;
            due += uint256(j.price) + (run ? j.workerFee : training.schedule(jobs[i]).needs.maxFee);
            if (!run) due += j.validationFee;
        }
        for (uint256 i = 0; i < everybody.length; ++i) {
            due += training.owed(everybody[i]);
        }
        assertEq(coin.balanceOf(address(training)), due, "training holds what it owes");
    }

    function checkTrials() external view {
        uint256 due = 0;
        for (uint256 i = 0; i < tried.length; ++i) {
            ITrials.Trial memory t = trials.trial(tried[i]);
            if (t.state == ITrials.State.Held) due += t.fee;
            _checkUsed(t.assetId, t.buyer);
        }
        assertTrue(!wronglyPaid, "a fee goes to one of two, once");
        assertEq(coin.balanceOf(address(trials)), due, "trials holds what it owes");
    }

    /// @dev Every trial counts but those whose fee came back for a run that told nothing.
    function _checkUsed(uint256 assetId, address who) private view {
        uint256 all = 0;
        uint256 least = 0;
        for (uint256 i = 0; i < tried.length; ++i) {
            ITrials.Trial memory t = trials.trial(tried[i]);
            if (t.assetId != assetId || t.buyer != who) continue;
            ++all;
            if (t.state != ITrials.State.Returned || training.job(tried[i]).receiptDigest != 0) ++least;
        }
        uint256 used = trials.used(assetId, who);
        assertTrue(used >= least && used <= all, "trials that were had are counted");
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
        assertTrue(!slashedUnheard, "nobody is slashed for what has not ended");
        assertEq(coin.balanceOf(address(staking)), due, "staking holds what it owes");
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
