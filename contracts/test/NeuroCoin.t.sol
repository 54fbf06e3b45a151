// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20Capped} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Capped.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {NeuroCoin} from "../src/NeuroCoin.sol";
import {Test} from "./Test.sol";
import {vm} from "./Vm.sol";

contract NeuroCoinTest is Test {
    bytes32 private constant PERMIT =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    NeuroCoin private coin;
    address private alice = account("alice");
    address private bob = account("bob");

    function setUp() public {
        vm.warp(1_800_000_000);
        coin = new NeuroCoin("NeuroCoin", "NCR", alice, 1_000_000e18);
    }

    function test_metadataAndSupply() public view {
        assertEq(keccak256(bytes(coin.name())), keccak256("NeuroCoin"), "name");
        assertEq(keccak256(bytes(coin.symbol())), keccak256("NCR"), "symbol");
        assertEq(coin.decimals(), 18, "decimals");
        assertEq(coin.totalSupply(), 1_000_000e18, "supply");
        assertEq(coin.balanceOf(alice), 1_000_000e18, "all of it is the first holder's");
        assertEq(coin.cap(), 1_000_000_000e18, "cap");
    }

    function test_theCapHolds() public {
        new NeuroCoin("NeuroCoin", "NCR", alice, 1_000_000_000e18);
        vm.expectRevert(
            abi.encodeWithSelector(ERC20Capped.ERC20ExceededCap.selector, 1_000_000_000e18 + 1, 1_000_000_000e18)
        );
        new NeuroCoin("NeuroCoin", "NCR", alice, 1_000_000_000e18 + 1);
    }

    function test_burnLowersTheSupply() public {
        vm.prank(alice);
        coin.burn(1e18);
        assertEq(coin.totalSupply(), 999_999e18, "supply");
    }

    function testFuzz_permitOnceOnly(uint256 value, uint256 deadline) public {
        deadline = bound(deadline, block.timestamp, type(uint256).max);
        (uint8 v, bytes32 r, bytes32 s) = _sign(value, deadline);
        coin.permit(alice, bob, value, deadline, v, r, s);
        assertEq(coin.allowance(alice, bob), value, "allowance");
        assertEq(coin.nonces(alice), 1, "nonce");
        vm.expectRevert();
        coin.permit(alice, bob, value, deadline, v, r, s);
    }

    function test_permitExpires() public {
        (uint8 v, bytes32 r, bytes32 s) = _sign(1, block.timestamp - 1);
        vm.expectRevert(abi.encodeWithSelector(ERC20Permit.ERC2612ExpiredSignature.selector, block.timestamp - 1));
        coin.permit(alice, bob, 1, block.timestamp - 1, v, r, s);
    }

    function _sign(uint256 value, uint256 deadline) private view returns (uint8, bytes32, bytes32) {
        bytes32 digest = keccak256(abi.encode(PERMIT, alice, bob, value, 0, deadline));
        return vm.sign(keyOf("alice"), keccak256(abi.encodePacked(hex"1901", coin.DOMAIN_SEPARATOR(), digest)));
    }
}
