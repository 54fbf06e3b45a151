import type { AssetDto } from '@neurodata/protocol';
import type { CardBlock } from '@neurodata/sdk';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { cardQuery } from '../../queries/jobs.ts';
import { Button } from '../Button.tsx';
import { CodeBlock, WithHashes } from '../Copy.tsx';
import { Failure, Skeleton } from '../Feedback.tsx';
import { Section } from '../Layout.tsx';
import { saveFile } from '../saveFile.ts';
import { runOf } from './offers.ts';

/** The card of a model that a run made, written here from the run's receipt, which the chain's digest finds. */
export function ModelCard({ asset }: { asset: AssetDto }): JSX.Element | null {
  const jobId = runOf(asset);
  const { data, error, refetch } = useQuery({ ...cardQuery(jobId ?? '0x', asset.title), enabled: jobId !== undefined });
  if (jobId === undefined) return null;
  const save = data && <Button size="small" onClick={() => saveFile({ bytes: new TextEncoder().encode(data.markdown), fileName: 'model-card.md', mediaType: 'text/markdown' })}>Save as Markdown</Button>;
  return (
    <Section title="Model card" aside={save}>
      {error && !data && <Failure error={error} safe="The model is as it was." retry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-64" />}
      {data && (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
          <p className="text-muted">Written in your browser from the run’s receipt: nothing in it is the publisher’s word.</p>
          {data.card.sections.map(({ title, blocks }) => (
            <div key={title} className="grid grid-cols-[minmax(0,1fr)] gap-3">
              <h3 className="text-base font-medium">{title}</h3>
              {blocks.map((block, index) => <Block key={`${title} ${index}`} block={block} label={`${title}, ${index + 1}`} />)}
            </div>
          ))}
        </div>
      )}
    </Section>
  );
}

function Block({ block, label }: { block: CardBlock; label: string }): JSX.Element {
  if (block.kind === 'text') return <p className="max-w-[72ch]"><WithHashes text={block.text} /></p>;
  if (block.kind === 'code') return <CodeBlock label={label} code={block.code} />;
  if (block.kind === 'list') return <ul className="grid max-w-[72ch] grid-cols-[minmax(0,1fr)] list-disc gap-1 pl-5">{block.items.map((item) => <li key={item} className="break-words"><WithHashes text={item} /></li>)}</ul>;
  return (
    <div className="overflow-x-auto" tabIndex={0} role="group" aria-label={label}>
      <table className="w-full text-left">
        <thead><tr className="text-sm text-muted">{block.head.map((cell, index) => <th key={`${index} ${cell}`} scope="col" className="py-1.5 pr-4 font-normal">{cell}</th>)}</tr></thead>
        <tbody>{block.rows.map((row) => <tr key={row.join(' ')} className="border-t border-line">{row.map((cell, index) => <td key={`${index} ${cell}`} className={`py-1.5 pr-4 align-top ${index === 0 ? 'text-muted' : /^-?\d/.test(cell) ? 'num' : ''}`}><WithHashes text={cell} /></td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}
