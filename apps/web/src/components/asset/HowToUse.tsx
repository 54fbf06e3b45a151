import type { AssetDto } from '@neurodata/protocol';
import { Tabs } from 'radix-ui';
import type { JSX } from 'react';
import { CodeBlock } from '../Copy.tsx';
import { Section } from '../Layout.tsx';
import { howToUse } from './howToUse.ts';

/** The asset from a terminal, from TypeScript and from Python. */
export function HowToUse({ asset }: { asset: AssetDto }): JSX.Element {
  const ways = howToUse(asset, location.origin);
  return (
    <Section title="How to use it">
      <Tabs.Root defaultValue={ways[0]?.name ?? ''}>
        <Tabs.List aria-label="By" className="mb-3 flex gap-1">
          {ways.map(({ name }) => <Tabs.Trigger key={name} value={name} className="rounded-md px-2.5 py-1 text-muted hover:text-text data-[state=active]:bg-accent-soft data-[state=active]:font-medium data-[state=active]:text-accent">{name}</Tabs.Trigger>)}
        </Tabs.List>
        {ways.map(({ name, label, code, note }) => (
          <Tabs.Content key={name} value={name} tabIndex={-1} className="outline-none">
            <CodeBlock label={label} code={code} />
            {note && <p className="mt-2 text-sm text-muted">{note}</p>}
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </Section>
  );
}
