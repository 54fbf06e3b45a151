import type { Purpose, Use } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { policyQuery } from '../queries/terms.ts';
import { Field } from './PublishFields.tsx';
import { useTexts } from './words.ts';

type PurposeChoiceProps = { assetId: number; version: number; purpose: Purpose | undefined; onChange: (purpose: Purpose | undefined) => void };

/** Whether a purpose has to be chosen for a version before it can be bought; not while that is not known. */
export function usePurposeNeeded(assetId: number, version: number): boolean {
  return useQuery(policyQuery(assetId, version)).data?.limited ?? false;
}

/** Which of the admitted uses it is for, and whether the result is passed on; nothing where the publisher has set no limits. */
export function PurposeChoice({ assetId, version, purpose, onChange }: PurposeChoiceProps): JSX.Element | null {
  const { data } = useQuery(policyQuery(assetId, version));
  if (!data?.limited) return null;
  const { policy } = data;
  const choose = (use: Use | undefined): void => onChange(use && { use, sharesResult: purpose?.sharesResult ?? false });
  return (
    <fieldset className="my-4 grid gap-3 border-t border-line pt-4">
      <Field id="purpose" label="What is it for?" help="Its publisher admits these uses only. You sign your answer, and validators give out the key for nothing else.">
        <select id="purpose" className="field" value={purpose?.use ?? ''} onChange={(event) => choose(policy.uses.find((use) => use === event.target.value))}>
          <option value="">Choose a purpose</option>
          {policy.uses.map((use) => <option key={use} value={use}>{useTexts[use]}</option>)}
        </select>
      </Field>
      {purpose && policy.sharing && (
        <label className="flex items-start gap-3">
          <input type="checkbox" className="mt-0.5 size-4 accent-accent" checked={purpose.sharesResult} onChange={(event) => onChange({ ...purpose, sharesResult: event.target.checked })} />
          <span>I may pass on what I make of it</span>
        </label>
      )}
      {purpose && !purpose.sharesResult && <p className="hint">You promise to keep what you make of it.</p>}
    </fieldset>
  );
}
