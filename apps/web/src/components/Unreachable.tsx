import { useQuery } from '@tanstack/react-query';
import { type JSX, useSyncExternalStore } from 'react';
import { t } from '../language/t.ts';
import { readinessQuery } from '../queries/chain.ts';

function subscribe(listener: () => void): () => void {
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
}

/** Says so where nobody answers: what is on the page may then be from an earlier visit. */
export function Unreachable(): JSX.Element {
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  const { isError } = useQuery(readinessQuery());
  const text = !online ? t`You are offline.` : isError ? t`The node does not answer.` : undefined;
  return (
    <div role="status" data-testid="unreachable">
      {text && <p className="border-b border-line bg-warn-soft px-4 py-2 text-center text-sm text-warn">{text} Pages show what this browser kept from earlier visits, which may have changed since. Buying, training and signing wait until it is back.</p>}
    </div>
  );
}
