// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Reviews} from "../src/Reviews.sol";
import {IMarket} from "../src/interfaces/IMarket.sol";
import {IPause} from "../src/interfaces/IPause.sol";
import {IReviews} from "../src/interfaces/IReviews.sol";
import {IStaking} from "../src/interfaces/IStaking.sol";
import {IValidators} from "../src/interfaces/IValidators.sol";
import {Verdict} from "../src/interfaces/Types.sol";
import {HostileToken} from "./HostileTokens.sol";
import {SystemTest} from "./SystemTest.sol";
import {BlockingToken, PlainToken} from "./Tokens.sol";
import {vm} from "./Vm.sol";

/// @dev Trade in four coins, two of them hostile: singles, batches and gifts, payees, disputes, reviews, delegation, with
/// an owner who changes fees and lists, and a guardian who pauses.
contract TradeHandler is SystemTest, IPause {
    uint256 private constant MOST_ORDERS = 24;
    uint256 private constant TOKENS = 4;

    bool public paused;
    Reviews private reviews;
    address[TOKENS] private tokens;
    address[] private people;
    uint256[] private assets;
    uint32[] private listings;
    bytes32[] private orders;
    mapping(bytes32 orderId => bytes32 roundId) private rounds;
    mapping(bytes32 orderId => IMarket.OrderState) private endedAs;
    mapping(bytes32 orderId => uint256) private reviewed;
    uint256[TOKENS] private donated;
    uint256[TOKENS] private claimed;
    uint256[TOKENS] private toTreasury;
    uint256 private keyCount;
    /// @dev What a step found wrong. What it asserts would be lost with the step, so it is written down.
    string private fault;

    function setUp() public override {
        super.setUp();
        reviews = new Reviews(market);
        HostileToken hostile = new HostileToken();
        BlockingToken blocking = new BlockingToken();
        tokens = [address(coin), address(new PlainToken(6)), address(hostile), address(blocking)];
        people = [buyer, stranger, publisher, treasury, account("payee"), keepers[0], keepers[1], keepers[2]];
        vm.startPrank(owner);
        market.setGuardian(address(this));
        for (uint256 t = 1; t < TOKENS; ++t) {
            market.allowToken(tokens[t], true);
        }
        vm.stopPrank();
        for (uint256 i = 0; i < 3; ++i) {
            _fund(people[i], 100_000e18);
            for (uint256 t = 1; t < TOKENS; ++t) {
                PlainToken(tokens[t]).mint(people[i], 1e30);
                vm.prank(people[i]);
                IERC20(tokens[t]).approve(address(market), type(uint256).max);
            }
        }
        coin.approve(address(staking), type(uint256).max);
        staking.fundPool(50e18);
        _stake(stranger, 5_000e18);
        for (uint256 i = 0; i < 3; ++i) {
            assets.push(_publishLive(i != 1));
            list(i, i, 10e18, uint16(i * 900));
        }
        list(0, 3, 7, 1);
    }

    // Sellers and the owner

    function list(uint256 pick, uint256 token, uint96 price, uint16 bps) public {
        if (listings.length == 12) return;
        IMarket.Split[] memory splits = new IMarket.Split[](bps % 3 == 0 ? 0 : 2);
        for (uint256 i = 0; i < splits.length; ++i) {
            splits[i] = IMarket.Split(people[4 + i], bps % 5_000 + 1);
        }
        IMarket.ListingInput memory input = IMarket.ListingInput(
            uint64(assets[pick % 3]), 1, 0, IMarket.LicenseKind.Download, price % 1_000e18, 0, "terms"
        );
        vm.prank(publisher);
        listings.push(market.createListingWith(input, IMarket.ListingExtras(tokens[token % TOKENS], 0, splits)));
    }

    function retire(uint256 pick, uint8 dice) external {
        if (dice % 8 != 0) return;
        vm.prank(publisher);
        market.retireListing(listings[pick % listings.length]);
    }

    function revoke(uint256 pick, uint8 dice) external {
        if (dice % 8 != 0) return;
        vm.prank(publisher);
        registry.revokeVersion(assets[pick % 3], 1, "x");
    }

    function setFee(uint16 feeBps) external {
        IMarket.Params memory p = _marketParams();
        p.feeBps = feeBps % 1_200;
        vm.prank(owner);
        market.setParams(p);
    }

    function allow(uint256 token, bool allowed) external {
        vm.prank(owner);
        market.allowToken(tokens[1 + token % 3], allowed);
    }

    function pause(uint8 dice) external {
        paused = dice % 8 == 0;
        market.syncPause();
    }

    function claim(uint256 pick, uint8 count) external {
        bytes32[] memory ids = new bytes32[](1 + count % 3);
        ids[0] = _in(pick, count % 2 == 0 ? IMarket.OrderState.Released : IMarket.OrderState.Granted);
        uint256 n = 1;
        for (uint256 i = 0; i < orders.length && n < ids.length; ++i) {
            if (orders[i] != ids[0] && market.order(orders[i]).state == IMarket.OrderState.Released) {
                ids[n++] = orders[i];
            }
        }
        assembly ("memory-safe") {
            mstore(ids, n)
        }
        _claimAll(ids);
    }

    // Buyers

    function buy(uint256 pick, uint256 who) external {
        _room(1);
        bytes32 key = bytes32(++keyCount);
        vm.prank(people[who % 3]);
        orders.push(market.buy(listings[pick % listings.length], 1, type(uint96).max, key));
    }

    function gift(uint256 pick, uint256 who, uint256 to) external {
        _room(1);
        bytes32 key = bytes32(++keyCount);
        uint32 listingId = listings[pick % listings.length];
        vm.prank(people[who % 3]);
        orders.push(market.gift(listingId, 1, type(uint96).max, key, people[to % people.length]));
    }

    function batch(uint256 pick, uint256 who, uint8 count) external {
        IMarket.Purchase[] memory wanted = new IMarket.Purchase[](count % 5);
        _room(wanted.length);
        for (uint256 i = 0; i < wanted.length; ++i) {
            uint32 listingId = listings[(pick % listings.length + i) % listings.length];
            wanted[i] = IMarket.Purchase(listingId, 1, type(uint96).max, bytes32(++keyCount));
        }
        vm.prank(people[who % 3]);
        bytes32[] memory ids = market.batchBuy(wanted);
        for (uint256 i = 0; i < ids.length; ++i) {
            orders.push(ids[i]);
        }
    }

    function grant(uint256 pick, bool all) external {
        bytes32 orderId = _in(pick, IMarket.OrderState.Open);
        _grant(orderId, keepers[pick % 3]);
        if (all) _grantAll(orderId);
    }

    function confirm(uint256 pick) external {
        bytes32 orderId = _in(pick, IMarket.OrderState.Granted);
        address holder = market.order(orderId).buyer;
        vm.prank(holder);
        market.confirm(orderId);
    }

    function dispute(uint256 pick) external {
        bytes32 orderId = _in(pick, IMarket.OrderState.Granted);
        rounds[orderId] = _dispute(orderId);
    }

    /// @dev Whoever the validators find right does not lose by having asked: price and, out of the reserve, the bond.
    function judge(uint256 pick, uint8 word) external {
        bytes32 orderId = _disputed(pick);
        bytes32 roundId = rounds[orderId];
        if (roundId == 0 || validators.phaseOf(roundId) != IValidators.Phase.Drawing) return;
        IMarket.Order memory o = market.order(orderId);
        IMarket.Listing memory terms = market.listing(o.listingId);
        uint256 reserve = registry.reserveOf(terms.assetId, o.version);
        uint256 had = _worth(terms.token, o.buyer);
        uint256 coins = coin.balanceOf(o.buyer);
        _conclude(roundId, Verdict(word % 3));
        if (Verdict(word % 3) != Verdict.Reject) return;
        bool inCoin = terms.token == address(coin);
        uint256 back = o.state == IMarket.OrderState.Disputed ? terms.price : 0;
        bool paid = _worth(terms.token, o.buyer) - had == back + (inCoin ? reserve : 0);
        _expect(paid, "the accuser has the price");
        if (!inCoin) _expect(coin.balanceOf(o.buyer) - coins == reserve, "the accuser has the reserve");
    }

    function resolve(uint256 pick) external {
        orderDisputes.resolve(_in(pick, IMarket.OrderState.Disputed));
    }

    function refund(uint256 pick) external {
        market.refund(_in(pick, IMarket.OrderState.Open));
    }

    function review(uint256 pick, uint8 rating, bool again) external {
        bytes32 orderId = _in(pick, pick % 2 == 0 ? IMarket.OrderState.Claimed : IMarket.OrderState.Released);
        address holder = market.order(orderId).buyer;
        vm.prank(holder);
        if (again) reviews.edit(orderId, rating % 7, "x");
        else reviews.review(orderId, rating % 7, "x");
        ++reviewed[orderId];
        _expect(reviewed[orderId] <= 2, "a review is written once and edited once");
        IMarket.OrderState state = market.order(orderId).state;
        bool completed = state == IMarket.OrderState.Released || state == IMarket.OrderState.Claimed;
        _expect(completed, "a review is of a completed order");
    }

    // Tokens, stake and time

    function misbehave(uint256 who, uint8 what) external {
        if (what % 3 == 0) HostileToken(tokens[2]).setFee(what % 2 == 0 ? 0 : 500);
        if (what % 3 == 1) HostileToken(tokens[2]).lie(what % 2 == 0);
        if (what % 3 == 2) BlockingToken(tokens[3]).bar(people[who % people.length]);
    }

    function donate(uint256 token, uint64 amount) external {
        vm.prank(publisher);
        IERC20(tokens[token % 2]).transfer(address(market), amount);
        donated[token % 2] += amount;
    }

    function withdraw(uint256 who, uint256 token) external {
        vm.prank(people[who % people.length]);
        if (token % TOKENS == 0) market.withdraw();
        else market.withdrawToken(tokens[token % TOKENS]);
    }

    function delegate(uint256 to, uint96 amount, uint8 what) external {
        address keeper = keepers[to % 3];
        vm.prank(stranger);
        if (what % 4 == 0) staking.delegate(keeper, amount % 2_000e18);
        if (what % 4 == 1) staking.undelegate(keeper, amount % 2_000e18);
        if (what % 4 == 2) staking.withdrawDelegation(keeper);
        if (what % 4 == 3) staking.claimDelegationRewards(keeper);
    }

    function wait_(uint8 how) external {
        uint32[4] memory waits = [GRANT_WINDOW - GRANT_MARGIN, GRANT_WINDOW, CONFIRM_WINDOW, VERDICT_WINDOW];
        skip(how % 8 < 4 ? 60 : waits[how % 4] + (how / 8) % 2);
        mine(1);
    }

    // What must hold

    function check() external {
        assertTrue(bytes(fault).length == 0, fault);
        uint256[TOKENS] memory due = donated;
        for (uint256 i = 0; i < orders.length; ++i) {
            IMarket.Order memory o = market.order(orders[i]);
            IMarket.Listing memory terms = market.listing(o.listingId);
            if (endedAs[orders[i]] != IMarket.OrderState.None) {
                assertTrue(o.state == endedAs[orders[i]], "an order that has ended stays as it ended");
            }
            if (!_isOver(o.state)) due[_placeOf(terms.token)] += terms.price;
        }
        for (uint256 t = 0; t < TOKENS; ++t) {
            for (uint256 i = 0; i < people.length; ++i) {
                due[t] += _credit(tokens[t], people[i]);
            }
            assertEq(IERC20(tokens[t]).balanceOf(address(market)), due[t], "each coin is somebody's");
            assertTrue(toTreasury[t] <= claimed[t] / 10, "the fee is never more than its cap");
        }
        _checkStaking();
    }

    /// @dev Called where nothing stays: after the last deadline everybody gets what is theirs, whatever the guardian, the
    /// owner, the tokens and the others do.
    function everybodyOut() external {
        skip(61 days);
        for (uint256 i = 0; i < orders.length; ++i) {
            IMarket.OrderState state = market.order(orders[i]).state;
            if (state == IMarket.OrderState.Open) market.refund(orders[i]);
            if (state == IMarket.OrderState.Disputed) orderDisputes.resolve(orders[i]);
            state = market.order(orders[i]).state;
            if (_isOver(state)) continue;
            bool refused = _statusOf(orders[i]) == 3;
            if (refused && state == IMarket.OrderState.Granted) market.refund(orders[i]);
            else _claimOne(orders[i]);
        }
        for (uint256 t = 0; t < TOKENS; ++t) {
            uint256 left = donated[t];
            for (uint256 i = 0; i < people.length; ++i) {
                left += _out(tokens[t], people[i]);
            }
            assertEq(
                IERC20(tokens[t]).balanceOf(address(market)), left, "nothing but gifts, and what is barred, is left"
            );
        }
    }

    /// @dev Marks what has ended; invariant calls leave no trace, so the steps do it.
    function note() external {
        for (uint256 i = 0; i < orders.length; ++i) {
            IMarket.OrderState state = market.order(orders[i]).state;
            if (_isOver(state) && endedAs[orders[i]] == IMarket.OrderState.None) endedAs[orders[i]] = state;
        }
    }

    function _expect(bool holds, string memory what) private {
        if (!holds) fault = what;
    }

    function _checkStaking() private view {
        uint256 due = staking.pool();
        uint256 rewards = 0;
        for (uint256 i = 0; i < people.length; ++i) {
            (uint256 unbonding,) = staking.unbondingOf(people[i]);
            due += staking.weightOf(people[i]) + unbonding;
            rewards += staking.pendingRewards(people[i]);
        }
        for (uint256 i = 0; i < 3; ++i) {
            IStaking.Delegation memory d = staking.delegationOf(stranger, keepers[i]);
            due += d.leaving;
            rewards += d.rewards;
        }
        due += staking.weightOf(keepers[3]);
        for (uint256 i = 0; i < trainers.length; ++i) {
            due += staking.weightOf(trainers[i]);
        }
        uint256 held = coin.balanceOf(address(staking));
        // A delegation that is leaving is worth its shares, rounded down.
        assertTrue(held >= due && held - due <= 16, "stake, what is leaving, and the pool");
        assertTrue(rewards <= staking.pool(), "no reward that the pool does not hold");
    }

    function _claimAll(bytes32[] memory ids) private {
        uint256[TOKENS] memory had;
        for (uint256 t = 0; t < TOKENS; ++t) {
            had[t] = _worth(tokens[t], treasury);
        }
        market.claim(publisher, ids);
        for (uint256 i = 0; i < ids.length; ++i) {
            IMarket.Listing memory terms = market.listing(market.order(ids[i]).listingId);
            claimed[_placeOf(terms.token)] += terms.price;
        }
        for (uint256 t = 0; t < TOKENS; ++t) {
            toTreasury[t] += _worth(tokens[t], treasury) - had[t];
        }
    }

    /// @return What stays because the token bars its owner.
    function _out(address token, address who) private returns (uint256) {
        bool barred = token == tokens[2] && HostileToken(token).lies();
        barred = barred || (token == tokens[3] && BlockingToken(token).barred(who));
        if (barred) return _credit(token, who);
        vm.prank(who);
        if (token == address(coin)) market.withdraw();
        else market.withdrawToken(token);
        return 0;
    }

    function _worth(address token, address who) private view returns (uint256) {
        return IERC20(token).balanceOf(who) + _credit(token, who);
    }

    function _credit(address token, address who) private view returns (uint256) {
        return token == address(coin) ? market.owed(who) : market.owedIn(token, who);
    }

    function _in(uint256 pick, IMarket.OrderState wanted) private view returns (bytes32) {
        for (uint256 i = 0; i < orders.length; ++i) {
            bytes32 id = orders[(pick % orders.length + i) % orders.length];
            if (market.order(id).state == wanted) return id;
        }
        return orders[pick % orders.length];
    }

    /// @dev One that was disputed and not judged yet, resolved by default or not; else any.
    function _disputed(uint256 pick) private view returns (bytes32) {
        for (uint256 i = 0; i < orders.length; ++i) {
            bytes32 id = orders[(pick % orders.length + i) % orders.length];
            if (rounds[id] != 0 && validators.phaseOf(rounds[id]) == IValidators.Phase.Drawing) return id;
        }
        return orders[pick % orders.length];
    }

    function _isOver(IMarket.OrderState state) private pure returns (bool) {
        return state == IMarket.OrderState.Claimed || state == IMarket.OrderState.Refunded;
    }

    function _statusOf(bytes32 orderId) private view returns (uint8) {
        IMarket.Order memory o = market.order(orderId);
        return uint8(registry.statusOf(market.listing(o.listingId).assetId, o.version));
    }

    function _placeOf(address token) private view returns (uint256 place) {
        while (tokens[place] != token) ++place;
    }

    function _room(uint256 more) private view {
        require(orders.length + more <= MOST_ORDERS, "enough orders");
    }
}
