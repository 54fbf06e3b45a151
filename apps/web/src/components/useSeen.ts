import { type RefObject, useEffect, useRef, useState } from 'react';

/** Whether an element has come into view, once and for all: what it needs is loaded only then. */
export function useSeen<T extends Element>(): [place: RefObject<T | null>, seen: boolean] {
  const place = useRef<T>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (!element || seen) return undefined;
    const observer = new IntersectionObserver((entries) => { if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true); });
    observer.observe(element);
    return () => observer.disconnect();
  }, [seen]);
  return [place, seen];
}
