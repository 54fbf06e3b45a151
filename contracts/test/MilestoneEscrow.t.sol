// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {MilestoneEscrow} from "../src/MilestoneEscrow.sol";
import {IMilestoneEscrow} from "../src/interfaces/IMilestoneEscrow.sol";
import {DealTest, Wallet1271} from "./DealTest.sol";
import {vm} from "./Vm.sol";

/// @dev The branches of Deal.tree.
contract MilestoneEscrowTest is DealTest {
    function test_releasedOneByOne() public {
        bytes32 id = _open(address(coin));
        assertEq(coin.balanceOf(address(escrow)), 60e18, "held");
        _release(id, 0, 10e18);
        _release(id, 1, 5e18);
        assertEq(escrow.owed(address(coin), seller), 15e18, "credited");
        assertEq(escrow.milestone(id, 1).left, 15e18, "the rest of the second");
        _assertState(id, 0, IMilestoneEscrow.MilestoneState.Closed);
        vm.prank(seller);
        assertEq(escrow.withdraw(address(coin), seller), 15e18, "paid");
        vm.prank(seller);
        assertEq(escrow.withdraw(address(coin), seller), 0, "once");
        _release(id, 1, 15e18);
        _release(id, 2, 30e18);
        assertEq(escrow.deal(id).left, 0, "ended");
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.DealEnded.selector, id));
        escrow.poke(id, 0);
        _assertSolvent(address(coin));
    }

    function test_refusalsOfAnOpening() public {
        IMilestoneEscrow.DealInput memory input = _input(address(coin));
        input.token = address(this);
        _refused(input, abi.encodeWithSelector(IMilestoneEscrow.TokenNotAllowed.selector, address(this)));
        bytes memory parties = abi.encodeWithSelector(IMilestoneEscrow.BadParties.selector);
        address[4] memory sellers = [address(0), buyer, seller, seller];
        address[4] memory arbiters = [arbiter, arbiter, buyer, seller];
        for (uint256 i = 0; i < 4; ++i) {
            input = _input(address(coin));
            (input.seller, input.arbiter) = (sellers[i], arbiters[i]);
            _refused(input, parties);
        }
        uint32[4] memory reviews = [uint32(59), 90 days + 1, REVIEW, REVIEW];
        uint32[4] memory arbitrations = [ARBITRATION, ARBITRATION, uint32(59), 90 days + 1];
        for (uint256 i = 0; i < 4; ++i) {
            input = _input(address(coin));
            (input.reviewWindow, input.arbitrationWindow) = (reviews[i], arbitrations[i]);
            _refused(input, abi.encodeWithSelector(IMilestoneEscrow.WindowOutOfRange.selector));
        }
        input = _input(address(coin));
        input.amounts[1] = 0;
        _refused(input, abi.encodeWithSelector(IMilestoneEscrow.BadMilestones.selector));
        input = _input(address(coin));
        input.deadlines[0] = uint40(block.timestamp);
        _refused(input, abi.encodeWithSelector(IMilestoneEscrow.BadMilestones.selector));
        input.deadlines[0] = uint40(block.timestamp + 730 days + 1);
        _refused(input, abi.encodeWithSelector(IMilestoneEscrow.BadMilestones.selector));
        input.deadlines = new uint40[](2);
        _refused(input, abi.encodeWithSelector(IMilestoneEscrow.BadMilestones.selector));
        (input.amounts, input.deadlines) = (new uint96[](0), new uint40[](0));
        _refused(input, abi.encodeWithSelector(IMilestoneEscrow.BadMilestones.selector));
        (input.amounts, input.deadlines) = (new uint96[](17), new uint40[](17));
        _refused(input, abi.encodeWithSelector(IMilestoneEscrow.BadMilestones.selector));
        input = _input(address(coin));
        (input.amounts[0], input.amounts[1]) = (type(uint96).max, 1);
        uint256 total = uint256(type(uint96).max) + 1 + 30e18;
        _refused(input, abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintDowncast.selector, 96, total));
        bytes32 id = _open(address(coin));
        _refused(_input(address(coin)), abi.encodeWithSelector(IMilestoneEscrow.DealExists.selector, id));
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.UnknownDeal.selector, bytes32("x")));
        escrow.deal("x");
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.UnknownDeal.selector, bytes32("x")));
        escrow.poke("x", 0);
    }

    function test_sixteenMilestonesAtTheEdges() public {
        IMilestoneEscrow.DealInput memory input = _input(address(coin));
        (input.amounts, input.deadlines) = (new uint96[](16), new uint40[](16));
        for (uint256 i = 0; i < 16; ++i) {
            (input.amounts[i], input.deadlines[i]) = (1, uint40(block.timestamp + 730 days));
        }
        (input.reviewWindow, input.arbitrationWindow) = (1 minutes, 90 days);
        vm.prank(buyer);
        bytes32 id = escrow.open(input, _noPermit());
        _release(id, 15, 1);
        _assertState(id, 16, IMilestoneEscrow.MilestoneState.None);
    }

    function test_undeliveredGoesBack() public {
        bytes32 id = _open(address(coin));
        uint40 until = escrow.milestone(id, 0).until;
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.TooEarly.selector, id, uint256(until) + 1));
        escrow.poke(id, 0);
        skip(1);
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.TooLate.selector, id, until));
        vm.prank(seller);
        escrow.deliver(id, 0, "digest");
        escrow.poke(id, 0);
        assertEq(escrow.owed(address(coin), buyer), 10e18, "the buyer's");
        vm.expectRevert(_wrongState(id, 0, IMilestoneEscrow.MilestoneState.Closed));
        escrow.poke(id, 0);
    }

    function test_silenceAfterDeliveryIsConsent() public {
        bytes32 id = _open(address(coin));
        vm.warp(escrow.milestone(id, 0).until);
        _deliver(id, 0);
        vm.expectRevert(_wrongState(id, 0, IMilestoneEscrow.MilestoneState.Delivered));
        vm.prank(seller);
        escrow.deliver(id, 0, "digest");
        skip(REVIEW);
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.TooEarly.selector, id, block.timestamp + 1));
        escrow.poke(id, 0);
        skip(1);
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.TooLate.selector, id, block.timestamp - 1));
        vm.prank(buyer);
        escrow.contest(id, 0);
        escrow.poke(id, 0);
        assertEq(escrow.owed(address(coin), seller), 10e18, "the seller's");
    }

    function test_theArbiterSplits() public {
        bytes32 id = _open(address(coin));
        _contest(id, 1);
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.NotArbiter.selector, id, stranger));
        vm.prank(stranger);
        escrow.split(id, 1, 1);
        skip(ARBITRATION);
        vm.startPrank(arbiter);
        vm.expectRevert(_wrongState(id, 0, IMilestoneEscrow.MilestoneState.Waiting));
        escrow.split(id, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.AmountTooLarge.selector, 20e18 + 1, 20e18));
        escrow.split(id, 1, 20e18 + 1);
        escrow.split(id, 1, 7e18);
        vm.stopPrank();
        assertEq(escrow.owed(address(coin), seller), 7e18, "seller");
        assertEq(escrow.owed(address(coin), buyer), 13e18, "buyer");
        _assertSolvent(address(coin));
    }

    function test_aSilentArbiterLeavesHalfEach() public {
        bytes32 id = _open(address(coin));
        _contest(id, 1);
        uint40 until = escrow.milestone(id, 1).until;
        vm.warp(uint256(until) + 1);
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.TooLate.selector, id, until));
        vm.prank(arbiter);
        escrow.split(id, 1, 1);
        escrow.poke(id, 1);
        assertEq(escrow.owed(address(coin), seller), 10e18, "half");
        assertEq(escrow.owed(address(coin), buyer), 10e18, "half");
    }

    function test_partialRefunds() public {
        bytes32 id = _open(address(coin));
        vm.startPrank(seller);
        escrow.refund(id, 2, 12e18);
        vm.expectRevert(IMilestoneEscrow.ZeroAmount.selector);
        escrow.refund(id, 2, 0);
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.AmountTooLarge.selector, 18e18 + 1, 18e18));
        escrow.refund(id, 2, 18e18 + 1);
        escrow.refund(id, 2, 18e18);
        vm.stopPrank();
        assertEq(escrow.owed(address(coin), buyer), 30e18, "back");
        _assertState(id, 2, IMilestoneEscrow.MilestoneState.Closed);
        vm.startPrank(buyer);
        vm.expectRevert(IMilestoneEscrow.ZeroAmount.selector);
        escrow.release(id, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.AmountTooLarge.selector, 20e18 + 1, 20e18));
        escrow.release(id, 1, 20e18 + 1);
        vm.stopPrank();
    }

    function test_whoMayDoWhat() public {
        bytes32 id = _open(address(coin));
        bytes memory notBuyer = abi.encodeWithSelector(IMilestoneEscrow.NotBuyer.selector, id, seller);
        bytes memory notSeller = abi.encodeWithSelector(IMilestoneEscrow.NotSeller.selector, id, buyer);
        bytes memory notParty = abi.encodeWithSelector(IMilestoneEscrow.NotParty.selector, id, stranger);
        vm.startPrank(seller);
        vm.expectRevert(notBuyer);
        escrow.release(id, 0, 1);
        vm.expectRevert(notBuyer);
        escrow.contest(id, 0);
        vm.stopPrank();
        vm.startPrank(buyer);
        vm.expectRevert(notSeller);
        escrow.refund(id, 0, 1);
        vm.expectRevert(notSeller);
        escrow.deliver(id, 0, 0);
        vm.expectRevert(_wrongState(id, 0, IMilestoneEscrow.MilestoneState.Waiting));
        escrow.contest(id, 0);
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.NotArbiter.selector, id, address(disputes)));
        escrow.escalate(id, 0);
        escrow.submitEvidence(id, 0, "ipfs://evidence");
        vm.stopPrank();
        vm.startPrank(stranger);
        vm.expectRevert(notParty);
        escrow.cancel(id, 0);
        vm.expectRevert(notParty);
        escrow.cancelSigned(id, 0, block.timestamp, "");
        vm.expectRevert(notParty);
        escrow.escalate(id, 0);
        vm.expectRevert(notParty);
        escrow.submitEvidence(id, 0, "ipfs://evidence");
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
        escrow.recover(id, 0);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
        escrow.allowToken(stranger, true);
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.NotArbiter.selector, bytes32(0), stranger));
        escrow.rule(1, 1);
        vm.stopPrank();
    }

    function test_cancelByBothCalls() public {
        bytes32 id = _open(address(coin));
        vm.startPrank(buyer);
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.AmountTooLarge.selector, 60e18 + 1, 60e18));
        escrow.cancel(id, 60e18 + 1);
        escrow.cancel(id, 20e18);
        escrow.cancel(id, 20e18);
        vm.stopPrank();
        assertEq(escrow.deal(id).left, 60e18, "one side alone ends nothing");
        vm.prank(seller);
        escrow.cancel(id, 25e18);
        vm.prank(buyer);
        escrow.release(id, 0, 1e18);
        vm.prank(buyer);
        escrow.cancel(id, 25e18);
        assertEq(escrow.deal(id).left, 59e18, "an offer is for the sum that was left");
        vm.prank(seller);
        escrow.cancel(id, 25e18);
        assertEq(escrow.deal(id).left, 0, "ended");
        assertEq(escrow.owed(address(coin), seller), 26e18, "seller");
        assertEq(escrow.owed(address(coin), buyer), 34e18, "buyer");
        _assertState(id, 1, IMilestoneEscrow.MilestoneState.Closed);
        assertEq(escrow.milestone(id, 1).left, 0, "nothing left");
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.DealEnded.selector, id));
        vm.prank(buyer);
        escrow.cancel(id, 0);
        _assertSolvent(address(coin));
    }

    function test_cancelBySignature() public {
        bytes32 id = _open(address(coin));
        uint256 deadline = block.timestamp + 1 hours;
        bytes memory signature = _sign("seller", _cancelDigest(address(escrow), id, 5e18, 60e18, deadline));
        vm.startPrank(buyer);
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.WrongSignature.selector, id, seller));
        escrow.cancelSigned(id, 4e18, deadline, signature);
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.AmountTooLarge.selector, 61e18, 60e18));
        escrow.cancelSigned(id, 61e18, deadline, signature);
        vm.warp(deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.TooLate.selector, id, deadline));
        escrow.cancelSigned(id, 5e18, deadline, signature);
        vm.warp(deadline);
        uint256 snapshot = vm.snapshotState();
        escrow.cancelSigned(id, 5e18, deadline, signature);
        assertEq(escrow.owed(address(coin), seller), 5e18, "seller");
        vm.revertToState(snapshot);
        escrow.release(id, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.WrongSignature.selector, id, seller));
        escrow.cancelSigned(id, 5e18, deadline, signature);
        bytes memory elsewhere = _sign("seller", _cancelDigest(address(disputes), id, 5e18, 60e18 - 1, deadline));
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.WrongSignature.selector, id, seller));
        escrow.cancelSigned(id, 5e18, deadline, elsewhere);
        vm.stopPrank();
    }

    function test_aSignedCancelMayGiveTheSellerAll() public {
        bytes32 id = _open(address(coin));
        bytes memory signature = _sign("seller", _cancelDigest(address(escrow), id, 60e18, 60e18, block.timestamp));
        vm.prank(buyer);
        escrow.cancelSigned(id, 60e18, block.timestamp, signature);
        assertEq(escrow.owed(address(coin), seller), 60e18, "all that was left");
    }

    function test_aSignatureIsForOneChainContractAndDeal() public {
        (bytes32 id, bytes32 other) = (_open(address(coin)), _openFor(address(coin), arbiter, "other"));
        MilestoneEscrow second = new MilestoneEscrow(disputes, IERC20(address(coin)), owner);
        bytes32[2] memory digests = [
            _cancelDigest(address(second), id, 5e18, 60e18, block.timestamp),
            _cancelDigest(address(escrow), other, 5e18, 60e18, block.timestamp)
        ];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.WrongSignature.selector, id, seller));
            vm.prank(buyer);
            escrow.cancelSigned(id, 5e18, block.timestamp, _sign("seller", digests[i]));
        }
        bytes memory good = _sign("seller", _cancelDigest(address(escrow), id, 5e18, 60e18, block.timestamp));
        uint256 chain = block.chainid;
        vm.chainId(chain + 1);
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.WrongSignature.selector, id, seller));
        vm.prank(buyer);
        escrow.cancelSigned(id, 5e18, block.timestamp, good);
        vm.chainId(chain);
        vm.prank(buyer);
        escrow.cancelSigned(id, 5e18, block.timestamp, good);
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.DealEnded.selector, id));
        vm.prank(buyer);
        escrow.cancelSigned(id, 5e18, block.timestamp, good);
    }

    function test_aMalleatedSignatureIsNone() public {
        bytes32 id = _open(address(coin));
        bytes32 digest = _cancelDigest(address(escrow), id, 5e18, 60e18, block.timestamp);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf("seller"), digest);
        uint256 n = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        bytes memory mirrored = abi.encodePacked(r, bytes32(n - uint256(s)), v == 27 ? 28 : 27);
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.WrongSignature.selector, id, seller));
        vm.prank(buyer);
        escrow.cancelSigned(id, 5e18, block.timestamp, mirrored);
    }

    function test_aContractMaySign() public {
        Wallet1271 wallet = new Wallet1271();
        IMilestoneEscrow.DealInput memory input = _input(address(coin));
        input.seller = address(wallet);
        vm.prank(buyer);
        bytes32 id = escrow.open(input, _noPermit());
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.WrongSignature.selector, id, address(wallet)));
        vm.prank(buyer);
        escrow.cancelSigned(id, 0, block.timestamp, "");
        wallet.approve(_cancelDigest(address(escrow), id, 0, 60e18, block.timestamp));
        vm.prank(buyer);
        escrow.cancelSigned(id, 0, block.timestamp, "");
        assertEq(escrow.owed(address(coin), buyer), 60e18, "ended");
    }

    function test_recoveryGoesToThePartiesOnly() public {
        bytes32 id = _open(address(coin));
        vm.startPrank(owner);
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.AmountTooLarge.selector, 61e18, 60e18));
        escrow.recover(id, 61e18);
        escrow.recover(id, 40e18);
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.DealEnded.selector, id));
        escrow.recover(id, 0);
        vm.stopPrank();
        assertEq(escrow.owed(address(coin), seller), 40e18, "seller");
        assertEq(escrow.owed(address(coin), buyer), 20e18, "buyer");
    }

    function test_jurorsRule() public {
        uint256[3] memory sellers = [uint256(0), 20e18, 10e18];
        uint8[3] memory rulings = [1, 2, 0];
        for (uint256 i = 0; i < 3; ++i) {
            (bytes32 id, uint256 disputeId) = _escalated(bytes32(i));
            _vote(disputeId, rulings[i]);
            _conclude(disputeId);
            vm.expectRevert(_wrongState(id, 1, IMilestoneEscrow.MilestoneState.Escalated));
            escrow.poke(id, 1);
            uint256 before = escrow.owed(address(coin), seller);
            disputes.executeRuling(disputeId);
            assertEq(escrow.owed(address(coin), seller) - before, sellers[i], "the seller's");
            _assertState(id, 1, IMilestoneEscrow.MilestoneState.Closed);
        }
        _assertSolvent(address(coin));
    }

    function test_noPartyIsAJuror() public {
        _join(buyer, 10);
        _join(seller, 10);
        mine(1);
        (, uint256 disputeId) = _escalated("a");
        _drawAll(disputeId);
        assertEq(uint256(_seats(disputeId, buyer)) + _seats(disputeId, seller), 0, "passed over");
    }

    function test_aRulingOnWhatWasSettledMeanwhileMovesNothing() public {
        (bytes32 id, uint256 disputeId) = _escalated("a");
        assertEq(escrow.milestone(id, 1).until, 0, "waits for the jury");
        _release(id, 1, 20e18);
        (bytes32 other, uint256 second) = _escalated("b");
        vm.prank(buyer);
        escrow.cancel(other, 0);
        vm.prank(seller);
        escrow.cancel(other, 0);
        uint256 owedBefore = escrow.owed(address(coin), seller);
        _endWithoutJury(disputeId);
        _endWithoutJury(second);
        assertEq(escrow.owed(address(coin), seller), owedBefore, "nothing more");
        assertEq(escrow.deal(id).left, 40e18, "the others are as they were");
    }

    function test_escalatesInTimeOnly() public {
        bytes32 id = _openFor(address(coin), address(disputes), "c");
        _contest(id, 1);
        uint40 until = escrow.milestone(id, 1).until;
        vm.warp(uint256(until) + 1);
        vm.expectRevert(abi.encodeWithSelector(IMilestoneEscrow.TooLate.selector, id, until));
        vm.prank(buyer);
        escrow.escalate(id, 1);
        escrow.poke(id, 1);
        assertEq(escrow.owed(address(coin), seller), 10e18, "half");
    }
}
