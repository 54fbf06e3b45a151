import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Said } from '../../language/Said.tsx';
import { policyQuery } from '../../queries/terms.ts';
import { useSeen } from '../useSeen.ts';

/** What licence and publisher admit, in sentences; nothing where nothing is limited that programs know of. Read once it is in view: reading it takes the chain's code. */
export function PolicyNote({ assetId, version }: { assetId: number; version: number }): JSX.Element {
  const [place, seen] = useSeen<HTMLDivElement>();
  const { data } = useQuery({ ...policyQuery(assetId, version), enabled: seen });
  return (
    <div ref={place}>
      {data && data.sentences.length > 0 && (
        <div className="mb-4">
          <ul className="grid list-disc gap-0.5 pl-5">{data.sentences.map((sentence) => <li key={sentence}><Said text={sentence} /></li>)}</ul>
          {data.limited && <p className="hint mt-1">Whoever buys it signs a purpose. Without one that fits, validators give out no key.</p>}
        </div>
      )}
    </div>
  );
}
