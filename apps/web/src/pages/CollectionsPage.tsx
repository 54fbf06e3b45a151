import type { Collection } from '@neurodata/protocol';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { Link } from 'react-router';
import { useSignedIn } from '../client/session.ts';
import { When, plural } from '../components/Amounts.tsx';
import { assetPath } from '../components/AssetCard.tsx';
import { Button, ButtonLink } from '../components/Button.tsx';
import { CollectionForm } from '../components/collections/CollectionForm.tsx';
import { Failure, Skeleton } from '../components/Feedback.tsx';
import { PageTitle, Section } from '../components/Layout.tsx';
import { Badge } from '../components/State.tsx';
import { t } from '../language/t.ts';
import { collectionsQuery, ownCollectionsQuery, useCreateCollectionMutation } from '../queries/collections.ts';
import { featuredQuery } from '../queries/search.ts';

/** What curators put first, and lists of assets that people have put together. */
export function CollectionsPage(): JSX.Element {
  return (
    <>
      <PageTitle title="Collections">Datasets and models that belong together, as curators of this node and its users see it. What stands in a list was chosen by somebody, not checked by it.</PageTitle>
      <div className="grid gap-6"><Featured /><Public /><Own /></div>
    </>
  );
}

function Featured(): JSX.Element | null {
  const { data, error, refetch } = useQuery(featuredQuery());
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />;
  if (!data || data.length === 0) return null;
  return (
    <Section title="Featured" aside={<span className="text-sm text-muted">chosen by this node’s curators</span>}>
      <ul className="grid gap-3">{data.map(({ asset, note }) => <li key={asset.assetId} className="min-w-0"><Link className="link break-words" to={assetPath(asset)}>{asset.title}</Link>{note && <p className="max-w-[72ch] text-sm break-words text-muted">{note}</p>}</li>)}</ul>
    </Section>
  );
}

function Public(): JSX.Element {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(collectionsQuery());
  const items = data?.pages.flatMap((page) => page.items);
  return (
    <Section title="Everybody’s collections">
      {error && !items && <Failure error={error} retry={() => void refetch()} />}
      {!items && !error && <Skeleton className="h-32" />}
      {items?.length === 0 && <p className="text-muted">No collection is public yet. Those that people make and show will stand here.</p>}
      {items && <List items={items} />}
      {hasNextPage && <Button size="small" className="mt-3" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>Show more</Button>}
    </Section>
  );
}

function List({ items }: { items: Collection[] }): JSX.Element {
  return (
    <ul className="grid gap-4">
      {items.map(({ collectionId, title, description, curated, size, changedAt, public: isPublic }) => (
        <li key={collectionId} className="grid min-w-0 gap-0.5">
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1"><Link className="link font-medium break-words" to={`/collections/${collectionId}`}>{title}</Link>{curated && <Badge tone="accent">By curators</Badge>}{!isPublic && <Badge>Private</Badge>}<span className="text-sm text-muted">{plural(size, 'asset')}, changed <When at={changedAt} /></span></span>
          {description && <p className="line-clamp-2 max-w-[72ch] break-words text-muted">{description}</p>}
        </li>
      ))}
    </ul>
  );
}

function Own(): JSX.Element {
  const signedIn = useSignedIn();
  const { data, error, refetch } = useQuery(ownCollectionsQuery(signedIn));
  const [making, setMaking] = useState(false);
  const create = useMutation(useCreateCollectionMutation());
  return (
    <Section title="Your collections" aside={signedIn && !making && <Button size="small" onClick={() => setMaking(true)}>Make a collection</Button>}>
      {!signedIn && <p className="flex flex-wrap items-center gap-3 text-muted">Collections are kept in an account. <ButtonLink size="small" to="/sign-in">Sign in</ButtonLink></p>}
      {error && !data && <Failure error={error} retry={() => void refetch()} />}
      <div className="grid gap-5">
        {making && <CollectionForm button={t`Make it`} busy={create.isPending} error={create.error} onDone={(input) => create.mutate(input, { onSuccess: () => setMaking(false) })} />}
        {data?.length === 0 && !making && <p className="text-muted">You have none yet. Make one here, or by “Collect” on the page of a dataset or model.</p>}
        {data && data.length > 0 && <List items={data} />}
      </div>
    </Section>
  );
}
