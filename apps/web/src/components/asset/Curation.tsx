import type { AssetDto, CurationDto } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import { type JSX, Suspense, useState } from 'react';
import { Link } from 'react-router';
import { useWallet } from '../../client/wallet.ts';
import { t } from '../../language/t.ts';
import { curatorQuery } from '../../queries/curation.ts';
import type { Judgement } from '../../queries/mutations.ts';
import { Account } from '../Account.tsx';
import { useNow, When } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { lazyPart } from '../lazyPart.ts';
import { judgementWords } from './judgementWords.ts';

const AppealDialog = lazyPart(() => import('./AppealDialog.tsx'), 'AppealDialog');
const CurateDialog = lazyPart(() => import('./CurateDialog.tsx'), 'CurateDialog');

/** What curators said of an asset and why; what its owner, or a curator, can do about it. */
export function Curation({ asset }: { asset: AssetDto }): JSX.Element {
  const { curation, owner } = asset;
  const wallet = useWallet();
  const { data: curator } = useQuery(curatorQuery(wallet?.address));
  const [doing, setDoing] = useState<Judgement | 'appeal'>();
  const inTime = useNow() <= (curation.until ?? 0);
  const mayAppeal = curation.status === 'suspended' && curation.appeal === 'none' && inTime && wallet?.address.toLowerCase() === owner.toLowerCase();
  const judgements: Judgement[] = curator ? ({ none: [], pending: ['approve', 'suspend'], live: ['suspend'], suspended: ['reinstate'] } as const)[curation.status].slice() : [];
  const close = (): void => setDoing(undefined);
  return (
    <>
      <Note curation={curation} />
      {(mayAppeal || judgements.length > 0) && (
        <div className="flex flex-wrap items-center gap-2">
          {mayAppeal && <Button size="small" look="primary" onClick={() => setDoing('appeal')}>Appeal to a jury</Button>}
          {judgements.length > 0 && <span className="text-sm text-muted">As a curator:</span>}
          {judgements.map((judgement) => <Button key={judgement} size="small" look={judgement === 'suspend' ? 'danger' : 'secondary'} onClick={() => setDoing(judgement)}>{judgementWords[judgement].button}</Button>)}
        </div>
      )}
      <Suspense fallback={null}>
        {doing === 'appeal' && <AppealDialog asset={asset} onClose={close} />}
        {doing !== undefined && doing !== 'appeal' && <CurateDialog asset={asset} judgement={doing} onClose={close} />}
      </Suspense>
    </>
  );
}

function Note({ curation: { status, reason, author, until, appeal, disputeId } }: { curation: CurationDto }): JSX.Element | null {
  if (reason === undefined || author === undefined) return null;
  const suspended = status === 'suspended';
  const jury = disputeId === undefined ? t`The jury` : <Link className="link" to={`/disputes/${disputeId}`}>The jury</Link>;
  return (
    <p className={`max-w-[70ch] text-sm ${suspended ? 'text-bad' : 'text-muted'}`}>
      {suspended ? 'Suspended' : 'Reviewed'} by <Account address={author} />: “{reason}”
      {suspended && appeal === 'none' && disputeId !== undefined && <> {jury} did not decide its owner’s appeal.</>}
      {suspended && appeal === 'none' && until !== undefined && <> The owner may appeal; the time for it ends <When at={until} />.</>}
      {appeal === 'open' && <> {jury} has an appeal.</>}
      {appeal === 'lost' && <> {jury} upheld it.</>}
      {!suspended && disputeId !== undefined && <> {jury} had its owner’s appeal against a suspension.</>}
    </p>
  );
}
