// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {NeuroCoin} from "../src/NeuroCoin.sol";
import {Staking} from "../src/Staking.sol";
import {Validators} from "../src/Validators.sol";
import {IValidators} from "../src/interfaces/IValidators.sol";
import {IVerdictReceiver} from "../src/interfaces/IVerdictReceiver.sol";
import {RoundKind, System, Verdict} from "../src/interfaces/Types.sol";
import {newCoin} from "./NewCoin.sol";
import {Test} from "./Test.sol";
import {vm} from "./Vm.sol";

/// @dev This contract stands where AssetRegistry does: it asks for the rounds and hears their verdicts.
abstract contract RoundTest is Test, IVerdictReceiver {
    uint96 internal constant MIN_STAKE = 1_000e18;
    uint96 internal constant FEE = 10e18 + 1;
    uint32 internal constant COMMIT = 600;
    uint32 internal constant REVEAL = 900;
    bytes32 internal constant SALT = keccak256("salt");
    bytes32 internal constant SUBJECT = keccak256("subject");

    NeuroCoin internal coin;
    Staking internal staking;
    Validators internal validators;
    address internal owner = account("owner");
    address internal stranger = account("stranger");
    address[] internal keepers;

    bytes32 internal heardRound;
    Verdict internal heardVerdict;
    uint96 internal heardFee;
    uint256 internal heardTimes;

    function setUp() public {
        vm.warp(1_800_000_000);
        vm.roll(1_000);
        uint256 nonce = vm.getNonce(address(this));
        System memory system = System({
            token: vm.computeCreateAddress(address(this), nonce),
            staking: vm.computeCreateAddress(address(this), nonce + 1),
            validators: vm.computeCreateAddress(address(this), nonce + 2),
            registry: address(this),
            market: address(0),
            training: address(0xb),
            subscriptions: address(0),
            orderDisputes: address(0xa),
            curation: address(0),
            offers: address(0),
            challenges: address(0xc),
            custody: address(0),
            workers: address(0),
            accusations: address(0xd),
            trials: address(0)
        });
        coin = newCoin(address(this), address(this), 1_000_000_000e18);
        staking = new Staking(system, account("disputes"), owner, 0, 7 days);
        validators = new Validators(system, owner, _params());
        string[4] memory names = ["v1", "v2", "v3", "v4"];
        for (uint256 i = 0; i < 4; ++i) {
            keepers.push(account(names[i]));
            _register(keepers[i], MIN_STAKE);
        }
        mine(1);
    }

    function onVerdict(bytes32 roundId, bytes32 subject, Verdict verdict, uint96 returnedFee) external {
        assertEq(subject, SUBJECT, "subject");
        (heardRound, heardVerdict, heardFee) = (roundId, verdict, returnedFee);
        ++heardTimes;
    }

    function _params() internal pure returns (IValidators.Params memory) {
        return _with(MIN_STAKE, FEE, COMMIT, REVEAL, 3);
    }

    function _with(uint96 minStake, uint96 fee, uint32 commit, uint32 reveal, uint8 size)
        internal
        pure
        returns (IValidators.Params memory)
    {
        return IValidators.Params(minStake, fee, commit, reveal, size, 10, 100, 1_000);
    }

    function _refused(IValidators.Params memory p) internal {
        vm.expectRevert(IValidators.ParamOutOfRange.selector);
        vm.prank(owner);
        validators.setParams(p);
    }

    function _stake(address who, uint256 amount) internal {
        coin.transfer(who, amount);
        vm.startPrank(who);
        coin.approve(address(staking), amount);
        staking.stake(amount);
        vm.stopPrank();
    }

    function _register(address who, uint256 amount) internal {
        _stake(who, amount);
        vm.prank(who);
        validators.register(_keyOf(who), "https://keeper.example");
    }

    function _keyOf(address who) internal pure returns (bytes32) {
        return keccak256(abi.encode("key", who));
    }

    function _open() internal returns (bytes32) {
        coin.transfer(address(validators), FEE);
        return validators.openRound(RoundKind.Version, SUBJECT, FEE);
    }

    function _draw(bytes32 roundId) internal returns (uint16[] memory) {
        mine(2);
        return validators.drawCommittee(roundId);
    }

    /// @dev Draws and takes it back.
    function _peek(bytes32 roundId) internal returns (uint16[] memory committee) {
        try this.drawAndRevert(roundId) {}
        catch (bytes memory data) {
            assembly ("memory-safe") {
                data := add(data, 4)
            }
            committee = abi.decode(data, (uint16[]));
        }
    }

    error Drawn(uint16[] committee);

    function drawAndRevert(bytes32 roundId) external {
        revert Drawn(validators.drawCommittee(roundId));
    }

    function _accountOf(uint16 validatorId) internal view returns (address) {
        return validators.validator(validatorId).account;
    }

    function _outsider(uint16[] memory committee) internal view returns (address) {
        uint256 sum = 0;
        for (uint256 i = 0; i < committee.length; ++i) {
            sum += committee[i];
        }
        return _accountOf(uint16(10 - sum));
    }

    function _commitment(bytes32 roundId, address who, Verdict verdict) internal pure returns (bytes32) {
        return keccak256(abi.encode(roundId, who, verdict, bytes32("evidence"), SALT));
    }

    function _commit(bytes32 roundId, uint16 id, Verdict verdict) internal {
        address who = _accountOf(id);
        vm.prank(who);
        validators.commit(roundId, _commitment(roundId, who, verdict));
    }

    function _reveal(bytes32 roundId, uint16 id, Verdict verdict) internal {
        address who = _accountOf(id);
        vm.prank(who);
        validators.reveal(roundId, verdict, "evidence", SALT);
    }

    function _speak(bytes32 roundId, uint16[] memory committee, Verdict[3] memory words) internal {
        for (uint256 i = 0; i < 3; ++i) {
            _commit(roundId, committee[i], words[i]);
        }
        for (uint256 i = 0; i < 3; ++i) {
            _reveal(roundId, committee[i], words[i]);
        }
    }

    function _assertPhase(bytes32 roundId, IValidators.Phase wanted) internal view {
        assertEq(uint8(validators.phaseOf(roundId)), uint8(wanted), "phase");
    }

    function _assertHeard(bytes32 roundId, Verdict verdict, uint96 fee) internal view {
        assertEq(heardTimes, 1, "heard once");
        assertEq(heardRound, roundId, "round");
        assertEq(uint8(heardVerdict), uint8(verdict), "verdict");
        assertEq(heardFee, fee, "returned fee");
    }
}
