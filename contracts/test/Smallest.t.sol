// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IChallenges} from "../src/interfaces/IChallenges.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {IValidators} from "../src/interfaces/IValidators.sol";
import {Verdict} from "../src/interfaces/Types.sol";
import {ChallengeTest} from "./ChallengeTest.sol";
import {PlainToken} from "./Tokens.sol";
import {vm} from "./Vm.sol";

/// @dev One base unit is money too: it is paid, held, returned and credited like any other amount.
contract SmallestTest is ChallengeTest {
    bytes32[] private right = _run(8, 8);
    bytes32[] private wrong = _run(8, 5);

    function test_aSale() public {
        uint32 listing = _list(1, IMarket.LicenseKind.Download, 1, 0);
        uint256 had = coin.balanceOf(buyer);
        bytes32 sold = _buy(listing, KEY);
        assertEq(had - coin.balanceOf(buyer), 1, "bought");
        IMarket.Purchase[] memory wanted = new IMarket.Purchase[](1);
        wanted[0] = IMarket.Purchase(listing, 1, 1, "batch");
        vm.prank(buyer);
        bytes32 late = market.batchBuy(wanted)[0];
        assertEq(had - coin.balanceOf(buyer), 2, "bought in a batch");
        _grantAll(sold);
        skip(CONFIRM_WINDOW + 1);
        uint256 earned = coin.balanceOf(publisher);
        _claimOne(sold);
        assertEq(coin.balanceOf(publisher) - earned, 1, "claimed");
        market.refund(late);
        assertEq(had - coin.balanceOf(buyer), 1, "refunded");
    }

    /// @dev The fee of 25 in 10,000 is one base unit of 400.
    function test_aFee() public {
        bytes32 sold = _buy(_list(1, IMarket.LicenseKind.Download, 400, 0), KEY);
        _grantAll(sold);
        skip(CONFIRM_WINDOW + 1);
        uint256 had = coin.balanceOf(treasury);
        _claimOne(sold);
        assertEq(coin.balanceOf(treasury) - had, 1, "paid");
    }

    function test_anotherToken() public {
        PlainToken plain = new PlainToken(18);
        plain.mint(buyer, 1);
        vm.prank(buyer);
        plain.approve(address(market), 1);
        vm.prank(owner);
        market.allowToken(address(plain), true);
        IMarket.ListingInput memory input = IMarket.ListingInput(1, 1, 0, IMarket.LicenseKind.Download, 1, 0, "terms");
        vm.prank(publisher);
        uint32 listing =
            market.createListingWith(input, IMarket.ListingExtras(address(plain), 0, new IMarket.Split[](0)));
        bytes32 orderId = _buy(listing, KEY);
        assertEq(plain.balanceOf(address(market)), 1, "paid");
        skip(GRANT_WINDOW + 1);
        market.refund(orderId);
        vm.prank(buyer);
        assertEq(market.withdrawToken(address(plain)), 1, "credited and withdrawn");
    }

    function test_aSubscription() public {
        IMarket.ListingInput memory input =
            IMarket.ListingInput(1, 1, 0, IMarket.LicenseKind.Subscription, 1, 0, "terms");
        vm.prank(publisher);
        uint32 plan = market.createListingWith(input, IMarket.ListingExtras(address(0), 1440, new IMarket.Split[](0)));
        vm.prank(buyer);
        bytes32 id = subscriptions.subscribe(plan, 1, 1, 1, KEY, _noPermit());
        assertEq(coin.balanceOf(address(subscriptions)), 1, "paid");
        skip(1 days);
        vm.prank(buyer);
        subscriptions.renew(id, 1, _noPermit());
        assertEq(subscriptions.owed(publisher), 1, "earned");
        vm.prank(publisher);
        assertEq(subscriptions.withdraw(), 1, "withdrawn");
    }

    function test_aClaimOfASubscription() public {
        IMarket.ListingInput memory input =
            IMarket.ListingInput(1, 1, 0, IMarket.LicenseKind.Subscription, 1, 0, "terms");
        vm.prank(publisher);
        uint32 plan = market.createListingWith(input, IMarket.ListingExtras(address(0), 1440, new IMarket.Split[](0)));
        bytes32[] memory ids = new bytes32[](1);
        vm.prank(buyer);
        ids[0] = subscriptions.subscribe(plan, 1, 1, 1, KEY, _noPermit());
        skip(1 days);
        subscriptions.claim(ids);
        assertEq(subscriptions.owed(publisher), 1, "earned");
    }

    function test_aFeeForARoundThatDecidedNothing() public {
        _roundFee(1);
        uint256 had = coin.balanceOf(publisher);
        uint256 assetId = _publish(true);
        assertEq(had - coin.balanceOf(publisher), 2 + BOND, "fee, reserve and bond");
        _conclude(registry.roundOf(assetId, 1), Verdict.None);
        assertEq(had - coin.balanceOf(publisher), 1 + BOND, "the fee came back");
        vm.prank(publisher);
        registry.revokeVersion(assetId, 1, "wrong");
        skip(120 days);
        assertEq(registry.releaseReserve(assetId, 1), 1, "and the reserve");
        assertEq(had - coin.balanceOf(publisher), BOND, "to the owner");
    }

    function test_aRun() public {
        _freeRuns();
        listingId = _list(1, IMarket.LicenseKind.Compute, 1, 0);
        uint256 had = coin.balanceOf(buyer);
        bytes32 unclaimed = _openJob(listingId);
        assertEq(had - coin.balanceOf(buyer), 1, "paid");
        skip(OPEN_WINDOW + 1);
        training.refundJob(unclaimed);
        assertEq(coin.balanceOf(buyer), had, "refunded");
        _judged(wrong, "canary", [Verdict.Reject, Verdict.Reject, Verdict.Reject]);
        _finalize(jobId);
        assertEq(coin.balanceOf(buyer), had, "and after a slash");
    }

    function test_aRunsFeeAndAChallengesBond() public {
        _freeRuns();
        _roundFee(1);
        vm.prank(owner);
        challenges.setParams(IChallenges.Params(treasury, 1, MOVE_WINDOW, 0));
        listingId = _list(1, IMarket.LicenseKind.Compute, 0, 0);
        uint256 held = coin.balanceOf(address(validators));
        _accepted(wrong);
        assertEq(coin.balanceOf(address(validators)) - held, 1, "the round's fee");
        uint256 had = coin.balanceOf(challenger);
        uint256 id = _challenge(right);
        assertEq(had - coin.balanceOf(challenger), 1, "the bond");
        _play(id, wrong, right);
        assertEq(coin.balanceOf(address(validators)) - held, 2, "which pays the referees");
    }

    function _roundFee(uint96 fee) private {
        IValidators.Params memory p = _validatorParams();
        p.roundFee = fee;
        vm.prank(owner);
        validators.setParams(p);
    }

    function _freeRuns() private {
        (needs.units, needs.maxFee) = (0, 0);
        _roundFee(0);
    }
}
