// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {NeuroCoin} from "../src/NeuroCoin.sol";
import {NeuroVotes} from "../src/NeuroVotes.sol";
import {IAssetRegistry} from "../src/interfaces/IAssetRegistry.sol";
import {Permit} from "../src/interfaces/Types.sol";
import {Erc20Properties} from "./Erc20Properties.sol";
import {newCoin} from "./NewCoin.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

contract NeuroCoinStandardTest is Erc20Properties {
    NeuroCoin private coin;

    function setUp() public {
        coin = newCoin(address(this), address(this), 100_000_000e18);
    }

    function _give(uint256 amount) internal override returns (uint256 given) {
        given = bound(amount, 0, 100_000_000e18);
        coin.transfer(ann, given);
    }

    function _token() internal view override returns (ERC20Permit) {
        return coin;
    }
}

contract NeuroVotesStandardTest is Erc20Properties {
    NeuroCoin private coin;
    NeuroVotes private votes;

    function setUp() public {
        coin = newCoin(address(this), address(this), 100_000_000e18);
        votes = new NeuroVotes(address(coin), "Votes", "VOT");
        coin.approve(address(votes), type(uint256).max);
    }

    function _give(uint256 amount) internal override returns (uint256 given) {
        given = bound(amount, 0, 100_000_000e18);
        votes.wrap(given, address(0), Permit(0, 0, 0, 0, 0));
        votes.transfer(ann, given);
    }

    function _token() internal view override returns (ERC20Permit) {
        return votes;
    }
}

/// @dev Takes assets, or not.
contract Receiver is IERC721Receiver {
    bool public takes;

    constructor(bool takes_) {
        takes = takes_;
    }

    function onERC721Received(address, address, uint256, bytes calldata) external view returns (bytes4) {
        return takes ? IERC721Receiver.onERC721Received.selector : bytes4(0);
    }
}

/// @dev What ERC-721 and ERC-2981 promise of assets.
contract AssetStandardTest is SystemTest {
    uint256 private assetId;

    function setUp() public override {
        super.setUp();
        assetId = _publish(true);
    }

    function test_interfaces() public view {
        assertTrue(registry.supportsInterface(type(IERC165).interfaceId), "ERC-165");
        assertTrue(registry.supportsInterface(type(IERC721).interfaceId), "ERC-721");
        assertTrue(registry.supportsInterface(0x2a55205a), "ERC-2981 by its id");
        assertTrue(registry.supportsInterface(type(IERC2981).interfaceId), "ERC-2981");
        assertTrue(!registry.supportsInterface(0xffffffff), "and not what nobody has");
    }

    function testFuzz_anAssetHasOneOwner(uint256 seed) public {
        address to = address(uint160(bound(seed, 1, type(uint160).max)));
        vm.assume(to != publisher);
        uint256 had = registry.balanceOf(to);
        vm.prank(publisher);
        registry.transferFrom(publisher, to, assetId);
        assertEq(registry.ownerOf(assetId), to, "the new one");
        assertEq(registry.balanceOf(publisher), 0, "not the old one");
        assertEq(registry.balanceOf(to), had + 1, "counted once");
        _refused(publisher, abi.encodeCall(IERC721.transferFrom, (to, publisher, assetId)));
    }

    function testFuzz_onlyWhomTheOwnerNamedMoves(address who) public {
        vm.assume(who != publisher && who != address(0));
        _refused(who, abi.encodeCall(IERC721.transferFrom, (publisher, who, assetId)));
        _refused(who, abi.encodeCall(IERC721.approve, (who, assetId)));
        vm.prank(publisher);
        registry.approve(who, assetId);
        assertEq(registry.getApproved(assetId), who, "named");
        vm.prank(who);
        registry.transferFrom(publisher, stranger, assetId);
        assertEq(registry.getApproved(assetId), address(0), "an approval ends with the transfer");
        if (who != stranger) _refused(who, abi.encodeCall(IERC721.transferFrom, (stranger, who, assetId)));
    }

    function test_anOperatorMovesAllUntilItIsDismissed() public {
        uint256 second = _publish(true);
        vm.prank(publisher);
        registry.setApprovalForAll(stranger, true);
        vm.prank(stranger);
        registry.transferFrom(publisher, buyer, assetId);
        vm.prank(publisher);
        registry.setApprovalForAll(stranger, false);
        _refused(stranger, abi.encodeCall(IERC721.transferFrom, (publisher, buyer, second)));
    }

    function test_nothingGoesToNobodyOrToWhoDoesNotTakeIt() public {
        _refused(publisher, abi.encodeCall(IERC721.transferFrom, (publisher, address(0), assetId)));
        _refused(publisher, abi.encodeCall(IERC721.transferFrom, (stranger, buyer, assetId)));
        Receiver no = new Receiver(false);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(no)));
        vm.prank(publisher);
        registry.safeTransferFrom(publisher, address(no), assetId);
        Receiver yes = new Receiver(true);
        vm.prank(publisher);
        registry.safeTransferFrom(publisher, address(yes), assetId);
        assertEq(registry.ownerOf(assetId), address(yes), "taken");
    }

    function test_whatWasNeverPublishedHasNoOwner() public {
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 0));
        registry.ownerOf(0);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidOwner.selector, address(0)));
        registry.balanceOf(address(0));
    }

    /// @dev Any price, up to what a word holds: no overflow, never more than the price, and never more than the cap.
    function testFuzz_aRoyaltyIsItsPartOfAnyPrice(address receiver, uint96 bps, uint256 price) public {
        vm.assume(receiver != address(0));
        bps = uint96(bound(bps, 1, registry.MAX_ROYALTY_BPS()));
        vm.prank(publisher);
        registry.setRoyalty(assetId, receiver, bps);
        (address to, uint256 amount) = registry.royaltyInfo(assetId, price);
        assertEq(to, receiver, "to whom the owner said");
        uint256 whole = (price / 10_000) * bps + ((price % 10_000) * bps) / 10_000;
        assertEq(amount, whole, "its part, rounded down");
        assertTrue(amount <= price / 10, "never above the cap");
    }

    function testFuzz_nobodyElseSetsIt(address who, address receiver, uint96 bps) public {
        vm.assume(who != publisher);
        _refused(who, abi.encodeCall(IAssetRegistry.setRoyalty, (assetId, receiver, bps)));
        _assertNoRoyalty(assetId, 1e18);
    }

    function testFuzz_aboveTheCapItIsRefused(address receiver, uint96 bps) public {
        uint256 cap = registry.MAX_ROYALTY_BPS();
        bps = uint96(bound(bps, cap + 1, type(uint96).max));
        vm.expectRevert(abi.encodeWithSelector(IAssetRegistry.RoyaltyTooLarge.selector, bps, cap));
        vm.prank(publisher);
        registry.setRoyalty(assetId, receiver, bps);
    }

    function testFuzz_withoutAReceiverOrAPartThereIsNone(uint256 price, address receiver, uint96 bps) public {
        bps = uint96(bound(bps, 0, registry.MAX_ROYALTY_BPS()));
        _assertNoRoyalty(assetId, price);
        address[2] memory receivers = [receiver, address(0)];
        uint96[2] memory parts = [0, bps];
        for (uint256 i = 0; i < 2; ++i) {
            vm.startPrank(publisher);
            registry.setRoyalty(assetId, stranger, 500);
            registry.setRoyalty(assetId, receivers[i], parts[i]);
            vm.stopPrank();
            _assertNoRoyalty(assetId, price);
        }
        _assertNoRoyalty(assetId + 1, price);
    }

    function _assertNoRoyalty(uint256 id, uint256 price) private view {
        (address to, uint256 amount) = registry.royaltyInfo(id, price);
        assertEq(to, address(0), "to nobody");
        assertEq(amount, 0, "nothing");
    }

    function _refused(address who, bytes memory data) private {
        vm.prank(who);
        (bool done,) = address(registry).call(data);
        assertTrue(!done, "refused");
    }
}
