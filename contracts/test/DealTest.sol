// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {MilestoneEscrow} from "../src/MilestoneEscrow.sol";
import {IMilestoneEscrow} from "../src/interfaces/IMilestoneEscrow.sol";
import {Permit} from "../src/interfaces/Types.sol";
import {HostileToken} from "./HostileTokens.sol";
import {JuryTest} from "./JuryTest.sol";
import {vm} from "./Vm.sol";

contract Wallet1271 {
    bytes32 private _digest;

    function approve(bytes32 digest) external {
        _digest = digest;
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        return digest == _digest ? this.isValidSignature.selector : bytes4(0);
    }
}

/// @dev An escrow whose arbiter may be a jury, a coin and a token that misbehaves, and short helpers for what parties do.
abstract contract DealTest is JuryTest {
    uint32 internal constant REVIEW = 3 days;
    uint32 internal constant ARBITRATION = 7 days;
    MilestoneEscrow internal escrow;
    HostileToken internal hostile;
    address internal buyer = account("buyer");
    address internal seller = account("seller");
    address internal arbiter = account("arbiter");

    function setUp() public virtual override {
        super.setUp();
        escrow = new MilestoneEscrow(disputes, IERC20(address(coin)), owner);
        hostile = new HostileToken();
        vm.prank(owner);
        escrow.allowToken(address(hostile), true);
        coin.transfer(buyer, 10_000e18);
        hostile.mint(buyer, 10_000e18);
        vm.startPrank(buyer);
        coin.approve(address(escrow), type(uint256).max);
        hostile.approve(address(escrow), type(uint256).max);
        vm.stopPrank();
    }

    function _endWithoutJury(uint256 disputeId) internal {
        skip(DRAW + 1);
        disputes.conclude(disputeId);
        disputes.executeRuling(disputeId);
    }

    function _escalated(bytes32 salt) internal returns (bytes32 id, uint256 disputeId) {
        id = _openFor(address(coin), address(disputes), salt);
        _contest(id, 1);
        vm.prank(buyer);
        disputeId = escrow.escalate(id, 1);
    }

    function _input(address token) internal view returns (IMilestoneEscrow.DealInput memory input) {
        (input.seller, input.arbiter, input.token) = (seller, arbiter, token);
        (input.reviewWindow, input.arbitrationWindow) = (REVIEW, ARBITRATION);
        (input.terms, input.salt) = ("ipfs://terms", "salt");
        (input.amounts, input.deadlines) = (new uint96[](3), new uint40[](3));
        for (uint256 i = 0; i < 3; ++i) {
            (input.amounts[i], input.deadlines[i]) =
            (uint96(10e18 * (i + 1)), uint40(block.timestamp + 10 days * (i + 1)));
        }
    }

    function _open(address token) internal returns (bytes32) {
        return _openFor(token, arbiter, "salt");
    }

    function _openFor(address token, address arbiter_, bytes32 salt) internal returns (bytes32) {
        IMilestoneEscrow.DealInput memory input = _input(token);
        (input.arbiter, input.salt) = (arbiter_, salt);
        vm.prank(buyer);
        return escrow.open(input, _noPermit());
    }

    function _refused(IMilestoneEscrow.DealInput memory input, bytes memory reason) internal {
        vm.expectRevert(reason);
        vm.prank(buyer);
        escrow.open(input, _noPermit());
    }

    function _release(bytes32 id, uint8 index, uint96 amount) internal {
        vm.prank(buyer);
        escrow.release(id, index, amount);
    }

    function _deliver(bytes32 id, uint8 index) internal {
        vm.prank(seller);
        escrow.deliver(id, index, "digest");
    }

    function _contest(bytes32 id, uint8 index) internal {
        _deliver(id, index);
        skip(REVIEW);
        vm.prank(buyer);
        escrow.contest(id, index);
    }

    function _noPermit() internal pure returns (Permit memory) {
        return Permit(0, 0, 0, 0, 0);
    }

    function _permit(string memory name, address spender, uint256 value) internal view returns (Permit memory permit) {
        (permit.value, permit.deadline) = (value, block.timestamp);
        bytes32 typeHash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 inner = keccak256(
            abi.encode(
                typeHash, vm.addr(keyOf(name)), spender, value, coin.nonces(vm.addr(keyOf(name))), permit.deadline
            )
        );
        (permit.v, permit.r, permit.s) =
            vm.sign(keyOf(name), keccak256(abi.encodePacked(hex"1901", coin.DOMAIN_SEPARATOR(), inner)));
    }

    function _cancelDigest(address where, bytes32 id, uint96 toSeller, uint96 left, uint256 deadline)
        internal
        view
        returns (bytes32)
    {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("NeuroData MilestoneEscrow"),
                keccak256("1"),
                block.chainid,
                where
            )
        );
        bytes32 typeHash = keccak256("Cancel(bytes32 dealId,uint96 toSeller,uint96 left,uint256 deadline)");
        bytes32 inner = keccak256(abi.encode(typeHash, id, toSeller, left, deadline));
        return keccak256(abi.encodePacked(hex"1901", domain, inner));
    }

    function _sign(string memory name, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf(name), digest);
        return abi.encodePacked(r, s, v);
    }

    function _wrongState(bytes32 id, uint8 index, IMilestoneEscrow.MilestoneState state)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(IMilestoneEscrow.WrongMilestoneState.selector, id, index, state);
    }

    function _assertState(bytes32 id, uint8 index, IMilestoneEscrow.MilestoneState wanted) internal view {
        assertEq(uint8(escrow.milestone(id, index).state), uint8(wanted), "milestone state");
    }

    function _assertSolvent(address token) internal view {
        assertEq(IERC20(token).balanceOf(address(escrow)), escrow.liabilities(token), "holds what it owes");
    }
}
