import { NeuroError } from '@neurodata/protocol';
import { CircleAlert } from 'lucide-react';
import { type JSX, type ReactNode, Suspense, lazy } from 'react';
import { Link } from 'react-router';
import { Said, useSaid } from '../language/Said.tsx';
import { Button } from './Button.tsx';
import { WithShortNumbers } from './Copy.tsx';

/** Wallets and chains are another chunk. */
const Fix = lazy(() => import('./Fix.tsx').then(({ Fix }) => ({ default: Fix })));

/** What would be here, and one thing to do. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }): JSX.Element {
  return (
    <div className="flex flex-col items-center gap-2 rounded-lg border border-dashed border-line-strong/50 px-6 py-12 text-center">
      <p className="text-lg font-medium">{title}</p>
      {children && <p className="max-w-[52ch] text-muted">{children}</p>}
      {action && <div className="mt-2">{action}</div>}
    </div>
  );
}

type Words = { title: string; remedy: string | undefined; details: string | undefined };

function wordsOf(error: unknown): Words {
  if (error instanceof NeuroError) {
    const { message, remedy, details } = error;
    return { title: remedy && message.endsWith(remedy) ? message.slice(0, -remedy.length).trim() : message, remedy, details };
  }
  return { title: error instanceof Error ? error.message : String(error), remedy: undefined, details: undefined };
}

/** What happened, whether money or data is safe (`safe`), and one thing to do. */
export function Failure({ error, safe, retry }: { error: unknown; safe?: string; retry?: (() => void) | undefined }): JSX.Element {
  const { title, remedy, details } = wordsOf(error);
  // Whoever refused to sign knows that they did.
  const refused = error instanceof NeuroError && error.code === 'REJECTED';
  return (
    <div role="alert" className={`flex gap-3 rounded-lg border p-4 ${refused ? 'border-line bg-bg' : 'border-bad/40 bg-bad-soft'}`}>
      <CircleAlert size={18} className={`mt-px shrink-0 ${refused ? 'text-muted' : 'text-bad'}`} aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <p className="font-medium wrap-anywhere"><WithShortNumbers text={useSaid(title)} /></p>
        {remedy && <p className="wrap-anywhere"><Said text={remedy} /></p>}
        {safe && !refused && <p className="text-muted">{safe}</p>}
        {details && (
          <details className="mt-1 text-sm text-muted">
            <summary>Details</summary>
            <pre className="mt-1 max-h-40 overflow-auto text-xs whitespace-pre-wrap">{details}</pre>
          </details>
        )}
        {error instanceof NeuroError && error.code === 'NO_KEY' && <p><Link className="link" to="/account">Load saved keys on the account page</Link></p>}
        {error instanceof NeuroError && (error.code === 'WRONG_CHAIN' || error.code === 'NO_FUNDS') && <Suspense fallback={null}><Fix code={error.code} /></Suspense>}
        {retry && <Button size="small" className="mt-3" onClick={retry}>Try again</Button>}
      </div>
    </div>
  );
}

/** A grey bar of the final size. */
export function Skeleton({ className = '' }: { className?: string }): JSX.Element {
  return <div aria-hidden="true" className={`animate-pulse rounded-md bg-line ${className}`} />;
}

/** The wait for a whole page: says so to screen readers, shows bars to the rest. */
export function PageSkeleton(): JSX.Element {
  return (
    <div role="status" aria-label="Loading" className="grid gap-6">
      <div className="grid gap-3"><Skeleton className="h-4 w-32" /><Skeleton className="h-8 w-80 max-w-full" /><Skeleton className="h-4 w-56" /></div>
      <div className="grid gap-6 lg:grid-cols-[1fr_320px]"><Skeleton className="h-80" /><Skeleton className="h-56" /></div>
    </div>
  );
}

/** A wait with a number. `value` from 0 to 1; without it the bar only says that something goes on. */
export function Progress({ value, label }: { value?: number | undefined; label: string }): JSX.Element {
  const percent = value === undefined ? undefined : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div>
      <div className="mb-1 flex justify-between gap-3 text-sm"><span>{label}</span>{percent !== undefined && <span className="num text-muted">{percent} %</span>}</div>
      <div role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent} className="h-1.5 overflow-hidden rounded-full bg-line">
        <div className={`h-full rounded-full bg-accent transition-[width] ${percent === undefined ? 'w-full animate-pulse opacity-50' : ''}`} style={percent === undefined ? undefined : { width: `${percent}%` }} />
      </div>
    </div>
  );
}
