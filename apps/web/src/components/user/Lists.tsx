import { useMutation, useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { t } from '../../language/t.ts';
import { type ListName, listQuery, savedSearchesQuery, useDeleteSearchMutation, useListMutation } from '../../queries/lists.ts';
import { When } from '../Amounts.tsx';
import { assetPath } from '../AssetCard.tsx';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { Section } from '../Layout.tsx';

const words = {
  favourites: { title: t`Favourites`, empty: t`What you mark on Discover or on its page stands here, and helps to find what is like it.`, remove: t`Remove` },
  watched: { title: t`Watched`, empty: t`Watch something on its page to hear of new versions and lower prices.`, remove: t`Stop` },
} as const;

/** Assets on one of the user's lists. */
export function AssetList({ name }: { name: ListName }): JSX.Element {
  const { data, error } = useQuery(listQuery(name, true));
  const change = useMutation(useListMutation(name));
  const { title, empty, remove } = words[name];
  return (
    <Section title={title}>
      {data?.length === 0 && <p className="text-muted">{empty}</p>}
      <ul className="grid grid-cols-1 gap-3">
        {data?.map(({ asset, at }) => (
          <li key={asset.assetId} className="flex items-center justify-between gap-3">
            <span className="min-w-0"><Link className="link block truncate" to={assetPath(asset)}>{asset.title || `Asset ${asset.assetId}`}</Link><span className="hint block truncate">{asset.kind}, since <When at={at} /></span></span>
            <Button size="small" busy={change.isPending && change.variables.assetId === asset.assetId} onClick={() => change.mutate({ assetId: asset.assetId, on: false })} aria-label={`${remove}: ${asset.title}`}>{remove}</Button>
          </li>
        ))}
      </ul>
      {(error ?? change.error) && <div className="mt-4"><Failure error={error ?? change.error} /></div>}
    </Section>
  );
}

/** Searches that the user keeps; those with alerts tell of what is new. */
export function SavedSearches(): JSX.Element {
  const { data, error } = useQuery(savedSearchesQuery());
  const remove = useMutation(useDeleteSearchMutation());
  return (
    <Section title="Saved searches">
      {data?.length === 0 && <p className="text-muted">Search or filter on <Link className="link" to="/">Discover</Link> and save it: what is new then is told here, by mail or to a webhook.</p>}
      <ul className="grid grid-cols-1 gap-3">
        {data?.map(({ searchId, name, query, alerts, createdAt }) => (
          <li key={searchId} className="flex items-center justify-between gap-3">
            <span className="min-w-0"><Link className="link block truncate" to={`/?${query}`}>{name}</Link><span className="hint block truncate">{alerts ? 'tells of new ones' : 'tells nothing'}, since <When at={createdAt} /></span></span>
            <Button size="small" busy={remove.isPending && remove.variables === searchId} onClick={() => remove.mutate(searchId)} aria-label={`Delete ${name}`}>Delete</Button>
          </li>
        ))}
      </ul>
      {(error ?? remove.error) && <div className="mt-4"><Failure error={error ?? remove.error} /></div>}
    </Section>
  );
}
