// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Handler} from "./Handler.sol";
import {WalkRuns} from "./WalkRuns.sol";
import {WalkTrade} from "./WalkTrade.sol";
import {WalkTrials} from "./WalkTrials.sol";

/// @dev Random walks through everything that anybody may do. After each step every contract holds exactly what it owes,
/// every lock has its reason, and what has ended stays ended.
contract InvariantsTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    bool public IS_TEST = true;
    Handler private handler;

    function setUp() public {
        handler = new Handler();
        handler.setUp();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[54] memory all = [
            WalkTrade.publish.selector,
            WalkTrade.publishModel.selector,
            WalkTrade.list.selector,
            WalkTrade.retry.selector,
            WalkTrade.revoke.selector,
            WalkTrade.releaseReserve.selector,
            WalkTrade.claim.selector,
            WalkTrade.buy.selector,
            WalkTrade.acceptOffer.selector,
            WalkTrade.confirm.selector,
            WalkTrade.dispute.selector,
            WalkTrade.refund.selector,
            WalkTrade.resolveDispute.selector,
            WalkTrade.escalate.selector,
            WalkTrade.judgeOrder.selector,
            WalkRuns.openJob.selector,
            WalkRuns.refundJob.selector,
            WalkRuns.cancelJob.selector,
            WalkRuns.finalizeJob.selector,
            WalkRuns.challenge.selector,
            WalkRuns.appeal.selector,
            WalkRuns.play.selector,
            WalkRuns.poke.selector,
            WalkRuns.judge.selector,
            WalkRuns.judge.selector,
            WalkRuns.accuse.selector,
            WalkTrade.grant.selector,
            WalkTrade.grantEverything.selector,
            WalkRuns.claimJob.selector,
            WalkRuns.redraw.selector,
            WalkRuns.heartbeat.selector,
            WalkRuns.takeOver.selector,
            WalkRuns.changeOffer.selector,
            WalkRuns.submit.selector,
            WalkRuns.concludeRound.selector,
            WalkRuns.quarrel.selector,
            Handler.stake.selector,
            Handler.unbond.selector,
            Handler.withdraw.selector,
            Handler.wait_.selector,
            WalkTrade.offerByTheDay.selector,
            WalkTrade.subscribe.selector,
            WalkTrade.renewSubscription.selector,
            WalkTrade.cancelSubscription.selector,
            WalkTrade.requestKey.selector,
            WalkTrade.grantKey.selector,
            WalkTrade.claimSubscriptions.selector,
            WalkTrade.closePlan.selector,
            WalkTrials.offerTrials.selector,
            WalkTrials.openTrial.selector,
            WalkTrials.finishTrial.selector,
            WalkTrials.finishTrial.selector,
            WalkTrials.countTrial.selector,
            WalkTrials.settleTrial.selector
        ];
        targets = new FuzzSelector[](2);
        targets[0] = FuzzSelector(address(handler), new bytes4[](all.length));
        for (uint256 i = 0; i < all.length; ++i) {
            targets[0].selectors[i] = all[i];
        }
        targets[1] = FuzzSelector(address(handler), new bytes4[](1));
        targets[1].selectors[0] = Handler.donate.selector;
    }

    function invariant_everyContractHoldsWhatItOwes() public view {
        handler.checkMarket();
        handler.checkOrderDisputes();
        handler.checkSubscriptions();
        handler.checkTraining();
        handler.checkValidators();
        handler.checkRegistry();
        handler.checkStaking();
        handler.checkChallenges();
        handler.checkTrials();
    }

    /// @dev Once for each walk, at its end.
    function afterInvariant() public {
        handler.everybodyOut();
    }
}
