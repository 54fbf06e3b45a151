// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WalkBooks} from "./WalkBooks.sol";
import {WalkOut} from "./WalkOut.sol";
import {WalkTrade} from "./WalkTrade.sol";
import {WalkTrials} from "./WalkTrials.sol";
import {vm} from "./Vm.sol";

/// @dev Everything that anybody may do, with arguments that mostly fit, and the books that must add up after each step.
contract Handler is WalkTrade, WalkTrials, WalkBooks, WalkOut {
    function setUp() public override {
        super.setUp();
        _fund(stranger, 10_000e18);
        _fund(publisher, 10_000e18);
        // As many that a fresh committee can be found, with coins for the bonds of challenges and appeals.
        string[4] memory more = ["v5", "v6", "v7", "v8"];
        for (uint256 i = 0; i < more.length; ++i) {
            keepers.push(_keeper(account(more[i]), MIN_STAKE));
        }
        for (uint256 i = 0; i < keepers.length; ++i) {
            _fund(keepers[i], 1_000e18);
        }
        for (uint256 i = 0; i < trainers.length; ++i) {
            _fund(trainers[i], 1_000e18);
        }
        mine(1);
        buyers = [buyer, stranger];
        everybody = [buyer, stranger, publisher, treasury, owner];
        for (uint256 i = 0; i < keepers.length; ++i) {
            everybody.push(keepers[i]);
        }
        for (uint256 i = 0; i < trainers.length; ++i) {
            everybody.push(trainers[i]);
        }
        for (uint256 i = 0; i < jurors.length; ++i) {
            everybody.push(jurors[i]);
        }
        coin.approve(address(staking), type(uint256).max);
        staking.fundPool(100e18);
        publish(true);
        concludeRound(0, 1);
        list(0, 0, 50e18, 0);
        list(0, 1, 30e18, 700);
        offerByTheDay(0, 20e18);
        offerTrials(0, 4e18, 3);
    }

    function stake(uint256 who, uint96 amount) external {
        address account_ = everybody[who % everybody.length];
        amount = uint96(bound(amount, 1, 500e18));
        if (coin.balanceOf(address(this)) > amount) _stake(account_, amount);
    }

    function unbond(uint256 who, uint96 amount) external {
        address account_ = everybody[who % everybody.length];
        uint256 part = bound(amount, 0, staking.freeOf(account_));
        vm.prank(account_);
        staking.unbond(part);
    }

    function withdraw(uint256 who, uint8 where) external {
        vm.prank(everybody[who % everybody.length]);
        if (where % 8 == 0) market.withdraw();
        if (where % 8 == 1) training.withdraw();
        if (where % 8 == 2) validators.withdraw();
        if (where % 8 == 3) staking.withdraw();
        if (where % 8 == 4) staking.claimRewards();
        if (where % 8 == 5) orderDisputes.withdraw();
        if (where % 8 == 6) subscriptions.withdraw();
        if (where % 8 == 7) challenges.withdraw();
    }

    function donate(uint64 amount) external {
        coin.transfer(address(market), amount);
        donated += amount;
    }

    function wait_(uint8 how) external {
        uint32[9] memory waits = [
            CHALLENGE_WINDOW,
            60,
            120,
            240,
            CLAIM_WINDOW,
            GRANT_WINDOW,
            CONFIRM_WINDOW,
            ESCALATION_WINDOW,
            VERDICT_WINDOW
        ];
        skip(how > 235 ? 120 days : waits[how % 9] + 1);
        mine(how % 3);
    }
}
