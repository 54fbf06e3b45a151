import { type JSX, type KeyboardEvent, type ReactNode, useDeferredValue, useEffect, useId, useRef } from 'react';

export type Tab = { value: string; name: string; content: ReactNode };

type TabsProps = {
  /** What the tabs are about. */
  label: string;
  tabs: Tab[];
  chosen: string;
  onChoose: (value: string) => void;
  look: { root?: string; list: string; tab: string; panel: string };
};

/** Tabs as the ARIA practices describe them: one stop for Tab, arrows, Home and End go through them, and a tab is shown as it gets focus. */
export function Tabs({ label, tabs, chosen, onChoose, look }: TabsProps): JSX.Element {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  // The tab is marked at once; what it shows may take longer, and comes in pieces.
  const drawn = useDeferredValue(chosen);
  const shown = tabs.find(({ value }) => value === drawn);
  const move = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(({ value }) => value === chosen);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    const tab = next === undefined ? undefined : tabs.at(next % tabs.length);
    if (!tab) return;
    event.preventDefault();
    onChoose(tab.value);
    list.current?.querySelector<HTMLElement>(`[data-value="${tab.value}"]`)?.focus();
  };
  // On a phone the tabs are wider than the page; only they move, sideways. After the next frame, when where they lie is known without laying out the page once more.
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => {
        const tab = list.current?.querySelector<HTMLElement>(`[data-value="${chosen}"]`);
        if (tab && list.current) list.current.scrollLeft = tab.offsetLeft - list.current.offsetLeft - 16;
      });
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [chosen]);
  return (
    <div className={look.root}>
      <div ref={list} role="tablist" aria-label={label} onKeyDown={move} className={look.list}>
        {tabs.map(({ value, name }) => {
          const selected = value === chosen;
          return (
            <button
              key={value} type="button" role="tab" id={`${id}-${value}`} data-value={value} data-state={selected ? 'active' : 'inactive'} aria-selected={selected} tabIndex={selected ? 0 : -1}
              {...(selected ? { 'aria-controls': `${id}-panel` } : {})} onClick={() => onChoose(value)} className={look.tab}
            >{name}</button>
          );
        })}
      </div>
      {shown && <div key={shown.value} role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${shown.value}`} className={look.panel}>{shown.content}</div>}
    </div>
  );
}
