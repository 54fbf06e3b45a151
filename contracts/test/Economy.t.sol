// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {LiquidityMining} from "../src/LiquidityMining.sol";
import {MilestoneEscrow} from "../src/MilestoneEscrow.sol";
import {IDisputes} from "../src/interfaces/IDisputes.sol";
import {IMilestoneEscrow} from "../src/interfaces/IMilestoneEscrow.sol";
import {Permit} from "../src/interfaces/Types.sol";
import {HostileToken} from "./HostileTokens.sol";
import {JuryTest} from "./JuryTest.sol";
import {vm} from "./Vm.sol";

/// @dev Random steps through deals, juries and liquidity pools; what a call refuses is passed over.
contract EconomyHandler is JuryTest {
    MilestoneEscrow private escrow;
    LiquidityMining private mining;
    HostileToken private lp;
    bytes32[] private deals;
    address[3] private people;
    uint256 private budget;

    function setUp() public override {
        super.setUp();
        escrow = new MilestoneEscrow(disputes, IERC20(address(coin)), owner);
        mining = new LiquidityMining(IERC20(address(coin)), owner);
        lp = new HostileToken();
        people = [account("p"), account("q"), account("r")];
        coin.approve(address(mining), type(uint256).max);
        for (uint256 i = 0; i < 3; ++i) {
            coin.transfer(people[i], 100_000e18);
            lp.mint(people[i], 1_000e18);
            vm.startPrank(people[i]);
            coin.approve(address(escrow), type(uint256).max);
            coin.approve(address(disputes), type(uint256).max);
            lp.approve(address(mining), type(uint256).max);
            vm.stopPrank();
        }
        fund(0);
    }

    function open(uint8 who, uint96 amount, bytes32 salt) external {
        IMilestoneEscrow.DealInput memory input;
        (input.seller, input.token, input.salt) = (people[(who + 1) % 3], address(coin), salt);
        input.arbiter = who % 2 == 0 ? address(disputes) : people[(who + 2) % 3];
        (input.reviewWindow, input.arbitrationWindow) = (2 days, 2 days);
        (input.amounts, input.deadlines) = (new uint96[](2), new uint40[](2));
        for (uint256 i = 0; i < 2; ++i) {
            (input.amounts[i], input.deadlines[i]) = (amount % 100e18 + 1, uint40(block.timestamp + 3 days));
        }
        vm.prank(people[who % 3]);
        try escrow.open(input, Permit(0, 0, 0, 0, 0)) returns (bytes32 id) {
            deals.push(id);
        } catch {}
    }

    function work(uint256 which, uint8 who, uint8 what, uint96 amount) external {
        if (deals.length == 0) return;
        (bytes32 id, uint8 index) = (deals[which % deals.length], who % 2);
        amount = amount % 50e18;
        vm.startPrank(people[which % 3]);
        if (what % 9 == 0) try escrow.deliver(id, index, "x") {} catch {}
        if (what % 9 == 1) try escrow.release(id, index, amount) {} catch {}
        if (what % 9 == 2) try escrow.refund(id, index, amount) {} catch {}
        if (what % 9 == 3) try escrow.contest(id, index) {} catch {}
        if (what % 9 == 4) try escrow.split(id, index, amount) {} catch {}
        if (what % 9 == 5) try escrow.escalate(id, index) {} catch {}
        if (what % 9 == 6) try escrow.poke(id, index) {} catch {}
        if (what % 9 == 7) try escrow.cancel(id, uint96(amount % 2)) {} catch {}
        if (what % 9 == 8) try escrow.withdraw(address(coin), people[which % 3]) {} catch {}
        vm.stopPrank();
    }

    function judge(uint256 id, uint8 who, uint8 what, uint8 ruling) external {
        if (disputes.disputeCount() == 0 || what % 9 == 8) return _ask(people[who % 3]);
        id = id % disputes.disputeCount() + 1;
        address juror = jurors[who % JURORS];
        uint8 number = _number(id);
        mine(1);
        if (what % 9 == 0) try disputes.draw(id) {} catch {}
        if (what % 9 == 1) _voteAll(id, ruling % 3);
        if (what % 9 == 2) try disputes.closeSeat(id, number, juror) {} catch {}
        if (what % 9 == 3) try disputes.conclude(id) {} catch {}
        if (what % 9 == 4) try disputes.executeRuling(id) {} catch {}
        if (what % 9 == 5) try disputes.claimFee(id, number, juror) {} catch {}
        vm.startPrank(what % 9 == 7 ? owner : people[who % 3]);
        if (what % 9 == 6) try disputes.appeal(id, "") {} catch {}
        if (what % 9 == 7) try disputes.ruleByGovernance(id, ruling % 3) {} catch {}
        vm.stopPrank();
        vm.prank(juror);
        disputes.withdraw();
    }

    function fund(uint96 amount) public {
        uint256 part = amount % 1_000e18 + 1;
        budget += part;
        mining.fund(part);
        vm.startPrank(owner);
        mining.schedule(address(lp), mining.reserve(), 10 days);
        vm.stopPrank();
    }

    function farm(uint8 who, uint8 what, uint96 amount) external {
        vm.startPrank(people[who % 3]);
        if (what % 4 == 0) try mining.stake(address(lp), amount % 10e18) {} catch {}
        if (what % 4 == 1) try mining.unstake(address(lp), amount % 10e18) {} catch {}
        if (what % 4 == 2) mining.claim(address(lp));
        if (what % 4 == 3) try mining.emergencyExit(address(lp)) {} catch {}
        vm.stopPrank();
    }

    function wait_(uint32 seconds_) external {
        skip(seconds_ % 3 days);
        mine(1);
    }

    function check() external view {
        assertEq(coin.balanceOf(address(escrow)), escrow.liabilities(address(coin)), "deals and credits");
        uint256 due = 0;
        for (uint256 i = 0; i < deals.length; ++i) {
            IMilestoneEscrow.Deal memory deal = escrow.deal(deals[i]);
            uint256 parts = escrow.milestone(deals[i], 0).left + escrow.milestone(deals[i], 1).left;
            assertEq(deal.left, parts, "a deal is its milestones");
            due += deal.left;
        }
        for (uint256 i = 0; i < 3; ++i) {
            due += escrow.owed(address(coin), people[i]);
        }
        assertEq(escrow.liabilities(address(coin)), due, "each coin is somebody's");
        _checkDisputes();
        _checkMining();
    }

    function _ask(address who) private {
        if (disputes.disputeCount() == 12) return;
        vm.prank(who);
        try disputes.createDispute(2, "") {} catch {}
    }

    function _checkDisputes() private view {
        uint256 due = 0;
        for (uint256 id = 1; id <= disputes.disputeCount(); ++id) {
            IDisputes.DisputeInfo memory info = disputes.dispute(id);
            for (uint8 n = 0; n < info.rounds; ++n) {
                IDisputes.RoundInfo memory round = disputes.round(id, n);
                if (!info.ended) due += uint256(round.fee) + round.bond;
                uint8 earned = disputes.votesFor(id, n, info.ruling);
                if (info.ended && earned != 0) due += uint256(round.fee) / earned * _unpaid(id, n, info.ruling);
            }
        }
        for (uint256 i = 0; i < JURORS; ++i) {
            due += disputes.owed(jurors[i]);
            assertEq(disputes.juror(jurors[i]).bond, staking.lockedOf(jurors[i]), "locked for the jury");
        }
        for (uint256 i = 0; i < 3; ++i) {
            due += disputes.owed(people[i]);
        }
        assertEq(coin.balanceOf(address(disputes)), due, "fees, bonds and credits");
    }

    function _checkMining() private view {
        assertEq(coin.balanceOf(address(mining)), mining.liabilities(), "what was not paid is here");
        uint256 due = mining.reserve();
        for (uint256 i = 0; i < 3; ++i) {
            due += mining.pendingOf(address(lp), people[i]);
        }
        assertTrue(due <= mining.liabilities(), "never promises more than it holds");
        assertTrue(budget >= mining.liabilities(), "never more than was paid in");
        assertEq(lp.balanceOf(address(mining)), mining.pool(address(lp)).staked, "liquidity");
    }

    function _unpaid(uint256 id, uint8 n, uint8 ruling) private view returns (uint256 seats) {
        for (uint256 i = 0; i < JURORS; ++i) {
            IDisputes.Seat memory seat = disputes.seat(id, n, jurors[i]);
            bool earned = seat.state == IDisputes.SeatState.Revealed && seat.vote == ruling;
            if (earned && !seat.paid) seats += seat.count;
        }
    }

    function _voteAll(uint256 id, uint8 ruling) private {
        uint8 number = _number(id);
        for (uint256 i = 0; i < JURORS; ++i) {
            bytes32 commitment = keccak256(abi.encode(id, number, jurors[i], (ruling + i) % 3, SALT));
            vm.prank(jurors[i]);
            try disputes.commit(id, commitment) {} catch {}
        }
        for (uint256 i = 0; i < JURORS; ++i) {
            vm.prank(jurors[i]);
            try disputes.reveal(id, uint8((ruling + i) % 3), SALT) {} catch {}
        }
    }
}

contract EconomyTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    bool public IS_TEST = true;
    EconomyHandler private handler;

    function setUp() public {
        handler = new EconomyHandler();
        handler.setUp();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(handler), new bytes4[](6));
        targets[0].selectors[0] = EconomyHandler.open.selector;
        targets[0].selectors[1] = EconomyHandler.work.selector;
        targets[0].selectors[2] = EconomyHandler.judge.selector;
        targets[0].selectors[3] = EconomyHandler.fund.selector;
        targets[0].selectors[4] = EconomyHandler.farm.selector;
        targets[0].selectors[5] = EconomyHandler.wait_.selector;
    }

    function invariant_everyContractHoldsWhatItOwes() public view {
        handler.check();
    }
}
