import type { AssetKind, AssetSummary } from '@neurodata/protocol';
import { Database, Sigma, Workflow } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { Link } from 'react-router';
import { t } from '../language/t.ts';
import { useAccountName } from './Account.tsx';
import { count, Money, plural, When } from './Amounts.tsx';
import { shorten } from './Copy.tsx';
import { ListButton } from './lists/ListButton.tsx';
import { CurationBadge, OpenBadge, VersionBadge } from './State.tsx';
import { TokenAmount } from './TokenAmount.tsx';
import { kindWords } from './words.ts';

/** The address of an asset's page. */
export function assetPath(asset: { kind: AssetKind; assetId: number }): string {
  return `/${asset.kind}s/${asset.assetId}`;
}

const icons = { dataset: Database, model: Sigma, algorithm: Workflow };

export function KindLabel({ kind }: { kind: AssetKind }): JSX.Element {
  const Icon = icons[kind];
  return <span className="inline-flex items-center gap-1.5 text-sm text-muted capitalize"><Icon size={14} aria-hidden="true" />{kindWords[kind]}</span>;
}

/** Licences that have no SPDX id but a name that people know. */
const licenseNames: Partial<Record<string, string>> = { 'https://www.usa.gov/government-works': t`US government work` };

/** A licence in a few letters: an SPDX id as it is, an address by its name or its host. */
export function licenseName(license: string): string {
  return licenseNames[license] ?? (URL.canParse(license) ? new URL(license).hostname.replace(/^www\./, '') : license);
}

/** An asset as lists show it. The whole card leads to its page. */
export function AssetCard({ asset }: { asset: AssetSummary }): JSX.Element {
  const owner = useAccountName(asset.owner);
  const isSold = asset.downloadPrice !== undefined || asset.tokenPrices.length > 0;
  const facts = [
    asset.rows === undefined ? undefined : plural(asset.rows, 'row'),
    asset.columns === undefined ? undefined : plural(asset.columns, 'column'),
    licenseName(asset.license),
    asset.kind === 'dataset' ? plural(asset.runs, 'run') : plural(asset.orders, 'sale'),
  ].filter((fact) => fact !== undefined);
  return (
    <article className="panel relative flex flex-col gap-3 p-5 transition-colors focus-within:border-line-strong hover:border-line-strong">
      <div className="flex items-center justify-between gap-2"><KindLabel kind={asset.kind} /><span className="flex items-center gap-3">{asset.open && <OpenBadge />}{asset.curation.status === 'suspended' ? <CurationBadge curation={asset.curation} /> : <VersionBadge status={asset.status} />}<ListButton name="favourites" assetId={asset.assetId} title={asset.title} bare /></span></div>
      <div>
        <h2 className="text-lg"><Link to={assetPath(asset)} className="after:absolute after:inset-0 after:rounded-lg">{asset.title || `Asset ${count(asset.assetId)}`}</Link></h2>
        <p className="mt-1 line-clamp-2 min-h-10 text-muted">{asset.summary}</p>
      </div>
      <p className="flex min-w-0 gap-x-3 text-sm text-muted"><When at={asset.publishedAt} /><span className="truncate">by {owner ?? shorten(asset.owner)}</span></p>
      <p className="flex flex-wrap gap-x-3 gap-y-1 text-sm text-muted">{facts.map((fact) => <span key={fact} className="max-w-full truncate">{fact}</span>)}</p>
      <div className="mt-auto flex flex-wrap gap-x-6 gap-y-1 border-t border-line pt-3">
        {isSold && <Price name={t`Buy`}><BuyPrice asset={asset} /></Price>}
        {asset.computePrice !== undefined && <Price name={t`Train`}><Money amount={asset.computePrice} strong /><span className="text-muted"> a run</span></Price>}
        {!isSold && asset.computePrice === undefined && <span className="text-muted">Not on sale</span>}
      </div>
    </article>
  );
}

/** The price in NCR, else in the first other token that it is sold for. */
function BuyPrice({ asset: { downloadPrice, tokenPrices } }: { asset: AssetSummary }): ReactNode {
  const [first] = downloadPrice === undefined ? tokenPrices : [{ token: null, price: downloadPrice }, ...tokenPrices];
  const more = tokenPrices.length - (downloadPrice === undefined ? 1 : 0);
  if (!first) return null;
  return <><TokenAmount amount={first.price} token={first.token} strong />{more > 0 && <span className="text-muted"> or in {more === 1 ? 'another token' : `${more} other tokens`}</span>}</>;
}

function Price({ name, children }: { name: string; children: ReactNode }): JSX.Element {
  return <span><span className="text-muted">{name} </span>{children}</span>;
}
