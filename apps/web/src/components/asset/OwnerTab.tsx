import type { AssetDto } from '@neurodata/protocol';
import { type JSX, useState } from 'react';
import { Link } from 'react-router';
import { useWallet } from '../../client/wallet.ts';
import { Account } from '../Account.tsx';
import { assetPath } from '../AssetCard.tsx';
import { Button, ButtonLink } from '../Button.tsx';
import { CodeBlock } from '../Copy.tsx';
import { Section } from '../Layout.tsx';
import { OwnOffers } from './OwnOffers.tsx';
import { TransferDialog } from './TransferDialog.tsx';

/** What an asset's owner does with it: offers, description, versions, and giving it away as a whole. */
export function OwnerTab({ asset }: { asset: AssetDto }): JSX.Element {
  const wallet = useWallet();
  const [giving, setGiving] = useState(false);
  const isOwner = wallet?.address.toLowerCase() === asset.owner.toLowerCase();
  return (
    <>
      {isOwner ? (
        <>
          <OwnOffers asset={asset} />
          <Description asset={asset} />
          <Section title="Ownership">
            <div className="grid justify-items-start gap-3">
              <p className="max-w-[72ch] text-muted">The asset as a whole, with all of its versions and what they earn from then on, can become another account’s.</p>
              <Button look="danger" onClick={() => setGiving(true)}>Transfer the asset</Button>
            </div>
          </Section>
        </>
      ) : <div className="panel p-4 sm:p-5" data-testid="not-yours"><p>It belongs to <Account address={asset.owner} />, who alone offers, revokes and edits it.</p></div>}
      {/* Stays, to say that it is done, when nothing else here is this wallet's any more. */}
      {giving && <TransferDialog asset={asset} onClose={() => setGiving(false)} />}
    </>
  );
}

function Description({ asset }: { asset: AssetDto }): JSX.Element {
  const versions = <Link className="link" to={`${assetPath(asset)}?tab=versions`}>Versions</Link>;
  return (
    <Section title="Description and tags">
      <div className="grid justify-items-start gap-3">
        <p className="max-w-[72ch] text-muted">They belong to a version, whose digest stands on chain. So a new version says them anew, and validators check it; who has an earlier one keeps that with what it said. One that should not be sold any more is revoked under {versions}.</p>
        {asset.kind === 'dataset'
          ? <ButtonLink to={`/datasets/${asset.assetId}/new-version`}>Edit in a new version</ButtonLink>
          : <div className="w-full min-w-0"><CodeBlock label="command for a new version" code={`npx neurodata models publish model.onnx --asset ${asset.assetId}`} /></div>}
      </div>
    </Section>
  );
}
