// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Guardian} from "../src/Guardian.sol";
import {IAssetRegistry} from "../src/interfaces/IAssetRegistry.sol";
import {IGuardian} from "../src/interfaces/IGuardian.sol";
import {IChallenges} from "../src/interfaces/IChallenges.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {IValidators} from "../src/interfaces/IValidators.sol";
import {RoundKind, Verdict} from "../src/interfaces/Types.sol";
import {Draw} from "../src/libraries/Draw.sol";
import {EntitlementIds} from "../src/libraries/EntitlementIds.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

/// @dev The cheat code that counts calls.
interface CallVm {
    function expectCall(address callee, bytes calldata data, uint64 count) external;
}

/// @dev Sums over batches, values exactly at a cap, and what happens the second time: where a wrong sign or a missing
/// line shows and nowhere else.
contract EdgesTest is SystemTest {
    CallVm private constant CALLS = CallVm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function test_aBatchOfClaimsPaysEveryFee() public {
        uint32 listingId = _list(_publishLive(true), IMarket.LicenseKind.Download, PRICE, 0);
        bytes32[] memory ids = new bytes32[](3);
        for (uint256 i = 0; i < 3; ++i) {
            ids[i] = _buy(listingId, keccak256(abi.encode(i)));
            _grantAll(ids[i]);
        }
        skip(CONFIRM_WINDOW + 1);
        uint256 before = coin.balanceOf(publisher);
        uint256 paid = market.claim(publisher, ids);
        uint256 fee = uint256(PRICE) * 25 / 10_000;
        assertEq(paid, 3 * (PRICE - fee), "paid for all");
        assertEq(coin.balanceOf(publisher) - before, paid, "what it says");
        assertEq(coin.balanceOf(treasury), 3 * fee, "the fees of all");
        assertEq(coin.balanceOf(address(market)), 0, "nothing stays");
    }

    function test_rewardsBeforeASlashAreKept() public {
        coin.approve(address(staking), type(uint256).max);
        staking.fundPool(1_000e18);
        address worker = trainers[0];
        vm.prank(trainers[1]);
        workers.deregister();
        vm.prank(trainers[2]);
        workers.deregister();
        bytes32 jobId = _openJob(_list(_publishLive(true), IMarket.LicenseKind.Compute, PRICE, 0));
        _claimJob(jobId);
        skip(365 days);
        uint256 earned = staking.pendingRewards(worker);
        assertTrue(earned >= 50e18, "a year of five per cent on 1,000");
        training.refundJob(jobId);
        assertEq(staking.stakeOf(worker), 1_000e18 - STALL_PENALTY, "slashed");
        assertEq(staking.pendingRewards(worker), earned, "what was earned before stays");
        skip(365 days);
        uint256 later = (1_000e18 - uint256(STALL_PENALTY)) * 5 / 100;
        assertEq(staking.pendingRewards(worker), earned + later, "less is earned after");
    }

    function test_capsThemselvesAreAllowed() public {
        vm.startPrank(owner);
        validators.setParams(IValidators.Params(10_000_000e18, 100_000e18, 30 days, 30 days, 12, 100, 1_000, 5_000));
        training.setParams(
            ITraining.Params(treasury, 1_000, 7, 7, 30 days, 30 days, 30 days, 30 days, 30 days, 30 days, 10_000)
        );
        challenges.setParams(IChallenges.Params(treasury, 1_000_000e18, 30 days, 10_000));
        market.setParams(IMarket.Params(treasury, 1_000, 30 days, 30 days - 1, 30 days));
        staking.setRate(2_000);
        vm.stopPrank();
        assertEq(validators.params().minStake, 10_000_000e18, "stake");
        assertEq(training.params().runWindow, 30 days, "run window");
        assertEq(market.params().grantMargin, 30 days - 1, "margin");
        assertEq(staking.rateBps(), 2_000, "rate");
        Guardian longest = new Guardian(owner, stranger, 14 days, 14 days);
        assertEq(longest.maxPause(), 14 days, "pause");
    }

    function test_pausesHaveBounds() public {
        uint32[2][3] memory wrong = [[uint32(0), 1 days], [uint32(14 days + 1), 30 days], [uint32(2 days), 1 days]];
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IGuardian.BadBounds.selector, wrong[i][0], wrong[i][1]));
            new Guardian(owner, stranger, wrong[i][0], wrong[i][1]);
        }
    }

    function test_aListingOfRunsEndsWithItsLastVersion() public {
        uint64 assetId = uint64(_publishLive(true));
        vm.startPrank(publisher);
        uint32 listingId = market.createListing(
            IMarket.ListingInput(assetId, 1, 1, IMarket.LicenseKind.Compute, PRICE, 0, keccak256("terms"))
        );
        registry.addVersion(assetId, _input(true), _noPermit());
        vm.stopPrank();
        _conclude(registry.roundOf(assetId, 2), Verdict.Accept);
        _assertJob(_openJob(listingId), ITraining.JobState.Open);
        vm.expectRevert(abi.encodeWithSelector(ITraining.VersionNotCovered.selector, listingId, 2));
        vm.prank(buyer);
        training.openJob(_asked(listingId, 2, keccak256("spec"), KEY, type(uint256).max), _noPermit());
    }

    function test_aCommitteeHasTwelvePlaces() public {
        uint16[] memory committee = new uint16[](13);
        for (uint16 i = 0; i < 13; ++i) {
            if (i >= 4) _keeper(account(string(abi.encodePacked("more", i))), MIN_STAKE);
            committee[i] = i + 1;
        }
        IAssetRegistry.VersionInput memory input = _input(true);
        input.committee = committee;
        vm.expectRevert(IAssetRegistry.BadCommittee.selector);
        vm.prank(publisher);
        registry.publish(IAssetRegistry.AssetKind.Dataset, input, _noPermit());
        uint16[] memory fits = new uint16[](12);
        for (uint16 i = 0; i < 12; ++i) {
            fits[i] = i + 2;
        }
        input.committee = fits;
        vm.prank(publisher);
        uint256 assetId = registry.publish(IAssetRegistry.AssetKind.Dataset, input, _noPermit());
        assertEq(registry.version(assetId, 1).committee.length, 12, "all of them");
        assertEq(registry.version(assetId, 1).committee[11], 13, "the last too");
    }

    function test_whoIsNoBridgeHasNoLimits() public view {
        (uint256 mintable, uint256 burnable) = coin.adapterLimits(stranger);
        assertTrue(mintable == 0 && burnable == 0, "nothing to mint or burn");
    }

    function test_theReserveIsPaidOnceToTheFirst() public {
        uint256 assetId = _publishLive(true);
        uint32 listingId = _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
        bytes32 first = _disputed(listingId, "first");
        bytes32 second = _disputed(listingId, "second");
        uint256 before = coin.balanceOf(buyer);
        _conclude(first, Verdict.Reject);
        assertEq(coin.balanceOf(buyer) - before, PRICE + ROUND_FEE, "price and reserve");
        CALLS.expectCall(address(coin), abi.encodeCall(coin.transfer, (buyer, 0)), 0);
        _conclude(second, Verdict.Reject);
        assertEq(coin.balanceOf(buyer) - before, 2 * uint256(PRICE) + ROUND_FEE, "the price alone");
        assertEq(uint8(registry.statusOf(assetId, 1)), uint8(IAssetRegistry.VersionStatus.Refused), "refused");
    }

    /// @dev With no more candidates than places nobody is drawn: all serve, in their order.
    function test_allServeInTheirOrder() public pure {
        uint16[] memory ids = new uint16[](3);
        (ids[0], ids[1], ids[2]) = (7, 3, 5);
        for (uint256 i = 0; i < 8; ++i) {
            uint16[] memory picked = Draw.pick(keccak256(abi.encode(i)), ids, new uint256[](3), 3);
            assertTrue(picked.length == 3 && picked[0] == 7 && picked[1] == 3 && picked[2] == 5, "as they are");
        }
    }

    /// @dev Each of two equals comes first now and then; a total that leaves one out would never draw the other.
    function test_equalsTakeTurns() public pure {
        uint256[2] memory first;
        for (uint256 i = 0; i < 200; ++i) {
            uint16[] memory ids = new uint16[](2);
            uint256[] memory weights = new uint256[](2);
            (ids[0], ids[1], weights[0], weights[1]) = (1, 2, 5, 5);
            ++first[Draw.pick(keccak256(abi.encode(i)), ids, weights, 1)[0] - 1];
        }
        assertTrue(first[0] > 70 && first[1] > 70, "half each");
    }

    function _disputed(uint32 listingId, string memory name) private returns (bytes32 roundId) {
        bytes32 orderId = _buy(listingId, keccak256(bytes(name)));
        _grantAll(orderId);
        return _dispute(orderId);
    }
}
