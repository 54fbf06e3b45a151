import { expect, test } from 'vitest';
import { findLicence, licenceRules, licenceUrl } from './spdx.ts';

test('a licence is found by its id, its usual names and its address', () => {
  const same: Record<string, string[]> = {
    'CC0-1.0': ['CC0-1.0', 'cc0-1.0', 'CC0: Public Domain', 'http://creativecommons.org/publicdomain/zero/1.0/', 'https://spdx.org/licenses/CC0-1.0.html'],
    'CC-BY-4.0': ['CC BY 4.0', 'cc-by-4.0', 'CC_BY_4', 'https://creativecommons.org/licenses/by/4.0/legalcode', 'Attribution 4.0 International', 'Attribution 4.0 International (CC BY 4.0)'],
    'CC-BY-NC-SA-3.0': ['CC BY-NC-SA 3.0', 'https://creativecommons.org/licenses/by-nc-sa/3.0/'],
    'ODbL-1.0': ['ODbL-1.0', 'odbl', 'https://opendatacommons.org/licenses/odbl/1-0/'],
    'Apache-2.0': ['apache-2.0', 'Apache 2', 'https://www.apache.org/licenses/LICENSE-2.0.txt'],
    MIT: ['mit', 'https://opensource.org/licenses/MIT'],
  };
  for (const [id, names] of Object.entries(same)) expect(names.map((name) => [name, findLicence(name)])).toEqual(names.map((name) => [name, id]));
});

test('what names no licence for certain is none', () => {
  for (const text of ['', 'other', 'unknown', 'Free to use', 'CC', 'CC-BY', 'Mine (not CC)', 'BSD', 'CC-BY-9.9', 'https://evil.example/licenses/by/4.0/', 'https://creativecommons.org.evil.example/licenses/by/4.0/', '__proto__', 'constructor', 'x'.repeat(300)]) expect([text, findLicence(text)]).toEqual([text, undefined]);
});

test('an address for readers, and rules for programs', () => {
  expect(licenceUrl('CC-BY-4.0')).toBe('https://spdx.org/licenses/CC-BY-4.0');
  expect(licenceUrl('EUPL-1.2')).toBe('https://spdx.org/licenses/EUPL-1.2');
  expect(licenceUrl('https://www.usa.gov/government-works')).toBe('https://www.usa.gov/government-works');
  expect(licenceUrl('Ask me')).toBeUndefined();
  expect(licenceUrl('javascript:alert(1)')).toBeUndefined();
  expect(licenceRules('CC BY-NC-ND 4.0')).toEqual({ name: 'Creative Commons Attribution Non Commercial No Derivatives 4.0', attribution: true, nonCommercial: true, noDerivatives: true });
  expect(licenceRules('Ask me')).toBeUndefined();
});
