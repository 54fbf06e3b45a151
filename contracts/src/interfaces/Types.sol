// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice An ERC-2612 approval that travels with the call that spends it. `deadline == 0` means: no permit here.
struct Permit {
    uint256 value;
    uint256 deadline;
    uint8 v;
    bytes32 r;
    bytes32 s;
}

/// @notice The addresses of the whole system. Every contract is given all of them at its construction and keeps those
/// that it needs; the deployer predicts them from its nonces.
struct System {
    address token;
    address staking;
    address validators;
    address registry;
    address market;
    address training;
    address subscriptions;
    address orderDisputes;
    address curation;
    address offers;
    address challenges;
    address custody;
    address workers;
    address accusations;
    address trials;
}

/// @notice What a round of validators found. `None`: no quorum was reached in time.
enum Verdict {
    None,
    Accept,
    Reject
}

/// @notice What a round is about: a dataset or model version, a training run, a disputed order, one step of a run, or a grant
/// that is said to be false.
enum RoundKind {
    Version,
    Run,
    Order,
    Step,
    Grant
}

/// @notice How a challenge of a run's verdict ended. `Void`: the job was over before. `Kept`: the verdict stands. `Doubt`:
/// it stands because nobody decided. `Silence`: nobody spoke for the receipt. `Overturned`: a referee round found against
/// the verdict. `Canary`: a referee round confirmed what the worker had committed to beforehand. `Overlooked`: it found
/// against the receipt, in a step that those who accepted it did not have to re-execute.
enum Outcome {
    Void,
    Kept,
    Doubt,
    Silence,
    Overturned,
    Canary,
    Overlooked
}
