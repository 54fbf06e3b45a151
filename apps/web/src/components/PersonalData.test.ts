import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { PersonalData, mayGoOn } from './PersonalData.tsx';

test("what does harm in a folder's other tables is named, and nothing goes on", () => {
  const harmful = [{ path: 'tables/sums.csv', hazard: 'Column 2 holds a cell.' }];
  expect([mayGoOn({ columns: [{ name: 'a' }], harmful: [] }, false), mayGoOn({ columns: [{ name: 'a' }], harmful }, true), mayGoOn({ columns: [{ name: 'a', hazard: 'formula' }], harmful: [] }, true)]).toEqual([true, false, false]);
  const text = renderToStaticMarkup(createElement(PersonalData, { columns: [], harmful, agreed: true, onAgree: () => undefined })).replaceAll(/<[^>]+>/g, '');
  expect(text).toBe('tables/sums.csv: Column 2 holds a cell. Validators refuse such a table.');
  expect(renderToStaticMarkup(createElement(PersonalData, { columns: [], harmful: [], agreed: true, onAgree: () => undefined }))).toBe('');
});
