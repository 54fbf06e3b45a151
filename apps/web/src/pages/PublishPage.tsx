import { type Terms, parseNcr } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { useNavigate } from 'react-router';
import { useWallet } from '../client/wallet.ts';
import { Money, bytes, count } from '../components/Amounts.tsx';
import { Button } from '../components/Button.tsx';
import { Failure, Progress } from '../components/Feedback.tsx';
import { PageTitle, Section } from '../components/Layout.tsx';
import { PublishFields, type PublishDraft, emptyDraft } from '../components/PublishFields.tsx';
import { WalletNeeded } from '../components/WalletNeeded.tsx';
import { configQuery } from '../queries/chain.ts';
import { useOfferMutation } from '../queries/mutations.ts';
import { profileTable } from '../workers/engine.ts';
import { publishFile } from '../workers/vault.ts';
import type { VaultProgress } from '../workers/vault.worker.ts';

/** Seal a CSV file in this browser, register it, and offer it. */
export function PublishPage(): JSX.Element {
  const wallet = useWallet();
  return (
    <>
      <PageTitle title="Publish a dataset">The file is sealed in this browser. What leaves it is ciphertext, a description, and counts of columns.</PageTitle>
      {wallet ? <PublishForm wallet={wallet} /> : <WalletNeeded what="A dataset needs an owner." />}
    </>
  );
}

const stages: Record<string, string> = { 'describing columns': 'Describing the columns', sealing: 'Sealing', storing: 'Storing the ciphertext', registering: 'Registering on chain' };

function PublishForm({ wallet }: { wallet: { address: `0x${string}`; privateKey: `0x${string}` } }): JSX.Element {
  const [draft, setDraft] = useState<PublishDraft>(emptyDraft);
  const [file, setFile] = useState<File>();
  const [progress, setProgress] = useState<VaultProgress>();
  const navigate = useNavigate();
  const { data: config } = useQuery(configQuery());
  const profile = useMutation({ mutationFn: async (chosen: File) => profileTable(new Uint8Array(await chosen.arrayBuffer())) });
  const offer = useMutation(useOfferMutation());
  const publish = useMutation({
    mutationFn: async (chosen: File) => {
      const prices = { download: draft.downloadPrice.trim() ? parseNcr(draft.downloadPrice.trim()) : undefined, compute: draft.validatorsMayRead && draft.computePrice.trim() ? parseNcr(draft.computePrice.trim()) : undefined };
      const description = { title: draft.title.trim(), description: draft.description.trim(), license: draft.license.trim(), tags: draft.tags.split(',').map((tag) => tag.trim()).filter(Boolean), ...(draft.source.trim() ? { source: draft.source.trim() } : {}) };
      const { assetId, version } = await publishFile({ account: wallet.address, privateKey: wallet.privateKey, file: chosen, description, validatorsMayRead: draft.validatorsMayRead }, { onProgress: setProgress });
      setProgress({ stage: 'offering', done: 0 });
      const terms = (kind: Terms['kind']): Terms => ({ version: 1, kind, license: description.license, validatorsMayRead: draft.validatorsMayRead, algorithms: kind === 'compute' ? ['logistic-regression'] : [], modelShareBps: kind === 'compute' ? Math.round(Number(draft.sharePercent) * 100) : 0 });
      for (const kind of ['download', 'compute'] as const) if (prices[kind] !== undefined) await offer.mutateAsync({ assetId, firstVersion: version, price: prices[kind], terms: terms(kind) });
      return assetId;
    },
    onSuccess: (assetId) => navigate(`/datasets/${assetId}`),
  });
  const choose = (chosen: File | undefined): void => {
    setFile(chosen);
    profile.reset();
    if (!chosen) return;
    profile.mutate(chosen);
    if (!draft.title) setDraft({ ...draft, title: chosen.name.replace(/\.csv$/i, '').replaceAll(/[-_]+/g, ' ') });
  };
  return (
    <form className="grid max-w-[760px] gap-6" onSubmit={(event) => { event.preventDefault(); if (file) publish.mutate(file); }}>
      <Section title="File">
        <label htmlFor="file" className="label">CSV with a header, UTF-8</label>
        <input id="file" type="file" required accept=".csv,text/csv" onChange={(event) => choose(event.target.files?.[0])} className="field h-auto py-1.5 file:mr-3 file:rounded-sm file:border-0 file:bg-accent-soft file:px-3 file:py-1 file:text-accent" />
        {profile.isPending && <p className="hint mt-2">Reading the table…</p>}
        {profile.data && file && <p className="mt-2" role="status">{count(profile.data.rows)} rows, {count(profile.data.columns.length)} columns, {bytes(file.size)}</p>}
        {profile.isError && <div className="mt-3"><Failure error={profile.error} safe="The file has not left this browser." /></div>}
      </Section>
      <PublishFields draft={draft} onChange={setDraft} />
      {publish.isPending && <Progress label={stages[progress?.stage ?? ''] ?? (progress ? 'Making the offers' : 'Starting')} value={progress?.total ? progress.done / progress.total : undefined} />}
      {publish.isError && <Failure error={publish.error} safe="Rows never leave this browser unsealed. If the dataset was registered already, it is on your list in Discover, perhaps without a price." />}
      <div className="flex flex-wrap items-center justify-between gap-4">
        <p className="max-w-[52ch] text-sm text-muted">{config && <>Costs <Money amount={config.roundFee * 2n} /> for validation. </>}Ciphertext is public and permanent: revoking a version stops new grants, it does not delete.</p>
        <Button type="submit" look="primary" busy={publish.isPending} disabled={!file || profile.isError}>Seal and publish</Button>
      </div>
    </form>
  );
}
