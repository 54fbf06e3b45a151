import { type AssetDto, NeuroError } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import { type JSX, useEffect, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { type Wallet, isDemo, useWallet } from '../client/wallet.ts';
import { Money, plural } from '../components/Amounts.tsx';
import { assetPath } from '../components/AssetCard.tsx';
import { Button, ButtonLink } from '../components/Button.tsx';
import { Empty, Failure, PageSkeleton, Progress } from '../components/Feedback.tsx';
import { PageTitle, Section } from '../components/Layout.tsx';
import { mayGoOn } from '../components/PersonalData.tsx';
import { AboutFields, TermsFields } from '../components/PublishFields.tsx';
import { fillDraft } from '../components/fillDraft.ts';
import { FolderChangesPart } from '../components/publish/FolderChangesPart.tsx';
import { Review } from '../components/publish/Review.tsx';
import { SourceFields } from '../components/publish/SourceFields.tsx';
import { newestOf } from '../components/publish/newestOf.ts';
import { draftProblems, inputOf } from '../components/publish/publishInput.ts';
import { publishingText } from '../components/publish/publishingText.ts';
import { useSource } from '../components/publish/useSource.ts';
import { keptDraft } from '../components/publishDraft.ts';
import { useKept } from '../components/useKept.ts';
import { WalletNeeded } from '../components/WalletNeeded.tsx';
import { assetQuery } from '../queries/assets.ts';
import { configQuery } from '../queries/chain.ts';
import { type VersionDraft, useFolderChanges, versionDraftQuery } from '../queries/newVersion.ts';
import { usePublish } from '../queries/publish.ts';
import { NotFound } from './NotFound.tsx';

/** The next version of a dataset that the wallet owns: a file, or a folder of which only what changed is sealed and sent. */
export function NewVersionPage(): JSX.Element {
  const id = Number(useParams()['id']);
  const wallet = useWallet();
  const { data: asset, error, refetch } = useQuery(assetQuery(id));
  const newest = asset && newestOf(asset);
  const before = useQuery(versionDraftQuery(newest));
  if (!Number.isSafeInteger(id) || id < 1 || (error instanceof NeuroError && error.code === 'NOT_FOUND')) return <NotFound />;
  if (error && !asset) return <Failure error={error} safe="Nothing was published." retry={() => void refetch()} />;
  if (!asset) return <PageSkeleton />;
  if (asset.kind !== 'dataset' || !newest) return <Empty title="No dataset" action={<ButtonLink to={assetPath(asset)}>See its page</ButtonLink>}>Only datasets have new versions here; those of models are published from the command line.</Empty>;
  return (
    <>
      <PageTitle title={`New version of ${asset.title}`} aside={<Link className="link" to={`${assetPath(asset)}?tab=versions`}>All versions</Link>}>It becomes version {asset.versions.length + 1}. Earlier ones stay as they are, with everybody who bought them.</PageTitle>
      {!wallet && <WalletNeeded what="Only its owner publishes new versions." />}
      {wallet && wallet.address.toLowerCase() !== asset.owner.toLowerCase() && <Empty title="Another account owns it">Only its owner publishes new versions. Choose that wallet.</Empty>}
      {wallet && wallet.address.toLowerCase() === asset.owner.toLowerCase() && (
        <>
          {before.isError && <Failure error={before.error} safe="Nothing was published. What the version before says of itself could not be read." retry={() => void before.refetch()} />}
          {before.isPending && <PageSkeleton />}
          {before.data && <VersionForm key={wallet.address} asset={asset} wallet={wallet} before={before.data} threshold={newest.threshold} />}
        </>
      )}
    </>
  );
}

function VersionForm({ asset: { assetId, latestVersion }, wallet, before, threshold }: { asset: AssetDto; wallet: Wallet; before: VersionDraft; /** How many shares open its key. */ threshold: number }): JSX.Element {
  const [kept, keep] = useKept(`version-${assetId}-${latestVersion + 1}`, { byLanguage: true });
  const [draft, setDraft] = useState(() => keptDraft(kept, before.draft));
  useEffect(() => keep(draft === before.draft ? '' : JSON.stringify(draft)), [draft, before.draft, keep]);
  const [agreed, setAgreed] = useState(false);
  const compare = useFolderChanges({ signer: wallet, assetId });
  // An own wallet asks for each signature: it is not asked before its owner has read why.
  const source = useSource({ main: before.main, onFolder: (folder) => { if (isDemo(wallet)) compare.mutate(folder); else compare.reset(); } });
  const navigate = useNavigate();
  const { data: config } = useQuery(configQuery());
  const isTable = source.folder === undefined || source.main !== undefined;
  const known = { token: undefined, isTable, columns: source.profile?.columns, tables: source.folder?.tables };
  const problems = draftProblems(draft, known);
  const { publish, progress } = usePublish(wallet, ({ version }) => {
    keep('');
    void navigate(`/datasets/${assetId}?tab=versions`, { state: { changed: version } });
  });
  const submit = (): void => {
    const [wrong] = Object.keys(problems);
    const opened = compare.data && { before: compare.data.index };
    if (wrong !== undefined) document.getElementById(wrong)?.focus();
    else if (source.ready) publish.mutate({ ...inputOf({ ...draft, sample: 'none' }, known, source.ready), next: { assetId, ...opened } });
  };
  const ready = source.ready && mayGoOn(source, agreed) && !compare.isPending;
  return (
    <form className="grid max-w-[760px] gap-6" onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <SourceFields
        source={source} agreed={agreed} onAgree={setAgreed} onChoose={(next) => { setAgreed(false); compare.reset(); source.choose(next); }}
        onFound={(found) => setDraft((typed) => fillDraft(typed, found))}
      />
      {source.folder && <FolderChangesPart folder={source.folder} threshold={threshold} compare={compare} />}
      {source.file && before.isFolder && <p className="text-warn">Version {latestVersion} is a folder, and this is one file: the next version will be that file alone.</p>}
      <AboutFields draft={draft} onChange={setDraft} />
      <Section title="Terms"><div className="grid gap-4"><TermsFields draft={draft} problems={problems} onChange={setDraft} /></div></Section>
      {(source.file ?? source.folder) && <Review draft={draft} source={source} unit="NCR" next />}
      {!isDemo(wallet) && (source.file ?? source.folder) && <ToSign requests={source.folder && before.isFolder && !compare.data ? threshold : 0} />}
      {publish.isPending && <Progress label={publishingText(progress)} value={progress?.total ? progress.done / progress.total : undefined} />}
      {publish.isError && <Failure error={publish.error} safe="Rows never leave this browser unsealed. Files of a folder that were stored are not sent again. If the version was registered already, it is among the versions of the dataset." />}
      <div className="flex flex-wrap items-center justify-between gap-4">
        <p className="max-w-[52ch] text-sm text-muted">{config && <>Costs <Money amount={config.roundFee * 2n} /> for validation. </>}Ciphertext is public and permanent: revoking a version stops new grants, it does not delete.</p>
        <Button type="submit" look="primary" busy={publish.isPending} disabled={!ready}>Seal and publish</Button>
      </div>
    </form>
  );
}

/** What an own wallet will ask for, and why, before it does. `requests`: to open the list of the version before, where that was not done yet. */
function ToSign({ requests }: { requests: number }): JSX.Element {
  return (
    <Section title="What your wallet asks for">
      <ol className="grid list-decimal gap-1 pl-5">
        {requests > 0 && <li>{plural(requests, 'signature')} for the list of the version before, each to a validator that holds a share of its key. They cost nothing.</li>}
        <li>A signature by which the registry may take the fee of the validation, once everything is sealed and stored.</li>
        <li>The transaction that registers the version and pays the fee.</li>
      </ol>
      <p className="mt-3 text-muted">Whatever you refuse, nothing is lost: what you typed stays here, what was stored stays stored, and publishing goes on from there.</p>
    </Section>
  );
}
