import { type JSX, type ReactNode, Suspense, useState } from 'react';
import { Skeleton } from '../Feedback.tsx';
import { Tabs } from '../Tabs.tsx';
import { lazyPart } from '../lazyPart.ts';

const SqlPanel = lazyPart(() => import('./SqlPanel.tsx'), 'SqlPanel');

const look = {
  list: 'flex gap-1 overflow-x-auto border-b border-line', panel: 'pt-4',
  tab: 'h-9 shrink-0 border-b-2 border-transparent px-3 whitespace-nowrap text-muted hover:text-text data-[state=active]:border-accent data-[state=active]:text-text',
};

/** What was unsealed: `checks` first; of a table also its rows, by SQL. The database is loaded when its tab is opened. */
export function OpenedFile({ file: { file, fileName, mediaType }, checks }: { file: { file: Blob; fileName: string; mediaType: string }; checks: ReactNode }): JSX.Element {
  const [chosen, setChosen] = useState('checks');
  if (!tables.has(mediaType)) return <>{checks}</>;
  const tabs = [
    { value: 'checks', name: 'Checks', content: checks },
    { value: 'sql', name: 'SQL', content: <Suspense fallback={<Skeleton className="h-48" />}><SqlPanel file={file} fileName={fileName} /></Suspense> },
  ];
  return <Tabs label="The file" tabs={tabs} chosen={chosen} onChoose={setChosen} look={look} />;
}

/** As the engine calls its formats, which a page does not load for their names. */
const tables = new Set(['text/csv', 'application/json', 'application/x-ndjson', 'application/vnd.apache.parquet', 'application/vnd.apache.arrow.file', 'application/vnd.apache.arrow.stream']);
