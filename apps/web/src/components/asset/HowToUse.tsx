import type { AssetDto } from '@neurodata/protocol';
import { type JSX, useState } from 'react';
import { nodeUrl } from '../../client/nodeUrl.ts';
import { CodeBlock } from '../Copy.tsx';
import { Tabs } from '../Tabs.tsx';
import { howToUse } from './howToUse.ts';

const look = { list: 'mb-3 flex gap-1', tab: 'rounded-md px-2.5 py-1 text-muted hover:text-text data-[state=active]:bg-accent-soft data-[state=active]:font-medium data-[state=active]:text-accent', panel: '' };

/** The asset from a terminal, from TypeScript and from Python. */
export function HowToUse({ asset }: { asset: AssetDto }): JSX.Element {
  const ways = howToUse(asset, nodeUrl);
  const [chosen, setChosen] = useState(ways[0]?.name ?? '');
  return (
    <Tabs
      label="By" chosen={chosen} onChoose={setChosen} look={look}
      tabs={ways.map(({ name, label, code, note }) => ({ name, value: name, content: <><CodeBlock label={label} code={code} />{note && <p className="mt-2 text-sm text-muted">{note}</p>}</> }))}
    />
  );
}
