import { type AssetDto, type Manifest, type Task, type VersionDto, hubIdOf } from '@neurodata/protocol';
import { dataPathOf } from './dataPaths.ts';
import { DEFAULT_CONFIG, viewerTables } from './viewerTables.ts';

export type CardFacts = { asset: AssetDto; version: VersionDto; manifest: Manifest; /** Of a folder that of its main table, where it has one. */ dataPath?: string };

const categoriesOf: Record<Task, { dataset?: string; model?: string }> = {
  classification: { dataset: 'tabular-classification', model: 'tabular-classification' },
  regression: { dataset: 'tabular-regression', model: 'tabular-regression' },
  forecasting: { dataset: 'time-series-forecasting', model: 'time-series-forecasting' },
  text: {}, image: {}, clustering: {}, other: {},
};

const sizes = [[1e3, 'n<1K'], [1e4, '1K<n<10K'], [1e5, '10K<n<100K'], [1e6, '100K<n<1M'], [1e7, '1M<n<10M'], [1e8, '10M<n<100M'], [1e9, '100M<n<1B'], [1e10, '1B<n<10B']] as const;

/** The front matter of a card, as the hub's clients read it. */
export function cardData({ asset, manifest, dataPath }: CardFacts): Record<string, unknown> {
  const task = (manifest['nd:task'] as Task | undefined) ?? 'other';
  const about = categoriesOf[task] ?? {};
  const rows = manifest['nd:rows'];
  const isDataset = asset.kind === 'dataset';
  return {
    ...licenseOf(manifest.license),
    pretty_name: manifest.name,
    tags: [...new Set(['neurodata', ...manifest.keywords])],
    ...(isDataset && about.dataset ? { task_categories: [about.dataset] } : {}),
    ...(!isDataset && about.model ? { pipeline_tag: about.model } : {}),
    ...(isDataset && rows !== undefined ? { size_categories: [sizes.find(([below]) => rows < below)?.[1] ?? '10B<n<100B'] } : {}),
    // Or the manifest beside it would be taken for data.
    ...(isDataset && dataPath !== undefined ? { configs: configsOf(manifest, dataPath) } : {}),
  };
}

/** The other tables lie beside the main one; where that was made Parquet, they are not. */
function configsOf(manifest: Manifest, dataPath: string): object[] {
  const others = dataPath === dataPathOf(manifest) ? viewerTables(manifest).slice(1) : [];
  return [{ config: DEFAULT_CONFIG, path: dataPath }, ...others].map(({ config, path }) => ({ config_name: config, data_files: [{ split: 'train', path }] }));
}

function licenseOf(license: string): Record<string, string> {
  if (/^[\w.+-]{1,60}$/.test(license)) return { license: license.toLowerCase() };
  return { license: 'other', license_name: license.slice(0, 100), ...(URL.canParse(license) ? { license_link: license } : {}) };
}

/** README.md of a version: front matter (JSON values are YAML), what is known, then its publisher's own words. */
export function hubCard(facts: CardFacts): string {
  const { asset, version, manifest, dataPath } = facts;
  const front = Object.entries(cardData(facts)).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const { 'nd:rows': rows, 'nd:folder': folder } = manifest;
  const data = folder ? 'each file' : `\`${dataPath ?? 'the file'}\``;
  const about = [
    `Asset ${asset.assetId}, version ${version.version} (${version.status}), registered on chain in block ${version.block}.`,
    ...(rows === undefined ? [] : [`${rows} rows, ${manifest['nd:columns']?.length ?? 0} columns.`]),
    ...(folder ? [`A folder of ${folder.files} ${folder.files === 1 ? 'file' : 'files'}${dataPath === undefined ? '' : `; the rows are those of \`${dataPath}\``}.`] : []),
    manifest['nd:open'] ? `Open: everybody may read ${data}; the key stands in \`croissant.json\`.` : `Sealed: ${data} opens for whoever is entitled to its key. \`neurodata serve\` opens it for your own clients; \`croissant.json\` describes it for everybody.`,
  ];
  const kind = asset.kind === 'dataset' ? ' --repo-type dataset' : '';
  const use = `HF_ENDPOINT=http://127.0.0.1:4800 HF_TOKEN=... hf download ${hubIdOf(asset)}${kind}`;
  const card = manifest['nd:model']?.card;
  return `---\n${front.join('\n')}\n---\n\n# ${manifest.name.replaceAll(/\s+/g, ' ')}\n\n${about.map((line) => `- ${line}`).join('\n')}\n\n\`\`\`sh\n${use}\n\`\`\`\n\n## From its publisher\n\n${manifest.description}\n${card === undefined ? '' : `\n${card}\n`}`;
}
