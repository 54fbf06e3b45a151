import { type ReactElement, type ReactNode, Fragment, createElement } from 'react';
import { t, translated } from './t.ts';

/** A sentence with elements in it. The build writes it for text in JSX that stands beside other things; `texts` stand around `values`. */
export function parts(texts: readonly string[], ...values: ReactNode[]): ReactElement {
  const words = translated(texts);
  if (words === undefined) return createElement(Fragment, null, ...texts.flatMap((text, index) => (index === 0 ? [text] : [values[index - 1], text])));
  return createElement(Fragment, null, ...words.split(/\{(\d+)\}/).map((text, index) => (index % 2 === 0 ? text : values[Number(text)])));
}

/** The same where only text may stand (`<title>`, `<option>`): what JSX would leave out is left out. */
export function line(texts: readonly string[], ...values: unknown[]): string {
  return t(texts, ...values.map((value) => (value === null || value === undefined || typeof value === 'boolean' ? '' : value)));
}
