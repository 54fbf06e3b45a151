// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAssetRegistry} from "../src/interfaces/IAssetRegistry.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {IDisputes} from "../src/interfaces/IDisputes.sol";
import {IOrderDisputes} from "../src/interfaces/IOrderDisputes.sol";
import {IPause} from "../src/interfaces/IPause.sol";
import {Verdict} from "../src/interfaces/Types.sol";
import {Market} from "../src/Market.sol";
import {Sequences} from "./Sequences.sol";
import {CourtTest} from "./CourtTest.sol";
import {PlainToken} from "./Tokens.sol";
import {vm} from "./Vm.sol";

contract Alarm is IPause {
    bool public paused;

    function set(Market market, bool paused_) external {
        paused = paused_;
        market.syncPause();
    }
}

/// @dev Market and OrderDisputes against the model in packages/protocol/src/model/order.ts, on the walks of
/// `vectors/orderSequences.json`. What is set up here, and the numbers of steps, are those of orderSequences.ts.
contract OrderModelTest is CourtTest, Sequences {
    uint256 private constant SLOTS = 28;
    uint256 private constant LISTINGS = 7;
    uint256 private constant ASSETS = 3;
    uint256 private constant WITH_COINS = 7;
    uint8 private constant EMPTY_SHARE = 0xfe;

    PlainToken private other;
    Alarm private alarm;
    address[] private people;
    uint256[] private assets;
    uint32[] private listings;
    uint256 private start;
    uint256 private validatorsHad;

    function setUp() public override {
        super.setUp();
        people =
            [buyer, stranger, publisher, treasury, account("payeeA"), account("payeeB"), account("outsider"), owner];
        for (uint256 i = 0; i < 4; ++i) {
            people.push(keepers[i]);
            // Enough to be silent in many rounds and stay.
            _stake(keepers[i], 100_000e18);
        }
        other = new PlainToken(6);
        alarm = new Alarm();
        vm.startPrank(owner);
        market.allowToken(address(other), true);
        market.setGuardian(address(alarm));
        vm.stopPrank();
        _assets();
        _listings();
        _coins();
        start = block.timestamp;
        validatorsHad = coin.balanceOf(address(validators));
    }

    function test_theMarketDoesWhatTheModelSays() public {
        _playAll(vm.envOr("NEURODATA_ORDER_SEQUENCES", "vectors/orderSequences.json"));
    }

    function _assets() private {
        assets.push(_publishLive(true));
        assets.push(_publishLive(false));
        bytes32 jobId = _openJob(_list(assets[0], IMarket.LicenseKind.Compute, PRICE, 1_500));
        _claimJob(jobId);
        _endRun(jobId, Verdict.Accept);
        vm.prank(buyer);
        assets.push(registry.publishModel(jobId, _input(true), _noPermit()));
        _conclude(registry.roundOf(assets[2], 1), Verdict.Accept);
    }

    function _listings() private {
        IMarket.Split[] memory none = new IMarket.Split[](0);
        IMarket.Split[] memory two = new IMarket.Split[](2);
        (two[0], two[1]) = (IMarket.Split(people[4], 3_000), IMarket.Split(people[5], 1));
        IMarket.Split[] memory most = new IMarket.Split[](1);
        most[0] = IMarket.Split(people[4], 9_999);
        listings.push(_listWith(0, 0, PRICE, address(0), none));
        listings.push(_listWith(0, 0, 0, address(0), none));
        listings.push(_listWith(1, 1, 33e18 + 1, address(0), none));
        listings.push(_listWith(0, 0, 7_000_001, address(other), two));
        listings.push(_listWith(1, 0, 12e18 + 7, address(0), most));
        listings.push(_listWith(2, 0, 20e18 + 3, address(0), none));
        listings.push(_list(assets[0], IMarket.LicenseKind.Compute, PRICE, 0));
    }

    function _listWith(uint256 asset, uint32 last, uint96 price, address token, IMarket.Split[] memory splits)
        private
        returns (uint32)
    {
        IMarket.ListingInput memory input = IMarket.ListingInput(
            uint64(assets[asset]), 1, last, IMarket.LicenseKind.Download, price, 0, keccak256("terms")
        );
        address seller = registry.ownerOf(assets[asset]);
        vm.prank(seller);
        return market.createListingWith(input, IMarket.ListingExtras(token, 0, splits));
    }

    /// @dev Buyers have enough for some orders and not for all.
    function _coins() private {
        for (uint256 i = 0; i < WITH_COINS; ++i) {
            uint256 had = coin.balanceOf(people[i]);
            vm.prank(people[i]);
            coin.transfer(address(this), had);
        }
        for (uint256 i = 0; i < people.length; ++i) {
            _fund(people[i], i < 2 ? 150e18 : i == 6 ? 1e18 : 0);
            if (i < 2) other.mint(people[i], 30_000_000);
            vm.prank(people[i]);
            other.approve(address(market), type(uint256).max);
        }
    }

    // Steps

    function _step(uint8 op, uint8[3] memory x) internal override returns (bytes4) {
        if (op == 0) return _wait(_seconds(x));
        address who = people[op == 8 ? 6 : x[0]];
        if (op <= 3) return _call(who, address(market), _buying(op, x));
        if (op == 6 || op == 8 || op >= 21) return _disputing(op, x, who);
        if (op <= 9) return _call(who, address(market), _escrow(op, x));
        if (op == 10) return _judge(_orderId(x[1]), x[2]);
        if (op == 11) return _call(who, address(market), abi.encodeWithSignature("withdraw()"));
        if (op == 12) return _call(who, address(market), abi.encodeWithSignature("withdrawToken(address)", other));
        return _selling(op, x, who);
    }

    function _buying(uint8 op, uint8[3] memory x) private view returns (bytes memory) {
        IMarket.Purchase memory p = _purchase(x[1], op == 1 ? x[2] : 0);
        if (op == 1) return abi.encodeCall(IMarket.buy, (p.listingId, p.version, p.maxPrice, p.recipientKey));
        if (op == 2) {
            address to = x[2] == 1 ? address(0) : _buyerOf(x[1]);
            return abi.encodeCall(IMarket.gift, (p.listingId, p.version, p.maxPrice, p.recipientKey, to));
        }
        IMarket.Purchase[] memory two = new IMarket.Purchase[](2);
        (two[0], two[1]) = (p, _purchase(x[2], 0));
        return abi.encodeCall(IMarket.batchBuy, (two));
    }

    function _escrow(uint8 op, uint8[3] memory x) private view returns (bytes memory) {
        bytes32 orderId = _orderId(x[1]);
        bytes32[] memory ids = new bytes32[](x[2] < SLOTS ? 2 : 1);
        ids[0] = orderId;
        if (ids.length == 2) ids[1] = _orderId(x[2]);
        if (op == 4) return abi.encodeCall(IMarket.grant, (_grants(ids, x[2] == EMPTY_SHARE)));
        if (op == 5) return abi.encodeCall(IMarket.confirm, (orderId));
        if (op == 7) return abi.encodeCall(IMarket.refund, (orderId));
        return abi.encodeCall(IMarket.claim, (people[x[0]], ids));
    }

    function _disputing(uint8 op, uint8[3] memory x, address who) private returns (bytes4) {
        if (op == 22) return _ruling(_orderId(x[1]), x[2]);
        bytes memory data;
        if (op == 6) data = abi.encodeCall(IOrderDisputes.dispute, (_orderId(x[1]), "x", _noPermit()));
        if (op == 8) data = abi.encodeCall(IOrderDisputes.resolve, (_orderId(x[1])));
        if (op == 21) data = abi.encodeCall(IOrderDisputes.escalate, (_orderId(x[1]), _noPermit()));
        if (op == 23) data = abi.encodeWithSignature("withdraw()");
        if (op == 24) data = abi.encodeCall(IOrderDisputes.setParams, (_disputeParamsOf(x[1])));
        return _call(who, address(orderDisputes), data);
    }

    function _selling(uint8 op, uint8[3] memory x, address who) private returns (bytes4) {
        if (op == 13) {
            return _call(who, address(registry), abi.encodeCall(IAssetRegistry.revokeVersion, (assets[x[1]], 1, "x")));
        }
        if (op == 14) return _call(who, address(market), abi.encodeCall(IMarket.retireListing, (_listingId(x[1]))));
        if (op == 15) {
            return _call(who, address(registry), abi.encodeCall(IAssetRegistry.releaseReserve, (assets[x[1]], 1)));
        }
        if (op == 16) return _call(who, address(market), abi.encodeCall(IMarket.setParams, (_paramsOf(x[1], x[2]))));
        if (op == 17) {
            return _call(who, address(coin), abi.encodeCall(coin.transfer, (address(market), uint256(x[1]) * 1e15)));
        }
        if (op == 18) {
            address from = registry.ownerOf(assets[x[1]]);
            return _call(
                who,
                address(registry),
                abi.encodeWithSignature("transferFrom(address,address,uint256)", from, people[x[2]], assets[x[1]])
            );
        }
        if (op == 19) {
            return _call(who, address(market), abi.encodeCall(IMarket.allowToken, (address(other), x[1] == 1)));
        }
        return _call(who, address(alarm), abi.encodeCall(Alarm.set, (market, x[1] == 1)));
    }

    function _wait(uint256 seconds_) private returns (bytes4) {
        skip(seconds_);
        return 0;
    }

    /// @dev A whole round of validators about a disputed order.
    function _judge(bytes32 orderId, uint8 verdict) private returns (bytes4) {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(validators), 2, orderId, 0));
        _conclude(bytes32((uint256(3) << 248) | (uint256(digest) & (type(uint256).max >> 8))), Verdict(verdict));
        return 0;
    }

    /// @dev A jury of one mind, which nobody appeals; or none, if the time to draw it is over.
    function _ruling(bytes32 orderId, uint8 ruling) private returns (bytes4) {
        uint256 id = orderDisputes.disputeOf(orderId).juryDispute;
        if (disputes.phaseOf(id) == IDisputes.Phase.Drawing) {
            _rule(id, ruling);
        } else {
            disputes.conclude(id);
            disputes.executeRuling(id);
        }
        return 0;
    }

    /// @dev `how`: 0 as it should be, 1 too low a maximum, 2 without a key, 3 a version that is not there.
    function _purchase(uint256 slot, uint256 how) private view returns (IMarket.Purchase memory) {
        uint96 price = slot < SLOTS ? market.listing(listings[slot >> 2]).price : 0;
        bytes32 key = how == 2 ? bytes32(0) : _keyOf(slot);
        return IMarket.Purchase(_listingId(slot >> 2), how == 3 ? 2 : 1, how == 1 && price > 0 ? price - 1 : price, key);
    }

    function _grants(bytes32[] memory ids, bool empty) private pure returns (IMarket.Grant[] memory grants) {
        grants = new IMarket.Grant[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) {
            grants[i] = IMarket.Grant(ids[i], empty ? bytes("") : _share());
        }
    }

    function _paramsOf(uint8 fee, uint8 windows) private view returns (IMarket.Params memory p) {
        p = _marketParams();
        p.feeBps = uint16(fee) * 10;
        uint32[3] memory w = [p.grantWindow, p.grantMargin, p.confirmWindow];
        if (windows == 1) w = [uint32(60), 59, 1];
        if (windows == 2) w = [uint32(30 days), 1 days, 30 days];
        if (windows == 3) w = [uint32(30 days + 1), 0, 1];
        if (windows == 4) w = [uint32(300), 300, 1];
        if (windows == 5) w = [uint32(300), 0, 0];
        if (windows == 6) w = [uint32(300), 0, 30 days + 1];
        (p.grantWindow, p.grantMargin, p.confirmWindow) = (w[0], w[1], w[2]);
    }

    function _disputeParamsOf(uint8 number) private pure returns (IOrderDisputes.Params memory p) {
        p = _disputeParams();
        if (number == 1) p = IOrderDisputes.Params(1, 30 days);
        if (number == 2) p = IOrderDisputes.Params(30 days, 1);
        if (number == 3) p = IOrderDisputes.Params(0, 1);
        if (number == 4) p = IOrderDisputes.Params(1, 30 days + 1);
    }

    function _orderId(uint256 slot) private view returns (bytes32) {
        return market.orderIdOf(_listingId(slot >> 2), 1, _buyerOf(slot), _keyOf(slot));
    }

    function _listingId(uint256 number) private view returns (uint32) {
        return number < LISTINGS ? listings[number] : 999;
    }

    function _buyerOf(uint256 slot) private view returns (address) {
        return people[(slot >> 1) & 1];
    }

    function _keyOf(uint256 slot) private pure returns (bytes32) {
        return bytes32((slot & 1) + 1);
    }

    // What must be equal at the end

    function _words() internal view override returns (uint256[] memory words) {
        words = new uint256[](2 + 9 * SLOTS + LISTINGS + 3 * ASSETS + 5 * WITH_COINS + 5);
        uint256 n = 0;
        words[n++] = block.timestamp - start;
        words[n++] = market.pausedUntil() == 0 ? 0 : market.pausedUntil() - start;
        for (uint256 slot = 0; slot < SLOTS; ++slot) {
            IMarket.Order memory o = market.order(_orderId(slot));
            words[n] = uint8(o.state);
            words[n + 1] = o.changedAt == 0 ? 0 : o.changedAt - start;
            words[n + 2] = o.grants;
            _disputeWords(words, n + 3, _orderId(slot));
            n += 9;
        }
        for (uint256 i = 0; i < LISTINGS; ++i) {
            words[n++] = market.listing(listings[i]).retired ? 1 : 0;
        }
        for (uint256 i = 0; i < ASSETS; ++i) {
            words[n++] = uint8(registry.statusOf(assets[i], 1));
            words[n++] = registry.reserveOf(assets[i], 1);
            words[n++] = _placeOf(registry.ownerOf(assets[i]));
        }
        for (uint256 i = 0; i < WITH_COINS; ++i) {
            words[n++] = coin.balanceOf(people[i]);
            words[n++] = other.balanceOf(people[i]);
            words[n++] = market.owed(people[i]);
            words[n++] = market.owedIn(address(other), people[i]);
            words[n++] = orderDisputes.owed(people[i]);
        }
        words[n++] = coin.balanceOf(address(market));
        words[n++] = coin.balanceOf(address(registry));
        words[n++] = coin.balanceOf(address(validators)) - validatorsHad;
        words[n++] = coin.balanceOf(address(orderDisputes));
        words[n++] = other.balanceOf(address(market));
        assertEq(n, words.length, "all words");
    }

    function _disputeWords(uint256[] memory words, uint256 n, bytes32 orderId) private view {
        IOrderDisputes.OrderDispute memory d = orderDisputes.disputeOf(orderId);
        (words[n], words[n + 1]) = (uint8(d.state), d.until == 0 ? 0 : d.until - start);
        (words[n + 2], words[n + 3]) = (d.accepted ? 1 : 0, d.bySeller ? 1 : 0);
        (words[n + 4], words[n + 5]) = (d.cost, d.bond);
    }

    function _placeOf(address who) private view returns (uint256 place) {
        while (people[place] != who) ++place;
    }
}
