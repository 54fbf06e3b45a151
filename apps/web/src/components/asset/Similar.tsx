import type { AssetSummary, Similar as SimilarAssets } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { t } from '../../language/t.ts';
import { similarQuery } from '../../queries/search.ts';
import { plural } from '../Amounts.tsx';
import { assetPath, licenseName } from '../AssetCard.tsx';
import { Failure, Skeleton } from '../Feedback.tsx';
import { TokenAmount } from '../TokenAmount.tsx';
import { kindWords } from '../words.ts';

/** Assets like this one, and in what. */
export function Similar({ assetId }: { assetId: number }): JSX.Element {
  const { data, error, refetch } = useQuery(similarQuery(assetId));
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-40" />;
  if (data.length === 0) return <p className="text-muted">Nothing on this market is like it yet. <Link className="link" to="/">See everything</Link></p>;
  return (
    <ul className="grid gap-3">
      {data.map(({ asset, parts }) => (
        <li key={asset.assetId} className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 border-t border-line pt-3 first:border-0 first:pt-0">
          <span className="min-w-0">
            <Link to={assetPath(asset)} className="link font-medium">{asset.title}</Link>
            <span className="block text-sm text-muted">{[...factsOf(asset), ...likenessOf(parts)].join(' · ')}</span>
          </span>
          {asset.downloadPrice !== undefined && <TokenAmount amount={asset.downloadPrice} token={null} />}
        </li>
      ))}
    </ul>
  );
}

function factsOf({ kind, rows, license }: AssetSummary): string[] {
  return [kind === 'dataset' && rows !== undefined ? plural(rows, 'row') : kindWords[kind], licenseName(license)];
}

/** What is alike besides words, said only where it is plain. */
function likenessOf({ columns, publisher, lineage }: SimilarAssets['items'][number]['parts']): string[] {
  return [
    ...(lineage === 1 ? [t`one was made from the other`] : lineage > 0 ? [t`made from the same data`] : []),
    ...(columns === 1 ? [t`the same columns`] : columns >= 0.3 ? [t`columns in common`] : []),
    ...(publisher > 0 ? [t`same publisher`] : []),
  ];
}
