import { ChevronRight } from 'lucide-react';
import { type JSX, type ReactNode, type SyntheticEvent, useId, useState } from 'react';

/** A titled part of a page, on its own surface. */
export function Section({ title, aside, children, className = '' }: { title: string; aside?: ReactNode; children: ReactNode; className?: string }): JSX.Element {
  return (
    <section aria-label={title} className={`panel min-w-0 ${className}`}>
      <div className="flex min-h-12 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line px-4 py-2.5 sm:px-5">
        <h2 className="text-base">{title}</h2>
        {aside}
      </div>
      <div className="p-4 sm:p-5">{children}</div>
    </section>
  );
}

/** A part of a page that stays closed until somebody asks for it. */
export function Fold({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }): JSX.Element {
  return (
    <details aria-label={title} className="panel group min-w-0">
      <summary className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 sm:px-5">
        <ChevronRight size={16} aria-hidden="true" className="shrink-0 text-muted transition-transform group-open:rotate-90" />
        <h2 className="text-base">{title}</h2>
        <span className="ml-auto text-sm text-muted">{aside}</span>
      </summary>
      <div className="border-t border-line p-4 sm:p-5">{children}</div>
    </details>
  );
}

/** Name and value pairs; nothing is shown for values that are not there. */
export function Facts({ facts }: { facts: [string, ReactNode][] }): JSX.Element {
  return (
    <dl className="grid grid-cols-[minmax(96px,36%)_1fr] gap-x-4 gap-y-2 sm:grid-cols-[minmax(96px,auto)_1fr] sm:gap-x-6">
      {facts.filter(([, value]) => value !== undefined && value !== null && value !== false).map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="min-w-0 break-words text-muted">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Width of an explanation, and the room above that it may need, in pixels. */
const TIP_WIDTH = 256;
const TIP_ROOM = 96;

/** A word with a one-line explanation, on hover and on focus. */
export function Explain({ children, text }: { children: ReactNode; text: string }): JSX.Element {
  const [place, setPlace] = useState<{ left: number; top: number; above: boolean }>();
  const id = useId();
  const show = ({ currentTarget }: SyntheticEvent<HTMLElement>): void => {
    const { left, top, bottom } = currentTarget.getBoundingClientRect();
    const above = top > TIP_ROOM;
    setPlace({ left: Math.max(8, Math.min(left, document.documentElement.clientWidth - TIP_WIDTH - 8)), top: above ? top - 4 : bottom + 4, above });
  };
  const hide = (): void => setPlace(undefined);
  return (
    <span tabIndex={0} {...(place ? { 'aria-describedby': id } : {})} onMouseEnter={show} onMouseLeave={hide} onFocus={show} onBlur={hide} className="cursor-help rounded-sm underline decoration-line-strong decoration-dotted underline-offset-3">
      {children}
      {place && <span role="tooltip" id={id} style={{ left: place.left, top: place.top, width: TIP_WIDTH }} className={`pointer-events-none fixed z-40 rounded-md bg-text px-2.5 py-1.5 text-left text-xs font-normal whitespace-normal text-bg ${place.above ? '-translate-y-full' : ''}`}>{text}</span>}
    </span>
  );
}

/** By its place, written out for the style sheet. */
const wideOnly = [
  'max-sm:[&_tr>:nth-child(1)]:hidden', 'max-sm:[&_tr>:nth-child(2)]:hidden', 'max-sm:[&_tr>:nth-child(3)]:hidden', 'max-sm:[&_tr>:nth-child(4)]:hidden', 'max-sm:[&_tr>:nth-child(5)]:hidden', 'max-sm:[&_tr>:nth-child(6)]:hidden',
];

type TableProps = {
  label: string;
  head: ReactNode[];
  children: ReactNode;
  numeric?: number[];
  /** Columns that a phone leaves out, so that what matters and what can be done stand in view: each is on the page that a row leads to. */
  wide?: number[];
};

/** A dense table that scrolls sideways on a phone, with its columns' names. */
export function Table({ label, head, children, numeric = [], wide = [] }: TableProps): JSX.Element {
  return (
    <div className="scroll-edges relative overflow-x-auto" tabIndex={0} role="region" aria-label={`${label}, table`}>
      <table className={`w-full text-left max-sm:[&_td]:px-2 max-sm:[&_th]:px-2 ${wide.map((column) => wideOnly[column]).join(' ')} [&_td]:border-t [&_td]:border-line sm:[&_td]:px-3 [&_td]:py-2 [&_td:first-child]:pl-0 [&_td:last-child]:pr-0 sm:[&_th]:px-3 [&_th]:pb-2 [&_th]:font-medium [&_th]:whitespace-nowrap [&_th]:text-muted [&_th:first-child]:pl-0 [&_th:last-child]:pr-0`}>
        <thead><tr className="text-sm">{head.map((cell, index) => (cell === '' ? <td key={index} className="border-t-0!" /> : <th key={index} scope="col" className={numeric.includes(index) ? 'text-right' : ''}>{cell}</th>))}</tr></thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** The heading of a page, with what belongs beside it. */
export function PageTitle({ title, children, aside }: { title: string; children?: ReactNode; aside?: ReactNode }): JSX.Element {
  return (
    <div className="mb-6 flex flex-wrap items-start justify-between gap-4">
      <title>{`${title} · NeuroData`}</title>
      <div className="min-w-0">
        <h1 className="text-2xl">{title}</h1>
        {children && <p className="mt-1 max-w-[72ch] text-muted">{children}</p>}
      </div>
      {aside}
    </div>
  );
}
