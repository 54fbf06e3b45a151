// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IArbitrable, IArbitrator} from "./interfaces/Arbitration.sol";
import {IDisputes} from "./interfaces/IDisputes.sol";
import {IStaking} from "./interfaces/IStaking.sol";
import {Payouts} from "./libraries/Payouts.sol";

/// @title Disputes
/// @notice Holds the fees and bonds of disputes that are not over, and the credits. A jury has 3 seats by default, then
/// 7, 15 and 31; the next appeal goes to the owner, that is to governance.
/// @dev Tickets of equal stake stand in one list, so that a seat costs one look-up however many jurors there are. Who
/// joined in or after the block in which a round was opened is passed over. No function but `withdraw` needs a guard: the
/// coin and Staking call nobody back, and every call to them comes last.
contract Disputes is IDisputes, Payouts, Ownable2Step {
    using SafeERC20 for IERC20;

    struct Ticket {
        address juror;
        uint48 sinceBlock;
    }

    struct Bond {
        address payer;
        uint96 amount;
    }

    uint8 public constant MAX_JURY = 31;
    uint8 public constant MAX_TICKETS = 10;
    uint8 public constant MAX_CHOICES = 15;
    uint32 public constant MAX_WINDOW = 30 days;
    uint96 public constant MAX_AMOUNT = 1_000_000e18;
    uint256 public constant EXIT_BLOCKS = 300;
    uint256 private constant SEATS_PER_DRAW = 5;
    uint256 private constant TRIES_PER_DRAW = 32;
    uint256 private constant BPS = 10_000;

    IStaking public immutable staking;

    uint256 public disputeCount;
    uint256 public activeTickets;
    Params private _params;
    Ticket[] private _tickets;
    uint16[] private _freePlaces;
    mapping(address account => Juror) private _jurors;
    /// @dev Up to ten places in the list of tickets, 16 bits each.
    mapping(address account => uint256) private _places;
    mapping(uint256 disputeId => DisputeInfo) private _disputes;
    /// @dev The low 128 bits of both parties' addresses: enough to tell accounts apart, and one slot.
    mapping(uint256 disputeId => uint256) private _excluded;
    mapping(uint256 disputeId => mapping(uint8 round => RoundInfo)) private _rounds;
    mapping(uint256 disputeId => mapping(uint8 round => bytes32)) private _seeds;
    mapping(uint256 disputeId => mapping(uint8 round => mapping(address juror => Seat))) private _seats;

    constructor(address token_, IStaking staking_, address owner_, Params memory params_)
        Payouts(token_)
        Ownable(owner_)
    {
        staking = staking_;
        _setParams(params_);
    }

    /// @inheritdoc IDisputes
    function joinJury(uint8 tickets) external {
        Juror storage juror_ = _jurors[msg.sender];
        require(juror_.leftAt == 0, StillLeaving(msg.sender, juror_.openSeats, juror_.leftAt + EXIT_BLOCKS + 1));
        uint256 held = juror_.tickets;
        bool fits = tickets != 0 && held + tickets <= MAX_TICKETS;
        require(fits, TooManyTickets(held + tickets, MAX_TICKETS));
        uint256 places = _places[msg.sender];
        for (uint256 i = 0; i < tickets; ++i) {
            places |= _addTicket() << (16 * (held + i));
        }
        _places[msg.sender] = places;
        uint96 bond = _params.ticketStake * tickets;
        juror_.tickets += tickets;
        juror_.bond += bond;
        activeTickets += tickets;
        emit JurorJoined(msg.sender, juror_.tickets, juror_.bond);
        staking.lock(msg.sender, bond);
    }

    /// @inheritdoc IDisputes
    function leaveJury() external {
        Juror storage juror_ = _jurors[msg.sender];
        require(juror_.tickets != 0 && juror_.leftAt == 0, NotJuror(msg.sender));
        _retire(msg.sender, juror_);
    }

    /// @inheritdoc IDisputes
    /// @dev The delay outlasts every hash that a draw may use: whoever sees itself drawn cannot make room for another.
    function exitJury() external {
        Juror memory juror_ = _jurors[msg.sender];
        require(juror_.leftAt != 0, NotJuror(msg.sender));
        uint256 notBefore = juror_.leftAt + EXIT_BLOCKS + 1;
        bool free = juror_.openSeats == 0 && block.number >= notBefore;
        require(free, StillLeaving(msg.sender, juror_.openSeats, notBefore));
        uint256 places = _places[msg.sender];
        for (uint256 i = 0; i < juror_.tickets; ++i) {
            uint16 place = uint16(places >> (16 * i));
            delete _tickets[place];
            _freePlaces.push(place);
        }
        delete _places[msg.sender];
        delete _jurors[msg.sender];
        emit JurorExited(msg.sender, juror_.bond);
        staking.unlock(msg.sender, juror_.bond);
    }

    /// @inheritdoc IArbitrator
    /// @dev `extraData` may be abi.encode(address): who gets back what nobody earned, else the caller. Two more addresses
    /// after it are those of the parties, who are never drawn.
    function createDispute(uint256 choices, bytes calldata extraData) external payable returns (uint256 disputeId) {
        require(msg.value == 0, NoEther());
        require(choices != 0 && choices <= MAX_CHOICES, BadChoices(choices));
        (address payer, address one, address other) = _partiesIn(extraData);
        uint8 size = _params.jurySize;
        require(activeTickets >= size, TooFewTickets(activeTickets, size));
        disputeId = ++disputeCount;
        DisputeInfo storage dispute_ = _disputes[disputeId];
        (dispute_.arbitrable, dispute_.choices) = (msg.sender, uint8(choices));
        uint96 fee = _params.jurorFee * size;
        emit DisputeCreation(disputeId, IArbitrable(msg.sender));
        if (one != address(0)) {
            _excluded[disputeId] = (uint256(uint160(one)) << 128) | uint128(uint160(other));
            emit PartiesExcluded(disputeId, one, other);
        }
        _openRound(disputeId, dispute_, Bond(payer, 0), size, fee);
        token.safeTransferFrom(msg.sender, address(this), fee);
    }

    /// @inheritdoc IArbitrator
    function appeal(uint256 disputeId, bytes calldata) external payable {
        require(msg.value == 0, NoEther());
        (DisputeInfo storage dispute_,, RoundInfo storage last) = _in(disputeId, Phase.Appeal);
        (uint8 size, uint96 fee, uint96 bond) = _nextRound(last);
        emit AppealDecision(disputeId, IArbitrable(dispute_.arbitrable));
        _openRound(disputeId, dispute_, Bond(msg.sender, bond), size, fee);
        token.safeTransferFrom(msg.sender, address(this), uint256(fee) + bond);
    }

    /// @inheritdoc IDisputes
    function draw(uint256 disputeId) external returns (uint8) {
        (, uint8 number, RoundInfo storage round_) = _in(disputeId, Phase.Drawing);
        bytes32 seed = _seedOf(disputeId, number, round_);
        if (seed == 0) return round_.drawn;
        (uint256 tries, uint256 drawn) = (round_.tries, round_.drawn);
        uint256 lastTry = tries + TRIES_PER_DRAW;
        uint256 enough = Math.min(round_.size, drawn + SEATS_PER_DRAW);
        while (tries < lastTry && drawn < enough) {
            uint256 place = uint256(keccak256(abi.encode(seed, tries++))) % round_.tickets;
            if (_seatTicket(disputeId, number, round_, place)) ++drawn;
        }
        (round_.tries, round_.drawn) = (uint16(tries), uint8(drawn));
        if (drawn == round_.size) _startVoting(disputeId, number, round_);
        return uint8(drawn);
    }

    /// @inheritdoc IDisputes
    function commit(uint256 disputeId, bytes32 commitment) external {
        (, uint8 number, RoundInfo storage round_) = _in(disputeId, Phase.Commit);
        require(commitment != 0, EmptyCommitment());
        Seat storage seat_ = _seatOf(disputeId, number, msg.sender);
        require(seat_.state == SeatState.Silent, WrongSeatState(disputeId, number, seat_.state));
        (seat_.state, seat_.commitment) = (SeatState.Committed, commitment);
        ++round_.committed;
        emit VoteCommitted(disputeId, number, msg.sender, commitment);
    }

    /// @inheritdoc IDisputes
    function reveal(uint256 disputeId, uint8 ruling, bytes32 salt) external {
        (DisputeInfo storage dispute_, uint8 number, RoundInfo storage round_) = _in(disputeId, Phase.Reveal);
        Seat storage seat_ = _seatOf(disputeId, number, msg.sender);
        require(seat_.state == SeatState.Committed, WrongSeatState(disputeId, number, seat_.state));
        require(ruling <= dispute_.choices, BadRuling(ruling, dispute_.choices));
        bytes32 opened = keccak256(abi.encode(disputeId, number, msg.sender, ruling, salt));
        require(opened == seat_.commitment, WrongReveal(disputeId, msg.sender));
        (seat_.state, seat_.vote) = (SeatState.Revealed, ruling);
        _jurors[msg.sender].openSeats -= seat_.count;
        _count(round_, ruling, seat_.count);
        emit VoteRevealed(disputeId, number, msg.sender, ruling);
        if (round_.revealed == round_.committed) emit AppealPossible(disputeId, IArbitrable(dispute_.arbitrable));
    }

    /// @inheritdoc IDisputes
    function closeSeat(uint256 disputeId, uint8 number, address juror_) external {
        Seat storage seat_ = _seatOf(disputeId, number, juror_);
        bool silent = seat_.state == SeatState.Silent || seat_.state == SeatState.Committed;
        require(silent, WrongSeatState(disputeId, number, seat_.state));
        RoundInfo storage round_ = _rounds[disputeId][number];
        bool drawn = round_.commitUntil != 0;
        require(
            block.timestamp > (drawn ? round_.revealUntil : round_.drawUntil),
            WrongDisputePhase(disputeId, phaseOf(disputeId))
        );
        seat_.state = SeatState.Closed;
        Juror storage who = _jurors[juror_];
        who.openSeats -= seat_.count;
        uint96 penalty = drawn ? uint96(Math.min(who.bond, uint256(_params.penalty) * seat_.count)) : 0;
        emit SeatClosed(disputeId, number, juror_, penalty);
        if (!drawn) return;
        if (who.leftAt == 0) _retire(juror_, who);
        who.bond -= penalty;
        staking.slash(juror_, penalty, address(this));
        _burn(penalty);
    }

    /// @inheritdoc IDisputes
    function conclude(uint256 disputeId) external {
        (DisputeInfo storage dispute_, uint8 number,) = _in(disputeId, Phase.Over);
        _end(disputeId, dispute_, rulingOf(disputeId, number));
    }

    /// @inheritdoc IDisputes
    function ruleByGovernance(uint256 disputeId, uint8 ruling) external onlyOwner {
        (DisputeInfo storage dispute_,,) = _in(disputeId, Phase.Governance);
        require(ruling <= dispute_.choices, BadRuling(ruling, dispute_.choices));
        emit GovernanceRuled(disputeId, ruling);
        _end(disputeId, dispute_, ruling);
    }

    /// @inheritdoc IDisputes
    /// @dev Without a guard, so that the arbitrable may open its next dispute: nothing is left to do after the call.
    function executeRuling(uint256 disputeId) external {
        (DisputeInfo storage dispute_,,) = _in(disputeId, Phase.Final);
        require(!dispute_.executed, AlreadyExecuted(disputeId));
        dispute_.executed = true;
        emit RulingExecuted(disputeId, dispute_.ruling);
        address arbitrable = dispute_.arbitrable;
        if (arbitrable.code.length != 0) IArbitrable(arbitrable).rule(disputeId, dispute_.ruling);
    }

    /// @inheritdoc IDisputes
    function claimFee(uint256 disputeId, uint8 number, address juror_) external returns (uint256 credited) {
        (DisputeInfo storage dispute_,,) = _in(disputeId, Phase.Final);
        Seat storage seat_ = _seatOf(disputeId, number, juror_);
        uint8 ruling = dispute_.ruling;
        bool earned = seat_.state == SeatState.Revealed && seat_.vote == ruling && !seat_.paid;
        require(earned, WrongSeatState(disputeId, number, seat_.state));
        seat_.paid = true;
        credited = uint256(_rounds[disputeId][number].fee) / votesFor(disputeId, number, ruling) * seat_.count;
        _credit(juror_, credited);
    }

    /// @inheritdoc IDisputes
    function submitEvidence(uint256 disputeId, string calldata evidence) external {
        require(_disputes[disputeId].rounds != 0, WrongDisputePhase(disputeId, Phase.None));
        emit Evidence(this, disputeId, msg.sender, evidence);
    }

    /// @inheritdoc IDisputes
    function setParams(Params calldata params_) external onlyOwner {
        _setParams(params_);
    }

    /// @inheritdoc IArbitrator
    function arbitrationCost(bytes calldata) external view returns (uint256) {
        return uint256(_params.jurorFee) * _params.jurySize;
    }

    /// @inheritdoc IArbitrator
    function appealCost(uint256 disputeId, bytes calldata) external view returns (uint256) {
        (,, RoundInfo storage last) = _in(disputeId, Phase.Appeal);
        (, uint96 fee, uint96 bond) = _nextRound(last);
        return uint256(fee) + bond;
    }

    /// @inheritdoc IArbitrator
    function appealPeriod(uint256 disputeId) external view returns (uint256 start, uint256 end) {
        if (phaseOf(disputeId) != Phase.Appeal) return (0, 0);
        RoundInfo storage round_ = _rounds[disputeId][_disputes[disputeId].rounds - 1];
        return (Math.min(round_.revealUntil, block.timestamp), round_.appealUntil);
    }

    /// @inheritdoc IArbitrator
    function disputeStatus(uint256 disputeId) external view returns (DisputeStatus) {
        Phase phase = phaseOf(disputeId);
        if (phase == Phase.Final) return DisputeStatus.Solved;
        return phase == Phase.Appeal ? DisputeStatus.Appealable : DisputeStatus.Waiting;
    }

    /// @inheritdoc IArbitrator
    function currentRuling(uint256 disputeId) external view returns (uint256) {
        DisputeInfo storage dispute_ = _disputes[disputeId];
        if (dispute_.rounds == 0) return 0;
        return dispute_.ended ? dispute_.ruling : rulingOf(disputeId, dispute_.rounds - 1);
    }

    /// @inheritdoc IDisputes
    function dispute(uint256 disputeId) external view returns (DisputeInfo memory) {
        return _disputes[disputeId];
    }

    /// @inheritdoc IDisputes
    function round(uint256 disputeId, uint8 number) external view returns (RoundInfo memory) {
        return _rounds[disputeId][number];
    }

    /// @inheritdoc IDisputes
    function seat(uint256 disputeId, uint8 number, address juror_) external view returns (Seat memory) {
        return _seats[disputeId][number][juror_];
    }

    /// @inheritdoc IDisputes
    function votesFor(uint256 disputeId, uint8 number, uint8 ruling) public view returns (uint8) {
        return uint8(_rounds[disputeId][number].tally >> (8 * ruling));
    }

    /// @inheritdoc IDisputes
    function rulingOf(uint256 disputeId, uint8 number) public view returns (uint8) {
        for (uint256 n = uint256(number) + 1; n != 0; --n) {
            RoundInfo storage round_ = _rounds[disputeId][uint8(n - 1)];
            if (round_.tally != 0) return round_.tied ? 0 : round_.leading;
        }
        return 0;
    }

    /// @inheritdoc IDisputes
    function juror(address account) external view returns (Juror memory) {
        return _jurors[account];
    }

    /// @inheritdoc IDisputes
    function phaseOf(uint256 disputeId) public view returns (Phase) {
        DisputeInfo storage dispute_ = _disputes[disputeId];
        if (dispute_.rounds == 0) return Phase.None;
        if (dispute_.ended) return Phase.Final;
        RoundInfo storage round_ = _rounds[disputeId][dispute_.rounds - 1];
        if (round_.size == 0) return block.timestamp <= round_.appealUntil ? Phase.Governance : Phase.Over;
        if (round_.commitUntil == 0) return block.timestamp <= round_.drawUntil ? Phase.Drawing : Phase.Over;
        if (round_.committed < round_.jurors && block.timestamp <= round_.commitUntil) return Phase.Commit;
        if (round_.revealed < round_.committed && block.timestamp <= round_.revealUntil) return Phase.Reveal;
        return block.timestamp <= round_.appealUntil ? Phase.Appeal : Phase.Over;
    }

    /// @inheritdoc IDisputes
    function params() external view returns (Params memory) {
        return _params;
    }

    function _openRound(uint256 disputeId, DisputeInfo storage dispute_, Bond memory bond, uint8 size, uint96 fee)
        private
    {
        uint8 number = dispute_.rounds++;
        RoundInfo storage round_ = _rounds[disputeId][number];
        (round_.payer, round_.fee) = (bond.payer, fee);
        (round_.bond, round_.size) = (bond.amount, size);
        (round_.openBlock, round_.anchorBlock) = (uint48(block.number), uint48(block.number + 1));
        round_.tickets = uint16(_tickets.length);
        if (size == 0) round_.appealUntil = uint40(block.timestamp + _params.governanceWindow);
        else round_.drawUntil = uint40(block.timestamp + _params.drawWindow);
        emit RoundOpened(disputeId, number, size, fee, bond.amount, bond.payer);
    }

    /// @dev The hash of the anchor block, taken once and kept; 0 if it was out of reach and another block was named.
    function _seedOf(uint256 disputeId, uint8 number, RoundInfo storage round_) private returns (bytes32 seed) {
        seed = _seeds[disputeId][number];
        if (seed != 0) return seed;
        uint256 anchor = round_.anchorBlock;
        require(block.number > anchor, AnchorNotPast(disputeId, anchor));
        bytes32 hash = blockhash(anchor);
        if (hash == 0) {
            round_.anchorBlock = uint48(block.number + 1);
            return 0;
        }
        seed = keccak256(abi.encode(hash, disputeId, number));
        _seeds[disputeId][number] = seed;
    }

    function _seatTicket(uint256 disputeId, uint8 number, RoundInfo storage round_, uint256 place)
        private
        returns (bool)
    {
        Ticket memory ticket = _tickets[place];
        if (ticket.juror == address(0) || ticket.sinceBlock >= round_.openBlock) return false;
        (uint256 excluded, uint128 tag) = (_excluded[disputeId], uint128(uint160(ticket.juror)));
        if (tag == uint128(excluded) || tag == excluded >> 128) return false;
        Juror storage who = _jurors[ticket.juror];
        if (who.leftAt != 0 && who.leftAt < round_.openBlock) return false;
        Seat storage seat_ = _seats[disputeId][number][ticket.juror];
        if (seat_.count == 0) ++round_.jurors;
        ++seat_.count;
        ++who.openSeats;
        emit SeatDrawn(disputeId, number, ticket.juror);
        return true;
    }

    function _startVoting(uint256 disputeId, uint8 number, RoundInfo storage round_) private {
        round_.commitUntil = uint40(block.timestamp + _params.commitWindow);
        round_.revealUntil = round_.commitUntil + _params.revealWindow;
        round_.appealUntil = round_.revealUntil + _params.appealWindow;
        emit JuryDrawn(disputeId, number, round_.commitUntil, round_.revealUntil);
    }

    /// @dev Adds votes and keeps the leader: only the ruling that grows can take or share the lead.
    function _count(RoundInfo storage round_, uint8 ruling, uint8 seats) private {
        uint128 tally = round_.tally + (uint128(seats) << (8 * ruling));
        (uint8 votes, uint8 most) = (uint8(tally >> (8 * ruling)), uint8(tally >> (8 * round_.leading)));
        if (round_.tally == 0 || votes > most) (round_.leading, round_.tied) = (ruling, false);
        else if (ruling == round_.leading) round_.tied = false;
        else if (votes == most) round_.tied = true;
        round_.tally = tally;
        ++round_.revealed;
    }

    /// @dev Twice the jury and one more; size 0 where only governance is left, or too few tickets for such a jury.
    function _nextRound(RoundInfo storage last) private view returns (uint8 size, uint96 fee, uint96 bond) {
        size = last.size * 2 + 1;
        if (size > MAX_JURY || size > activeTickets) return (0, 0, last.fee);
        fee = _params.jurorFee * size;
        bond = fee;
    }

    function _partiesIn(bytes calldata extraData) private view returns (address payer, address one, address other) {
        if (extraData.length == 96) return abi.decode(extraData, (address, address, address));
        payer = extraData.length == 32 ? abi.decode(extraData, (address)) : msg.sender;
    }

    /// @dev At most six rounds: juries of 1 to 31, then governance.
    function _end(uint256 disputeId, DisputeInfo storage dispute_, uint8 ruling) private {
        (dispute_.ended, dispute_.ruling) = (true, ruling);
        uint256 burnt = 0;
        uint8 rounds = dispute_.rounds;
        for (uint8 number = 0; number < rounds; ++number) {
            RoundInfo storage round_ = _rounds[disputeId][number];
            uint8 earned = votesFor(disputeId, number, ruling);
            uint256 back = earned == 0 ? round_.fee : round_.fee % earned;
            uint256 lost = 0;
            // An appeal fails if somebody decided on it, and the ruling that it was against stands.
            bool decided = number != 0 && (round_.tally != 0 || round_.size == 0);
            if (decided && rulingOf(disputeId, number - 1) == ruling) lost = round_.bond * _params.burnBps / BPS;
            burnt += lost;
            _credit(round_.payer, back + round_.bond - lost);
        }
        emit DisputeEnded(disputeId, ruling, burnt);
        _burn(burnt);
    }

    function _burn(uint256 amount) private {
        if (amount != 0) ERC20Burnable(address(token)).burn(amount);
    }

    function _addTicket() private returns (uint256 place) {
        Ticket memory ticket = Ticket(msg.sender, uint48(block.number));
        uint256 free = _freePlaces.length;
        if (free != 0) {
            place = _freePlaces[free - 1];
            _freePlaces.pop();
            _tickets[place] = ticket;
        } else {
            place = _tickets.length;
            require(place < type(uint16).max, TooManyTickets(place + 1, type(uint16).max));
            _tickets.push(ticket);
        }
    }

    function _retire(address account, Juror storage juror_) private {
        juror_.leftAt = uint48(block.number);
        activeTickets -= juror_.tickets;
        emit JurorLeft(account);
    }

    function _seatOf(uint256 disputeId, uint8 number, address account) private view returns (Seat storage seat_) {
        seat_ = _seats[disputeId][number][account];
        require(seat_.count != 0, NoSeat(disputeId, number, account));
    }

    /// @dev The dispute and its last round, if it is in the wanted phase.
    function _in(uint256 disputeId, Phase wanted)
        private
        view
        returns (DisputeInfo storage dispute_, uint8 number, RoundInfo storage round_)
    {
        Phase phase = phaseOf(disputeId);
        require(phase == wanted, WrongDisputePhase(disputeId, phase));
        dispute_ = _disputes[disputeId];
        number = dispute_.rounds - 1;
        round_ = _rounds[disputeId][number];
    }

    function _setParams(Params memory params_) private {
        bool fits = params_.ticketStake != 0 && params_.ticketStake <= MAX_AMOUNT && params_.jurorFee != 0
            && params_.jurorFee <= MAX_AMOUNT && params_.penalty <= params_.ticketStake && params_.burnBps <= BPS
            && params_.jurySize % 2 == 1 && params_.jurySize <= MAX_JURY && _fits(params_.drawWindow)
            && _fits(params_.commitWindow) && _fits(params_.revealWindow) && _fits(params_.appealWindow)
            && _fits(params_.governanceWindow);
        require(fits, ParamOutOfRange());
        _params = params_;
        emit ParamsChanged(params_);
    }

    function _fits(uint32 window) private pure returns (bool) {
        return window != 0 && window <= MAX_WINDOW;
    }
}
