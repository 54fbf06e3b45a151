import type { EvaluationTable } from '@neurodata/protocol';
import type { DownloadProof } from '@neurodata/sdk';
import type { Address, Hex } from 'viem';
import { type Signer, accountOf } from '../client/connect.ts';
import { nodeUrl } from '../client/nodeUrl.ts';
import { tellSigning } from '../client/signings.ts';
import type { ChosenFolder, LookedFolder } from './lookAtFolder.ts';
import type { OpenedBefore } from './publishFolder.ts';
import type { SavedFolder } from './saveFolder.ts';
import { serveSigner } from './signerPort.ts';
import { runTask } from './task.ts';
import type { CheckedReceipt, NamedTable, OpenedModel, Published, Unsealed, VaultInput, VaultProgress, VaultSigner, VaultTask } from './vault.worker.ts';

type Options = { onProgress?: ((progress: VaultProgress) => void) | undefined; signal?: AbortSignal | undefined };

function ask<Result>(input: VaultInput, options: Options & { transfer?: Transferable[] } = {}): Promise<Result> {
  const worker = new Worker(new URL('./vault.worker.ts', import.meta.url), { type: 'module', name: 'vault' });
  return runTask<VaultTask, VaultProgress, Result>({ worker, input: { ...input, node: nodeUrl }, ...options });
}

/** Opens what an order bought, with the identities that this browser keeps for the account. */
export const unsealOrder = ({ account, orderId }: { account: Address; orderId: Hex }, options?: Options): Promise<Unsealed> => ask({ task: 'unseal', account, proof: { orderId } }, options);

/** Opens every file of a folder that an order or a subscription bought: into `place`, or as an archive. */
export const saveFolderOf = (parameters: { account: Address; proof: DownloadProof; place: FileSystemDirectoryHandle | undefined }, options?: Options): Promise<SavedFolder> => ask({ task: 'saveFolder', ...parameters }, options);

/** What a folder is, before anything of it is sent. */
export const lookAtFolder = (folder: ChosenFolder, options?: Options): Promise<LookedFolder> => ask({ task: 'lookAtFolder', folder }, options);

/** Opens the newest version whose key a subscription was granted. */
export const unsealSubscription = ({ account, subscriptionId }: { account: Address; subscriptionId: Hex }, options?: Options): Promise<Unsealed> => ask({ task: 'unseal', account, proof: { subscriptionId } }, options);

/** What can be checked of a receipt without the data, and how far to repeat the run. */
export const checkReceipt = ({ jobId }: { jobId: Hex }): Promise<CheckedReceipt> => ask({ task: 'checkReceipt', jobId });

/** The bytes of a table that was published along with a model, checked against its digest. */
export const readTable = ({ table }: { table: EvaluationTable & { kind: 'file' } }): Promise<Blob> => ask({ task: 'readTable', table });

/** Opens the model of a run that the account paid for. */
export const openRunModel = (parameters: { account: Address; jobId: Hex }, options?: Options): Promise<OpenedModel> => ask({ task: 'model', ...parameters }, options);

/** As `ask`, with a signer for the vault: a demo wallet's key goes along, an own wallet is asked by this page. */
async function askSigned<Result>(signer: Signer, input: (signer: VaultSigner) => VaultInput, options: Options = {}): Promise<Result> {
  const account = 'rdns' in signer ? await accountOf(signer) : undefined;
  const port = serveSigner({ onSigning: tellSigning, account: account?.type === 'wallet' ? account : undefined });
  const { address } = signer;
  return ask(input({ address, port, ...('privateKey' in signer ? { privateKey: signer.privateKey } : {}) }), { ...options, transfer: [port] });
}

type Signed<Task> = Omit<Extract<VaultInput, { task: Task }>, 'task' | 'signer'> & { signer: Signer };

/** Describes, seals, stores and registers a table file. The rows leave this browser only sealed. */
export const publishFile = ({ signer, ...parameters }: Signed<'publish'>, options?: Options): Promise<Published> => askSigned(signer, (vaultSigner) => ({ task: 'publish', signer: vaultSigner, ...parameters }), options);

/** Opens the index of an asset's newest folder as its owner: what the next version may take over. */
export const openFilesBefore = ({ signer, assetId }: Signed<'openFilesBefore'>, options?: Options): Promise<OpenedBefore> => askSigned(signer, (vaultSigner) => ({ task: 'openFilesBefore', signer: vaultSigner, assetId }), options);

/** Seals, stores and registers a folder: each file on its own, under an index that is sealed too. */
export const publishFolderOf = ({ signer, ...parameters }: Signed<'publishFolder'>, options?: Options): Promise<Published> => askSigned(signer, (vaultSigner) => ({ task: 'publishFolder', signer: vaultSigner, ...parameters }), options);

/** Publishes a few rows of a dataset as its free sample. Gives the sample's asset. */
export const publishSampleOf = ({ signer, ...parameters }: Signed<'sample'>, options?: Options): Promise<number> => askSigned(signer, (vaultSigner) => ({ task: 'sample', signer: vaultSigner, ...parameters }), options);

/** Seals, stores and registers the model of a run. */
export const publishRunModel = ({ signer, ...parameters }: Signed<'publishModel'>): Promise<Published> => askSigned(signer, (vaultSigner) => ({ task: 'publishModel', signer: vaultSigner, ...parameters }));

/** Puts up the bond of a challenge, unless that is done, then shows both sides' checkpoints down to the step that differs. Gives the challenge's number. */
export const challenge = ({ signer, ...parameters }: Signed<'challenge'>): Promise<number> => askSigned(signer, (vaultSigner) => ({ task: 'challenge', signer: vaultSigner, ...parameters }));

/** Names a table that a model is to be measured on, and gives its bytes. A dataset of the market is bought for nothing. */
export const nameTable = ({ signer, ...parameters }: Signed<'table'>): Promise<NamedTable> => askSigned(signer, (vaultSigner) => ({ task: 'table', signer: vaultSigner, ...parameters }));

/** Seals, stores and registers an ONNX model with its claims. The file leaves this browser only sealed. */
export const publishOnnx = ({ signer, ...parameters }: Signed<'publishOnnx'>, options?: Options): Promise<Published> => askSigned(signer, (vaultSigner) => ({ task: 'publishOnnx', signer: vaultSigner, ...parameters }), options);
