import { assetRegistryAbi } from '@neurodata/protocol';
import { inheritTerms, readParents } from './inheritTerms.ts';
import { type PublishResult, publishResult, publishingPermit, versionFee } from './publishAsset.ts';
import { type SealVersionParameters, sealVersion } from './sealVersion.ts';

export type PublishVersionParameters = SealVersionParameters & { assetId: number };

/** Adds the next version of an asset that the account owns; otherwise as `publishAsset`, with the limits of what the asset was made of. */
export async function publishVersion(parameters: PublishVersionParameters): Promise<PublishResult> {
  const { client, assetId, onProgress } = parameters;
  const description = await inheritTerms({ client, description: parameters.description, parents: await readParents({ client, assetId }) });
  const sealed = await sealVersion({ ...parameters, description });
  onProgress?.({ stage: 'registering', done: 0, total: 1 });
  const sent = await client.send({
    address: client.config.deployment.addresses.assetRegistry, abi: assetRegistryAbi, functionName: 'addVersion',
    args: [BigInt(assetId), sealed.input, await publishingPermit(client, await versionFee(client))], sentence: `Publish a version of asset ${assetId}`,
  });
  onProgress?.({ stage: 'registering', done: 1, total: 1 });
  return publishResult(sealed, sent);
}
