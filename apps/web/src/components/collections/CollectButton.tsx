import { FolderPlus } from 'lucide-react';
import { type JSX, Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import { useSignedIn } from '../../client/session.ts';
import { lazyPart } from '../lazyPart.ts';

const CollectDialog = lazyPart(() => import('./CollectDialog.tsx'), 'CollectDialog');

/** Puts an asset into one of the user's collections. Whoever is not signed in is led to do so. */
export function CollectButton({ assetId, title }: { assetId: number; title: string }): JSX.Element {
  const signedIn = useSignedIn();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => (signedIn ? setOpen(true) : void navigate('/sign-in'))} aria-label={`Collect ${title}`} className="inline-flex items-center gap-1 rounded-md text-sm text-muted transition-colors hover:text-text"><FolderPlus size={13} aria-hidden="true" />Collect</button>
      {open && <Suspense fallback={null}><CollectDialog assetId={assetId} title={title} onClose={() => setOpen(false)} /></Suspense>}
    </>
  );
}
