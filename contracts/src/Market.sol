// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Listings} from "./Listings.sol";
import {IAssetRegistry} from "./interfaces/IAssetRegistry.sol";
import {ICuration} from "./interfaces/ICuration.sol";
import {ICustody} from "./interfaces/ICustody.sol";
import {IMarket} from "./interfaces/IMarket.sol";
import {ISubscriptions} from "./interfaces/ISubscriptions.sol";
import {ITraining} from "./interfaces/ITraining.sol";
import {IValidators} from "./interfaces/IValidators.sol";
import {Permit, RoundKind, System} from "./interfaces/Types.sol";
import {EntitlementIds} from "./libraries/EntitlementIds.sol";
import {OrderWord} from "./libraries/OrderWord.sol";
import {Payouts} from "./libraries/Payouts.sol";
import {PermitLib} from "./libraries/PermitLib.sol";
import {Royalties} from "./libraries/Royalties.sol";
import {TermsWord} from "./libraries/TermsWord.sol";
import {VersionWord} from "./libraries/VersionWord.sol";

/// @title Market
/// @notice Holds the prices of orders that are not finished, and the credits. Its coins are always exactly the sum of
/// both, plus what somebody may have sent here by mistake.
contract Market is Listings {
    using SafeERC20 for IERC20;
    using PermitLib for IERC20;
    using OrderWord for uint256;
    using TermsWord for uint256;
    using VersionWord for uint256;

    uint16 public constant MAX_FEE_BPS = 1_000;
    uint32 public constant MAX_WINDOW = 30 days;
    uint256 public constant MAX_SHARE_LENGTH = 512;

    IValidators public immutable validators;
    ITraining public immutable training;
    ISubscriptions public immutable subscriptions;
    address public immutable orderDisputes;
    ICustody public immutable custody;

    Params private _params;
    mapping(bytes32 orderId => uint256 orderWord) private _orders;

    constructor(System memory system, address owner_, Params memory params_, address guardian_)
        Payouts(system.token)
        Ownable(owner_)
        Listings(system, guardian_)
    {
        validators = IValidators(system.validators);
        training = ITraining(system.training);
        subscriptions = ISubscriptions(system.subscriptions);
        orderDisputes = system.orderDisputes;
        custody = ICustody(system.custody);
        _setParams(params_);
    }

    /// @inheritdoc IMarket
    /// @dev Needs no guard: its one call that writes comes last, to a coin that calls nobody; other tokens are collected
    /// under one.
    function buy(uint32 listingId, uint16 version, uint96 maxPrice, bytes32 recipientKey)
        external
        returns (bytes32 orderId)
    {
        uint256 terms;
        (orderId, terms) = _open(msg.sender, listingId, version, maxPrice, recipientKey);
        _pay(terms);
    }

    /// @inheritdoc IMarket
    function buyWithPermit(
        uint32 listingId,
        uint16 version,
        uint96 maxPrice,
        bytes32 recipientKey,
        Permit calldata permit
    ) external returns (bytes32 orderId) {
        uint256 terms;
        (orderId, terms) = _open(msg.sender, listingId, version, maxPrice, recipientKey);
        IERC20(tokenAt(terms.tokenId())).tryPermit(permit);
        _pay(terms);
    }

    /// @inheritdoc IMarket
    function batchBuy(Purchase[] calldata purchases) external returns (bytes32[] memory orderIds) {
        orderIds = new bytes32[](purchases.length);
        uint256 total = 0;
        for (uint256 i = 0; i < purchases.length; ++i) {
            Purchase calldata p = purchases[i];
            uint256 terms;
            (orderIds[i], terms) = _open(msg.sender, p.listingId, p.version, p.maxPrice, p.recipientKey);
            if (terms.tokenId() == 0) total += terms.price();
            else _pay(terms);
        }
        if (total != 0) token.safeTransferFrom(msg.sender, address(this), total);
    }

    /// @inheritdoc IMarket
    function gift(uint32 listingId, uint16 version, uint96 maxPrice, bytes32 recipientKey, address to)
        external
        returns (bytes32 orderId)
    {
        require(to != address(0), EmptyAccount());
        uint256 terms;
        (orderId, terms) = _open(to, listingId, version, maxPrice, recipientKey);
        emit OrderGifted(orderId, msg.sender);
        _pay(terms);
    }

    /// @inheritdoc IMarket
    /// @dev The listing is for this one order: retired at once, and never among the asset's open ones.
    function openOffered(
        ListingInput calldata input,
        ListingExtras calldata extras,
        address seller,
        address buyer,
        bytes32 recipientKey
    ) external returns (bytes32 orderId) {
        require(msg.sender == offers, NotPrivateOffers(msg.sender));
        uint256 terms = _termsWith(input, extras);
        uint32 listingId = _create(seller, input, terms);
        emit ListingExtended(listingId, extras);
        (orderId, terms) = _open(buyer, listingId, uint16(input.firstVersion), input.price, recipientKey);
        _terms[listingId] = terms.withRetired();
        emit ListingRetired(listingId);
        _payFrom(buyer, terms);
    }

    /// @inheritdoc IMarket
    function grant(Grant[] calldata grants) external {
        uint16 validatorId = validators.validatorIdOf(msg.sender);
        uint256 grantWindow = _params.grantWindow - _params.grantMargin;
        uint256 confirmWindow = _params.confirmWindow;
        uint256 lastSubject;
        uint256 word;
        for (uint256 i = 0; i < grants.length; ++i) {
            uint256 order_ = _orders[grants[i].orderId];
            uint256 window = order_.state() == OrderState.Open ? grantWindow : confirmWindow;
            if (!order_.isOpenOrGranted() || block.timestamp > order_.changedAt() + window) continue;
            uint256 assetId = _terms[order_.listingId()].assetId();
            // A batch is mostly about the same version: ask the registry again only when it is another.
            uint256 subject = (assetId << 32) | order_.version();
            if (subject != lastSubject) {
                (lastSubject, word) = (subject, registry.packedVersion(assetId, order_.version()));
            }
            // Who held the shares when it was opened, or granted, goes on with it: those of two epochs do not fit together.
            uint256 holders = word.isMoved() ? custody.wordAt(assetId, order_.version(), order_.changedAt()) : word;
            _grant(grants[i], order_, validatorId, holders);
        }
    }

    /// @inheritdoc IMarket
    function confirm(bytes32 orderId) external {
        uint256 order_ = _orderOf(orderId, msg.sender);
        require(order_.state() == OrderState.Granted, WrongState(orderId, order_.state()));
        _move(orderId, order_, OrderState.Released);
        emit OrderConfirmed(orderId);
    }

    /// @inheritdoc IMarket
    function openDispute(bytes32 orderId, address buyer) external {
        _onlyOrderDisputes();
        uint256 order_ = _orderOf(orderId, buyer);
        require(order_.state() == OrderState.Granted, WrongState(orderId, order_.state()));
        uint256 notAfter = order_.changedAt() + _params.confirmWindow;
        require(block.timestamp <= notAfter, TooLate(orderId, notAfter));
        _move(orderId, order_, OrderState.Disputed);
    }

    /// @inheritdoc IMarket
    function closeDispute(bytes32 orderId, bool toSeller) external nonReentrant {
        _onlyOrderDisputes();
        uint256 order_ = _orders[orderId];
        require(order_.state() == OrderState.Disputed, WrongState(orderId, order_.state()));
        if (!toSeller) return _refund(orderId, order_);
        _move(orderId, order_, OrderState.Released);
        emit OrderReleased(orderId);
    }

    /// @inheritdoc IMarket
    function refund(bytes32 orderId) external nonReentrant {
        uint256 order_ = _orders[orderId];
        require(order_.isOpenOrGranted(), WrongState(orderId, order_.state()));
        if (!_versionWord(order_).isRefused()) {
            require(order_.state() == OrderState.Open, WrongState(orderId, OrderState.Granted));
            uint256 notBefore = order_.changedAt() + _params.grantWindow + 1;
            require(block.timestamp >= notBefore, TooEarly(orderId, notBefore));
        }
        _refund(orderId, order_);
    }

    /// @inheritdoc IMarket
    function claim(address seller, bytes32[] calldata orderIds) external nonReentrant returns (uint256 paid) {
        uint256 fees = 0;
        for (uint256 i = 0; i < orderIds.length; ++i) {
            (uint256 toSeller, uint256 fee, address token_) = _claim(seller, orderIds[i]);
            if (token_ == address(token)) {
                paid += toSeller;
                fees += fee;
            } else {
                _creditIn(token_, seller, toSeller);
                _creditIn(token_, _params.treasury, fee);
            }
        }
        if (fees != 0) token.safeTransfer(_params.treasury, fees);
        if (paid != 0) token.safeTransfer(seller, paid);
    }

    /// @inheritdoc IMarket
    function setParams(Params calldata params_) external onlyOwner {
        _setParams(params_);
    }

    /// @inheritdoc IMarket
    function entitled(address account, uint256 assetId, uint32 version, bytes32 proofId) external view returns (bool) {
        uint8 prefix = EntitlementIds.prefixOf(proofId);
        if (prefix == EntitlementIds.ORDER) return _entitledByOrder(account, assetId, version, proofId);
        if (prefix == EntitlementIds.JOB) return training.isWorkerOf(proofId, account, assetId, version);
        if (prefix == EntitlementIds.SUBSCRIPTION) return subscriptions.entitles(proofId, account, assetId, version);
        if (prefix == EntitlementIds.ROUND) return _entitledByRound(account, assetId, version, proofId);
        bool owns = proofId == EntitlementIds.owner(assetId, version);
        return owns && registry.ownerOf(assetId) == account;
    }

    /// @inheritdoc IMarket
    function order(bytes32 orderId) external view returns (Order memory) {
        uint256 order_ = _orders[orderId];
        return Order({
            buyer: order_.buyer(),
            changedAt: uint40(order_.changedAt()),
            listingId: order_.listingId(),
            version: order_.version(),
            grants: order_.grants(),
            state: order_.state()
        });
    }

    /// @inheritdoc IMarket
    function orderIdOf(uint32 listingId, uint16 version, address buyer, bytes32 recipientKey)
        public
        view
        returns (bytes32)
    {
        return EntitlementIds.make(
            EntitlementIds.ORDER,
            keccak256(abi.encode(block.chainid, address(this), listingId, version, buyer, recipientKey))
        );
    }

    /// @inheritdoc IMarket
    function params() external view returns (Params memory) {
        return _params;
    }

    function _open(address buyer, uint32 listingId, uint16 version, uint96 maxPrice, bytes32 recipientKey)
        private
        returns (bytes32 orderId, uint256 terms)
    {
        terms = _terms[listingId];
        (uint96 price, uint256 assetId) = (terms.price(), terms.assetId());
        require(!paused(), NewOrdersStopped(pausedUntil));
        require(assetId != 0, UnknownListing(listingId));
        if (terms.stopped()) _refuseStopped(listingId, terms);
        require(terms.kind() == LicenseKind.Download, WrongLicense(listingId));
        require(terms.covers(version), VersionNotCovered(listingId, version));
        require(price <= maxPrice, PriceAboveMax(price, maxPrice));
        require(recipientKey != 0, EmptyRecipientKey());
        bool live = terms.newestLive() == version || registry.packedVersion(assetId, version).isLive();
        require(live, VersionNotLive(assetId, version));
        orderId = orderIdOf(listingId, version, buyer, recipientKey);
        require(_orders[orderId] == 0, OrderExists(orderId));

        _orders[orderId] = OrderWord.make(buyer, listingId, version);
        emit OrderOpened(orderId, listingId, buyer, version, price, recipientKey);
    }

    function _refuseStopped(uint32 listingId, uint256 terms) private pure {
        require(!terms.retired(), ListingIsRetired(listingId));
        revert ICuration.AssetSuspended(terms.assetId());
    }

    function _pay(uint256 terms) private {
        _payFrom(msg.sender, terms);
    }

    function _payFrom(address payer, uint256 terms) private {
        uint256 price = terms.price();
        if (price == 0) return;
        if (terms.tokenId() == 0) return token.safeTransferFrom(payer, address(this), price);
        address token_ = tokenAt(terms.tokenId());
        require(tokenAllowed[token_], TokenNotAllowed(token_));
        _collect(token_, payer, price);
    }

    function _grant(Grant calldata grant_, uint256 order_, uint16 validatorId, uint256 word) private {
        uint256 position = word.positionOf(validatorId);
        require(position != VersionWord.MAX_COMMITTEE, NotKeyHolder(grant_.orderId, msg.sender));
        uint256 length = grant_.sealedShare.length;
        require(length != 0 && length <= MAX_SHARE_LENGTH, BadShare(grant_.orderId));
        if (order_.hasGrant(position)) return;
        order_ = order_.withGrant(position);
        bool reached = order_.state() == OrderState.Open && order_.grantCount() >= word.threshold();
        _orders[grant_.orderId] = reached ? order_.moved(OrderState.Granted) : order_;
        emit ShareGranted(grant_.orderId, validatorId, grant_.sealedShare);
        if (reached) emit OrderGranted(grant_.orderId);
    }

    function _claim(address seller, bytes32 orderId) private returns (uint256 toSeller, uint256 fee, address token_) {
        uint256 order_ = _orders[orderId];
        uint32 listingId = order_.listingId();
        Payees memory payees = _payees[listingId];
        _requireClaimable(orderId, order_);
        require(payees.seller == seller, NotSeller(listingId, seller));
        uint256 terms = _terms[listingId];
        token_ = terms.tokenId() == 0 ? address(token) : tokenAt(terms.tokenId());
        uint256 price = terms.price();
        fee = price * _params.feeBps / BPS;
        _move(orderId, order_, OrderState.Claimed);
        uint256 toParents = payees.parentShareBps == 0 ? 0 : _creditRoyalties(terms, payees, token_);
        toSeller = price - fee - toParents;
        emit OrderClaimed(orderId, seller, toSeller, fee, toParents);
        if (terms.split()) toSeller -= _creditSplits(listingId, token_, toSeller);
    }

    function _creditRoyalties(uint256 terms, Payees memory payees, address token_) private returns (uint256 credited) {
        IAssetRegistry.Royalty[] memory royalties = _royaltiesOf(terms, payees);
        for (uint256 i = 0; i < royalties.length; ++i) {
            uint256 part = Royalties.partOf(royalties[i], terms.price());
            credited += part;
            _creditIn(token_, registry.ownerOf(royalties[i].assetId), part);
        }
    }

    function _creditSplits(uint32 listingId, address token_, uint256 amount) private returns (uint256 credited) {
        Split[] memory splits = _splits[listingId];
        for (uint256 i = 0; i < splits.length; ++i) {
            uint256 part = amount * splits[i].bps / BPS;
            credited += part;
            _creditIn(token_, splits[i].payee, part);
        }
    }

    /// @dev A silent buyer's order is the seller's after the window, unless the version was proved wrong meanwhile.
    function _requireClaimable(bytes32 orderId, uint256 order_) private view {
        OrderState state = order_.state();
        if (state == OrderState.Released) return;
        require(state == OrderState.Granted, WrongState(orderId, state));
        uint256 notBefore = order_.changedAt() + _params.confirmWindow + 1;
        require(block.timestamp >= notBefore, TooEarly(orderId, notBefore));
        bool refused = _versionWord(order_).isRefused();
        require(!refused, VersionNotLive(_terms[order_.listingId()].assetId(), order_.version()));
    }

    function _refund(bytes32 orderId, uint256 order_) private {
        uint256 terms = _terms[order_.listingId()];
        uint256 amount = terms.price();
        address buyer = order_.buyer();
        _move(orderId, order_, OrderState.Refunded);
        emit OrderRefunded(orderId, buyer, amount);
        if (terms.tokenId() != 0) _creditIn(tokenAt(terms.tokenId()), buyer, amount);
        else if (amount != 0) token.safeTransfer(buyer, amount);
    }

    function _move(bytes32 orderId, uint256 order_, OrderState state) private {
        _orders[orderId] = order_.moved(state);
    }

    function _entitledByOrder(address account, uint256 assetId, uint32 version, bytes32 orderId)
        private
        view
        returns (bool)
    {
        uint256 order_ = _orders[orderId];
        OrderState state = order_.state();
        return order_.buyer() == account && state != OrderState.None && state != OrderState.Refunded
            && _isAbout(order_, assetId, version);
    }

    /// @dev Opening a content dispute shows the content to its committee, whatever the version's terms; other rounds show
    /// it only where the version admits validators.
    function _entitledByRound(address account, uint256 assetId, uint32 version, bytes32 roundId)
        private
        view
        returns (bool)
    {
        if (!validators.isMember(roundId, account)) return false;
        IValidators.Round memory round = validators.round(roundId);
        if (round.kind == RoundKind.Order) return _isAbout(_orders[round.subject], assetId, version);
        if (!registry.packedVersion(assetId, version).validatorsMayRead()) return false;
        if (round.kind == RoundKind.Version) return round.subject == registry.versionKey(assetId, version);
        ITraining.Job memory job = training.job(round.subject);
        return job.assetId == assetId && job.version == version;
    }

    function _isAbout(uint256 order_, uint256 assetId, uint32 version) private view returns (bool) {
        return order_.version() == version && _terms[order_.listingId()].assetId() == assetId;
    }

    function _versionWord(uint256 order_) private view returns (uint256) {
        return registry.packedVersion(_terms[order_.listingId()].assetId(), order_.version());
    }

    function _orderOf(bytes32 orderId, address buyer) private view returns (uint256 order_) {
        order_ = _orders[orderId];
        require(order_.buyer() == buyer, NotBuyer(orderId, buyer));
    }

    function _onlyOrderDisputes() private view {
        require(msg.sender == orderDisputes, NotOrderDisputes(msg.sender));
    }

    function _setParams(Params memory params_) private {
        bool fits = params_.treasury != address(0) && params_.feeBps <= MAX_FEE_BPS && params_.grantWindow <= MAX_WINDOW
            && params_.grantMargin < params_.grantWindow && params_.confirmWindow != 0
            && params_.confirmWindow <= MAX_WINDOW;
        require(fits, ParamOutOfRange());
        _params = params_;
        emit ParamsChanged(params_);
    }
}
