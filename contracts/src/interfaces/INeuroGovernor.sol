// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What NeuroGovernor adds to OpenZeppelin's Governor.
interface INeuroGovernor {
    /// @param votingDelay Seconds from the proposal to the snapshot of votes.
    /// @param votingPeriod Seconds in which votes are cast.
    /// @param proposalThreshold Votes that a proposer needs, in base units.
    /// @param quorumPercent The part of all votes at the snapshot that has to take part (for or abstain).
    /// @param quorumFloor Votes that have to take part however few are wrapped, in base units.
    struct Params {
        uint48 votingDelay;
        uint32 votingPeriod;
        uint256 proposalThreshold;
        uint256 quorumPercent;
        uint256 quorumFloor;
    }

    event QuorumFloorSet(uint256 oldFloor, uint256 newFloor);

    error QuorumFloorTooHigh(uint256 floor, uint256 max);

    /// @notice Votes that have to take part, however few coins are wrapped.
    function quorumFloor() external view returns (uint256);

    /// @notice Sets the floor, at most a tenth of the coin's cap. Only by a proposal.
    function setQuorumFloor(uint256 floor) external;
}
