// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMarket} from "../src/interfaces/IMarket.sol";
import {ISubscriptions} from "../src/interfaces/ISubscriptions.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

/// @dev A live asset, offered by the day.
abstract contract SubscriptionTest is SystemTest {
    uint24 internal constant PERIOD_MINUTES = 1440;
    uint256 internal constant PERIOD = 1 days;
    uint256 internal assetId;
    uint32 internal listingId;
    uint256 internal start;

    function setUp() public virtual override {
        super.setUp();
        assetId = _publishLive(true);
        listingId = _listPlan(address(0), PRICE);
        start = block.timestamp;
    }

    function _assertAllPaidOut(uint256 paid) internal view {
        uint256 owed = subscriptions.owed(buyer) + subscriptions.owed(publisher) + subscriptions.owed(treasury);
        assertEq(owed, paid, "what came in is owed");
        assertEq(coin.balanceOf(address(subscriptions)), paid, "and held");
    }

    function _claimSub(bytes32 id) internal {
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = id;
        subscriptions.claim(ids);
    }

    function _grantSub(bytes32 id, address who) internal {
        ISubscriptions.Grant[] memory grants = new ISubscriptions.Grant[](1);
        grants[0] = ISubscriptions.Grant(id, subscriptions.request(id).requestedAt, _share());
        vm.prank(who);
        subscriptions.grant(grants);
    }

    function _subscribe(uint16 periods) internal returns (bytes32) {
        vm.prank(buyer);
        return subscriptions.subscribe(listingId, 1, periods, type(uint96).max, KEY, _noPermit());
    }

    function _listPlan(address token, uint96 price) internal returns (uint32) {
        IMarket.ListingInput memory input =
            IMarket.ListingInput(uint64(assetId), 1, 0, IMarket.LicenseKind.Subscription, price, 0, "terms");
        vm.prank(publisher);
        return market.createListingWith(input, IMarket.ListingExtras(token, PERIOD_MINUTES, new IMarket.Split[](0)));
    }

    function _request(bytes32 id, uint16 version) internal {
        vm.prank(buyer);
        subscriptions.requestKey(id, version, keccak256(abi.encode("fresh", version, block.timestamp)));
    }

    function _grantKey(bytes32 id) internal {
        _grantSub(id, keepers[0]);
        _grantSub(id, keepers[1]);
    }

    function _renew() internal {
        vm.prank(buyer);
        subscriptions.renewNow(listingId);
    }

    function _cancel(bytes32 id) internal returns (uint256) {
        vm.prank(buyer);
        return subscriptions.cancel(id);
    }

    function _one(address who) internal pure returns (address[] memory accounts) {
        accounts = new address[](1);
        accounts[0] = who;
    }
}
