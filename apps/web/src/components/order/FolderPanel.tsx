import type { JSX, ReactNode } from 'react';
import { type Held, useSaveFolder } from '../../queries/vault.ts';
import type { SavedFolder } from '../../workers/saveFolder.ts';
import type { FolderFacts } from '../../queries/versionFiles.ts';
import { bytes, plural } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Checks } from '../Evidence.tsx';
import { Failure, Progress } from '../Feedback.tsx';
import { VersionFiles } from '../asset/VersionFiles.tsx';
import { canPickFolder, pickFolder } from '../pickFolder.ts';
import { saveBlob } from '../saveFile.ts';

type FolderPanelProps = { held: Held; folder: FolderFacts; /** What is so where it fails. */ safe: string; onOpened?: () => void; /** How to see the main table by itself. */ children: ReactNode };

/** Opens every file of a folder in a worker, checks it, and saves all of them: into a folder of the reader's, or as one archive. */
export function FolderPanel({ held, folder, safe, onOpened, children }: FolderPanelProps): JSX.Element {
  const { save, progress } = useSaveFolder({ held, onSaved: (saved) => {
    if (saved.archive) saveBlob({ file: saved.archive, fileName: nameOf(saved) });
    onOpened?.();
  } });
  const { data: saved } = save;
  const intoFolder = async (): Promise<void> => {
    const place = await pickFolder();
    if (place) save.mutate(place);
  };
  return (
    <div className="grid gap-4">
      <p className="max-w-[60ch] text-muted">{plural(folder.files, 'file')}, {bytes(folder.bytes)}. Each is unsealed in this browser, compared with what the chain commits to, and written once it is right. Saving into the same folder again goes on where it was.</p>
      {save.isPending
        ? <Progress label={progress?.part ? `Unsealing ${progress.part.name} (${progress.part.number} of ${progress.part.of})` : 'Opening the key from the chain'} value={progress?.total ? progress.done / progress.total : undefined} />
        : (
          <div className="flex flex-wrap gap-2">
            {canPickFolder && <Button look="primary" onClick={() => void intoFolder()}>Save the whole folder</Button>}
            <Button look={canPickFolder ? 'secondary' : 'primary'} onClick={() => save.mutate(undefined)}>Save it as one archive (tar)</Button>
          </div>
        )}
      {save.isError && <Failure error={save.error} safe={safe} />}
      {saved && (
        <>
          <p role="status"><span className="num break-all">{nameOf(saved)}</span> <span className="text-muted">{plural(saved.files, 'file')}, {bytes(saved.bytes)}, unsealed, checked and saved{saved.written < saved.files && `; ${plural(saved.files - saved.written, 'file')} of them lay there already`}</span></p>
          <Checks label="What was checked of the folder" checks={saved.checks} />
        </>
      )}
      {children}
      <VersionFiles assetId={held.assetId} version={held.version} />
    </div>
  );
}

const nameOf = ({ name, archive }: SavedFolder): string => (archive ? `${name}.tar` : name);
