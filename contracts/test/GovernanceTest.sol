// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {NeuroCoin} from "../src/NeuroCoin.sol";
import {NeuroGovernor} from "../src/NeuroGovernor.sol";
import {NeuroVotes} from "../src/NeuroVotes.sol";
import {INeuroGovernor} from "../src/interfaces/INeuroGovernor.sol";
import {Permit} from "../src/interfaces/Types.sol";
import {newCoin} from "./NewCoin.sol";
import {Test} from "./Test.sol";
import {vm} from "./Vm.sol";

/// @dev A coin, its votes, governor and timelock as a deployment wires them; alice, bob and carol hold votes.
abstract contract GovernanceTest is Test {
    uint48 internal constant VOTING_DELAY = 1 days;
    uint32 internal constant VOTING_PERIOD = 5 days;
    uint256 internal constant TIMELOCK_DELAY = 2 days;
    uint256 internal constant THRESHOLD = 100_000e18;
    uint256 internal constant FLOOR = 1_000_000e18;
    uint8 internal constant AGAINST = 0;
    uint8 internal constant FOR = 1;
    uint8 internal constant ABSTAIN = 2;

    NeuroCoin internal coin;
    NeuroVotes internal votes;
    TimelockController internal timelock;
    NeuroGovernor internal governor;
    address internal holder = account("holder");
    address internal alice = account("alice");
    address internal bob = account("bob");
    address internal carol = account("carol");

    struct Proposal {
        address[] targets;
        uint256[] values;
        bytes[] calls;
        string description;
    }

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        uint256 nonce = vm.getNonce(address(this));
        address timelock_ = vm.computeCreateAddress(address(this), nonce + 2);
        address governor_ = vm.computeCreateAddress(address(this), nonce + 3);
        coin = newCoin(timelock_, holder, 100_000_000e18);
        votes = new NeuroVotes(address(coin), "NeuroCoin Votes", "vNCR");
        address[] memory proposers = new address[](1);
        proposers[0] = governor_;
        timelock = new TimelockController(TIMELOCK_DELAY, proposers, new address[](1), address(0));
        governor = new NeuroGovernor(votes, timelock, _params());
        _wrap(alice, 1_500_000e18);
        _wrap(bob, 500_000e18);
        _wrap(carol, 99_999e18);
        skip(1);
    }

    function _params() internal pure returns (INeuroGovernor.Params memory) {
        return INeuroGovernor.Params(VOTING_DELAY, VOTING_PERIOD, THRESHOLD, 4, FLOOR);
    }

    function _noPermit() internal pure returns (Permit memory) {
        return Permit(0, 0, 0, 0, 0);
    }

    function _wrap(address who, uint256 amount) internal {
        vm.prank(holder);
        coin.transfer(who, amount);
        vm.startPrank(who);
        coin.approve(address(votes), amount);
        votes.wrap(amount, who, _noPermit());
        vm.stopPrank();
    }

    /// @dev One call, no value.
    function _proposal(address target, bytes memory call_, string memory description)
        internal
        pure
        returns (Proposal memory proposal)
    {
        proposal = Proposal(new address[](1), new uint256[](1), new bytes[](1), description);
        proposal.targets[0] = target;
        proposal.calls[0] = call_;
    }

    function _propose(address who, Proposal memory p) internal returns (uint256) {
        vm.prank(who);
        return governor.propose(p.targets, p.values, p.calls, p.description);
    }

    function _cast(address who, uint256 id, uint8 support) internal {
        vm.prank(who);
        governor.castVote(id, support);
    }

    function _queue(Proposal memory p) internal {
        governor.queue(p.targets, p.values, p.calls, keccak256(bytes(p.description)));
    }

    function _execute(Proposal memory p) internal {
        governor.execute(p.targets, p.values, p.calls, keccak256(bytes(p.description)));
    }

    /// @dev Proposes, lets alice vote for it, queues and executes.
    function _enact(Proposal memory p) internal {
        uint256 id = _propose(alice, p);
        skip(VOTING_DELAY + 1);
        _cast(alice, id, FOR);
        skip(VOTING_PERIOD);
        _queue(p);
        skip(TIMELOCK_DELAY);
        _execute(p);
    }

    function _assertState(uint256 id, IGovernor.ProposalState wanted) internal view {
        assertEq(uint8(governor.state(id)), uint8(wanted), "proposal state");
    }
}
