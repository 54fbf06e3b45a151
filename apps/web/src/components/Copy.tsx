import { Check, Copy as CopyIcon } from 'lucide-react';
import { type JSX, useEffect, useState } from 'react';

/** Copies a text and says so for a moment. */
export function useCopy(text: string): { copied: boolean; copy: () => void } {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  return { copied, copy: () => void navigator.clipboard.writeText(text).then(() => setCopied(true)) };
}

/** `0x1234…cdef`: the middle of a long hash left out. */
export function shorten(text: string, keep = 4): string {
  const head = text.startsWith('0x') ? keep + 2 : keep;
  return text.length <= head + keep + 1 ? text : `${text.slice(0, head)}…${text.slice(-keep)}`;
}

/** A hash in mono, shortened in the middle; a click copies all of it. */
export function Hash({ value, label, keep = 4, testId }: { value: string; label: string; keep?: number; testId?: string }): JSX.Element {
  const { copied, copy } = useCopy(value);
  return (
    <button type="button" onClick={copy} title={value} aria-label={`Copy ${label} ${shorten(value, keep)}`} className="num inline-flex max-w-full items-center gap-1 rounded-sm align-middle hover:text-accent" data-testid={testId} data-value={value}>
      <span className="truncate">{shorten(value, keep)}</span>
      {copied ? <Check size={12} className="shrink-0 text-good" aria-hidden="true" /> : <CopyIcon size={12} className="shrink-0 text-muted" aria-hidden="true" />}
      <span className="sr-only" aria-live="polite">{copied ? 'Copied' : ''}</span>
    </button>
  );
}

/** A text whose addresses and digests are shortened and can be copied. */
export function WithHashes({ text }: { text: string }): JSX.Element {
  return <>{text.split(/(0x[0-9a-fA-F]{40,64})\b/).map((part, index) => (index % 2 === 1 ? <Hash key={index} value={part} label="value" keep={6} /> : part))}</>;
}

/** A text whose long numbers, like those of proposals, are shortened; the whole one on hover. */
export function WithShortNumbers({ text }: { text: string }): JSX.Element {
  return <>{text.split(/(\d{30,})/).map((part, index) => (index % 2 === 1 ? <span key={index} className="num" title={part}>{shorten(part)}</span> : part))}</>;
}

/** Commands to paste into a terminal. */
export function CodeBlock({ code, label }: { code: string; label: string }): JSX.Element {
  const { copied, copy } = useCopy(code);
  return (
    <div className="relative">
      <pre tabIndex={0} aria-label={label} className="overflow-x-auto rounded-md border border-line bg-bg p-3 pr-12 text-sm leading-6">{code}</pre>
      <button type="button" onClick={copy} aria-label={`Copy ${label}`} className="absolute top-2 right-2 grid size-7 place-items-center rounded-md border border-line bg-surface text-muted hover:text-text">
        {copied ? <Check size={14} className="text-good" /> : <CopyIcon size={14} />}
      </button>
      <span className="sr-only" aria-live="polite">{copied ? 'Copied' : ''}</span>
    </div>
  );
}
