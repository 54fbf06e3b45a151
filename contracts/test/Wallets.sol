// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @dev An account that is a contract: one key signs for it, and it does what that key's holder sends.
contract Wallet is IERC1271 {
    address public immutable keyHolder;

    constructor(address keyHolder_) {
        keyHolder = keyHolder_;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view virtual returns (bytes4) {
        return ECDSA.recover(digest, signature) == keyHolder ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}

contract RevertingWallet {
    error No();

    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        revert No();
    }
}

/// @dev Says yes as one says it elsewhere.
contract WrongWordWallet {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bool) {
        return true;
    }
}

/// @dev Says the right four bytes and nothing after them.
contract ShortWallet {
    fallback() external {
        assembly {
            mstore(0, shl(224, 0x1626ba7e))
            return(0, 4)
        }
    }
}

/// @dev Would use the question to do something.
contract WritingWallet {
    address public target;
    bytes public plan;

    function plant(address target_, bytes calldata plan_) external {
        (target, plan) = (target_, plan_);
    }

    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        (bool done,) = target.call(plan);
        require(done);
        return IERC1271.isValidSignature.selector;
    }
}
