import type { AssetDto, Manifest, VersionDto } from '@neurodata/protocol';

/** The plaintext of a version, opened for one caller. */
export type HubData = {
  /** Bytes in the clear. */
  size: number;
  /** Pieces of the plaintext from `offset`; throws rather than give a byte that fails its check. */
  read(range: { offset: number; length: number; signal?: AbortSignal }): AsyncIterable<Uint8Array>;
  /** What a read of this range proves, told in `X-NeuroData-Checked`. */
  checks(range: { offset: number; length: number }): 'content' | 'encryption';
};

/** Where a hub finds what it serves. */
export type HubSource = {
  /** Undefined where there is no such asset. */
  findAsset(assetId: number): Promise<AssetDto | undefined>;
  /** The manifest and its canonical bytes, whose digest the version names. */
  readManifest(version: VersionDto): Promise<{ manifest: Manifest; bytes: Uint8Array }>;
  /** How many bytes the version's file has in the clear; of a folder its main table. */
  sizeOf(manifest: Manifest): Promise<number>;
  /** The version's file for whoever asks, of a folder the one at `path`, by default its main table; throws a `HubError` that says how to get it. */
  openData(parameters: { asset: AssetDto; version: VersionDto; manifest: Manifest; path?: string }): Promise<HubData>;
  /** Refuses a caller whom this hub does not serve, and names the others. */
  authorize(headers: Record<string, string | undefined>): { name: string } | undefined;
};
