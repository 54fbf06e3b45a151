// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {NeuroGovernor} from "../src/NeuroGovernor.sol";
import {NeuroVotes} from "../src/NeuroVotes.sol";
import {INeuroGovernor} from "../src/interfaces/INeuroGovernor.sol";
import {Permit} from "../src/interfaces/Types.sol";
import {GovernanceTest} from "./GovernanceTest.sol";
import {Logs} from "./Logs.sol";
import {vm} from "./Vm.sol";

/// @dev Borrows coins for one transaction and tries to make votes of them.
contract FlashVoter {
    NeuroVotes private immutable votes;
    NeuroGovernor private immutable governor;

    constructor(NeuroVotes votes_, NeuroGovernor governor_) {
        votes = votes_;
        governor = governor_;
    }

    function vote(uint256 id, uint256 amount) external returns (uint256 weight) {
        votes.underlying().approve(address(votes), amount);
        votes.wrap(amount, address(this), Permit(0, 0, 0, 0, 0));
        weight = governor.castVote(id, 1);
        votes.unwrap(amount);
        votes.underlying().transfer(msg.sender, amount);
    }

    function propose(uint256 amount, address[] memory targets, uint256[] memory values, bytes[] memory calls) external {
        votes.underlying().approve(address(votes), amount);
        votes.wrap(amount, address(this), Permit(0, 0, 0, 0, 0));
        governor.propose(targets, values, calls, "flash");
    }
}

contract GovernanceVotesTest is GovernanceTest {
    function test_wrapAndUnwrapOneForOne() public {
        assertEq(votes.totalSupply(), coin.balanceOf(address(votes)), "backed");
        assertEq(votes.decimals(), 18, "decimals");
        assertEq(votes.clock(), block.timestamp, "clock");
        assertEq(governor.clock(), block.timestamp, "the governor's clock is the same");
        assertEq(keccak256(bytes(votes.CLOCK_MODE())), keccak256(bytes(governor.CLOCK_MODE())), "and so is its mode");
        vm.prank(alice);
        votes.unwrap(1_500_000e18);
        assertEq(coin.balanceOf(alice), 1_500_000e18, "returned");
        assertEq(votes.getVotes(alice), 0, "votes are gone");
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, alice, 0, 1));
        vm.prank(alice);
        votes.unwrap(1);
    }

    function test_wrapByPermitAndDelegateInOneCall() public {
        vm.prank(holder);
        coin.transfer(alice, 10e18);
        Permit memory permit = _permit(10e18);
        vm.prank(alice);
        votes.wrap(10e18, bob, permit);
        assertEq(votes.getVotes(bob), 2_000_010e18, "bob votes for alice as well");
        assertEq(votes.getVotes(alice), 0, "who votes no more");
        assertEq(votes.nonces(alice), 0, "the votes' own permits are not used");
    }

    function test_wrapAfterAFrontRunPermit() public {
        vm.prank(holder);
        coin.transfer(alice, 10e18);
        Permit memory permit = _permit(10e18);
        coin.permit(alice, address(votes), 10e18, permit.deadline, permit.v, permit.r, permit.s);
        vm.prank(alice);
        votes.wrap(10e18, address(0), permit);
        assertEq(votes.getVotes(alice), 1_500_010e18, "the allowance is there, and the delegation as it was");
    }

    function test_flashLoansHaveNoVotes() public {
        Proposal memory p = _proposal(address(coin), abi.encodeCall(coin.setBudget, (bob, 1e18)), "budget");
        uint256 id = _propose(alice, p);
        skip(VOTING_DELAY + 1);
        FlashVoter flash = new FlashVoter(votes, governor);
        vm.startPrank(holder);
        coin.transfer(address(flash), 50_000_000e18);
        assertEq(flash.vote(id, 50_000_000e18), 0, "coins that were wrapped after the snapshot weigh nothing");
        vm.stopPrank();
        (, uint256 forVotes,) = governor.proposalVotes(id);
        assertEq(forVotes, 0, "and are not counted");
    }

    function test_flashLoansCannotVoteInTheSecondOfTheSnapshot() public {
        uint256 id = _propose(alice, _proposal(address(coin), abi.encodeCall(coin.setBudget, (bob, 1)), "budget"));
        skip(VOTING_DELAY);
        FlashVoter flash = new FlashVoter(votes, governor);
        vm.startPrank(holder);
        coin.transfer(address(flash), 50_000_000e18);
        vm.expectRevert();
        flash.vote(id, 50_000_000e18);
        vm.stopPrank();
    }

    function test_flashLoansCannotPropose() public {
        Proposal memory p = _proposal(address(coin), abi.encodeCall(coin.setBudget, (bob, 1e18)), "flash");
        FlashVoter flash = new FlashVoter(votes, governor);
        vm.prank(holder);
        coin.transfer(address(flash), 50_000_000e18);
        vm.expectRevert(
            abi.encodeWithSelector(IGovernor.GovernorInsufficientProposerVotes.selector, address(flash), 0, THRESHOLD)
        );
        flash.propose(50_000_000e18, p.targets, p.values, p.calls);
    }

    function testFuzz_votesAreAlwaysBacked(uint256 wrapped, uint256 unwrapped) public {
        wrapped = bound(wrapped, 0, 10_000_000e18);
        _wrap(bob, wrapped);
        unwrapped = bound(unwrapped, 0, votes.balanceOf(bob));
        vm.prank(bob);
        votes.unwrap(unwrapped);
        assertEq(votes.totalSupply(), coin.balanceOf(address(votes)), "one for one");
        assertEq(votes.getVotes(bob), votes.balanceOf(bob), "every one of them votes");
    }

    function _permit(uint256 value) private view returns (Permit memory permit) {
        permit.value = value;
        permit.deadline = block.timestamp + 1 hours;
        bytes32 typeHash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 digest =
            keccak256(abi.encode(typeHash, alice, address(votes), value, coin.nonces(alice), permit.deadline));
        (permit.v, permit.r, permit.s) =
            vm.sign(keyOf("alice"), keccak256(abi.encodePacked(hex"1901", coin.DOMAIN_SEPARATOR(), digest)));
    }
}

contract GovernorTest is GovernanceTest, Logs {
    Proposal private grant;

    function setUp() public override {
        super.setUp();
        grant = _proposal(address(coin), abi.encodeCall(coin.setBudget, (bob, 5e18)), "A budget for bob");
    }

    function test_aVoteSetsABudget() public {
        uint256 id = _propose(alice, grant);
        _assertState(id, IGovernor.ProposalState.Pending);
        skip(VOTING_DELAY + 1);
        _assertState(id, IGovernor.ProposalState.Active);
        _cast(alice, id, FOR);
        _cast(bob, id, AGAINST);
        skip(VOTING_PERIOD);
        _assertState(id, IGovernor.ProposalState.Succeeded);
        _queue(grant);
        _assertState(id, IGovernor.ProposalState.Queued);
        skip(TIMELOCK_DELAY);
        vm.prank(carol);
        _execute(grant);
        _assertState(id, IGovernor.ProposalState.Executed);
        assertEq(coin.budgetOf(bob), 5e18, "done");
        vm.expectRevert();
        _execute(grant);
    }

    function test_proposersNeedTheThreshold() public {
        vm.expectRevert(
            abi.encodeWithSelector(IGovernor.GovernorInsufficientProposerVotes.selector, carol, 99_999e18, THRESHOLD)
        );
        _propose(carol, grant);
        _wrap(carol, 1e18);
        skip(1);
        _propose(carol, grant);
    }

    function test_aTieFailsAndAMajorityByOneBaseUnitWins() public {
        _wrap(bob, 1_000_000e18);
        uint256 tied = _propose(alice, grant);
        skip(VOTING_DELAY + 1);
        _cast(alice, tied, FOR);
        _cast(bob, tied, AGAINST);
        skip(VOTING_PERIOD);
        _assertState(tied, IGovernor.ProposalState.Defeated);
        vm.expectRevert();
        _queue(grant);
        _wrap(alice, 1);
        grant.description = "again";
        uint256 won = _propose(bob, grant);
        skip(VOTING_DELAY + 1);
        _cast(alice, won, FOR);
        _cast(bob, won, AGAINST);
        skip(VOTING_PERIOD);
        _assertState(won, IGovernor.ProposalState.Succeeded);
    }

    function test_theFloorHoldsWhereFewCoinsAreWrapped() public {
        assertEq(governor.quorum(block.timestamp - 1), FLOOR, "four percent of two million would be 84,000");
        uint256 id = _propose(bob, grant);
        skip(VOTING_DELAY + 1);
        _cast(bob, id, FOR);
        skip(VOTING_PERIOD);
        _assertState(id, IGovernor.ProposalState.Defeated);
    }

    function test_quorumIsAPartOfTheVotesWhereManyAreWrapped() public {
        _wrap(carol, 50_000_000e18);
        uint256 supply = votes.totalSupply();
        skip(1);
        assertEq(governor.quorum(block.timestamp - 1), supply * 4 / 100, "four percent");
        uint256 id = _propose(alice, grant);
        skip(VOTING_DELAY + 1);
        _cast(alice, id, FOR);
        skip(VOTING_PERIOD);
        _assertState(id, IGovernor.ProposalState.Defeated);
    }

    function test_abstentionsCountForTheQuorum() public {
        uint256 id = _propose(bob, grant);
        skip(VOTING_DELAY + 1);
        _cast(bob, id, FOR);
        _cast(alice, id, ABSTAIN);
        skip(VOTING_PERIOD);
        _assertState(id, IGovernor.ProposalState.Succeeded);
    }

    function test_votesCountAtTheSnapshot() public {
        uint256 id = _propose(alice, grant);
        skip(VOTING_DELAY - 1);
        vm.prank(alice);
        votes.transfer(carol, 1_000_000e18);
        skip(2);
        vm.prank(bob);
        votes.transfer(carol, 500_000e18);
        _cast(alice, id, FOR);
        _cast(bob, id, FOR);
        _cast(carol, id, AGAINST);
        (uint256 against, uint256 forVotes,) = governor.proposalVotes(id);
        assertEq(forVotes, 1_000_000e18, "alice moved hers before the snapshot, bob after it");
        assertEq(against, 1_099_999e18, "and carol has what came before it");
    }

    function test_oneVoteEach() public {
        uint256 id = _propose(alice, grant);
        vm.expectRevert();
        _cast(alice, id, FOR);
        skip(VOTING_DELAY + 1);
        vm.expectRevert(IGovernor.GovernorInvalidVoteType.selector);
        _cast(alice, id, 3);
        _cast(alice, id, FOR);
        assertTrue(governor.hasVoted(id, alice), "has voted");
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorAlreadyCastVote.selector, alice));
        _cast(alice, id, AGAINST);
        skip(VOTING_PERIOD - 1);
        _cast(bob, id, FOR);
        skip(1);
        vm.expectRevert();
        _cast(carol, id, FOR);
    }

    function test_theTimelocksDelayHoldsToTheSecond() public {
        uint256 id = _propose(alice, grant);
        skip(VOTING_DELAY + 1);
        _cast(alice, id, FOR);
        vm.expectRevert();
        _queue(grant);
        skip(VOTING_PERIOD);
        vm.expectRevert();
        _execute(grant);
        _queue(grant);
        skip(TIMELOCK_DELAY - 1);
        vm.expectRevert();
        _execute(grant);
        skip(1);
        _execute(grant);
        _assertState(id, IGovernor.ProposalState.Executed);
    }

    function test_theProposerCancelsUntilVotingBegins() public {
        uint256 id = _propose(alice, grant);
        bytes32 description = keccak256(bytes(grant.description));
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, id, bob));
        vm.prank(bob);
        governor.cancel(grant.targets, grant.values, grant.calls, description);
        vm.prank(alice);
        governor.cancel(grant.targets, grant.values, grant.calls, description);
        _assertState(id, IGovernor.ProposalState.Canceled);
        grant.description = "another";
        id = _propose(alice, grant);
        skip(VOTING_DELAY + 1);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, id, alice));
        vm.prank(alice);
        governor.cancel(grant.targets, grant.values, grant.calls, keccak256("another"));
    }

    function test_theGovernorSetsItsOwnParameters() public {
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorOnlyExecutor.selector, alice));
        vm.prank(alice);
        governor.setQuorumFloor(0);
        uint256 floor = governor.quorumFloor();
        _record();
        _enact(_proposal(address(governor), abi.encodeCall(governor.setQuorumFloor, (2_000_000e18)), "floor"));
        _stop();
        assertEq(governor.quorumFloor(), 2_000_000e18, "floor");
        bytes memory topics = abi.encodePacked(INeuroGovernor.QuorumFloorSet.selector);
        _assertSeen(address(governor), topics, abi.encode(floor, 2_000_000e18), "and said so");
        assertEq(governor.quorum(block.timestamp - 1), 2_000_000e18, "holds from now on");
        _wrap(alice, 2_000_000e18);
        skip(1);
        _enact(_proposal(address(governor), abi.encodeCall(governor.setProposalThreshold, (1)), "threshold"));
        assertEq(governor.proposalThreshold(), 1, "threshold");
        _enact(_proposal(address(timelock), abi.encodeCall(timelock.updateDelay, (3 days)), "delay"));
        assertEq(timelock.getMinDelay(), 3 days, "delay");
    }

    function test_theFloorHasACap() public {
        uint256 max = governor.MAX_QUORUM_FLOOR();
        INeuroGovernor.Params memory params = _params();
        params.quorumFloor = max + 1;
        vm.expectRevert(abi.encodeWithSelector(INeuroGovernor.QuorumFloorTooHigh.selector, max + 1, max));
        new NeuroGovernor(votes, timelock, params);
        params.quorumFloor = max;
        new NeuroGovernor(votes, timelock, params);
    }

    function test_aFailingCallFailsTheExecution() public {
        Proposal memory bad =
            _proposal(address(coin), abi.encodeCall(coin.setBudget, (bob, coin.cap())), "over the cap");
        uint256 id = _propose(alice, bad);
        skip(VOTING_DELAY + 1);
        _cast(alice, id, FOR);
        skip(VOTING_PERIOD);
        _queue(bad);
        skip(TIMELOCK_DELAY);
        vm.expectRevert();
        _execute(bad);
        _assertState(id, IGovernor.ProposalState.Queued);
    }

    function test_nobodyReachesTheTimelockPastTheGovernor() public {
        bytes memory call_ = abi.encodeCall(coin.setBudget, (alice, 1e18));
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccessControl.AccessControlUnauthorizedAccount.selector, alice, timelock.PROPOSER_ROLE()
            )
        );
        vm.prank(alice);
        timelock.schedule(address(coin), 0, call_, 0, 0, TIMELOCK_DELAY);
        vm.expectRevert();
        vm.prank(alice);
        timelock.execute(address(coin), 0, call_, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, alice));
        vm.prank(alice);
        coin.setBudget(alice, 1e18);
        assertTrue(!timelock.hasRole(timelock.DEFAULT_ADMIN_ROLE(), address(this)), "the deployer is no admin");
        assertTrue(timelock.hasRole(timelock.DEFAULT_ADMIN_ROLE(), address(timelock)), "the timelock is its own");
        assertTrue(timelock.hasRole(timelock.CANCELLER_ROLE(), address(governor)), "the governor cancels");
        assertTrue(timelock.hasRole(timelock.EXECUTOR_ROLE(), address(0)), "anybody executes");
    }

    function test_theGovernorMovesToAnotherTimelock() public {
        address[] memory proposers = new address[](1);
        proposers[0] = address(governor);
        TimelockController next = new TimelockController(1 days, proposers, new address[](1), address(0));
        _enact(_proposal(address(governor), abi.encodeCall(governor.updateTimelock, (next)), "timelock"));
        assertEq(governor.timelock(), address(next), "moved");
        assertTrue(governor.proposalNeedsQueuing(0), "every proposal waits");
    }
}
