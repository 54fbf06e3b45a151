import type { AssetDto, VersionDto } from '@neurodata/protocol';
import { type JSX, Suspense, useState } from 'react';
import { useWallet } from '../../client/wallet.ts';
import { count, When } from '../Amounts.tsx';
import { Button, ButtonLink } from '../Button.tsx';
import { Hash } from '../Copy.tsx';
import { Attestations } from '../Evidence.tsx';
import { Explain, Facts, Section } from '../Layout.tsx';
import { lazyPart } from '../lazyPart.ts';
import { VersionBadge } from '../State.tsx';
import { VersionDiff } from './VersionDiff.tsx';
import { VersionFiles } from './VersionFiles.tsx';
import { RevocationReason } from './Withdrawn.tsx';

const RevokeDialog = lazyPart(() => import('./RevokeDialog.tsx'), 'RevokeDialog');

/** Every version with what was committed to on chain and who attested to it. */
export function Versions({ asset }: { asset: AssetDto }): JSX.Element {
  const versions = [...asset.versions].sort((a, b) => b.version - a.version);
  const wallet = useWallet();
  const isOwner = wallet?.address.toLowerCase() === asset.owner.toLowerCase();
  return (
    <>
      {isOwner && asset.kind === 'dataset' && (
        <div className="panel flex flex-wrap items-center justify-between gap-3 p-4 sm:p-5">
          <p className="max-w-[52ch] text-muted">It is yours. Of a folder’s next version only the files that changed are sealed and sent.</p>
          <ButtonLink to={`/datasets/${asset.assetId}/new-version`}>Publish a new version</ButtonLink>
        </div>
      )}
      {versions.map((version) => <Version key={version.version} asset={asset} version={version} isOwner={isOwner} />)}
    </>
  );
}

function Version({ asset, version, isOwner }: { asset: AssetDto; version: VersionDto; isOwner: boolean }): JSX.Element {
  const [revoking, setRevoking] = useState(false);
  return (
    <Section title={`Version ${version.version}`} aside={<VersionBadge status={version.status} />}>
      <Facts facts={[
        ['Published', <span key="at"><When at={version.at} />, block <span className="num">{count(version.block)}</span></span>],
        ['Transaction', <Hash key="tx" value={version.transaction} label="transaction" />],
        [ 'Content root', <span key="root" className="inline-flex flex-wrap gap-x-3"><Hash value={version.contentRoot} label="content root" /><Explain text="Merkle root over the plaintext's chunks, with secret salts: whoever holds the key can check every chunk.">what it proves</Explain></span>],
        ['Content commitment', <Hash key="commitment" value={version.contentCommitment} label="content commitment" />],
        ['Key commitment', <Hash key="key" value={version.keyCommitment} label="key commitment" />],
        ['Manifest', <Hash key="manifest" value={version.manifestCid} label="manifest CID" keep={6} />],
        ['Key held by', `${version.committee.length} validators (${version.committee.join(', ')}); ${version.threshold} of them together can grant it`],
        ['Rows readable by validators', version.validatorsMayRead ? 'Yes, for the length of a round' : 'No'],
      ]} />
      <div className="mt-5 border-t border-line pt-5">
        {version.round ? <Attestations round={version.round} /> : <p className="text-muted">No round about this version is known yet.</p>}
      </div>
      <VersionFiles assetId={version.assetId} version={version.version} />
      {version.status === 'revoked' && <RevocationReason assetId={version.assetId} version={version.version} />}
      {isOwner && (version.status === 'live' || version.status === 'pending') && (
        <div className="mt-5 flex flex-wrap items-center gap-3 border-t border-line pt-5">
          <Button look="danger" size="small" onClick={() => setRevoking(true)} aria-label={`Revoke version ${version.version}`}>Revoke</Button>
          <span className="text-sm text-muted">Ends its sale for good, with a reason. Who has bought it keeps it.</span>
        </div>
      )}
      {/* Outlasts the button, to say that it is done. */}
      {revoking && <Suspense fallback={null}><RevokeDialog asset={asset} version={version.version} onClose={() => setRevoking(false)} /></Suspense>}
      {version.version > 1 && <VersionDiff assetId={version.assetId} version={version.version} />}
    </Section>
  );
}
