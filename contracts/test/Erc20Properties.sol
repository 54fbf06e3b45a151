// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {Test} from "./Test.sol";
import {vm} from "./Vm.sol";

/// @dev What ERC-20 and ERC-2612 promise, for any amounts and any three accounts. The public suites of such properties are
/// not in any package registry, so these are our own, after the words of the two standards.
abstract contract Erc20Properties is Test {
    bytes32 private constant PERMIT =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
    uint256 private constant ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    address internal ann = account("ann");
    address internal bob = account("bob");
    address internal eve = account("eve");

    /// @dev Gives `ann` some, at most what exists.
    function _give(uint256 amount) internal virtual returns (uint256 given);

    function _token() internal view virtual returns (ERC20Permit);

    function testFuzz_aTransferMovesExactlyItsAmount(uint256 has, uint256 amount) public {
        has = _give(has);
        amount = bound(amount, 0, has);
        (uint256 others, uint256 supply) = (_token().balanceOf(bob), _token().totalSupply());
        vm.prank(ann);
        assertTrue(_token().transfer(bob, amount), "says so");
        assertEq(_token().balanceOf(ann), has - amount, "out of the sender's");
        assertEq(_token().balanceOf(bob), others + amount, "into the receiver's");
        assertEq(_token().totalSupply(), supply, "and no coin more or less");
    }

    function testFuzz_aTransferToOneselfChangesNothing(uint256 has, uint256 amount) public {
        has = _give(has);
        vm.prank(ann);
        _token().transfer(ann, bound(amount, 0, has));
        assertEq(_token().balanceOf(ann), has, "balance");
    }

    function testFuzz_nobodySendsWhatTheyDoNotHave(uint256 has, uint256 amount) public {
        has = _give(has);
        amount = bound(amount, has + 1, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, ann, has, amount));
        vm.prank(ann);
        _token().transfer(bob, amount);
    }

    function test_nothingIsSentToNobody() public {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, address(0)));
        vm.prank(ann);
        _token().transfer(address(0), 0);
    }

    function testFuzz_anAllowanceIsSpent(uint256 has, uint256 allowed, uint256 amount) public {
        has = _give(has);
        allowed = bound(allowed, 0, type(uint256).max - 1);
        amount = bound(amount, 0, has < allowed ? has : allowed);
        vm.prank(ann);
        assertTrue(_token().approve(eve, allowed), "says so");
        vm.prank(eve);
        assertTrue(_token().transferFrom(ann, bob, amount), "says so");
        assertEq(_token().allowance(ann, eve), allowed - amount, "what is left");
        assertEq(_token().balanceOf(bob), amount, "moved");
    }

    function testFuzz_nobodySpendsMoreThanTheirAllowance(uint256 has, uint256 allowed, uint256 amount) public {
        has = _give(has);
        allowed = bound(allowed, 0, type(uint256).max - 1);
        amount = bound(amount, allowed + 1, type(uint256).max);
        vm.prank(ann);
        _token().approve(eve, allowed);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, eve, allowed, amount));
        vm.prank(eve);
        _token().transferFrom(ann, eve, amount);
        assertEq(_token().balanceOf(ann), has, "untouched");
    }

    function testFuzz_aFullAllowanceStays(uint256 has, uint256 amount) public {
        has = _give(has);
        vm.prank(ann);
        _token().approve(eve, type(uint256).max);
        vm.prank(eve);
        _token().transferFrom(ann, bob, bound(amount, 0, has));
        assertEq(_token().allowance(ann, eve), type(uint256).max, "unlimited");
    }

    function testFuzz_anApprovalReplacesTheOneBefore(uint256 first, uint256 second) public {
        vm.startPrank(ann);
        _token().approve(eve, first);
        _token().approve(eve, second);
        vm.stopPrank();
        assertEq(_token().allowance(ann, eve), second, "the last one");
        assertEq(_token().allowance(eve, ann), 0, "one way");
        assertEq(_token().allowance(ann, bob), 0, "and nobody else's");
    }

    // ERC-2612

    function testFuzz_aPermitIsTheHoldersWordOnce(uint256 value, uint256 time) public {
        time = bound(time, 0, 365 days);
        Signed memory s = _sign(value, block.timestamp + time, block.chainid, address(_token()));
        skip(time);
        _token().permit(ann, eve, value, s.deadline, s.v, s.r, s.s);
        assertEq(_token().allowance(ann, eve), value, "allowed");
        assertEq(_token().nonces(ann), 1, "used up");
        _refused(value, s);
    }

    function testFuzz_aPermitSaysOneThingOnly(uint256 value, uint256 other, address spender) public {
        Signed memory s = _sign(value, block.timestamp, block.chainid, address(_token()));
        if (other != value) _refused(other, s);
        vm.assume(spender != eve);
        vm.expectRevert();
        _token().permit(ann, spender, value, s.deadline, s.v, s.r, s.s);
        vm.expectRevert();
        _token().permit(bob, eve, value, s.deadline, s.v, s.r, s.s);
        skip(1);
        _refused(value, s);
    }

    function test_aPermitOfAnotherChainOrContractIsNone() public {
        _refused(1, _sign(1, block.timestamp, block.chainid + 1, address(_token())));
        _refused(1, _sign(1, block.timestamp, block.chainid, address(this)));
        // What was good here is not after the chain has split.
        Signed memory s = _sign(1, block.timestamp, block.chainid, address(_token()));
        vm.chainId(block.chainid + 1);
        _refused(1, s);
    }

    function test_theOtherHalfOfTheCurveIsRefused() public {
        Signed memory s = _sign(1, block.timestamp, block.chainid, address(_token()));
        (s.v, s.s) = (s.v == 27 ? 28 : 27, bytes32(ORDER - uint256(s.s)));
        _refused(1, s);
    }

    struct Signed {
        uint256 deadline;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    /// @dev `ann` lets `eve` spend `value`, in a message for one chain and contract.
    function _sign(uint256 value, uint256 deadline, uint256 chainId, address verifier)
        private
        view
        returns (Signed memory s)
    {
        (, string memory name, string memory version,,,,) = _token().eip712Domain();
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256(bytes(version)),
                chainId,
                verifier
            )
        );
        bytes32 message = keccak256(abi.encode(PERMIT, ann, eve, value, _token().nonces(ann), deadline));
        s.deadline = deadline;
        (s.v, s.r, s.s) = vm.sign(keyOf("ann"), keccak256(abi.encodePacked(hex"1901", domain, message)));
    }

    function _refused(uint256 value, Signed memory s) private {
        uint256 before = _token().allowance(ann, eve);
        vm.expectRevert();
        _token().permit(ann, eve, value, s.deadline, s.v, s.r, s.s);
        assertEq(_token().allowance(ann, eve), before, "nothing allowed");
    }
}
