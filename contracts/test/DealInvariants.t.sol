// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IDisputes} from "../src/interfaces/IDisputes.sol";
import {IMilestoneEscrow} from "../src/interfaces/IMilestoneEscrow.sol";
import {DealTest} from "./DealTest.sol";
import {vm} from "./Vm.sol";

/// @dev Deals with an arbiter, a jury or nobody, their parties in any order, and juries that agree, quarrel, are silent or never
/// form.
contract DealHandler is DealTest {
    uint256 private constant MOST_DEALS = 12;

    bytes32[] private deals;
    address[] private everybody;

    function setUp() public override {
        super.setUp();
        everybody = [buyer, seller, arbiter, payer, owner];
        for (uint256 i = 0; i < jurors.length; ++i) {
            everybody.push(jurors[i]);
        }
        coin.transfer(seller, 1_000e18);
        vm.prank(seller);
        coin.approve(address(escrow), type(uint256).max);
    }

    function open(uint8 who) external {
        if (deals.length == MOST_DEALS) return;
        address[3] memory arbiters = [address(disputes), arbiter, address(0)];
        deals.push(_openFor(address(coin), arbiters[who % 3], bytes32(deals.length)));
    }

    function deliver(uint256 pick, uint8 index) external {
        bytes32 id = deals[pick % deals.length];
        _deliver(id, _in(id, index, IMilestoneEscrow.MilestoneState.Waiting));
    }

    /// @dev Delivered and contested in one, as far as the jurors half the time: seldom reached step by step.
    function contest(uint256 pick, uint8 index, bool escalates) external {
        bytes32 id = deals[pick % deals.length];
        index = _in(id, index, IMilestoneEscrow.MilestoneState.Waiting);
        _deliver(id, index);
        vm.prank(buyer);
        escrow.contest(id, index);
        if (escalates && escrow.deal(id).arbiter == address(disputes)) _escalate(id, index, index % 2 == 0);
    }

    function escalate(uint256 pick, uint8 index, bool bySeller) external {
        bytes32 id = deals[pick % deals.length];
        _escalate(id, _in(id, index, IMilestoneEscrow.MilestoneState.Contested), bySeller);
    }

    function release(uint256 pick, uint8 index, uint96 amount) external {
        bytes32 id = deals[pick % deals.length];
        _release(id, index % 3, uint96(bound(amount, 0, escrow.milestone(id, index % 3).left)));
    }

    function refund(uint256 pick, uint8 index, uint96 amount) external {
        bytes32 id = deals[pick % deals.length];
        amount = uint96(bound(amount, 0, escrow.milestone(id, index % 3).left));
        vm.prank(seller);
        escrow.refund(id, index % 3, amount);
    }

    function split(uint256 pick, uint8 index, uint96 amount) external {
        bytes32 id = deals[pick % deals.length];
        index = _in(id, index, IMilestoneEscrow.MilestoneState.Contested);
        amount = uint96(bound(amount, 0, escrow.milestone(id, index).left));
        vm.prank(arbiter);
        escrow.split(id, index, amount);
    }

    function poke(uint256 pick, uint8 index) external {
        escrow.poke(deals[pick % deals.length], index % 3);
    }

    function cancel(uint256 pick, uint96 toSeller, bool agreed) external {
        bytes32 id = deals[pick % deals.length];
        toSeller = uint96(bound(toSeller, 0, escrow.deal(id).left));
        vm.prank(buyer);
        escrow.cancel(id, toSeller);
        if (!agreed) return;
        vm.prank(seller);
        escrow.cancel(id, toSeller);
    }

    function recover(uint256 pick, uint96 toSeller, uint8 dice) external {
        if (dice % 16 != 0) return;
        bytes32 id = deals[pick % deals.length];
        toSeller = uint96(bound(toSeller, 0, escrow.deal(id).left));
        vm.prank(owner);
        escrow.recover(id, toSeller);
    }

    /// @dev Each juror says 0, 1 or 2, or nothing, or does not reveal it.
    function vote(uint256 pick, uint8[12] memory words) external {
        uint256 id = 1 + pick % disputes.disputeCount();
        _drawAll(id);
        for (uint256 i = 0; i < JURORS; ++i) {
            if (_seats(id, jurors[i]) != 0 && words[i] % 8 != 0) _commit(id, jurors[i], words[i] % 3);
        }
        if (disputes.phaseOf(id) == IDisputes.Phase.Commit) skip(COMMIT + 1);
        for (uint256 i = 0; i < JURORS; ++i) {
            if (_seats(id, jurors[i]) != 0 && words[i] % 8 > 1) _reveal(id, jurors[i], words[i] % 3);
        }
    }

    function appeal(uint256 pick) external {
        _appeal(1 + pick % disputes.disputeCount());
    }

    function conclude(uint256 pick) external {
        uint256 id = 1 + pick % disputes.disputeCount();
        if (disputes.phaseOf(id) == IDisputes.Phase.Over) disputes.conclude(id);
        disputes.executeRuling(id);
    }

    function withdraw(uint256 who) external {
        address account_ = everybody[who % everybody.length];
        vm.prank(account_);
        escrow.withdraw(address(coin), account_);
        vm.prank(account_);
        disputes.withdraw();
    }

    function wait_(uint8 how) external {
        uint32[6] memory waits = [uint32(60), DRAW, COMMIT, REVEAL, APPEAL, 10 days];
        skip(waits[how % 6] + 1);
        mine(how % 3);
    }

    // What must hold

    function check() external view {
        uint256 left = 0;
        for (uint256 i = 0; i < deals.length; ++i) {
            uint256 parts = 0;
            for (uint8 n = 0; n < 3; ++n) {
                parts += escrow.milestone(deals[i], n).left;
            }
            assertEq(escrow.deal(deals[i]).left, parts, "a deal holds what its milestones hold");
            left += parts;
        }
        left += escrow.owed(address(coin), buyer) + escrow.owed(address(coin), seller);
        assertEq(escrow.liabilities(address(coin)), left, "each coin is a deal's or a party's");
        assertEq(coin.balanceOf(address(escrow)), left, "and is there");
    }

    /// @dev Called where nothing stays: after the last deadline every deal ends, whoever is silent, and every juror leaves.
    function everybodyOut() external {
        skip(200 days);
        for (uint256 id = 1; id <= disputes.disputeCount(); ++id) {
            if (disputes.phaseOf(id) == IDisputes.Phase.Over) disputes.conclude(id);
            if (!disputes.dispute(id).executed) disputes.executeRuling(id);
            _endSeats(id);
        }
        for (uint256 i = 0; i < deals.length; ++i) {
            for (uint8 n = 0; n < 3 && escrow.deal(deals[i]).left != 0; ++n) {
                if (escrow.milestone(deals[i], n).left != 0) escrow.poke(deals[i], n);
            }
        }
        _leave();
        assertEq(coin.balanceOf(address(escrow)), 0, "nothing is left in deals");
        // Fees are divided by votes: what does not divide is less than a unit for each vote.
        assertTrue(coin.balanceOf(address(disputes)) <= 31 * 5 * disputes.disputeCount(), "nor before juries");
    }

    function _endSeats(uint256 id) private {
        for (uint8 n = 0; n < disputes.dispute(id).rounds; ++n) {
            for (uint256 i = 0; i < JURORS; ++i) {
                IDisputes.Seat memory seat = disputes.seat(id, n, jurors[i]);
                if (seat.count == 0) continue;
                bool unsaid = seat.state == IDisputes.SeatState.Silent || seat.state == IDisputes.SeatState.Committed;
                if (unsaid) disputes.closeSeat(id, n, jurors[i]);
            }
        }
        _claimAll(id);
    }

    function _leave() private {
        for (uint256 i = 0; i < JURORS; ++i) {
            if (disputes.juror(jurors[i]).leftAt != 0) continue;
            vm.prank(jurors[i]);
            disputes.leaveJury();
        }
        mine(disputes.EXIT_BLOCKS() + 1);
        for (uint256 i = 0; i < everybody.length; ++i) {
            vm.startPrank(everybody[i]);
            if (disputes.juror(everybody[i]).tickets != 0) disputes.exitJury();
            disputes.withdraw();
            escrow.withdraw(address(coin), everybody[i]);
            vm.stopPrank();
            assertEq(staking.lockedOf(everybody[i]), 0, "nobody's stake is locked");
        }
    }

    function _escalate(bytes32 id, uint8 index, bool bySeller) private {
        vm.prank(bySeller ? seller : buyer);
        escrow.escalate(id, index);
    }

    /// @dev The first milestone from `index` on in a state, or the one at `index`, which will then be refused.
    function _in(bytes32 id, uint8 index, IMilestoneEscrow.MilestoneState wanted) private view returns (uint8) {
        for (uint8 n = 0; n < 3; ++n) {
            uint8 place = (index % 3 + n) % 3;
            if (escrow.milestone(id, place).state == wanted) return place;
        }
        return index % 3;
    }
}

/// @dev Random walks through deals and the juries that they go to.
contract DealInvariantsTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    bool public IS_TEST = true;
    DealHandler private handler;

    function setUp() public {
        handler = new DealHandler();
        handler.setUp();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev What goes to juries more often than the rest.
    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[18] memory all = [
            DealHandler.open.selector,
            DealHandler.open.selector,
            DealHandler.deliver.selector,
            DealHandler.contest.selector,
            DealHandler.contest.selector,
            DealHandler.escalate.selector,
            DealHandler.release.selector,
            DealHandler.refund.selector,
            DealHandler.split.selector,
            DealHandler.poke.selector,
            DealHandler.cancel.selector,
            DealHandler.recover.selector,
            DealHandler.vote.selector,
            DealHandler.vote.selector,
            DealHandler.appeal.selector,
            DealHandler.conclude.selector,
            DealHandler.withdraw.selector,
            DealHandler.wait_.selector
        ];
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(handler), new bytes4[](all.length));
        for (uint256 i = 0; i < all.length; ++i) {
            targets[0].selectors[i] = all[i];
        }
    }

    function invariant_dealsHoldWhatTheyOwe() public view {
        handler.check();
    }

    /// @dev Once for each walk, at its end.
    function afterInvariant() public {
        handler.everybodyOut();
    }
}
