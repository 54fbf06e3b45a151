import path from 'node:path';
import { cachedBlocks, gatewayBlocks } from '@neurodata/storage';
import type { BlockStore } from '@neurodata/storage';
import { diskBlocks } from '@neurodata/storage/node';
import { readRoleSettings, readSettings } from '../config.ts';
import type { Settings } from '../config.ts';
import { runFiles } from '../duty/runFiles.ts';
import { checkPins } from '../jobs/checkPins.ts';
import type { PinReport } from '../jobs/checkPins.ts';
import { collectGarbage } from '../keeping/collectGarbage.ts';
import type { CollectGarbageParameters, GarbageReport } from '../keeping/collectGarbage.ts';
import { PIN_FILE } from '../keeping/defineKeeping.ts';
import { pinFile } from '../keeping/pinFile.ts';
import type { PinEntry } from '../keeping/pinFile.ts';
import { checkHostedPins } from '../pinning/checkHostedPins.ts';
import type { HostedReport } from '../pinning/checkHostedPins.ts';
import { originBlocks } from '../pinning/originBlocks.ts';
import { registryBlocks } from '../processes/registryBlocks.ts';
import { openMaintained } from './openMaintained.ts';
import type { Environment } from './openMaintained.ts';
import { openChain } from './rebuildNodeIndex.ts';

const HOUR = 3_600;

/** What `neurodata storage gc` does: with the database, the chain and the blocks of the node that the environment names. */
export async function collectNodeGarbage(parameters: { environment?: Environment; dryRun: boolean; graceHours: number; despiteMissing: boolean } & Pick<CollectGarbageParameters, 'onProgress' | 'signal'>): Promise<GarbageReport & { folder: string }> {
  const { environment, graceHours, onProgress, ...rest } = parameters;
  await using stack = new AsyncDisposableStack();
  const live = await openMaintained({ environment });
  stack.defer(live.close);
  const { settings, db } = live;
  const { publicClient, deployment } = await openChain(settings, environment, stack);
  const others = [...gateways(environment), registryBlocks({ publicClient, validators: deployment.addresses.validators })];
  const folder = blocksOf(settings);
  const report = await collectGarbage({
    db, own: diskBlocks({ folder }), others, graceSeconds: graceHours * HOUR, head: Number(await publicClient.getBlockNumber({ cacheTime: 0 })),
    noted: await runFiles({ home: settings.home }).cids(), ...(onProgress ? { onProgress } : {}), ...rest,
  });
  return { ...report, folder };
}

/** What `neurodata storage check` does: everything that buyers and runs need, and what is kept for others, is read and hashed; what is missing or bad is fetched from others where `repair` says so. */
export async function checkNodeBlocks(parameters: { environment?: Environment; repair: boolean; signal: AbortSignal; onVersion?: (done: number, of: number) => void; onPin?: (done: number, of: number) => void }): Promise<PinReport & { hosted: HostedReport; folder: string }> {
  const { environment, repair, signal, onVersion, onPin } = parameters;
  await using stack = new AsyncDisposableStack();
  const live = await openMaintained({ environment });
  stack.defer(live.close);
  const folder = blocksOf(live.settings);
  const own = diskBlocks({ folder });
  let others: BlockStore[] = [];
  if (repair) {
    const { publicClient, deployment } = await openChain(live.settings, environment, stack);
    others = [...gateways(environment), registryBlocks({ publicClient, validators: deployment.addresses.validators })];
  }
  const report = await checkPins({ db: live.db, own, others, all: cachedBlocks([own, ...others]), signal, mostBytes: Infinity, ...(onVersion ? { onVersion } : {}) });
  const hosted = await checkHostedPins({
    db: live.db, own, others: ({ origins }) => (repair ? [...others, ...originBlocks(origins, { loopback: false })] : []), take: async () => undefined, signal, ...(onPin ? { onPin } : {}),
  });
  return { ...report, hosted, folder };
}

/** What others keep for the node that the environment names, as it was when it last asked them. */
export async function readNodePins(parameters: { environment?: Environment }): Promise<{ pins: (PinEntry & { target: string; cid: string })[] }> {
  const { home } = readSettings(parameters.environment);
  const entries = await pinFile(path.join(home, PIN_FILE)).read();
  return { pins: Object.entries(entries).flatMap(([target, pins]) => Object.entries(pins).map(([cid, entry]) => ({ target, cid, ...entry }))) };
}

function gateways(environment: Environment | undefined): BlockStore[] {
  return (readRoleSettings(environment)?.gateways ?? []).map((url) => gatewayBlocks({ url, onlyIfCached: true }));
}

function blocksOf({ home }: Settings): string {
  return path.join(home, 'blocks');
}
