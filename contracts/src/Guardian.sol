// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IGuardian} from "./interfaces/IGuardian.sol";
import {IPause} from "./interfaces/IPause.sol";

/// @title Guardian
/// @notice The emergency brake. A pause ends by itself and cannot follow another before a cool-down; the contracts that
/// ask `paused` do so only where new orders, jobs or assets begin, never where money goes back.
/// @dev Holds no coins and owns nothing. What a guardian can do at worst is to stop new business for `maxPause` out of
/// every `maxPause + coolDown` seconds, until the owner (the timelock) names another.
contract Guardian is IGuardian, Ownable2Step {
    uint32 public constant LONGEST_PAUSE = 14 days;

    /// @notice The longest pause, in seconds.
    uint32 public immutable maxPause;
    /// @notice From the end of a pause to the earliest next one, in seconds.
    uint32 public immutable coolDown;

    // One slot, so that `paused` is one read.
    /// @inheritdoc IGuardian
    address public guardian;
    /// @inheritdoc IGuardian
    uint40 public pausedUntil;
    /// @inheritdoc IGuardian
    uint40 public nextPauseAt;

    constructor(address owner_, address guardian_, uint32 maxPause_, uint32 coolDown_) Ownable(owner_) {
        bool within = maxPause_ != 0 && maxPause_ <= LONGEST_PAUSE && coolDown_ >= maxPause_;
        require(within, BadBounds(maxPause_, coolDown_));
        maxPause = maxPause_;
        coolDown = coolDown_;
        _setGuardian(guardian_);
    }

    /// @inheritdoc IGuardian
    function pause(uint32 seconds_) external {
        require(msg.sender == guardian, NotGuardian(msg.sender));
        require(block.timestamp >= nextPauseAt, CoolingDown(nextPauseAt));
        require(seconds_ != 0 && seconds_ <= maxPause, BadPause(seconds_, maxPause));
        uint40 until = uint40(block.timestamp) + seconds_;
        pausedUntil = until;
        nextPauseAt = until + coolDown;
        emit Paused(msg.sender, until);
    }

    /// @inheritdoc IGuardian
    /// @dev The cool-down counts from the end that was announced: ending early buys no earlier next pause.
    function endPause() external {
        require(msg.sender == guardian || msg.sender == owner(), NotGuardian(msg.sender));
        require(paused(), NotPaused());
        pausedUntil = uint40(block.timestamp);
        emit PauseEnded(msg.sender);
    }

    /// @inheritdoc IGuardian
    function setGuardian(address guardian_) external onlyOwner {
        _setGuardian(guardian_);
    }

    /// @inheritdoc IPause
    function paused() public view returns (bool) {
        return block.timestamp < pausedUntil;
    }

    function _setGuardian(address guardian_) private {
        guardian = guardian_;
        emit GuardianSet(guardian_);
    }
}
