export { type ChainClients, createChainClients, type CreateChainClientsParameters } from './createChainClients.ts';
export { createSender, type DeployCall, type Sender, type WriteCall } from './createSender.ts';
