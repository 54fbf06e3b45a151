import type { AssetDto } from '@neurodata/protocol';
import { t } from '../../language/t.ts';
import { findOffer } from './offers.ts';

export type HowTo = { name: string; label: string; code: string; note?: string };

/** Ways to use an asset by program, to be copied. Names of strangers stand in none of them: numbers only. */
export function howToUse(asset: AssetDto, origin: string): HowTo[] {
  return [{ name: t`Command line`, label: 'commands', code: commands(asset) }, { name: 'TypeScript', label: 'TypeScript', code: typescript(asset, origin) }, { name: 'Python', label: 'Python', ...python(asset, origin) }];
}

const nounOf = ({ kind }: AssetDto): string => ({ dataset: 'datasets', model: 'models', algorithm: 'algorithms' })[kind];

function commands(asset: AssetDto): string {
  const download = findOffer(asset, 'download');
  const compute = findOffer(asset, 'compute');
  const noun = asset.kind === 'model' ? 'models' : 'datasets';
  return [
    `neurodata ${noun} info ${asset.assetId}`,
    ...(download ? [`neurodata ${noun} buy ${asset.assetId}`, `neurodata ${noun} download --asset ${asset.assetId}`] : []),
    ...(compute ? [`neurodata jobs run ${compute.listing.listingId} --target COLUMN`] : []),
  ].join('\n');
}

function typescript(asset: AssetDto, origin: string): string {
  const offer = findOffer(asset, 'download');
  if (!offer) return `import { createClient } from '@neurodata/sdk';\n\nconst client = await createClient({ url: '${origin}' });\nconst asset = await client.api.getAsset({ assetId: ${asset.assetId} });\nconsole.log(asset.title, asset.columnList);`;
  const { listingId, price } = offer.listing;
  return [
    "import { writeFile } from 'node:fs/promises';", "import { buyLicense, createClient, readAsset, waitForGrant } from '@neurodata/sdk';", "import { privateKeyToAccount } from 'viem/accounts';", '',
    "const account = privateKeyToAccount(process.env.NEURODATA_PRIVATE_KEY as `0x${string}`);", `const client = await createClient({ url: '${origin}', account });`,
    `const { orderId } = await buyLicense({ client, listingId: ${listingId}, version: ${offer.version}, maxPrice: ${price}n });`, 'await waitForGrant({ client, orderId });', '',
    '// The key of the order is in this process: opened and checked against the chain here.', 'const { bytes, fileName } = await readAsset({ client, orderId });', 'await writeFile(fileName, bytes);',
  ].join('\n');
}

function python(asset: AssetDto, origin: string): Pick<HowTo, 'code' | 'note'> {
  const noun = nounOf(asset);
  const sold = findOffer(asset, 'download') !== undefined;
  const head = ['import json', 'import urllib.request', '', `with urllib.request.urlopen("${origin}/api/v1/assets/${asset.assetId}") as answer:`, '    asset = json.load(answer)', 'print(asset["title"], asset["latestVersion"])'];
  if (asset.kind === 'dataset' && sold) {
    return { code: [...head, '', '# The file, unsealed and checked by the command line:', 'import subprocess', 'import pandas', '', `subprocess.run(["neurodata", "${noun}", "download", "--asset", "${asset.assetId}", "-o", "rows.csv"], check=True)`, 'rows = pandas.read_csv("rows.csv")'].join('\n'), note: 'Python reads the API; buying and unsealing are done by the command line.' };
  }
  if (asset.kind === 'model' && sold) {
    return { code: [...head, '', '# The bought model, written as ONNX by the command line:', 'import subprocess', 'import onnxruntime', '', `subprocess.run(["neurodata", "models", "export", "ORDER", "--format", "onnx", "-o", "model.onnx"], check=True)`, 'session = onnxruntime.InferenceSession("model.onnx")', 'print([(one.name, one.shape) for one in session.get_inputs()])'].join('\n'), note: 'Python reads the API; buying and unsealing are done by the command line. ORDER is the id of your order.' };
  }
  return { code: head.join('\n') };
}
