import { NeuroError } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useSignedIn } from '../client/session.ts';
import { When, plural } from '../components/Amounts.tsx';
import { AssetCard } from '../components/AssetCard.tsx';
import { Button, ButtonLink } from '../components/Button.tsx';
import { CollectionForm } from '../components/collections/CollectionForm.tsx';
import { useCopy } from '../components/Copy.tsx';
import { Empty, Failure, PageSkeleton } from '../components/Feedback.tsx';
import { Modal } from '../components/Modal.tsx';
import { Badge } from '../components/State.tsx';
import { t } from '../language/t.ts';
import { type CollectionPage as Page, collectionQuery, useChangeCollectionMutation, useDeleteCollectionMutation, useUncollectMutation } from '../queries/collections.ts';
import { NotFound } from './NotFound.tsx';

/** One collection, by a link that can be passed on; its maker changes it here. */
export function CollectionPage(): JSX.Element {
  const { collectionId = '' } = useParams();
  const known = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(collectionId);
  const { data, error, refetch } = useQuery({ ...collectionQuery(collectionId, useSignedIn()), enabled: known });
  if (!known || (error instanceof NeuroError && error.code === 'NOT_FOUND')) return <NotFound />;
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />;
  return data ? <View collection={data} /> : <PageSkeleton />;
}

function View({ collection }: { collection: Page }): JSX.Element {
  const { collectionId, title, description, curated, public: isPublic, changedAt, items, own } = collection;
  const { copied, copy } = useCopy(location.href);
  const [changing, setChanging] = useState<'change' | 'delete'>();
  const remove = useMutation(useUncollectMutation());
  return (
    <>
      <title>{`${title} · NeuroData`}</title>
      <div className="mb-6 grid gap-2">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted"><Link className="link" to="/collections">Collections</Link>{curated && <Badge tone="accent">By curators</Badge>}{!isPublic && <Badge>Private</Badge>}<span>{plural(items.length, 'asset')}, changed <When at={changedAt} /></span></div>
        <h1 className="text-2xl break-words">{title}</h1>
        {description && <p className="max-w-[72ch] break-words whitespace-pre-wrap text-muted">{description}</p>}
        <div className="mt-1 flex flex-wrap gap-2">
          {isPublic && <Button size="small" onClick={copy}>{copied ? 'Copied' : 'Copy the link'}</Button>}
          {own && <><Button size="small" onClick={() => setChanging('change')}>Change</Button><Button size="small" look="danger" onClick={() => setChanging('delete')}>Delete</Button></>}
        </div>
      </div>
      {remove.error && <div className="mb-4"><Failure error={remove.error} /></div>}
      {items.length === 0 && <Empty title="Nothing in it yet" action={<ButtonLink to="/">Discover datasets and models</ButtonLink>}>{own ? 'Open what belongs here, and choose “Collect” on its page.' : 'Its maker has not put anything here.'}</Empty>}
      <ul aria-label="Assets of the collection" className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {items.map(({ asset, note }) => (
          <li key={asset.assetId} className="grid min-w-0 grid-rows-[1fr_auto] gap-2">
            <AssetCard asset={asset} />
            {(note || own) && <div className="flex items-start justify-between gap-3 px-1"><p className="min-w-0 text-sm break-words text-muted">{note}</p>{own && <Button size="small" aria-label={`Remove ${asset.title}`} busy={remove.isPending && remove.variables.assetId === asset.assetId} onClick={() => remove.mutate({ collectionId, assetId: asset.assetId })}>Remove</Button>}</div>}
          </li>
        ))}
      </ul>
      {changing === 'change' && <Change collection={collection} onClose={() => setChanging(undefined)} />}
      {changing === 'delete' && <Delete collection={collection} onClose={() => setChanging(undefined)} />}
    </>
  );
}

function Change({ collection: { collectionId, title, description, public: isPublic }, onClose }: { collection: Page; onClose: () => void }): JSX.Element {
  const change = useMutation(useChangeCollectionMutation());
  return (
    <Modal open onOpenChange={(open) => !open && onClose()} title="Change the collection">
      <CollectionForm initial={{ title, description, public: isPublic }} button={t`Keep the changes`} busy={change.isPending} error={change.error} onDone={(input) => change.mutate({ ...input, collectionId }, { onSuccess: onClose })} />
    </Modal>
  );
}

function Delete({ collection: { collectionId, title }, onClose }: { collection: Page; onClose: () => void }): JSX.Element {
  const remove = useMutation(useDeleteCollectionMutation());
  const navigate = useNavigate();
  return (
    <Modal open onOpenChange={(open) => !open && onClose()} title={t`Delete “${title}”`} description="The list goes for good, and links to it lead nowhere. What it names stays.">
      {remove.error && <div className="mb-4"><Failure error={remove.error} safe="The collection is still there." /></div>}
      <div className="flex justify-end gap-2"><Button onClick={onClose}>Cancel</Button><Button look="danger" busy={remove.isPending} onClick={() => remove.mutate(collectionId, { onSuccess: () => void navigate('/collections') })}>Delete it</Button></div>
    </Modal>
  );
}
