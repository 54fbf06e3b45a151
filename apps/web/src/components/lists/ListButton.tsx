import { useMutation, useQuery } from '@tanstack/react-query';
import { Eye, Heart } from 'lucide-react';
import type { JSX } from 'react';
import { useNavigate } from 'react-router';
import { useSignedIn } from '../../client/session.ts';
import { useSaid } from '../../language/Said.tsx';
import { t } from '../../language/t.ts';
import { type ListName, listQuery, useListMutation } from '../../queries/lists.ts';

const words = {
  favourites: { icon: Heart, off: t`Favourite`, on: t`Favourite`, hint: t`Keeps it in your account` },
  watched: { icon: Eye, off: t`Watch`, on: t`Watching`, hint: t`Tells you of new versions and lower prices` },
} as const;

/** Puts an asset on one of the user's lists, and takes it off again; `bare` shows the sign alone. Whoever is not signed in is led to do so. */
export function ListButton({ name, assetId, title, bare = false }: { name: ListName; assetId: number; title: string; bare?: boolean }): JSX.Element {
  const signedIn = useSignedIn();
  const navigate = useNavigate();
  const { data = [] } = useQuery(listQuery(name, signedIn));
  const change = useMutation(useListMutation(name));
  const problem = useSaid(change.error?.message ?? '');
  const { icon: Icon, off, on: onWord, hint } = words[name];
  const isOn = change.isPending ? change.variables.on : data.some(({ asset }) => asset.assetId === assetId);
  const turn = (): void => {
    if (signedIn) change.mutate({ assetId, on: !isOn });
    else void navigate('/sign-in');
  };
  return (
    <button
      type="button" onClick={turn} aria-pressed={isOn} disabled={change.isPending} title={change.error ? problem : hint} aria-label={name === 'favourites' ? `Favourite: ${title}` : `Watch ${title}`}
      className={`inline-flex items-center gap-1 rounded-md text-sm transition-colors ${bare ? 'relative z-10 -m-2 p-2' : ''} ${change.error ? 'text-bad' : isOn ? 'text-accent' : 'text-muted hover:text-text'}`}
    >
      <Icon size={bare ? 16 : 13} aria-hidden="true" fill={isOn && name === 'favourites' ? 'currentColor' : 'none'} />{!bare && (isOn ? onWord : off)}
    </button>
  );
}
