import type { OrderDto } from '@neurodata/protocol';
import type { JSX } from 'react';
import { useUnseal } from '../../queries/vault.ts';
import { bytes } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Checks } from '../Evidence.tsx';
import { Failure, Progress } from '../Feedback.tsx';
import { Section } from '../Layout.tsx';
import { saveBlob } from '../saveFile.ts';
import { OpenedFile } from '../sql/OpenedFile.tsx';
import { FalseShares } from './FalseShares.tsx';

const openable: OrderDto['state'][] = ['granted', 'disputed', 'released', 'claimed'];

/** Opens the key from the chain, unseals and checks the file in a worker, and saves it. */
export function UnsealPanel({ order, onOpened }: { order: OrderDto; onOpened: () => void }): JSX.Element | null {
  const { unseal, progress } = useUnseal((file) => {
    saveBlob(file);
    onOpened();
  });
  if (!openable.includes(order.state)) return null;
  const { data: file } = unseal;
  return (
    <>
      <Section title="Your file">
        {!file && !unseal.isPending && (
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p className="max-w-[52ch] text-muted">Unsealing happens in this browser. Every block and commitment is compared with the chain.</p>
            <Button look="primary" onClick={() => unseal.mutate(order)}>Unseal and download</Button>
          </div>
        )}
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
      </Section>
      <FalseShares order={order} tried={unseal.isSuccess || unseal.isError} />
    </>
  );
}
