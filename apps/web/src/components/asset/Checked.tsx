import type { AssetDto, VersionDto } from '@neurodata/protocol';
import type { AlikeVersion } from '@neurodata/sdk';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { t } from '../../language/t.ts';
import { tableCheckQuery } from '../../queries/tableChecks.ts';
import { plural } from '../Amounts.tsx';
import { StatusMark } from '../StatusMark.tsx';

/** What the committee of a dataset's newest version checked, what it could not, and which earlier datasets have its rows. */
export function Checked({ asset, newest }: { asset: AssetDto; newest: VersionDto }): JSX.Element {
  const { data } = useQuery({ ...tableCheckQuery({ assetId: asset.assetId, version: newest.version, pending: newest.status === 'pending' }), enabled: newest.validatorsMayRead });
  return (
    <div className="grid gap-4" data-testid="checked">
      {data?.alike.map((one) => <Alike key={`${one.assetId}@${one.version}`} one={one} />)}
      <CheckList version={newest} reading={asset.rows === undefined ? onReading : [...onReading, ...ofTables]} />
      {data && data.checkedBy.length > 0 && <p className="text-sm text-muted">{`Its rows were compared with ${data.compared === 0 ? t`no other dataset yet` : plural(data.compared, 'earlier version')} that validators ${data.checkedBy.join(', ')} have read themselves.`}</p>}
    </div>
  );
}

function Alike({ one: { assetId, version, part, by, sameOwner } }: { one: AlikeVersion }): JSX.Element {
  const words = `${part >= 0.8 ? t`Very like` : t`Like`} `;
  return (
    <p role={sameOwner ? undefined : 'alert'} className={sameOwner ? 'text-muted' : 'rounded-md bg-warn-soft px-3 py-2 text-warn'}>
      {words}<Link className="underline underline-offset-3" to={`/datasets/${assetId}`}>asset {assetId} version {version}</Link>{sameOwner ? ', of the same owner' : ', of another owner'}: about {Math.round(part * 100)} % of the rows, found by {by.length === 1 ? 'validator' : 'validators'} {by.join(', ')}.
    </p>
  );
}

const always = [t`the key shares fit their commitments and their holders`, t`the description names what is on chain`, t`the sealed file is whole (of more than 256 MiB: blocks at drawn places)`];
const onReading = [t`the content is the one that was committed to`];
const ofTables = [t`rows, columns, kinds and counts are as described`, t`statistics, where there are any, are true`, t`no cell runs as a formula`, t`likeness to earlier datasets`];

function CheckList({ version, reading }: { version: VersionDto; reading: readonly string[] }): JSX.Element {
  const accepted = version.round?.settled === true && version.round.verdict === 'accept';
  const read = version.validatorsMayRead;
  return (
    <div className={`grid gap-x-8 gap-y-3 ${read ? '' : 'sm:grid-cols-2'}`}>
      <div>
        <p className="mb-1 font-medium">{accepted ? 'Checked' : 'To be checked'}</p>
        <ul className={`grid gap-x-8 gap-y-1 ${read ? 'sm:grid-cols-2' : ''}`}>{[...always, ...(read ? reading : [])].map((one) => <li key={one} className="flex items-start gap-2">{accepted && <StatusMark status="passed" />}<span>{one}</span></li>)}</ul>
      </div>
      {!read && (
        <div>
          <p className="mb-1 font-medium">Not checked</p>
          <ul className="grid gap-1 text-muted">{reading.map((one) => <li key={one}>{one}</li>)}</ul>
          <p className="mt-2 text-sm text-muted">Its publisher lets no validator read the rows. They are read only where a buyer disputes them.</p>
        </div>
      )}
    </div>
  );
}
