// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IMilestoneEscrow} from "../src/interfaces/IMilestoneEscrow.sol";
import {Permit} from "../src/interfaces/Types.sol";
import {DealTest} from "./DealTest.sol";
import {vm} from "./Vm.sol";

/// @dev Deals in coins paid by permit, and in tokens that misbehave.
contract DealTokensTest is DealTest {
    function test_permit() public {
        address fresh = account("fresh");
        coin.transfer(fresh, 60e18);
        Permit memory permit = _permit("fresh", address(escrow), 60e18);
        vm.prank(fresh);
        escrow.open(_input(address(coin)), permit);
        assertEq(coin.balanceOf(fresh), 0, "paid");
    }

    function test_feeOnTransferCreditsWhatArrived() public {
        hostile.setFee(1_000);
        bytes32 id = _open(address(hostile));
        assertEq(escrow.deal(id).left, 54e18, "nine tenths");
        assertEq(escrow.milestone(id, 0).left, 9e18, "of each");
        assertEq(escrow.milestone(id, 2).left, 27e18, "of each");
        _release(id, 2, 27e18);
        vm.prank(seller);
        assertEq(escrow.withdraw(address(hostile), seller), 27e18, "sent");
        _assertSolvent(address(hostile));
        hostile.setFee(10_000);
        IMilestoneEscrow.DealInput memory input = _input(address(hostile));
        input.salt = "another";
        _refused(input, abi.encodeWithSelector(IMilestoneEscrow.NothingArrived.selector, address(hostile)));
    }

    function test_whatIsRoundedToNothingIsClosed() public {
        hostile.setFee(9_000);
        IMilestoneEscrow.DealInput memory input = _input(address(hostile));
        (input.amounts[0], input.amounts[1], input.amounts[2]) = (1, 1, 98);
        vm.prank(buyer);
        bytes32 id = escrow.open(input, _noPermit());
        _assertState(id, 0, IMilestoneEscrow.MilestoneState.Closed);
        assertEq(escrow.milestone(id, 2).left, 10, "the last takes the rest");
    }

    function test_falseIsAFailure() public {
        hostile.lie(true);
        _refused(
            _input(address(hostile)),
            abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(hostile))
        );
    }

    function test_nothingReturnedIsFine() public {
        hostile.say(true);
        bytes32 id = _open(address(hostile));
        _release(id, 0, 10e18);
        vm.prank(seller);
        escrow.withdraw(address(hostile), seller);
        assertEq(hostile.balanceOf(seller), 10e18, "paid");
    }

    function test_noReentering() public {
        bytes32 id = _open(address(hostile));
        _release(id, 0, 10e18);
        hostile.callBack(escrow);
        vm.prank(seller);
        escrow.withdraw(address(hostile), seller);
        assertTrue(!hostile.reentered(), "shut out");
        assertEq(hostile.balanceOf(seller), 10e18, "once");
    }

    function test_aBlockedAccountHoldsUpNobodyAndGoesElsewhere() public {
        bytes32 id = _open(address(hostile));
        hostile.blockAccount(seller, true);
        _release(id, 0, 10e18);
        vm.prank(seller);
        escrow.refund(id, 1, 20e18);
        vm.prank(buyer);
        assertEq(escrow.withdraw(address(hostile), buyer), 20e18, "the buyer is paid");
        vm.expectRevert();
        vm.prank(seller);
        escrow.withdraw(address(hostile), seller);
        vm.prank(seller);
        assertEq(escrow.withdraw(address(hostile), stranger), 10e18, "the seller names another account");
    }

    function test_aShrinkingTokenTakesTheSameFromAll() public {
        bytes32 id = _open(address(hostile));
        _release(id, 2, 30e18);
        hostile.rebase(50);
        vm.prank(seller);
        assertEq(escrow.withdraw(address(hostile), seller), 15e18, "half of what was owed");
        vm.prank(seller);
        escrow.refund(id, 0, 10e18);
        vm.prank(seller);
        escrow.refund(id, 1, 20e18);
        vm.prank(buyer);
        assertEq(escrow.withdraw(address(hostile), buyer), 15e18, "half as well");
        assertEq(escrow.liabilities(address(hostile)), 0, "nothing owed");
    }

    function test_aGrowingTokenIsNobodysGain() public {
        bytes32 id = _open(address(hostile));
        hostile.rebase(200);
        _release(id, 0, 10e18);
        vm.prank(seller);
        assertEq(escrow.withdraw(address(hostile), seller), 10e18, "what was agreed");
    }

    function test_aTokenTakenOffTheListStillPays() public {
        bytes32 id = _open(address(hostile));
        vm.prank(owner);
        escrow.allowToken(address(hostile), false);
        assertTrue(!escrow.isAllowed(address(hostile)), "off");
        _release(id, 0, 10e18);
        vm.prank(seller);
        escrow.withdraw(address(hostile), seller);
        assertEq(hostile.balanceOf(seller), 10e18, "paid");
    }

    /// @dev What arrived is what the milestones add up to, and each has its part.
    function testFuzz_amountsAddUp(uint96[3] memory amounts, uint16 fee) public {
        IMilestoneEscrow.DealInput memory input = _input(address(hostile));
        uint256 total = 0;
        for (uint256 i = 0; i < 3; ++i) {
            input.amounts[i] = uint96(bound(amounts[i], 1, 3_000e18));
            total += input.amounts[i];
        }
        hostile.setFee(fee % 9_999);
        uint256 arrived = total - total * (fee % 9_999) / 10_000;
        vm.prank(buyer);
        bytes32 id = escrow.open(input, _noPermit());
        uint256 sum = 0;
        for (uint8 i = 0; i < 3; ++i) {
            sum += escrow.milestone(id, i).left;
        }
        assertEq(sum, arrived, "the milestones");
        assertEq(escrow.deal(id).left, arrived, "the deal");
        _assertSolvent(address(hostile));
    }
}
