import { type AssetDto, type Manifest, type VersionDto, clearSizeOf, folderFilesOf } from '@neurodata/protocol';
import { CARD, CROISSANT, dataPathOf, folderPaths } from './dataPaths.ts';
import { hubCard } from './hubCard.ts';
import type { HubData, HubSource } from './HubSource.ts';

/** One file of a version. `etag` names its content: for the sealed one its salted commitment, which tells nothing of small files that could be guessed. */
export type HubFile = {
  path: string;
  size: number;
  /** 40 hexadecimal digits: git's name of the blob, for the sealed file made from its commitment. */
  oid: string;
  etag: string;
  mediaType: string;
  /** Absent: the file is the version's data. */
  bytes?: Uint8Array;
  /** Its path in the folder that the version is. */
  inside?: string;
  /** What was opened already. */
  data?: HubData;
};

/** The files of a version: card, manifest, data. Its size costs a read of the sealed file's header: 0 where it is not `measured`. */
export async function hubFiles(parameters: { source: HubSource; asset: AssetDto; version: VersionDto; measured: boolean }): Promise<{ files: HubFile[]; manifest: Manifest }> {
  const { source, asset, version, measured } = parameters;
  const { manifest, bytes } = await source.readManifest(version);
  const path = dataPathOf(manifest);
  const commitment = version.contentCommitment.slice(2).toLowerCase();
  const one = async (): Promise<HubFile[]> => [{ path: path ?? '', size: measured ? await source.sizeOf(manifest) : 0, oid: commitment.slice(0, 40), etag: `nd-${commitment}`, mediaType: 'application/octet-stream' }];
  const data = manifest['nd:folder'] ? filesOfFolder(manifest) : await one();
  const card = new TextEncoder().encode(hubCard({ asset, version, manifest, ...(path === undefined ? {} : { dataPath: path }) }));
  return { manifest, files: [await textFile(CARD, card, 'text/markdown; charset=utf-8'), await textFile(CROISSANT, bytes, 'application/ld+json; profile="http://mlcommons.org/croissant/1.1"'), ...data] };
}

/** Their sizes follow from those of the sealed files. A name is made from the ciphertext's digest: an unchanged file keeps it from version to version. */
function filesOfFolder(manifest: Manifest): HubFile[] {
  const files = folderFilesOf(manifest);
  const paths = folderPaths(files.map(({ path }) => path));
  return files.map(({ path, sealedSize, sealedSha256 }) => ({ path: paths.get(path) ?? path, inside: path, size: clearSizeOf(sealedSize) ?? 0, oid: sealedSha256.slice(0, 40), etag: `nd-${sealedSha256}`, mediaType: 'application/octet-stream' }));
}

async function textFile(path: string, bytes: Uint8Array, mediaType: string): Promise<HubFile> {
  const oid = await gitBlobId(bytes);
  return { path, size: bytes.length, oid, etag: oid, mediaType, bytes };
}

/** git's name of a blob: sha1 of `blob SIZE\0` and the bytes. */
async function gitBlobId(bytes: Uint8Array): Promise<string> {
  const head = new TextEncoder().encode(`blob ${bytes.length}\0`);
  const whole = new Uint8Array(head.length + bytes.length);
  whole.set(head);
  whole.set(bytes, head.length);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-1', whole));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
