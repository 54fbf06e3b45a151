// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice ERC-792 arbitrator, with one difference: the cost is paid in NCR, pulled from the caller, and no ether is taken.
interface IArbitrator {
    enum DisputeStatus {
        Waiting,
        Appealable,
        Solved
    }

    event DisputeCreation(uint256 indexed _disputeID, IArbitrable indexed _arbitrable);
    event AppealPossible(uint256 indexed _disputeID, IArbitrable indexed _arbitrable);
    event AppealDecision(uint256 indexed _disputeID, IArbitrable indexed _arbitrable);

    function createDispute(uint256 choices, bytes calldata extraData) external payable returns (uint256 disputeId);
    function arbitrationCost(bytes calldata extraData) external view returns (uint256 cost);
    function appeal(uint256 disputeId, bytes calldata extraData) external payable;
    function appealCost(uint256 disputeId, bytes calldata extraData) external view returns (uint256 cost);
    function appealPeriod(uint256 disputeId) external view returns (uint256 start, uint256 end);
    function disputeStatus(uint256 disputeId) external view returns (DisputeStatus status);
    function currentRuling(uint256 disputeId) external view returns (uint256 ruling);
}

/// @notice ERC-792 arbitrable: who asked for a ruling, and takes it.
interface IArbitrable {
    event Ruling(IArbitrator indexed _arbitrator, uint256 indexed _disputeID, uint256 _ruling);

    function rule(uint256 disputeId, uint256 ruling) external;
}

/// @notice ERC-1497 evidence. Texts are addresses of documents, `ipfs://` ones by rule.
interface IEvidence {
    event MetaEvidence(uint256 indexed _metaEvidenceID, string _evidence);
    event Evidence(
        IArbitrator indexed _arbitrator, uint256 indexed _evidenceGroupID, address indexed _party, string _evidence
    );
    event Dispute(
        IArbitrator indexed _arbitrator, uint256 indexed _disputeID, uint256 _metaEvidenceID, uint256 _evidenceGroupID
    );
}
