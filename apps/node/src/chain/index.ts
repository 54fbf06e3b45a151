export { answerRpcBody, maxBatch } from './answerRpcBody.ts';
export { checkOrigin } from './checkOrigin.ts';
export { allowedMethods, filterRpc, type FilteredRpc } from './filterRpc.ts';
export { type JsonRpcError, type JsonRpcId, type JsonRpcRequest, type JsonRpcResponse } from './jsonRpc.ts';
export { resolveAnvil } from './resolveAnvil.ts';
export { type DevChain, startDevChain, type StartDevChainParameters } from './startDevChain.ts';
export { type ChainClients, createChainClients, createSender, type DeployCall, type Sender, type WriteCall } from './clients.ts';
export { deployContracts, type DeployContractsParameters, type DeploymentRecord, readDeploymentRecord } from './deploy.ts';
export { chooseDeployParams, demoVoting, type DeployParams, type DeployWindows, formatDeployParams, parseDeployParams, publicWindows } from './deployParams.ts';
