import type { OrderDto } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useUnseal } from '../../queries/vault.ts';
import { folderQuery } from '../../queries/versionFiles.ts';
import { bytes } from '../Amounts.tsx';
import { BottomBar } from '../BottomBar.tsx';
import { Button } from '../Button.tsx';
import { Checks } from '../Evidence.tsx';
import { Failure, Progress } from '../Feedback.tsx';
import { Section } from '../Layout.tsx';
import { saveBlob } from '../saveFile.ts';
import { OpenedFile } from '../sql/OpenedFile.tsx';
import { FalseShares } from './FalseShares.tsx';
import { FolderPanel } from './FolderPanel.tsx';

const openable: OrderDto['state'][] = ['granted', 'disputed', 'released', 'claimed'];

/** Opens the key from the chain, unseals and checks the file in a worker, and saves it; of a folder all of its files. */
export function UnsealPanel({ order, isNext, onOpened }: { order: OrderDto; /** Whether it is the page's one next action. */ isNext: boolean; onOpened: () => void }): JSX.Element | null {
  const { unseal, progress } = useUnseal((file) => {
    saveBlob(file);
    onOpened();
  });
  const { data: folder, isPending } = useQuery({ ...folderQuery(order.assetId, order.version), enabled: openable.includes(order.state) });
  if (!openable.includes(order.state)) return null;
  const { data: file } = unseal;
  const download = <Button look="primary" busy={isPending} onClick={() => unseal.mutate(order)}>Unseal and download</Button>;
  const opened = (
    <>
      {unseal.isPending && <Progress label={progress?.stage === 'unsealing' ? `Unsealing ${bytes(progress.done)} of ${bytes(progress.total ?? 0)}` : 'Opening the key from the chain'} value={progress?.total ? progress.done / progress.total : undefined} />}
      {unseal.isError && <div className="mt-4"><Failure error={unseal.error} safe="The money stays where it is. If the content is not what was promised, open a dispute before you confirm." /></div>}
      {file && (
        <div className="grid gap-4">
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p><span className="num">{file.fileName}</span> <span className="text-muted">{bytes(file.file.size)}, unsealed and saved</span></p>
            <Button size="small" onClick={() => saveBlob(file)}>Save again</Button>
          </div>
          <OpenedFile file={file} checks={<Checks label="What was checked" checks={file.checks} />} />
        </div>
      )}
    </>
  );
  return (
    <>
      {folder
        ? (
          <Section title="Your folder">
            <FolderPanel
              held={{ account: order.buyer, proof: { orderId: order.orderId }, assetId: order.assetId, version: order.version }} folder={folder} onOpened={onOpened}
              safe="The money stays where it is, and files that were saved are whole. If the content is not what was promised, open a dispute before you confirm."
            >
              {folder.main !== undefined && !file && !unseal.isPending && (
                <div className="flex flex-wrap items-center justify-between gap-3 border-t border-line pt-4">
                  <p className="min-w-0 break-words text-muted">Its main table is <span className="num break-all">{folder.main}</span>.</p>
                  <Button onClick={() => unseal.mutate(order)}>Unseal the main table</Button>
                </div>
              )}
              {opened}
            </FolderPanel>
          </Section>
        )
        : (
          <Section title="Your file">
            {!file && !unseal.isPending && (
              <div className="flex flex-wrap items-center justify-between gap-3">
                <p className="max-w-[52ch] text-muted">Unsealing happens in this browser. Every block and commitment is compared with the chain.</p>
                {isNext ? <BottomBar>{download}</BottomBar> : download}
              </div>
            )}
            {opened}
          </Section>
        )}
      <FalseShares order={order} tried={unseal.isSuccess || unseal.isError} />
    </>
  );
}
