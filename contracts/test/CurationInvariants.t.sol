// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICuration} from "../src/interfaces/ICuration.sol";
import {CurationTest} from "./CurationTest.sol";
import {vm} from "./Vm.sol";

/// @dev Publishers, curators, jurors and passers-by in any order.
contract CurationHandler is CurationTest {
    uint256 public burnt;
    uint256 private supply;
    /// @dev A flag, as what a step asserts is lost with the step.
    bool private slashedUnheard;

    function setUp() public override {
        super.setUp();
        _fund(publisher, 100_000e18);
        supply = coin.totalSupply();
    }

    function publish(uint96 bond) external {
        if (registry.assetCount() == 8) return;
        vm.prank(owner);
        curation.setParams(ICuration.Params(bond % 50e18, REVIEW_WINDOW, APPEAL_WINDOW));
        _publish(true);
    }

    function judge(uint256 pick, uint8 what) external {
        uint256 id = _pick(pick);
        vm.startPrank(curator);
        if (what % 3 == 0) try curation.approve(id, "x") {} catch {}
        if (what % 3 == 1) try curation.suspend(id, "x") {} catch {}
        if (what % 3 == 2) try curation.reinstate(id, "x") {} catch {}
        vm.stopPrank();
    }

    function poke(uint256 pick, bool slash) external {
        uint256 id = _pick(pick);
        if (!slash) return curation.release(id);
        ICuration.Record memory before = curation.record(id);
        burnt += curation.slash(id);
        if (before.appeal == ICuration.Appeal.Open) slashedUnheard = true;
    }

    function appeal(uint256 pick) external {
        _appeal(_pick(pick));
    }

    function hear(uint256 pick, uint8 ruling) external {
        uint256 id = pick % disputes.disputeCount() + 1;
        uint256 before = coin.totalSupply();
        _rule(id, ruling % 3);
        supply -= before - coin.totalSupply();
    }

    function transfer(uint256 pick, bool back) external {
        uint256 id = _pick(pick);
        address from = registry.ownerOf(id);
        vm.prank(from);
        registry.transferFrom(from, back ? publisher : stranger, id);
    }

    function withdraw(bool theirs) external {
        vm.prank(theirs ? stranger : publisher);
        curation.withdraw();
    }

    function wait_(uint256 seconds_) external {
        skip(seconds_ % 5 days);
        mine(1);
    }

    function check() external view {
        assertTrue(!slashedUnheard, "nobody is slashed while the jury has it");
        uint256 due = curation.owed(publisher) + curation.owed(stranger);
        for (uint256 id = 1; id <= registry.assetCount(); ++id) {
            ICuration.Record memory record = curation.record(id);
            due += record.bond;
            assertTrue(record.status != ICuration.Status.Live || record.bond == 0, "what is live holds nothing");
        }
        assertEq(coin.balanceOf(address(curation)), due, "bonds and credits");
        assertEq(curation.owed(curator) + curation.owed(treasury) + curation.owed(owner), 0, "nobody else gains");
        assertEq(coin.totalSupply(), supply - burnt, "what is slashed is burnt");
    }

    function _pick(uint256 pick) private view returns (uint256) {
        return pick % registry.assetCount() + 1;
    }
}

contract CurationInvariantsTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    bool public IS_TEST = true;
    CurationHandler private handler;

    function setUp() public {
        handler = new CurationHandler();
        handler.setUp();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[8] memory all = [
            CurationHandler.publish.selector,
            CurationHandler.judge.selector,
            CurationHandler.poke.selector,
            CurationHandler.appeal.selector,
            CurationHandler.hear.selector,
            CurationHandler.transfer.selector,
            CurationHandler.withdraw.selector,
            CurationHandler.wait_.selector
        ];
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(handler), new bytes4[](all.length));
        for (uint256 i = 0; i < all.length; ++i) {
            targets[0].selectors[i] = all[i];
        }
    }

    function invariant_bondsAndCreditsAreHeldToTheCoin() public view {
        handler.check();
    }
}
