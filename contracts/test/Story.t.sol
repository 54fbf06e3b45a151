// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMarket} from "../src/interfaces/IMarket.sol";
import {ITraining} from "../src/interfaces/ITraining.sol";
import {Verdict} from "../src/interfaces/Types.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

/// @dev Whole stories, from the first publication to the last withdrawal. Gas of each step: Gas.t.sol.
contract StoryTest is SystemTest {
    /// @dev Shown by `forge test -vv`.
    event log_named_uint(string what, uint256 gas);

    uint256 private gasBefore;

    /// @dev A dataset is published, attested, listed, bought, granted, confirmed and claimed.
    function test_sale() public {
        _begin();
        uint256 assetId = _publish(true);
        _step("publish");
        _conclude(registry.roundOf(assetId, 1), Verdict.Accept);
        _step("round of three: draw, commit, reveal, settle");
        uint32 listingId = _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
        _step("list");
        uint256 before = coin.balanceOf(publisher);
        bytes32 orderId = _buy(listingId, KEY);
        _step("buy");
        _grantAll(orderId);
        _step("two grants");
        vm.prank(buyer);
        market.confirm(orderId);
        _step("confirm");
        _claimOne(orderId);
        _step("claim");
        assertEq(coin.balanceOf(publisher) - before, uint256(PRICE) * 9_975 / 10_000, "the publisher earns");
        assertEq(coin.balanceOf(treasury), uint256(PRICE) * 25 / 10_000, "the treasury earns");
        uint256 earned = 0;
        for (uint256 i = 0; i < 4; ++i) {
            vm.prank(keepers[i]);
            earned += validators.withdraw();
        }
        assertEq(earned, ROUND_FEE, "the validators earn");
        assertEq(coin.balanceOf(address(market)) + coin.balanceOf(address(validators)), 0, "nothing is left over");
    }

    /// @dev A model is trained, published with its lineage and sold: the dataset's owner of that day gets the share.
    function test_runAndModelSale() public {
        uint256 assetId = _publishLive(true);
        uint32 runs = _list(assetId, IMarket.LicenseKind.Compute, PRICE, 1_000);
        _begin();
        bytes32 jobId = _openJob(runs);
        _step("open job");
        address worker = _claimJob(jobId);
        _step("claim job");
        bytes32 roundId = _submit(jobId);
        _step("submit receipt");
        _conclude(roundId, Verdict.Accept);
        _step("round of three");
        _finalize(jobId);
        _step("finalize");
        _assertJob(jobId, ITraining.JobState.Settled);
        vm.prank(worker);
        training.withdraw();
        _step("worker withdraws");

        vm.prank(buyer);
        uint256 model = registry.publishModel(jobId, _input(true), _noPermit());
        _step("publish model");
        _conclude(registry.roundOf(model, 1), Verdict.Accept);
        uint32 sale = _list(model, IMarket.LicenseKind.Download, 200e18, 0);
        vm.prank(publisher);
        registry.transferFrom(publisher, owner, assetId);
        _fund(stranger, 200e18);
        vm.prank(stranger);
        bytes32 orderId = market.buy(sale, 1, 200e18, KEY);
        _grantAll(orderId);
        skip(CONFIRM_WINDOW + 1);
        assertEq(_claimOne(orderId), 179.5e18, "seller: 200 less 0.25 % and 10 %");
        assertEq(market.owed(owner), 20e18, "the dataset's owner");
        vm.prank(owner);
        market.withdraw();
        assertEq(coin.balanceOf(address(market)), 0, "nothing is left over");
    }

    /// @dev A run on a model: the dataset's owner has a share of that too.
    function test_runOnAModelSharesToo() public {
        uint256 assetId = _publishLive(true);
        bytes32 first = _openJob(_list(assetId, IMarket.LicenseKind.Compute, PRICE, 2_000));
        _claimJob(first);
        _endRun(first, Verdict.Accept);
        vm.prank(buyer);
        uint256 model = registry.publishModel(first, _input(true), _noPermit());
        _conclude(registry.roundOf(model, 1), Verdict.Accept);
        uint32 runs = _list(model, IMarket.LicenseKind.Compute, PRICE, 0);
        uint256 before = training.owed(publisher);
        _fund(stranger, 100e18);
        vm.prank(stranger);
        bytes32 second = training.openJob(_asked(runs, 1, "spec", KEY, 100e18), _noPermit());
        _claimJob(second);
        _endRun(second, Verdict.Accept);
        assertEq(training.owed(publisher) - before, PRICE / 5, "a fifth");
    }

    /// @dev A worker forges a receipt; the committee re-executes, rejects, and the bond pays.
    function test_forgedRunIsSlashed() public {
        uint256 assetId = _publishLive(true);
        uint256 before = coin.balanceOf(buyer);
        bytes32 jobId = _openJob(_list(assetId, IMarket.LicenseKind.Compute, PRICE, 0));
        address worker = _claimJob(jobId);
        bytes32 roundId = _submit(jobId);
        uint16[] memory committee = _draw(roundId);
        uint256[3] memory earned;
        for (uint256 i = 0; i < 3; ++i) {
            earned[i] = validators.owed(_accountOf(committee[i]));
            address member = _accountOf(committee[i]);
            assertTrue(market.entitled(member, assetId, 1, roundId), "re-executors may read");
            // One of them is bribed; the other two are enough.
            _commit(roundId, member, i == 0 ? Verdict.Accept : Verdict.Reject);
        }
        for (uint256 i = 0; i < 3; ++i) {
            _reveal(roundId, _accountOf(committee[i]), i == 0 ? Verdict.Accept : Verdict.Reject);
        }
        _begin();
        validators.settle(roundId);
        _step("settle a forged run");
        _finalize(jobId);
        _step("finalize a forged run");
        _assertJob(jobId, ITraining.JobState.Slashed);
        assertEq(coin.balanceOf(buyer), before, "the buyer is whole");
        assertEq(staking.stakeOf(worker), 900e18, "the bond is gone");
        for (uint256 i = 0; i < 3; ++i) {
            earned[i] = validators.owed(_accountOf(committee[i])) - earned[i];
        }
        assertEq(earned[0], 0, "the bribed one earns nothing");
        assertEq(earned[1], ROUND_FEE / 2 + ROUND_FEE % 2, "the honest share the fee");
        assertEq(earned[2], ROUND_FEE / 2, "equally");
        vm.expectRevert();
        vm.prank(buyer);
        registry.publishModel(jobId, _input(true), _noPermit());
    }

    /// @dev The content is not what the commitments say: the buyer disputes, the committee agrees, everybody is refunded.
    function test_disputeRefund() public {
        uint256 assetId = _publishLive(true);
        uint32 listingId = _list(assetId, IMarket.LicenseKind.Download, PRICE, 0);
        uint256 before = coin.balanceOf(buyer);
        bytes32 orderId = _buy(listingId, KEY);
        bytes32 second = _buy(listingId, "second");
        _grantAll(orderId);
        _grantAll(second);
        _begin();
        bytes32 roundId = _dispute(orderId);
        _step("dispute");
        _conclude(roundId, Verdict.Reject);
        _step("round of three");
        market.refund(second);
        _step("refund the other order");
        assertEq(coin.balanceOf(buyer), before, "prices and bond are back");
        assertEq(coin.balanceOf(address(market)) + coin.balanceOf(address(registry)), 0, "nothing is left over");
    }

    /// @dev For any price, fee and lineage share, the sale of a model pays out exactly what came in.
    function testFuzz_aModelSaleConservesMoney(uint96 price, uint16 feeBps, uint16 shareBps) public {
        price = uint96(bound(price, 0, 10_000e18));
        shareBps = uint16(bound(shareBps, 0, 5_000));
        IMarket.Params memory p = _marketParams();
        p.feeBps = uint16(bound(feeBps, 0, 1_000));
        vm.prank(owner);
        market.setParams(p);
        uint256 assetId = _publishLive(true);
        bytes32 jobId = _openJob(_list(assetId, IMarket.LicenseKind.Compute, PRICE, shareBps));
        _claimJob(jobId);
        _endRun(jobId, Verdict.Accept);
        vm.prank(buyer);
        uint256 model = registry.publishModel(jobId, _input(true), _noPermit());
        _conclude(registry.roundOf(model, 1), Verdict.Accept);
        uint32 sale = _list(model, IMarket.LicenseKind.Download, price, 0);

        _fund(stranger, price);
        vm.prank(stranger);
        bytes32 orderId = market.buy(sale, 1, price, KEY);
        _grantAll(orderId);
        skip(CONFIRM_WINDOW + 1);
        uint256 toSeller = _claimOne(orderId);
        uint256 fee = coin.balanceOf(treasury);
        assertEq(market.owed(publisher), uint256(price) * shareBps / 10_000, "share");
        assertEq(fee, uint256(price) * p.feeBps / 10_000, "fee");
        assertEq(toSeller + fee + market.owed(publisher), price, "conserved");
        assertEq(coin.balanceOf(address(market)), market.owed(publisher), "held");
    }

    function _begin() private {
        gasBefore = gasleft();
    }

    function _step(string memory what) private {
        emit log_named_uint(what, gasBefore - gasleft());
        gasBefore = gasleft();
    }
}
