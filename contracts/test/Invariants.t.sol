// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Handler} from "./Handler.sol";

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
        bytes4[45] memory all = [
            Handler.publish.selector,
            Handler.publishModel.selector,
            Handler.list.selector,
            Handler.retry.selector,
            Handler.revoke.selector,
            Handler.releaseReserve.selector,
            Handler.claim.selector,
            Handler.buy.selector,
            Handler.acceptOffer.selector,
            Handler.confirm.selector,
            Handler.dispute.selector,
            Handler.refund.selector,
            Handler.resolveDispute.selector,
            Handler.escalate.selector,
            Handler.judgeOrder.selector,
            Handler.openJob.selector,
            Handler.refundJob.selector,
            Handler.cancelJob.selector,
            Handler.finalizeJob.selector,
            Handler.challenge.selector,
            Handler.appeal.selector,
            Handler.play.selector,
            Handler.poke.selector,
            Handler.judge.selector,
            Handler.judge.selector,
            Handler.accuse.selector,
            Handler.grant.selector,
            Handler.grantEverything.selector,
            Handler.claimJob.selector,
            Handler.redraw.selector,
            Handler.submit.selector,
            Handler.concludeRound.selector,
            Handler.quarrel.selector,
            Handler.stake.selector,
            Handler.unbond.selector,
            Handler.withdraw.selector,
            Handler.wait_.selector,
            Handler.offerByTheDay.selector,
            Handler.subscribe.selector,
            Handler.renewSubscription.selector,
            Handler.cancelSubscription.selector,
            Handler.requestKey.selector,
            Handler.grantKey.selector,
            Handler.claimSubscriptions.selector,
            Handler.closePlan.selector
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
    }
}
