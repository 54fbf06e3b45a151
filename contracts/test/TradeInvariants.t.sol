// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TradeHandler} from "./TradeHandler.sol";

/// @dev Random walks through trade. After each step each coin is somebody's, and in the end everybody gets out.
contract TradeInvariantsTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    bool public IS_TEST = true;
    TradeHandler private handler;

    function setUp() public {
        handler = new TradeHandler();
        handler.setUp();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev Buying and granting more often than the rest, so that there is something to end.
    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[26] memory all = [
            TradeHandler.buy.selector,
            TradeHandler.batch.selector,
            TradeHandler.gift.selector,
            TradeHandler.grant.selector,
            TradeHandler.confirm.selector,
            TradeHandler.dispute.selector,
            TradeHandler.judge.selector,
            TradeHandler.resolve.selector,
            TradeHandler.refund.selector,
            TradeHandler.claim.selector,
            TradeHandler.review.selector,
            TradeHandler.withdraw.selector,
            TradeHandler.wait_.selector,
            TradeHandler.list.selector,
            TradeHandler.retire.selector,
            TradeHandler.revoke.selector,
            TradeHandler.setFee.selector,
            TradeHandler.allow.selector,
            TradeHandler.pause.selector,
            TradeHandler.misbehave.selector,
            TradeHandler.donate.selector,
            TradeHandler.delegate.selector,
            TradeHandler.note.selector,
            TradeHandler.grant.selector,
            TradeHandler.grant.selector,
            TradeHandler.resolve.selector
        ];
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(handler), new bytes4[](all.length));
        for (uint256 i = 0; i < all.length; ++i) {
            targets[0].selectors[i] = all[i];
        }
    }

    function invariant_eachCoinIsSomebodys() public {
        handler.check();
    }

    /// @dev Once for each walk, at its end.
    function afterInvariant() public {
        handler.everybodyOut();
    }
}
