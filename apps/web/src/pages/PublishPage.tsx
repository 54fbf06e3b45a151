import { NeuroError, parseNcr } from '@neurodata/protocol';
import type { TokenFacts } from '@neurodata/sdk';
import { useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { Signer } from '../client/connect.ts';
import { useWallet } from '../client/wallet.ts';
import { Money, bytes, count } from '../components/Amounts.tsx';
import { Button } from '../components/Button.tsx';
import { DescriptionFile } from '../components/DescriptionFile.tsx';
import { Failure, Progress } from '../components/Feedback.tsx';
import { PageTitle, Section } from '../components/Layout.tsx';
import { fillDraft } from '../components/fillDraft.ts';
import { PersonalData, mayGoOn } from '../components/PersonalData.tsx';
import { PublishFields, tokenOf } from '../components/PublishFields.tsx';
import { isOpen } from '../components/publish/OpenSwitch.tsx';
import { publishingText } from '../components/publish/publishingText.ts';
import { type SampleKind, sampleOf } from '../components/publish/sampleOf.ts';
import { type PublishDraft, emptyDraft } from '../components/publishDraft.ts';
import { tableFiles } from '../components/tableFiles.ts';
import { WalletNeeded } from '../components/WalletNeeded.tsx';
import { unpointed } from '../language/format.ts';
import { t } from '../language/t.ts';
import { configQuery } from '../queries/chain.ts';
import { type PublishInput, usePublish } from '../queries/publish.ts';
import { tokenQuery } from '../queries/tokens.ts';
import { useProfile } from '../queries/vault.ts';

/** Seal a table file in this browser, register it, and offer it. */
export function PublishPage(): JSX.Element {
  const wallet = useWallet();
  return (
    <>
      <PageTitle title="Publish a dataset" aside={<Link className="link" to="/publish/model">Publish an ONNX model instead</Link>}>The file is sealed in this browser. What leaves it is ciphertext, a description, and counts and rounded statistics of columns.</PageTitle>
      {wallet ? <PublishForm wallet={wallet} /> : <WalletNeeded what="A dataset needs an owner." />}
    </>
  );
}

function PublishForm({ wallet }: { wallet: Signer }): JSX.Element {
  const [draft, setDraft] = useState<PublishDraft>(emptyDraft);
  const [file, setFile] = useState<File>();
  const navigate = useNavigate();
  const { data: config } = useQuery(configQuery());
  const chosen = tokenOf(draft);
  const token = useQuery({ ...tokenQuery(chosen ?? '0x'), enabled: chosen !== undefined });
  const { profile, reading } = useProfile();
  const sample = sampleOf(draft, profile.data);
  const assets = sample === 'none' ? 1n : 2n;
  const [failure, setFailure] = useState<unknown>();
  const [agreed, setAgreed] = useState(false);
  const { publish, progress } = usePublish(wallet, (assetId) => void navigate(`/datasets/${assetId}`));
  const submit = (): void => {
    setFailure(undefined);
    try {
      if (file && profile.data) publish.mutate(inputOf({ ...draft, sample }, { file, table: profile.data }, token.data));
    } catch (error) {
      setFailure(error);
    }
  };
  const choose = (chosen: File | undefined): void => {
    setFile(chosen);
    setAgreed(false);
    profile.reset();
    if (!chosen) return;
    profile.mutate(chosen);
    if (!draft.title) setDraft({ ...draft, title: titleOf(chosen) });
  };
  return (
    <form className="grid max-w-[760px] gap-6" onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <Section title="File">
        <label htmlFor="file" className="label">Table: CSV with a header, JSON, NDJSON, Parquet or Arrow</label>
        <input id="file" type="file" required accept={tableFiles} onChange={(event) => choose(event.target.files?.[0])} className="field h-auto py-1.5 file:mr-3 file:rounded-sm file:border-0 file:bg-accent-soft file:px-3 file:py-1 file:text-accent" />
        {profile.isPending && <div className="mt-2"><Progress label={reading ? `Reading the table: ${bytes(reading.done)} of ${bytes(reading.total)}` : 'Reading the table…'} value={reading && reading.done / reading.total} /></div>}
        {profile.data && file && <p className="mt-2" role="status">{count(profile.data.rows)} rows, {count(profile.data.columns.length)} columns, {bytes(file.size)}</p>}
        {profile.data && <PersonalData columns={profile.data.columns} agreed={agreed} onAgree={setAgreed} />}
        {profile.isError && <div className="mt-3"><Failure error={profile.error} safe="The file has not left this browser." /></div>}
        <DescriptionFile columns={profile.data?.columns} onFound={(found) => setDraft((known) => fillDraft(known, found, file && titleOf(file)))} />
      </Section>
      <PublishFields draft={draft} sample={sample} onChange={setDraft} />
      {chosen !== undefined && token.isError && <Failure error={token.error} safe="This address names no token with decimals. Nothing was published." />}
      {publish.isPending && <Progress label={publishingText(progress)} value={progress?.total ? progress.done / progress.total : undefined} />}
      {(failure !== undefined || publish.isError) && <Failure error={failure ?? publish.error} safe="Rows never leave this browser unsealed. If the dataset was registered already, it is on your list in Discover, perhaps without a price." />}
      <div className="flex flex-wrap items-center justify-between gap-4">
        <p className="max-w-[52ch] text-sm text-muted">{config && <>Costs <Money amount={config.roundFee * assets * 2n} /> for validation, and {sample === 'none' ? 'a bond' : 'bonds'} of <Money amount={config.listingBond * assets} /> that {sample === 'none' ? 'comes' : 'come'} back with the review. </>}Ciphertext is public and permanent: revoking a version stops new grants, it does not delete.</p>
        <Button type="submit" look="primary" busy={publish.isPending} disabled={!file || !profile.data || !mayGoOn(profile.data.columns, agreed) || (chosen !== undefined && !token.data)}>Seal and publish</Button>
      </div>
    </form>
  );
}

const titleOf = (file: File): string => file.name.replace(/\.(csv|json|ndjson|jsonl|parquet)$/i, '').replaceAll(/[-_]+/g, ' ');

/** "2.5" of a token in its base units; throws BAD_INPUT for what it cannot express. */
function parseTokens(text: string, { decimals, name }: TokenFacts): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  if (!/^\d{1,30}(\.\d+)?$/.test(text) || fraction.length > decimals) throw new NeuroError(t`"${text}" is not an amount of ${name}.`, { code: 'BAD_INPUT', remedy: t`Give a number with at most ${decimals} decimals.` });
  return BigInt(whole + fraction.padEnd(decimals, '0'));
}

const listOf = (text: string): string[] => text.split(',').map((word) => word.trim()).filter(Boolean);

/** The form's texts as values; throws BAD_INPUT for a price that is none. */
function inputOf(draft: PublishDraft & { sample: SampleKind }, content: Pick<PublishInput, 'file' | 'table'>, token: TokenFacts | undefined): PublishInput {
  const open = isOpen(draft);
  const priced = (text: string, parse: (text: string) => bigint): bigint | undefined => (text.trim() && !open ? parse(text.trim()) : undefined);
  const inNcr = (text: string): bigint => parseNcr(unpointed(text));
  const inToken = (text: string): bigint => (token ? parseTokens(unpointed(text), token) : inNcr(text));
  const [downloadPrice, computePrice, each] = [priced(draft.downloadPrice, inToken), draft.validatorsMayRead ? priced(draft.computePrice, inNcr) : undefined, priced(draft.subscriptionPrice, inToken)];
  const rows = Number(draft.sampleRows);
  return {
    ...content,
    ...(token ? { token: token.token } : {}),
    ...(draft.sample === 'none' ? {} : { sample: draft.sample === 'first' ? { rows } : { rows, seed: Number(draft.sampleSeed) } }),
    validatorsMayRead: draft.validatorsMayRead,
    open,
    statistics: draft.statistics ? { digits: Number(draft.statisticsDigits), leastRows: Number(draft.leastRows), topOf: listOf(draft.topValues) } : { digits: 0 },
    admits: draft.admits,
    smallestLeaf: Number(draft.smallestLeaf),
    modelShareBps: Math.round(Number(draft.sharePercent) * 100),
    description: {
      title: draft.title.trim(), description: draft.description.trim(), license: draft.license.trim(),
      tags: listOf(draft.tags),
      ...(draft.source.trim() ? { source: draft.source.trim() } : {}),
      ...(draft.category === '' ? {} : { category: draft.category }),
      ...(draft.task === '' ? {} : { task: draft.task }),
    },
    ...(downloadPrice === undefined ? {} : { downloadPrice }),
    ...(computePrice === undefined ? {} : { computePrice }),
    ...(each === undefined ? {} : { subscription: { price: each, periodMinutes: Math.round(Number(draft.periodDays) * 1440) } }),
  };
}
