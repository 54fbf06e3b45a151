import { type Access, type AssetDto, personalText } from '@neurodata/protocol';
import type { DrilledHolder, ValidatorAccesses, ValidatorNotices } from '@neurodata/sdk';
import { useMutation } from '@tanstack/react-query';
import { type JSX, type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import type { Signer } from '../../client/connect.ts';
import { useWallet } from '../../client/wallet.ts';
import { Said } from '../../language/Said.tsx';
import { t } from '../../language/t.ts';
import { type VersionOf, accessLogMutation, drillMutation, noticesMutation } from '../../queries/custody.ts';
import { Account } from '../Account.tsx';
import { When, count, plural } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Hash } from '../Copy.tsx';
import { StatusMark } from '../StatusMark.tsx';
import { Failure } from '../Feedback.tsx';
import { Explain, Section, Table } from '../Layout.tsx';
import { Badge } from '../State.tsx';

/** Who holds the key and whether they could release it now; for the owner also who asked for it, and what validators tell nobody else. */
export function KeyCustody({ asset }: { asset: AssetDto }): JSX.Element {
  const wallet = useWallet();
  const [version, setVersion] = useState(asset.latestVersion);
  const of: VersionOf = { assetId: asset.assetId, version };
  const committee = asset.versions.find((one) => one.version === version)?.committee ?? [];
  const owns = wallet?.address.toLowerCase() === asset.owner.toLowerCase();
  const versions = asset.versions.map((one) => one.version).toSorted((a, b) => b - a);
  return (
    <>
      {versions.length > 1 && (
        <label className="flex items-center gap-3"><span className="text-muted">Version</span>
          <select className="field w-auto" value={version} onChange={(event) => setVersion(Number(event.target.value))}>{versions.map((one) => <option key={one}>{one}</option>)}</select>
        </label>
      )}
      <Drill key={`drill ${version}`} of={of} holders={committee.length} />
      {wallet && owns && <AccessLog key={`log ${version} ${wallet.address}`} of={of} wallet={wallet} />}
      {wallet && owns && asset.kind === 'dataset' && <Notices key={`notices ${version} ${wallet.address}`} of={of} wallet={wallet} />}
      {!owns && <p className="text-sm text-muted">Who asked for the key, and what validators noticed, is told to the owner alone.</p>}
    </>
  );
}

const states = { valid: ['good', t`Proved`], invalid: ['bad', t`Not proved`], silent: ['warn', t`Silent`] } as const;

function Drill({ of, holders }: { of: VersionOf; holders: number }): JSX.Element {
  const [answered, setAnswered] = useState<DrilledHolder[]>([]);
  const drill = useMutation({ ...drillMutation(of, (holder) => setAnswered((before) => [...before, holder])), onMutate: () => setAnswered([]) });
  const rows = answered.toSorted((a, b) => a.validatorId - b.validatorId);
  return (
    <Section title="Key drill" aside={drill.data && <Badge tone={drill.data.enough ? 'good' : 'bad'} testId="drill" value={drill.data.enough ? 'enough' : 'too-few'}>{drill.data.enough ? 'The key can be released' : 'The key cannot be released now'}</Badge>}>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-[56ch] text-muted">The key is held in parts by {plural(holders, 'validator')}. Each can <Explain text="A zero-knowledge proof against the commitments on chain, for a number that this browser has just drawn">prove</Explain> that it has its part; no part leaves it, and nobody learns anything about the key.</p>
        <Button look={drill.isSuccess ? 'secondary' : 'primary'} busy={drill.isPending} onClick={() => drill.mutate()}>{drill.isSuccess ? 'Ask again' : 'Ask the holders'}</Button>
      </div>
      {(drill.isPending || rows.length > 0) && (
        <div className="mt-4 grid gap-3">
          {drill.isPending && <p role="status" className="text-sm text-muted">{rows.length} of {plural(holders, 'holder')} answered or given up on</p>}
          {rows.length > 0 && (
            <Table label="Holders" head={['Validator', 'Part of the key', 'Answered in', 'Why not']} numeric={[2]}>
              {rows.map(({ validatorId, state, latencyMs, reason }) => (
                <tr key={validatorId} data-testid={`holder-${validatorId}`} data-state={state}>
                  <td className="whitespace-nowrap"><Link className="link" to={`/validators/${validatorId}`}>Validator {validatorId}</Link></td>
                  <td><Badge tone={states[state][0]}>{states[state][1]}</Badge></td>
                  <td className="num text-right whitespace-nowrap">{latencyMs === undefined ? '' : `${count(latencyMs)} ms`}</td>
                  <td className="min-w-48 text-sm break-words text-muted">{reason && <Said text={shortened(reason)} />}</td>
                </tr>
              ))}
            </Table>
          )}
        </div>
      )}
      {drill.data && (
        <p className="mt-3 flex gap-1.5"><StatusMark status={drill.data.enough ? 'passed' : 'failed'} />
          <span>{drill.data.valid} of {plural(drill.data.holders.length, 'holder')} proved their parts; {drill.data.threshold} are needed. <span className="text-muted">Checked by you, in this browser: epoch {drill.data.epoch}, keyset <Hash value={drill.data.keyset} label="keyset" /></span></span>
        </p>
      )}
      {drill.isError && <div className="mt-4"><Failure error={drill.error} safe="The holders were not asked; the key is as it was." retry={() => drill.mutate()} /></div>}
    </Section>
  );
}

/** One question that its owner signs to several validators, with what those say who did not answer. */
function Asked({ title, text, button, asking, problems, children }: { title: string; text: string; button: string; asking: { isPending: boolean; isSuccess: boolean; isError: boolean; error: unknown; mutate: () => void }; problems: { validatorId: number; problem?: string }[] | undefined; children: ReactNode }): JSX.Element {
  return (
    <Section title={title} aside={<span className="text-sm text-muted">for you alone</span>}>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-[56ch] text-muted">{text}</p>
        <Button busy={asking.isPending} onClick={() => asking.mutate()}>{asking.isSuccess ? 'Ask again' : button}</Button>
      </div>
      {asking.isSuccess && <div className="mt-4">{children}</div>}
      {problems?.filter(({ problem }) => problem !== undefined).map(({ validatorId, problem }) => <p key={validatorId} className="mt-3 text-sm text-warn">Validator {validatorId} did not answer: {shortened(problem ?? '')}</p>)}
      {asking.isError && <div className="mt-4"><Failure error={asking.error} safe="Nothing was changed." retry={() => asking.mutate()} /></div>}
    </Section>
  );
}

/** With long hashes cut in the middle, as everywhere on the site. */
const shortened = (text: string): string => text.replaceAll(/0x[0-9a-f]{16,}/gi, (hash) => `${hash.slice(0, 6)}…${hash.slice(-4)}`);

const MOST_SHOWN = 200;
/** The first byte of what a request is based on. */
const claims: Record<string, string> = { '01': t`an order`, '02': t`a training run`, '03': t`a round`, '04': t`a subscription`, '05': t`its ownership` };

function AccessLog({ of, wallet }: { of: VersionOf; wallet: Signer }): JSX.Element {
  const asking = useMutation(accessLogMutation(of, wallet));
  const entries = entriesOf(asking.data ?? [], of.version);
  return (
    <Asked title="Who asked for the key" button="Ask for the log" asking={asking} problems={asking.data} text="Each holder logs who asked for its part, before anything leaves it. Parts granted to orders and subscriptions are on chain, and not in these logs.">
      {entries.length === 0 && <p>Nobody has asked those that answered.</p>}
      {entries.length > 0 && (
        <Table label="Who asked" head={['When', 'Who', 'Because of', 'Validator', 'Answer']}>
          {entries.slice(0, MOST_SHOWN).map(({ validatorId, at, account, proofId, outcome, reason }, index) => (
            <tr key={index} data-testid="access" data-state={outcome}>
              <td className="whitespace-nowrap text-muted"><When at={at} /></td>
              <td><Account address={account} /></td>
              <td className="text-sm whitespace-nowrap">{claims[proofId.slice(2, 4)] ?? 'nothing that is known'}</td>
              <td className="num">{validatorId}</td>
              <td className="min-w-48"><Badge tone={outcome === 'granted' ? 'good' : 'warn'}>{outcome === 'granted' ? 'Granted' : 'Refused'}</Badge>{reason !== undefined && <span className="ml-2 text-sm break-words text-muted"><Said text={shortened(reason)} /></span>}</td>
            </tr>
          ))}
        </Table>
      )}
      {entries.length > MOST_SHOWN && <p className="mt-3 text-sm text-muted">And {count(entries.length - MOST_SHOWN)} older ones: <code>neurodata keys log {of.assetId}</code> shows all.</p>}
    </Asked>
  );
}

function entriesOf(logs: ValidatorAccesses[], version: number): (Access & { validatorId: number })[] {
  return logs.flatMap(({ validatorId, items }) => items.filter((item) => item.version === version).map((item) => ({ validatorId, ...item }))).toSorted((a, b) => b.at - a.at);
}

function Notices({ of, wallet }: { of: VersionOf; wallet: Signer }): JSX.Element {
  const asking = useMutation(noticesMutation(of, wallet));
  const rows = noticeRows(asking.data ?? []);
  const silent = asking.data?.every(({ problem }) => problem !== undefined) ?? false;
  return (
    <Asked title="What validators noticed" button="Ask the validators" asking={asking} problems={asking.data} text="Validators who may read the rows tell you, and nobody else, which columns look like data about people. Rows shared with other datasets are on the overview, for everybody.">
      {rows.length === 0 && !silent && <p>Those that answered found nothing that looks like data about people, or may not read the rows.</p>}
      {rows.length > 0 && (
        <Table label="What looks like data about people" head={['Column', 'Looks like', 'Values', 'Validators']} numeric={[2]}>
          {rows.map(({ column, kind, values, by }) => <tr key={`${column} ${kind} ${values}`} data-testid="notice"><td className="num">{column}</td><td>{personalText(kind)}</td><td className="num text-right">{count(values)}</td><td className="num">{by.join(', ')}</td></tr>)}
        </Table>
      )}
    </Asked>
  );
}

/** One row for what several validators found alike. */
function noticeRows(notices: ValidatorNotices[]): { column: string; kind: string; values: number; by: number[] }[] {
  const all = notices.flatMap(({ validatorId, items }) => items.flatMap(({ personal }) => personal.map((one) => ({ ...one, validatorId }))));
  return [...Map.groupBy(all, ({ column, kind, values }) => JSON.stringify([column, kind, values])).values()].map((group) => ({ ...group[0]!, by: [...new Set(group.map(({ validatorId }) => validatorId))] }));
}
