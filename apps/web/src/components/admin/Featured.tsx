import { useMutation, useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type JSX, useId, useState } from 'react';
import { Link } from 'react-router';
import { t } from '../../language/t.ts';
import { useSetFeaturedMutation } from '../../queries/collections.ts';
import { featuredQuery } from '../../queries/search.ts';
import { assetPath } from '../AssetCard.tsx';
import { Button } from '../Button.tsx';
import { Failure, Skeleton } from '../Feedback.tsx';
import { Section } from '../Layout.tsx';

const MOST = 50;

/** What stands first on the page of collections, and its first three on the front page, in this order; for curators and admins. */
export function Featured(): JSX.Element {
  const id = useId();
  const { data, error, refetch } = useQuery(featuredQuery());
  const set = useMutation(useSetFeaturedMutation());
  const [text, setText] = useState('');
  const [note, setNote] = useState('');
  const items = (data ?? []).map(({ asset, note: said }) => ({ assetId: asset.assetId, note: said }));
  const isNumber = /^[1-9]\d{0,9}$/.test(text.trim());
  const move = (index: number, by: -1 | 1): void => {
    const next = [...items];
    const [moved] = next.splice(index, 1);
    if (moved) next.splice(index + by, 0, moved);
    set.mutate(next);
  };
  const add = (): void => {
    const assetId = Number(text.trim());
    set.mutate([...items.filter((item) => item.assetId !== assetId), { assetId, note: note.trim() }], { onSuccess: () => { setText(''); setNote(''); } });
  };
  const arrow = 'grid size-8 place-items-center rounded-md text-muted hover:bg-line/50 hover:text-text disabled:opacity-40';
  return (
    <Section title="Featured" aside={<Link className="link text-sm" to="/collections">as readers see it</Link>}>
      {error && !data && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-24" />}
      {data?.length === 0 && <p className="text-muted">Nothing is featured. What is put here stands first on the page of collections.</p>}
      <ol className="mb-4 grid gap-2">
        {data?.map(({ asset, note: said }, index) => (
          <li key={asset.assetId} className="flex items-center gap-2">
            <span className="min-w-0 flex-1"><Link className="link block truncate" to={assetPath(asset)}>{asset.title}</Link>{said && <span className="hint block truncate">{said}</span>}</span>
            <button type="button" className={arrow} disabled={index === 0 || set.isPending} aria-label={t`Move ${asset.title} up`} onClick={() => move(index, -1)}><ArrowUp size={14} /></button>
            <button type="button" className={arrow} disabled={index === data.length - 1 || set.isPending} aria-label={t`Move ${asset.title} down`} onClick={() => move(index, 1)}><ArrowDown size={14} /></button>
            <Button size="small" disabled={set.isPending} aria-label={t`Feature ${asset.title} no more`} onClick={() => set.mutate(items.filter((item) => item.assetId !== asset.assetId))}>Remove</Button>
          </li>
        ))}
      </ol>
      <form className="flex flex-wrap items-end gap-3" onSubmit={(event) => { event.preventDefault(); if (isNumber) add(); }}>
        <div><label htmlFor={`${id}-asset`} className="label">Number of the asset</label><input id={`${id}-asset`} inputMode="numeric" className="field w-32 tabular-nums" autoComplete="off" value={text} onChange={(event) => setText(event.target.value)} /></div>
        <div className="min-w-0 flex-1 basis-48"><label htmlFor={`${id}-note`} className="label">Why (optional)</label><input id={`${id}-note`} maxLength={500} className="field" value={note} onChange={(event) => setNote(event.target.value)} /></div>
        <Button type="submit" busy={set.isPending} disabled={!isNumber || items.length >= MOST}>Feature it</Button>
      </form>
      {set.error && <div className="mt-4"><Failure error={set.error} /></div>}
    </Section>
  );
}
