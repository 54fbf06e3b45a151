import { useEffect, useState } from 'react';

/** A text that survives a reload of the page, in this tab only. */
export function useKept(key: string): [string, (text: string) => void] {
  const name = `neurodata.kept.${key}`;
  const [text, setText] = useState(() => sessionStorage.getItem(name) ?? '');
  useEffect(() => {
    if (text) sessionStorage.setItem(name, text);
    else sessionStorage.removeItem(name);
  }, [name, text]);
  return [text, setText];
}
