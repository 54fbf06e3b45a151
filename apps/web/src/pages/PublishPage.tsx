import { useQuery } from '@tanstack/react-query';
import { type JSX, useEffect, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { Signer } from '../client/connect.ts';
import { useWallet } from '../client/wallet.ts';
import { Money } from '../components/Amounts.tsx';
import { Button } from '../components/Button.tsx';
import { Failure, Progress } from '../components/Feedback.tsx';
import { PageTitle } from '../components/Layout.tsx';
import { fillDraft } from '../components/fillDraft.ts';
import { mayGoOn } from '../components/PersonalData.tsx';
import { PublishFields, tokenOf, useUnit } from '../components/PublishFields.tsx';
import { Review } from '../components/publish/Review.tsx';
import { SourceFields } from '../components/publish/SourceFields.tsx';
import { draftProblems, inputOf } from '../components/publish/publishInput.ts';
import { publishingText } from '../components/publish/publishingText.ts';
import { sampleOf } from '../components/publish/sampleOf.ts';
import { useSource } from '../components/publish/useSource.ts';
import { type PublishDraft, emptyDraft, keptDraft } from '../components/publishDraft.ts';
import { useKept } from '../components/useKept.ts';
import { WalletNeeded } from '../components/WalletNeeded.tsx';
import { configQuery } from '../queries/chain.ts';
import { usePublish } from '../queries/publish.ts';
import { tokenQuery } from '../queries/tokens.ts';

/** Seal a table file or a folder in this browser, register it, and offer it. */
export function PublishPage(): JSX.Element {
  const wallet = useWallet();
  return (
    <>
      <PageTitle title="Publish a dataset" aside={<Link className="link" to="/publish/model">Publish an ONNX model instead</Link>}>Files are sealed in this browser. What leaves it is ciphertext, a description, and counts and rounded statistics of columns.</PageTitle>
      {wallet ? <PublishForm wallet={wallet} /> : <WalletNeeded what="A dataset needs an owner." />}
    </>
  );
}

function PublishForm({ wallet }: { wallet: Signer }): JSX.Element {
  const [kept, keep] = useKept('publish', { byLanguage: true });
  const [draft, setDraft] = useState<PublishDraft>(() => keptDraft(kept));
  useEffect(() => keep(draft === emptyDraft ? '' : JSON.stringify(draft)), [draft, keep]);
  const source = useSource();
  const [agreed, setAgreed] = useState(false);
  const navigate = useNavigate();
  const { data: config } = useQuery(configQuery());
  const chosen = tokenOf(draft);
  const token = useQuery({ ...tokenQuery(chosen ?? '0x'), enabled: chosen !== undefined });
  const isTable = source.folder === undefined || source.main !== undefined;
  const known = { token: token.data, isTable, columns: source.profile?.columns, tables: source.folder?.tables };
  const problems = draftProblems(draft, known);
  const unit = useUnit(draft);
  const { publish, progress } = usePublish(wallet, ({ assetId }) => {
    keep('');
    void navigate(`/datasets/${assetId}`);
  });
  const sample = isTable ? sampleOf(draft, source.profile && { rows: source.profile.rows, columns: source.columns }) : 'none';
  const assets = sample === 'none' ? 1n : 2n;
  const submit = (): void => {
    const [wrong] = Object.keys(problems);
    if (wrong !== undefined) document.getElementById(wrong)?.focus();
    else if (source.ready) publish.mutate(inputOf({ ...draft, sample }, known, source.ready));
  };
  return (
    <form className="grid max-w-[760px] gap-6" onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <SourceFields
        source={source} agreed={agreed} onAgree={setAgreed}
        onChoose={(next) => {
          setAgreed(false);
          source.choose(next);
          if (next) setDraft((typed) => (typed.title ? typed : { ...typed, title: titleOf(next) }));
        }}
        onFound={(found) => setDraft((typed) => fillDraft(typed, found, source.name === undefined ? undefined : titleOf({ name: source.name })))}
      />
      <PublishFields draft={draft} problems={problems} isTable={isTable} sample={sample} onChange={setDraft} />
      {(source.file ?? source.folder) && <Review draft={{ ...draft, sample }} source={source} unit={unit} />}
      {chosen !== undefined && token.isError && <Failure error={token.error} safe="This address names no token with decimals. Nothing was published." />}
      {publish.isPending && <Progress label={publishingText(progress)} value={progress?.total ? progress.done / progress.total : undefined} />}
      {publish.isError && <Failure error={publish.error} safe="Rows never leave this browser unsealed. Files of a folder that were stored are not sent again. If the dataset was registered already, it is on your list in Discover, perhaps without a price." />}
      <div className="flex flex-wrap items-center justify-between gap-4">
        <p className="max-w-[52ch] text-sm text-muted">{config && <>Costs <Money amount={config.roundFee * assets * 2n} /> for validation, and {assets === 1n ? 'a bond' : 'bonds'} of <Money amount={config.listingBond * assets} /> that {assets === 1n ? 'comes' : 'come'} back with the review. </>}Ciphertext is public and permanent: revoking a version stops new grants, it does not delete.</p>
        <Button type="submit" look="primary" busy={publish.isPending} disabled={!source.ready || !mayGoOn(source, agreed) || (chosen !== undefined && !token.data)}>Seal and publish</Button>
      </div>
    </form>
  );
}

const titleOf = ({ name }: { name: string }): string => name.replace(/\.(csv|json|ndjson|jsonl|parquet)$/i, '').replaceAll(/[-_]+/g, ' ');
