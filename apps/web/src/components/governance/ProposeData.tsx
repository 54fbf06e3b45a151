import { type JSX, useId } from 'react';
import { isAddress, isHex } from 'viem';
import { t } from '../../language/t.ts';
import { useKept } from '../useKept.ts';
import { PutToVote, type PutToVoteProps } from './PutToVote.tsx';

/** A call as the chain takes it, of any contract. */
export function ProposeData(props: Pick<PutToVoteProps, 'account' | 'ask'>): JSX.Element {
  const id = useId();
  const [target, setTarget] = useKept('propose-target');
  const [data, setData] = useKept('propose-data');
  const [to, bytes] = [target.trim(), data.trim()];
  const wrongTarget = to !== '' && !isAddress(to) ? t`This is not an address.` : undefined;
  const wrongData = bytes !== '' && !(isHex(bytes) && bytes.length % 2 === 0) ? t`Write it in hexadecimal, two digits for each byte.` : undefined;
  const call = isAddress(to) && isHex(bytes) && bytes.length % 2 === 0 && bytes.length >= 10 ? { target: to, data: bytes } : undefined;
  return (
    <>
      <p className="rounded-md bg-warn-soft px-3 py-2 text-warn">The timelock owns every contract and the treasury: a wrong call cannot be taken back. Check the sentence below, and let others read the data.</p>
      <div>
        <label htmlFor={`${id}-target`} className="label">Address of the contract</label>
        <input id={`${id}-target`} className="field num" autoComplete="off" spellCheck={false} placeholder="0x…" value={target} onChange={(event) => setTarget(event.target.value)} aria-invalid={wrongTarget !== undefined} aria-describedby={`${id}-target-wrong`} />
        <p id={`${id}-target-wrong`} className="mt-1 min-h-5 text-sm text-bad" role={wrongTarget ? 'alert' : undefined}>{wrongTarget}</p>
      </div>
      <div>
        <label htmlFor={`${id}-data`} className="label">Data of the call</label>
        <textarea id={`${id}-data`} rows={3} className="field num h-auto py-2" spellCheck={false} placeholder="0x…" value={data} onChange={(event) => setData(event.target.value)} aria-invalid={wrongData !== undefined} aria-describedby={`${id}-data-wrong`} />
        <p id={`${id}-data-wrong`} className="mt-1 min-h-5 text-sm text-bad" role={wrongData ? 'alert' : undefined}>{wrongData}</p>
      </div>
      <PutToVote {...props} call={call} onDone={() => { setTarget(''); setData(''); }} />
    </>
  );
}
