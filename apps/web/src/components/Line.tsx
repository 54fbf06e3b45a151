import type { JSX, ReactNode } from 'react';

/** One line of what something costs; dots until its value is known. */
export function Line({ name, children }: { name: string; children: ReactNode }): JSX.Element {
  return <div className="flex justify-between gap-4"><dt className="text-muted">{name}</dt><dd className="text-right">{children ?? '…'}</dd></div>;
}
