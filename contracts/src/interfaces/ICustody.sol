// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Who holds the shares of a version's key, epoch after epoch. Epoch 0 is what the publisher made; a handover gives
/// the same secret to other holders, or the same ones other shares of it, and needs enough of both sides.
interface ICustody {
    /// @param epoch Which the handover would begin.
    /// @param until Until when it can be confirmed, in Unix seconds.
    /// @param without Whom it replaces: one bit for each place in the committee.
    /// @param committee Of the epoch that it would begin; empty until it is drawn.
    struct Handover {
        uint32 epoch;
        uint40 until;
        uint64 anchorBlock;
        uint16 without;
        uint16[] committee;
    }

    struct Holding {
        uint32 epoch;
        uint8 threshold;
        uint16[] committee;
    }

    event HandoverOpened(
        uint256 indexed assetId,
        uint32 indexed version,
        address indexed opener,
        uint32 epoch,
        uint16 without,
        uint64 anchorBlock
    );
    event HandoverDrawn(
        uint256 indexed assetId, uint32 indexed version, address indexed opener, uint32 epoch, uint16[] committee
    );
    event HandoverConfirmed(
        uint256 indexed assetId, uint32 indexed version, address indexed opener, bytes32 keyset, uint16 validatorId
    );
    event KeysMoved(
        uint256 indexed assetId,
        uint32 indexed version,
        uint32 indexed epoch,
        bytes32 keyset,
        uint8 threshold,
        uint16[] committee
    );

    error NotAllowedToOpen(address caller);
    error NotHolder(uint16 validatorId);
    error HandoverStillOpen(uint256 until);
    error NoHandover(address opener);
    error NotDrawableYet(uint64 anchorBlock);
    error TooFewHolders(uint256 holders, uint256 threshold);
    error EmptyKeyset();
    error AlreadyConfirmed(uint16 validatorId);

    /// @notice Opens a handover of a version's key. The asset's owner and the holders of its shares may; where one of those is
    /// no longer active, every active validator. Each account has one at a time for a version.
    /// @param without Active holders who shall be replaced, which holders only do to whom they find silent; those that are
    /// not active are replaced in any case. Nobody to replace: the same holders get other shares.
    function open(uint256 assetId, uint32 version, uint16[] calldata without) external;
    /// @notice Anybody: draws the new holders among the active validators, weighted by stake at the opening block, from the hash
    /// of a block after it. If that hash is out of reach (256 blocks), anchors the draw anew and returns an empty committee.
    function draw(uint256 assetId, uint32 version, address opener) external returns (uint16[] memory committee);
    /// @notice A holder says that the keyset of this digest hands the key on as drawn: an old one that its makers dealt what they
    /// had, a new one also that its own share fits. Takes effect once as many old holders as the threshold have said
    /// so, and two thirds of the new ones, or the threshold if that is more.
    function confirm(uint256 assetId, uint32 version, address opener, bytes32 keyset) external;

    function handover(uint256 assetId, uint32 version, address opener) external view returns (Handover memory);
    /// @notice The epoch that lasts, and the sha256 of its keyset; 0 in epoch 0, whose keyset the version itself commits to.
    function keysetOf(uint256 assetId, uint32 version) external view returns (uint32 epoch, bytes32 keyset);
    /// @notice Who held the shares at a time, which is who grants what was asked then. A change counts from the next second.
    function holdersAt(uint256 assetId, uint32 version, uint256 time) external view returns (Holding memory);
    /// @notice As `holdersAt`, in the layout of VersionWord.
    function wordAt(uint256 assetId, uint32 version, uint256 time) external view returns (uint256);
}
