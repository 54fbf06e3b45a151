import { type ColumnProfile, findHazard } from '@neurodata/engine';
import { useState } from 'react';
import type { PublishSource } from '../../queries/publish.ts';
import { useLookAtFolder, useProfile } from '../../queries/vault.ts';
import type { ReadingProgress } from '../../workers/engine.worker.ts';
import type { DescribedFile } from '../../workers/fileContent.ts';
import type { ChosenFolder, LookedFolder } from '../../workers/lookAtFolder.ts';
import type { VaultProgress } from '../../workers/vaultProgress.ts';
import type { Harmful } from '../PersonalData.tsx';

/** What was chosen to be published, and what is known of it so far. */
export type Source = {
  name: string | undefined;
  /** Once it was looked at. */
  ready: PublishSource | undefined;
  file: File | undefined;
  folder: LookedFolder | undefined;
  /** The path of a folder's main table. */
  main: string | undefined;
  /** Of the table, or the main one. */
  profile: DescribedFile | undefined;
  /** Columns to look at before they are sold; of a folder's other tables those that look like data about people. */
  columns: ColumnProfile[];
  /** Why a folder's other tables are refused. */
  harmful: Harmful[];
  isPending: boolean;
  progress: VaultProgress | ReadingProgress | undefined;
  error: unknown;
  choose: (chosen: File | ChosenFolder | undefined) => void;
  chooseMain: (path: string) => void;
  fail: (error: unknown) => void;
};

/** A file, or a folder with its main table, each looked at by a worker once it is chosen. `main`: the table that a folder is asked for first; `onFolder` is told once a folder was looked at. */
export function useSource({ main: wanted, onFolder }: { main?: string | undefined; onFolder?: (folder: LookedFolder) => void } = {}): Source {
  const [chosen, setChosen] = useState<File | ChosenFolder>();
  const [named, setNamed] = useState<string>();
  const [failure, setFailure] = useState<unknown>();
  const { profile: profiled, reading } = useProfile();
  const { look, progress } = useLookAtFolder();
  const file = chosen instanceof File ? chosen : undefined;
  const folder = look.data;
  const main = named ?? folder?.main?.path;
  const profile = profiled.data ?? (named === undefined && !profiled.isPending ? folder?.main?.table : undefined);
  const others = (folder?.tables ?? []).filter(({ path }) => path !== main);
  const error = failure ?? look.error ?? profiled.error ?? undefined;
  const forget = (): void => {
    setNamed(undefined);
    setFailure(undefined);
    profiled.reset();
    look.reset();
  };
  return {
    name: chosen?.name, file, folder, main, profile, error, progress: file || named !== undefined ? reading : progress,
    ready: error !== undefined ? undefined : readyOf({ file, folder, main, table: profile }),
    columns: [...(profile?.columns ?? []), ...others.flatMap(({ path, table }) => peopleIn(path, table))],
    harmful: others.flatMap(({ path, table }) => harmIn(path, table)),
    isPending: look.isPending || profiled.isPending,
    choose: (next) => {
      forget();
      setChosen(next);
      if (next instanceof File) profiled.mutate(next);
      else if (next) look.mutate({ ...next, main: wanted }, { onSuccess: (looked) => onFolder?.(looked) });
    },
    chooseMain: (path) => {
      const table = folder?.files.find((one) => one.path === path)?.file;
      setNamed(path);
      setFailure(undefined);
      if (table) profiled.mutate(table);
    },
    fail: (caught) => {
      forget();
      setChosen(undefined);
      setFailure(caught);
    },
  };
}

function harmIn(path: string, { columns }: DescribedFile): Harmful[] {
  const hazard = findHazard(columns);
  return hazard === undefined ? [] : [{ path, hazard }];
}

function peopleIn(path: string, { columns }: DescribedFile): ColumnProfile[] {
  const found: ColumnProfile[] = [];
  for (const { hazard: _, ...column } of columns) if (column.personal) found.push({ ...column, name: `${path}: ${column.name}` });
  return found;
}

type Parts = { file: File | undefined; folder: LookedFolder | undefined; main: string | undefined; table: DescribedFile | undefined };

function readyOf({ file, folder, main, table }: Parts): PublishSource | undefined {
  if (file) return table && { file, table };
  if (!folder || main === undefined) return folder && { folder };
  return table && { folder, main: { path: main, table } };
}
