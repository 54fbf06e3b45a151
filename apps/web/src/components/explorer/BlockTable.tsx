import type { BlockSummary } from '@neurodata/sdk';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { When, count } from '../Amounts.tsx';
import { shorten } from '../Copy.tsx';
import { Table } from '../Layout.tsx';

/** Blocks, newest first. */
export function BlockTable({ blocks }: { blocks: BlockSummary[] }): JSX.Element {
  return (
    <Table label="Blocks" head={['Block', 'Hash', 'Transactions', 'Gas', 'When']} numeric={[0, 2, 3]} wide={[1, 3]}>
      {blocks.map((block) => (
        <tr key={block.number}>
          <td className="num text-right"><Link to={`/explorer/block/${block.number}`} className="link">{count(block.number)}</Link></td>
          <td className="num whitespace-nowrap text-muted" title={block.hash}>{shorten(block.hash)}</td>
          <td className="num text-right">{block.transactions === 0 ? <span className="text-muted">0</span> : count(block.transactions)}</td>
          <td className="num text-right whitespace-nowrap" title={`${count(block.gasUsed)} of ${count(block.gasLimit)}`}>{count(block.gasUsed)}</td>
          <td className="text-muted"><When at={block.at} seconds /></td>
        </tr>
      ))}
    </Table>
  );
}
