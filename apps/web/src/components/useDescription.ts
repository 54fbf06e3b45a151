import { useEffect } from 'react';

/** Longer ones are cut off by whoever shows them. */
const MOST = 160;

/** What search engines and previews say about the page while it is shown; after it the site's own words are back. */
export function useDescription(text: string | undefined): void {
  useEffect(() => {
    const element = document.querySelector<HTMLMetaElement>('meta[name=description]');
    if (!element || !text) return undefined;
    const before = element.content;
    element.content = text.length > MOST ? `${text.slice(0, MOST - 1)}…` : text;
    return () => { element.content = before; };
  }, [text]);
}
