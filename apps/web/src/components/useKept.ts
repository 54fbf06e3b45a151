import { useEffect, useState } from 'react';
import { language } from '../language/language.ts';

/** A text that survives a reload of the page, in this tab only. An amount is kept for its language: "1.500" is another number in another one. */
export function useKept(key: string, { byLanguage = false } = {}): [string, (text: string) => void] {
  const name = `neurodata.kept.${key}${byLanguage && language !== 'en' ? `.${language}` : ''}`;
  const [text, setText] = useState(() => sessionStorage.getItem(name) ?? '');
  useEffect(() => {
    if (text) sessionStorage.setItem(name, text);
    else sessionStorage.removeItem(name);
  }, [name, text]);
  return [text, setText];
}
