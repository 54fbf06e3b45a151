import type { JSX, ReactNode } from 'react';

/** The one action of a page: in its place on wide screens, at the bottom edge of small ones. A page shows one at a time. */
export function BottomBar({ children }: { children: ReactNode }): JSX.Element {
  return <div data-bottom-bar className="grid gap-2 max-lg:fixed max-lg:inset-x-0 max-lg:bottom-0 max-lg:z-20 max-lg:max-h-[60dvh] max-lg:overflow-y-auto max-lg:border-t max-lg:border-line max-lg:bg-surface max-lg:p-3 max-lg:pb-[max(12px,env(safe-area-inset-bottom))]">{children}</div>;
}
