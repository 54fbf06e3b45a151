import type { AssetDto, VersionDto } from '@neurodata/protocol';

/** The version that the next one follows: the newest that is live or is being checked; else the newest that there was. */
export function newestOf({ versions }: Pick<AssetDto, 'versions'>): VersionDto | undefined {
  const sorted = versions.toSorted((a, b) => b.version - a.version);
  return sorted.find(({ status }) => status === 'live' || status === 'pending') ?? sorted[0];
}
