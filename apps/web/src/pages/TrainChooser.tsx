import { useInfiniteQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { count, Money } from '../components/Amounts.tsx';
import { ButtonLink } from '../components/Button.tsx';
import { Empty, Failure, Skeleton } from '../components/Feedback.tsx';
import { PageTitle, Section, Table } from '../components/Layout.tsx';
import { assetsQuery } from '../queries/assets.ts';

/** Which datasets can be trained on. */
export function TrainChooser(): JSX.Element {
  const { data, error, refetch } = useInfiniteQuery(assetsQuery({ kind: 'dataset' }));
  const datasets = data?.pages.flatMap(({ items }) => items).filter(({ computePrice }) => computePrice !== undefined);
  return (
    <>
      <PageTitle title="Train">Choose a dataset. A worker drawn by the chain trains on its sealed rows; you get the model, and validators do the run again.</PageTitle>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!datasets && !error && <Skeleton className="h-48 rounded-lg" />}
      {datasets?.length === 0 && <Empty title="No dataset offers training" action={<ButtonLink to="/">Discover</ButtonLink>}>Datasets whose owner sells training runs will stand here.</Empty>}
      {datasets && datasets.length > 0 && (
        <Section title="Datasets that offer training">
          <Table label="Datasets" head={['Dataset', 'Rows', 'Columns', 'Runs so far', 'Price of a run', '']} numeric={[1, 2, 3, 4]} wide={[1, 2, 3]}>
            {datasets.map((asset) => (
              <tr key={asset.assetId}>
                <td className="sm:min-w-48"><Link to={`/datasets/${asset.assetId}`} className="font-medium hover:underline">{asset.title}</Link></td>
                <td className="num text-right">{asset.rows === undefined ? '' : count(asset.rows)}</td>
                <td className="num text-right">{asset.columns === undefined ? '' : count(asset.columns)}</td>
                <td className="num text-right">{count(asset.runs)}</td>
                <td className="text-right">{asset.computePrice !== undefined && <Money amount={asset.computePrice} />}</td>
                <td className="text-right"><ButtonLink size="small" to={`/train/${asset.assetId}`} aria-label={`Train on ${asset.title}`}>Train</ButtonLink></td>
              </tr>
            ))}
          </Table>
        </Section>
      )}
    </>
  );
}
