import type { SubscriptionDto } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { Link } from 'react-router';
import { assetQuery } from '../../queries/assets.ts';
import { useCancelMutation, useRenewMutation, useRequestKeyMutation } from '../../queries/mutations.ts';
import { useUnsealSubscription } from '../../queries/unsealSubscription.ts';
import { folderQuery } from '../../queries/versionFiles.ts';
import { bytes, duration, When } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Checks } from '../Evidence.tsx';
import { Failure, Progress } from '../Feedback.tsx';
import { Section } from '../Layout.tsx';
import { Modal } from '../Modal.tsx';
import { OpenedFile } from '../sql/OpenedFile.tsx';
import { saveBlob } from '../saveFile.ts';
import { FolderPanel } from './FolderPanel.tsx';
import { Badge } from '../State.tsx';
import { TokenAmount } from '../TokenAmount.tsx';

/** The wallet's subscriptions: until when they are paid, their files, and what can be done. */
export function SubscriptionList({ subscriptions }: { subscriptions: SubscriptionDto[] }): JSX.Element {
  return (
    <Section title="Subscriptions">
      <ul className="grid gap-5">
        {subscriptions.map((entry) => <li key={entry.subscriptionId} className="grid gap-3 border-line not-first:border-t not-first:pt-5"><Entry entry={entry} /></li>)}
      </ul>
    </Section>
  );
}

function Entry({ entry }: { entry: SubscriptionDto }): JSX.Element {
  const { account, subscriptionId, assetId, assetTitle, price, token, period, paidUntil, running, closed, requests } = entry;
  const [ending, setEnding] = useState(false);
  const renew = useMutation(useRenewMutation());
  const request = useMutation(useRequestKeyMutation());
  const { unseal, progress } = useUnsealSubscription(saveBlob);
  const { data: asset } = useQuery(assetQuery(assetId));
  const granted = requests.find(({ grants, threshold }) => grants.length >= threshold);
  const { data: folder, isLoading: isLooking } = useQuery({ ...folderQuery(assetId, granted?.version ?? 0), enabled: granted !== undefined });
  const newest = asset?.versions.filter(({ status }) => status === 'live').reduce((highest, { version }) => Math.max(highest, version), 0) ?? 0;
  const asked = requests[0];
  const waiting = asked !== undefined && asked.grants.length < asked.threshold;
  const error = renew.error ?? request.error ?? unseal.error;
  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <p className="flex flex-wrap items-center gap-2 font-medium"><Link className="hover:underline" to={`/datasets/${assetId}`}>{assetTitle}</Link>{running ? <Badge tone="good">running</Badge> : <Badge>over</Badge>}{closed && <Badge tone="warn">not renewed any more</Badge>}</p>
        <p className="text-muted"><TokenAmount amount={price} token={token} /> each {duration(period)}</p>
      </div>
      <p className="text-muted">
        {running ? 'Paid; it ends' : 'Ended'} <When at={paidUntil} />.{' '}
        {granted ? `You hold the key of version ${granted.version}.` : 'No key yet.'}{waiting && ` Validators are answering your request for version ${asked.version}.`}
      </p>
      <div className="flex flex-wrap gap-2">
        {granted && !folder && <Button look="primary" size="small" busy={unseal.isPending || isLooking} onClick={() => unseal.mutate(entry)}>Unseal and download</Button>}
        {running && !waiting && newest > (granted?.version ?? 0) && <Button size="small" busy={request.isPending} onClick={() => request.mutate(subscriptionId)}>{`Get version ${newest}`}</Button>}
        {!closed && <Button size="small" busy={renew.isPending} onClick={() => renew.mutate(subscriptionId)}>{`Renew for ${duration(period)}`}</Button>}
        {running && <Button size="small" look="quiet" onClick={() => setEnding(true)}>Cancel subscription</Button>}
      </div>
      {granted && folder && (
        <FolderPanel
          held={{ account, proof: { subscriptionId, version: granted.version }, assetId, version: granted.version }} folder={folder}
          safe="The key stays yours, and files that were saved are whole. What is unused of what was paid comes back when you cancel."
        >
          {folder.main !== undefined && (
            <div className="flex flex-wrap items-center justify-between gap-3 border-t border-line pt-4">
              <p className="min-w-0 break-words text-muted">Its main table is <span className="num break-all">{folder.main}</span>.</p>
              <Button size="small" busy={unseal.isPending} onClick={() => unseal.mutate(entry)}>Unseal the main table</Button>
            </div>
          )}
        </FolderPanel>
      )}
      {unseal.isPending && <Progress label={progress?.stage === 'unsealing' ? `Unsealing ${bytes(progress.done)} of ${bytes(progress.total ?? 0)}` : 'Opening the key from the chain'} value={progress?.total ? progress.done / progress.total : undefined} />}
      {unseal.data && <p><span className="num">{unseal.data.fileName}</span> <span className="text-muted">{bytes(unseal.data.file.size)}, unsealed, checked and saved</span></p>}
      {unseal.data && <OpenedFile file={unseal.data} checks={<Checks label="What was checked" checks={unseal.data.checks} />} />}
      {error && <Failure error={error} safe="What is paid stays paid, and what is unused comes back when you cancel." />}
      {ending && <CancelDialog entry={entry} onClose={() => setEnding(false)} />}
    </>
  );
}

function CancelDialog({ entry, onClose }: { entry: SubscriptionDto; onClose: () => void }): JSX.Element {
  const cancel = useMutation(useCancelMutation());
  const { refundable, token, keptUntil, cancelFrom, assetTitle, subscriptionId } = entry;
  return (
    <Modal open onOpenChange={(open) => !open && !cancel.isPending && onClose()} title="Cancel the subscription" description={assetTitle}>
      <p><TokenAmount amount={refundable} token={token} strong /> comes back; you collect it on your account page.</p>
      <p className="mt-2 text-muted">
        {keptUntil !== undefined && <>A key was granted in this period, so it stays paid and you keep it: it ends <When at={keptUntil} />.</>}
        {cancelFrom !== undefined && <>Validators may still answer your request. You can cancel <When at={cancelFrom} />, or as soon as they have.</>}
        {keptUntil === undefined && cancelFrom === undefined && 'No key was granted in this period: you pay to the second, and it ends now.'}
      </p>
      {cancel.isError && <div className="mt-4"><Failure error={cancel.error} safe="The subscription runs on." /></div>}
      <div className="mt-5 flex justify-end gap-2">
        <Button onClick={onClose} disabled={cancel.isPending}>Keep it</Button>
        <Button look="danger" busy={cancel.isPending} disabled={cancelFrom !== undefined} onClick={() => cancel.mutate(subscriptionId, { onSuccess: onClose })}>Cancel subscription now</Button>
      </div>
    </Modal>
  );
}
