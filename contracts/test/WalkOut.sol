// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAssetRegistry} from "../src/interfaces/IAssetRegistry.sol";
import {IChallenges} from "../src/interfaces/IChallenges.sol";
import {ICuration} from "../src/interfaces/ICuration.sol";
import {IDisputes} from "../src/interfaces/IDisputes.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {ITrials} from "../src/interfaces/ITrials.sol";
import {IValidators} from "../src/interfaces/IValidators.sol";
import {Walk} from "./Walk.sol";
import {vm} from "./Vm.sol";

/// @dev The end of a walk: after the last deadline nothing is locked, and everybody takes what is theirs. No step here may
/// be refused, and each is one that anybody may do, or the party itself.
abstract contract WalkOut is Walk {
    /// @dev Called where nothing stays.
    function everybodyOut() external {
        skip(200 days);
        mine(300);
        _endRounds();
        _endChallenges();
        skip(CHALLENGE_WINDOW + 1);
        _endJobs();
        _endJuries();
        skip(200 days);
        _endOrders();
        _endTrials();
        subscriptions.claim(subscribed);
        _endAssets();
        _leave();
        _takeAll();
        _assertEmpty();
    }

    /// @dev Nobody says a word any more.
    function _endRounds() private {
        for (uint256 i = 0; i < rounds.length; ++i) {
            if (validators.round(rounds[i]).settled) continue;
            // The first call may only find that the hash is out of reach, and anchor the draw again.
            for (uint256 n = 0; n < 2 && validators.phaseOf(rounds[i]) == IValidators.Phase.Drawing; ++n) {
                _draw(rounds[i]);
            }
            skip(COMMIT_WINDOW + REVEAL_WINDOW + 1);
            validators.settle(rounds[i]);
        }
    }

    /// @dev Of a job one challenge is before its referees at a time, so the next may have to wait for a round.
    function _endChallenges() private {
        for (uint256 id = 1; id <= challenges.challengeCount(); ++id) {
            IChallenges.Stage stage = challenges.challengeOf(id).stage;
            if (stage == IChallenges.Stage.Playing || stage == IChallenges.Stage.Ready) challenges.poke(id);
            _noteReferees(id);
            _endRounds();
            assertTrue(challenges.challengeOf(id).stage == IChallenges.Stage.Over, "every challenge ends");
        }
    }

    function _endJobs() private {
        for (uint256 i = 0; i < jobs.length; ++i) {
            ITraining.JobState state = training.job(jobs[i]).state;
            if (state >= ITraining.JobState.Settled) continue;
            bool judged = state == ITraining.JobState.Accepted || state == ITraining.JobState.Rejected;
            if (judged) training.finalize(jobs[i]);
            else training.refundJob(jobs[i]);
        }
    }

    function _endJuries() private {
        for (uint256 id = 1; id <= disputes.disputeCount(); ++id) {
            if (disputes.phaseOf(id) == IDisputes.Phase.Over) disputes.conclude(id);
            if (!disputes.dispute(id).executed) disputes.executeRuling(id);
            for (uint8 n = 0; n < disputes.dispute(id).rounds; ++n) {
                for (uint256 i = 0; i < jurors.length; ++i) {
                    _endSeat(id, n, jurors[i]);
                }
            }
        }
    }

    function _endSeat(uint256 id, uint8 n, address juror) private {
        IDisputes.Seat memory seat = disputes.seat(id, n, juror);
        bool open = seat.state == IDisputes.SeatState.Silent || seat.state == IDisputes.SeatState.Committed;
        if (seat.count != 0 && open) disputes.closeSeat(id, n, juror);
        bool won = seat.state == IDisputes.SeatState.Revealed && seat.vote == disputes.dispute(id).ruling;
        if (won && !seat.paid) disputes.claimFee(id, n, juror);
    }

    function _endOrders() private {
        for (uint256 i = 0; i < orders.length; ++i) {
            IMarket.Order memory o = market.order(orders[i]);
            if (o.state == IMarket.OrderState.Disputed) orderDisputes.resolve(orders[i]);
            o = market.order(orders[i]);
            if (o.state == IMarket.OrderState.Claimed || o.state == IMarket.OrderState.Refunded) continue;
            uint256 assetId = market.listing(o.listingId).assetId;
            bool refused = registry.statusOf(assetId, o.version) == IAssetRegistry.VersionStatus.Refused;
            bool back = o.state == IMarket.OrderState.Open || (refused && o.state == IMarket.OrderState.Granted);
            if (back) market.refund(orders[i]);
            else _claimOne(orders[i]);
        }
    }

    function _endTrials() private {
        for (uint256 i = 0; i < tried.length; ++i) {
            if (trials.trial(tried[i]).state == ITrials.State.Held) trials.settle(tried[i]);
        }
    }

    function _endAssets() private {
        for (uint256 i = 0; i < assets.length; ++i) {
            if (curation.record(assets[i]).status == ICuration.Status.Pending) curation.release(assets[i]);
            IAssetRegistry.VersionStatus status = registry.statusOf(assets[i], 1);
            if (status > IAssetRegistry.VersionStatus.Live) continue;
            address owner_ = registry.ownerOf(assets[i]);
            vm.prank(owner_);
            registry.revokeVersion(assets[i], 1, "the end");
        }
        skip(registry.RESERVE_HOLD());
        for (uint256 i = 0; i < assets.length; ++i) {
            if (registry.reserveOf(assets[i], 1) != 0) registry.releaseReserve(assets[i], 1);
        }
    }

    /// @dev Whoever holds a place gives it up, and everybody unbonds.
    function _leave() private {
        for (uint256 i = 0; i < everybody.length; ++i) {
            address who = everybody[i];
            IDisputes.Juror memory juror = disputes.juror(who);
            vm.startPrank(who);
            if (juror.tickets != 0 && juror.leftAt == 0) disputes.leaveJury();
            if (validators.validator(validators.validatorIdOf(who)).locked != 0) validators.deregister();
            if (workers.worker(who).active) workers.deregister();
            vm.stopPrank();
        }
        mine(disputes.EXIT_BLOCKS() + 1);
        for (uint256 i = 0; i < everybody.length; ++i) {
            vm.startPrank(everybody[i]);
            if (disputes.juror(everybody[i]).tickets != 0) disputes.exitJury();
            assertEq(staking.lockedOf(everybody[i]), 0, "nobody's stake is locked");
            staking.claimRewards();
            if (staking.freeOf(everybody[i]) != 0) staking.unbond(staking.freeOf(everybody[i]));
            vm.stopPrank();
        }
        skip(staking.unbondDelay() + 1);
    }

    function _takeAll() private {
        for (uint256 i = 0; i < everybody.length; ++i) {
            (uint256 unbonding,) = staking.unbondingOf(everybody[i]);
            vm.startPrank(everybody[i]);
            if (unbonding != 0) staking.withdraw();
            market.withdraw();
            training.withdraw();
            validators.withdraw();
            orderDisputes.withdraw();
            subscriptions.withdraw();
            challenges.withdraw();
            curation.withdraw();
            disputes.withdraw();
            vm.stopPrank();
        }
    }

    function _assertEmpty() private view {
        assertEq(coin.balanceOf(address(market)), donated, "nothing but gifts is left in the market");
        assertEq(coin.balanceOf(address(orderDisputes)), 0, "nor in disputes of orders");
        assertEq(coin.balanceOf(address(subscriptions)), 0, "nor in subscriptions");
        assertEq(coin.balanceOf(address(training)), 0, "nor in runs");
        assertEq(coin.balanceOf(address(trials)), 0, "nor in trials");
        assertEq(coin.balanceOf(address(validators)), 0, "nor in rounds");
        assertEq(coin.balanceOf(address(challenges)), 0, "nor in challenges");
        assertEq(coin.balanceOf(address(registry)), 0, "nor in reserves");
        assertEq(coin.balanceOf(address(curation)), 0, "nor in listing bonds");
        assertEq(coin.balanceOf(address(disputes)), 0, "nor before juries");
        assertEq(coin.balanceOf(address(staking)), staking.pool(), "of stake only the rewards of others to come");
    }
}
