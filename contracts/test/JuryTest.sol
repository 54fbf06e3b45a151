// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Disputes} from "../src/Disputes.sol";
import {NeuroCoin} from "../src/NeuroCoin.sol";
import {Staking} from "../src/Staking.sol";
import {IArbitrable} from "../src/interfaces/Arbitration.sol";
import {IDisputes} from "../src/interfaces/IDisputes.sol";
import {System} from "../src/interfaces/Types.sol";
import {newCoin} from "./NewCoin.sol";
import {Test} from "./Test.sol";
import {vm} from "./Vm.sol";

/// @dev Takes rulings, unless it was told to refuse them.
contract Arbitrable is IArbitrable {
    bool public refuses;
    uint256 public rulings;
    uint256 public last;

    function open(Disputes disputes, NeuroCoin coin, uint256 choices, bytes calldata extraData)
        external
        returns (uint256)
    {
        coin.approve(address(disputes), type(uint256).max);
        return disputes.createDispute(choices, extraData);
    }

    function refuse(bool refuses_) external {
        refuses = refuses_;
    }

    function rule(uint256, uint256 ruling) external {
        require(!refuses, "refuses");
        (rulings, last) = (rulings + 1, ruling);
    }
}

/// @dev Staking and Disputes with twelve jurors, and short helpers for what jurors do.
abstract contract JuryTest is Test {
    uint96 internal constant TICKET = 100e18;
    uint96 internal constant FEE = 2e18 + 1;
    uint96 internal constant PENALTY = 10e18;
    uint32 internal constant DRAW = 1 days;
    uint32 internal constant COMMIT = 2 days;
    uint32 internal constant REVEAL = 3 days;
    uint32 internal constant APPEAL = 4 days;
    uint32 internal constant GOVERN = 5 days;
    bytes32 internal constant SALT = "salt";
    uint256 internal constant JURORS = 12;

    NeuroCoin internal coin;
    Staking internal staking;
    Disputes internal disputes;
    Arbitrable internal court;
    address internal owner = account("owner");
    address internal payer = account("payer");
    address internal stranger = account("stranger");
    address[] internal jurors;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        vm.roll(1_000);
        coin = newCoin(address(this), address(this), 100_000_000e18);
        address predicted = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        System memory system;
        system.token = address(coin);
        staking = new Staking(system, predicted, owner, 0, 7 days);
        disputes = new Disputes(address(coin), staking, owner, _params());
        assertEq(address(disputes), predicted, "as predicted");
        court = new Arbitrable();
        coin.transfer(address(court), 1_000e18);
        coin.transfer(payer, 1_000_000e18);
        vm.prank(payer);
        coin.approve(address(disputes), type(uint256).max);
        for (uint256 i = 0; i < JURORS; ++i) {
            jurors.push(account(string(abi.encodePacked("juror", bytes1(uint8(65 + i))))));
            _join(jurors[i], 4);
        }
        mine(1);
    }

    function _params() internal pure returns (IDisputes.Params memory) {
        return IDisputes.Params(TICKET, FEE, PENALTY, 6_000, 3, DRAW, COMMIT, REVEAL, APPEAL, GOVERN);
    }

    function _join(address who, uint8 tickets) internal {
        coin.transfer(who, uint256(tickets) * TICKET);
        vm.startPrank(who);
        coin.approve(address(staking), type(uint256).max);
        staking.stake(uint256(tickets) * TICKET);
        disputes.joinJury(tickets);
        vm.stopPrank();
    }

    function _open() internal returns (uint256) {
        return court.open(disputes, coin, 2, abi.encode(payer));
    }

    function _drawAll(uint256 id) internal {
        mine(2);
        IDisputes.RoundInfo memory round = _last(id);
        while (disputes.draw(id) < round.size) {}
    }

    function _last(uint256 id) internal view returns (IDisputes.RoundInfo memory) {
        return disputes.round(id, _number(id));
    }

    function _number(uint256 id) internal view returns (uint8) {
        return disputes.dispute(id).rounds - 1;
    }

    function _seats(uint256 id, address who) internal view returns (uint8) {
        return disputes.seat(id, _number(id), who).count;
    }

    function _commit(uint256 id, address who, uint8 ruling) internal {
        bytes32 commitment = keccak256(abi.encode(id, _number(id), who, ruling, SALT));
        vm.prank(who);
        disputes.commit(id, commitment);
    }

    function _reveal(uint256 id, address who, uint8 ruling) internal {
        vm.prank(who);
        disputes.reveal(id, ruling, SALT);
    }

    /// @dev The whole last round: everybody drawn votes for `ruling`.
    function _vote(uint256 id, uint8 ruling) internal {
        _drawAll(id);
        for (uint256 i = 0; i < JURORS; ++i) {
            if (_seats(id, jurors[i]) != 0) _commit(id, jurors[i], ruling);
        }
        for (uint256 i = 0; i < JURORS; ++i) {
            if (_seats(id, jurors[i]) != 0) _reveal(id, jurors[i], ruling);
        }
    }

    function _appeal(uint256 id) internal {
        vm.prank(payer);
        disputes.appeal(id, "");
    }

    function _conclude(uint256 id) internal {
        vm.warp(uint256(_last(id).appealUntil) + 1);
        disputes.conclude(id);
    }

    function _claimAll(uint256 id) internal {
        for (uint8 n = 0; n <= _number(id); ++n) {
            for (uint256 i = 0; i < JURORS; ++i) {
                IDisputes.Seat memory seat = disputes.seat(id, n, jurors[i]);
                if (
                    seat.state == IDisputes.SeatState.Revealed && seat.vote == disputes.dispute(id).ruling && !seat.paid
                ) {
                    disputes.claimFee(id, n, jurors[i]);
                }
            }
        }
    }

    function _assertPhase(uint256 id, IDisputes.Phase wanted) internal view {
        assertEq(uint8(disputes.phaseOf(id)), uint8(wanted), "phase");
    }

    function _wrongPhase(uint256 id, IDisputes.Phase phase) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IDisputes.WrongDisputePhase.selector, id, phase);
    }
}
