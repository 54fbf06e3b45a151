// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IStaking} from "./interfaces/IStaking.sol";
import {ITraining} from "./interfaces/ITraining.sol";
import {IWorkers} from "./interfaces/IWorkers.sol";
import {System} from "./interfaces/Types.sol";

/// @title Workers
/// @notice Holds no money. Whom it draws, Training lets claim.
contract Workers is IWorkers {
    struct Entry {
        bool active;
        uint16 place;
        uint40 sinceBlock;
        uint16 cores;
        uint32 memoryMiB;
        uint96 pricePerUnit;
        string endpoint;
        bytes32[] runtimes;
    }

    uint256 public constant MAX_WORKERS = 256;
    uint256 public constant MAX_RUNTIMES = 8;

    IStaking public immutable staking;
    ITraining public immutable training;

    address[] private _list;
    mapping(address account => Entry) private _entries;

    constructor(System memory system) {
        staking = IStaking(system.staking);
        training = ITraining(system.training);
    }

    /// @inheritdoc IWorkers
    function register(string calldata endpoint, Offer calldata offer) external {
        Entry storage entry = _entries[msg.sender];
        require(!entry.active, AlreadyRegistered(msg.sender));
        require(_list.length < MAX_WORKERS, TooManyWorkers());
        (uint256 free, uint256 needed) = (staking.freeOf(msg.sender), training.params().minBond);
        require(free >= needed, StakeTooLow(free, needed));
        entry.active = true;
        entry.place = uint16(_list.length);
        _list.push(msg.sender);
        emit WorkerRegistered(msg.sender, endpoint);
        _setOffer(entry, endpoint, offer);
    }

    /// @inheritdoc IWorkers
    function setOffer(string calldata endpoint, Offer calldata offer) external {
        Entry storage entry = _entries[msg.sender];
        require(entry.active, NotWorker(msg.sender));
        _setOffer(entry, endpoint, offer);
    }

    /// @inheritdoc IWorkers
    function deregister() external {
        Entry storage entry = _entries[msg.sender];
        require(entry.active, NotWorker(msg.sender));
        address last = _list[_list.length - 1];
        _list[entry.place] = last;
        _entries[last].place = entry.place;
        _list.pop();
        entry.active = false;
        emit WorkerLeft(msg.sender);
    }

    /// @dev Lowest hash wins (rendezvous hashing): who comes or goes after the anchor's hash is known moves nobody
    /// else's chance, except that the next one in line follows a winner who left. A walk from a random place in the list
    /// would let late comers shift every place.
    /// @inheritdoc IWorkers
    function draw(bytes32 jobId, bytes32 anchorHash, Ask calldata ask)
        external
        view
        returns (address drawn, uint96 fee)
    {
        uint256 lowest = type(uint256).max;
        uint256 length = _list.length;
        for (uint256 i = 0; i < length; ++i) {
            address candidate = _list[i];
            uint256 ticket = uint256(keccak256(abi.encode(anchorHash, jobId, candidate)));
            if (ticket >= lowest) continue;
            (bool fits, uint96 asked) = _fit(candidate, ask);
            if (fits) (lowest, drawn, fee) = (ticket, candidate, asked);
        }
    }

    /// @inheritdoc IWorkers
    function candidates(Ask calldata ask) external view returns (Candidate[] memory found) {
        uint256 length = _list.length;
        found = new Candidate[](length);
        for (uint256 i = 0; i < length; ++i) {
            (bool fits, uint96 fee) = _fit(_list[i], ask);
            found[i] = Candidate(_list[i], fits, fee);
        }
    }

    /// @inheritdoc IWorkers
    function worker(address account) external view returns (Worker memory) {
        Entry storage entry = _entries[account];
        Offer memory offer = Offer(entry.cores, entry.memoryMiB, entry.pricePerUnit, entry.runtimes);
        return Worker(account, entry.active, entry.endpoint, offer);
    }

    /// @inheritdoc IWorkers
    function accounts() external view returns (address[] memory) {
        return _list;
    }

    /// @inheritdoc IWorkers
    function workerCount() external view returns (uint256) {
        return _list.length;
    }

    function _setOffer(Entry storage entry, string calldata endpoint, Offer calldata offer) private {
        uint256 served = offer.runtimes.length;
        require(offer.cores != 0 && served != 0 && served <= MAX_RUNTIMES, BadOffer());
        entry.sinceBlock = uint40(block.number);
        entry.cores = offer.cores;
        entry.memoryMiB = offer.memoryMiB;
        entry.pricePerUnit = offer.pricePerUnit;
        entry.endpoint = endpoint;
        entry.runtimes = offer.runtimes;
        emit OfferChanged(msg.sender, endpoint, offer);
    }

    function _fit(address candidate, Ask calldata ask) private view returns (bool fits, uint96 fee) {
        Entry storage entry = _entries[candidate];
        Needs calldata needs = ask.needs;
        uint256 asked = uint256(needs.units) * entry.pricePerUnit;
        if (asked > needs.maxFee || entry.memoryMiB < needs.memoryMiB || entry.cores < needs.cores) return (false, 0);
        if (entry.sinceBlock >= ask.notSince || candidate == ask.buyer || candidate == ask.publisher) {
            return (false, 0);
        }
        if (_isAmong(candidate, ask.lost) || !_serves(entry.runtimes, needs.runtime)) return (false, 0);
        return (staking.freeOf(candidate) >= ask.bond, uint96(asked));
    }

    function _isAmong(address candidate, address[] calldata lost) private pure returns (bool) {
        for (uint256 i = 0; i < lost.length; ++i) {
            if (lost[i] == candidate) return true;
        }
        return false;
    }

    function _serves(bytes32[] storage runtimes, bytes32 runtime) private view returns (bool) {
        uint256 length = runtimes.length;
        for (uint256 i = 0; i < length; ++i) {
            if (runtimes[i] == runtime) return true;
        }
        return false;
    }
}
