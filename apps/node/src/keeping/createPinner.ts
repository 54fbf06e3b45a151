import { StorageError } from '@neurodata/storage';
import type { PinningTarget } from '@neurodata/storage/node';
import type { Log } from '../common/logger.ts';
import type { PinEntries, PinEntry, PinFile } from './pinFile.ts';

/** A graph that others are to keep, too. */
export type WantedPin = { cid: string; /** For people. */ name: string };

export type PinCount = { target: string; state: PinEntry['state']; count: number };

export type Pinner = {
  /** Brings what the keepers have nearer to what is wanted. One at a time. */
  step(signal: AbortSignal): Promise<{ pinned: number; unpinned: number; failed: number; unreachable: string[] }>;
  count(): Promise<PinCount[]>;
};

export type CreatePinnerParameters = {
  targets: readonly PinningTarget[];
  file: PinFile;
  /** Unless it is complete, nothing is let go that was wanted before. */
  wanted: () => Promise<{ pins: WantedPin[]; complete: boolean }>;
  /** Multiaddrs under which this node's blocks can be had. */
  origins?: string[];
  log: Log;
  /** ms since 1970. */
  now?: () => number;
};

const MINUTE = 60_000;
const firstWait = MINUTE;
const longestWait = 6 * 60 * MINUTE;
/** A pin that is there is looked at again so often: keepers lose things, too. */
const recheck = 24 * 60 * MINUTE;

/**
 * Has others keep what this node's buyers need, beside its own blocks, which stay whatever becomes of the others. What is wanted is written down before anybody is asked, so that a crash forgets
 * nothing; what fails is tried again after a minute, two, four, up to six hours. Who could not be reached and answers again is asked to announce what they have.
 */
export function createPinner(parameters: CreatePinnerParameters): Pinner {
  const { targets, file, wanted, log, now = Date.now, origins } = parameters;
  const away = new Set<string>();

  /** Whether somebody answers; those who do again announce what they keep. */
  const greet = async (target: PinningTarget, entries: Record<string, PinEntry>): Promise<boolean> => {
    try {
      const who = await target.check();
      if (!away.delete(target.name)) return true;
      log.info({ target: who }, 'a keeper of pins is reached again');
      for (const [cid, entry] of Object.entries(entries)) {
        // What waited for its next try need not wait any longer; what is there is told anew.
        if (entry.state !== 'pinned') entry.dueAt = 0;
        else await target.announce?.(cid).catch((error: unknown) => log.warn({ target: target.name, cid, error: String(error) }, 'a pin was not announced'));
      }
      return true;
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      if (!away.has(target.name)) log.warn({ target: target.name, error: error.message }, 'a keeper of pins is not reached; the own blocks serve alone');
      away.add(target.name);
      return false;
    }
  };

  const tend = async (target: PinningTarget, cid: string, entry: PinEntry): Promise<PinEntry | undefined> => {
    try {
      if (entry.state === 'unwanted') {
        if (entry.id !== undefined) await target.unpin({ cid, id: entry.id });
        return undefined;
      }
      const known = entry.id === undefined || entry.state === 'wanted' || entry.state === 'failed' ? undefined : await target.status({ cid, id: entry.id });
      const pin = known === undefined || known.state === 'none' ? await target.pin({ cid, name: entry.name, ...(origins ? { origins } : {}) }) : known;
      if (pin.state === 'failed' || pin.state === 'none') return failed(entry, pin.why ?? 'it failed there', pin.id, now());
      return { name: entry.name, id: pin.id, state: pin.state, tries: 0, dueAt: now() + (pin.state === 'pinned' ? recheck : 5 * MINUTE) };
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      return failed(entry, error.message, entry.id, now());
    }
  };

  return {
    step: async (signal) => {
      const entries = await file.read();
      const { pins, complete } = await wanted();
      const names = new Map(pins.map(({ cid, name }) => [cid, name]));
      for (const { name } of targets) entries[name] = merged(entries[name] ?? {}, names, complete);
      // The intent, before anything is asked for.
      await file.write(entries);
      const result = { pinned: 0, unpinned: 0, failed: 0, unreachable: [] as string[] };
      for (const target of targets) {
        const mine = entries[target.name]!;
        if (!(await greet(target, mine))) {
          result.unreachable.push(target.name);
          continue;
        }
        for (const [cid, entry] of Object.entries(mine).filter(([, { dueAt }]) => dueAt <= now())) {
          signal.throwIfAborted();
          const after = await tend(target, cid, entry);
          if (after) mine[cid] = after;
          else delete mine[cid];
          if (after === undefined) result.unpinned += 1;
          else if (after.tries > 0) result.failed += 1;
          else if (after.state === 'pinned' && entry.state !== 'pinned') result.pinned += 1;
          await file.write(entries);
        }
      }
      return result;
    },
    count: async () => countPins(await file.read()),
  };
}

export function countPins(entries: PinEntries): PinCount[] {
  return Object.entries(entries).flatMap(([target, pins]) => {
    const counts = new Map<PinEntry['state'], number>();
    for (const { state } of Object.values(pins)) counts.set(state, (counts.get(state) ?? 0) + 1);
    return Array.from(counts, ([state, count]) => ({ target, state, count }));
  });
}

/** What is new is wanted, what is no longer is unwanted, what is so again is wanted again. */
function merged(known: Record<string, PinEntry>, names: ReadonlyMap<string, string>, complete: boolean): Record<string, PinEntry> {
  const kept = Object.fromEntries(Object.entries(known).map(([cid, entry]) => {
    if (!names.has(cid)) return [cid, entry.state === 'unwanted' || !complete ? entry : { ...entry, state: 'unwanted' as const, tries: 0, dueAt: 0 }];
    return [cid, entry.state === 'unwanted' ? { ...entry, state: 'wanted' as const, tries: 0, dueAt: 0 } : entry];
  }));
  const fresh = Array.from(names).filter(([cid]) => known[cid] === undefined).map(([cid, name]) => [cid, { name, state: 'wanted' as const, tries: 0, dueAt: 0 }]);
  return { ...kept, ...Object.fromEntries(fresh) };
}

function failed(entry: PinEntry, why: string, id: string | undefined, now: number): PinEntry {
  const tries = entry.tries + 1;
  return { name: entry.name, state: entry.state === 'unwanted' ? 'unwanted' : 'failed', ...(id === undefined ? {} : { id }), tries, dueAt: now + Math.min(longestWait, firstWait * 2 ** Math.min(tries - 1, 20)), why: why.slice(0, 300) };
}
