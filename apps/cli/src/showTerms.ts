import { explainPolicy, uses } from '@neurodata/protocol';
import { readPolicy } from '@neurodata/sdk';
import type { Context, Result } from './context.ts';
import { clean, facts } from './output.ts';
import { parseAssetId } from './resolve.ts';

/** What an asset's licence and its publisher's limits admit, as every program here enforces it. */
export async function showTerms(context: Context, text: string, { assetVersion }: { assetVersion?: number }): Promise<Result> {
  const assetId = parseAssetId(text);
  const client = await context.client();
  const version = assetVersion ?? (await context.api.getAsset({ assetId })).latestVersion;
  const { manifest: { license }, limits, limitsDigest, policy } = await readPolicy({ client, assetId, version });
  const sentences = explainPolicy(policy);
  return {
    value: { assetId, version, license, limits: limits ?? null, limitsDigest, policy, sentences },
    text: [
      facts([['Asset', `${assetId} version ${version}`], ['Licence', clean(license)], ['Purpose', limits ? `a buyer signs one (--purpose ${policy.uses.join(' | ')})` : 'nobody is asked for one'], ['Terms', limits && limitsDigest]]),
      sentences.length === 0 ? `Nothing is limited that programs know of: all of ${uses.join(', ')}.` : sentences.map((sentence) => `- ${sentence}`).join('\n'),
    ].join('\n\n'),
  };
}
