import { type JSX, useEffect, useState } from 'react';
import { language } from './language.ts';
import { readersAmounts } from './readersAmounts.ts';

/** What a package has said, in the reader's language: nothing while its words are loaded, and as it is where they cannot be. */
export function useSaid(text: string): string {
  const [say, setSay] = useState<(sentence: string) => string>();
  const waits = language !== 'en' && text !== '' && !say;
  useEffect(() => {
    if (waits) void import('./tFrom.ts').then(({ tFrom }) => setSay(() => tFrom), () => setSay(() => (sentence: string) => sentence));
  }, [waits]);
  return waits ? '' : readersAmounts(say?.(text) ?? text);
}

/** The same, where it stands alone. */
export function Said({ text }: { text: string }): JSX.Element {
  return <>{useSaid(text)}</>;
}
