import { Flag } from 'lucide-react';
import { type JSX, Suspense, useState } from 'react';
import { lazyPart } from '../lazyPart.ts';

const ReportDialog = lazyPart(() => import('./ReportDialog.tsx'), 'ReportDialog');

/** Tells the curators of this node about an asset or a review. */
export function ReportButton({ subject, what }: { subject: string; what: string }): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)} aria-label={`Report ${what}`} className="inline-flex items-center gap-1 text-sm text-muted hover:text-text"><Flag size={13} aria-hidden="true" />Report</button>
      {open && <Suspense fallback={null}><ReportDialog subject={subject} what={what} onClose={() => setOpen(false)} /></Suspense>}
    </>
  );
}
