import { type ReportReason, reportReasons } from '@neurodata/protocol';
import { useMutation } from '@tanstack/react-query';
import { type JSX, useId, useState } from 'react';
import { Link } from 'react-router';
import { useSignedIn } from '../../client/session.ts';
import { t } from '../../language/t.ts';
import { useReportMutation } from '../../queries/trust.ts';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { Modal } from '../Modal.tsx';

const words: Record<ReportReason, string> = {
  illegal: t`It is illegal`, 'personal-data': t`It has data about people`, copyright: t`It is somebody else’s work`, misleading: t`It is not what it says`, malware: t`It does harm`, spam: t`It is spam`, other: t`Something else`,
};

/** What is wrong with it, and what shows that. */
export function ReportDialog({ subject, what, onClose }: { subject: string; what: string; onClose: () => void }): JSX.Element {
  const signedIn = useSignedIn();
  const report = useMutation(useReportMutation());
  const [reason, setReason] = useState<ReportReason>('misleading');
  const [evidence, setEvidence] = useState('');
  const id = useId();
  return (
    <Modal open onOpenChange={onClose} title={`Report ${what}`} description="Curators of this node look at it. They may hide it here, or suspend it on chain; what was bought stays.">
      {!signedIn ? <p>Who reports is signed in. <Link className="link" to="/sign-in">Sign in</Link></p>
        : report.isSuccess ? <p role="status">A curator will look at it.</p> : (
          <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); report.mutate({ subject, reason, evidence }); }}>
            <div>
              <label htmlFor={`${id}-reason`} className="label">Why</label>
              <select id={`${id}-reason`} data-autofocus className="field" value={reason} onChange={(event) => setReason(event.target.value as ReportReason)}>{reportReasons.map((name) => <option key={name} value={name}>{words[name]}</option>)}</select>
            </div>
            <div>
              <label htmlFor={`${id}-evidence`} className="label">What shows it</label>
              <textarea id={`${id}-evidence`} className="field h-28" required minLength={10} maxLength={4_000} value={evidence} onChange={(event) => setEvidence(event.target.value)} />
            </div>
            {report.error && <Failure error={report.error} />}
            <Button type="submit" look="primary" busy={report.isPending}>Send</Button>
          </form>
        )}
    </Modal>
  );
}
