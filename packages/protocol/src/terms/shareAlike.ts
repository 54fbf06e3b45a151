import { findLicence, licenceRules, spdxLicences } from '../spdx.ts';

/** Later versions of the same licence, and others that its text names; by creativecommons.org/compatiblelicenses, section 3.3 of the MPL, section 2 of the LGPL and the "or later" of the GPL. */
const namedByText: Readonly<Record<string, readonly string[]>> = {
  'CC-BY-SA-4.0': ['GPL-3.0-only', 'GPL-3.0-or-later'],
  'GPL-2.0-or-later': ['GPL-2.0-only', 'GPL-3.0-only', 'GPL-3.0-or-later'],
  'GPL-3.0-or-later': ['GPL-3.0-only'],
  'AGPL-3.0-or-later': ['AGPL-3.0-only'],
  'LGPL-3.0-only': ['GPL-3.0-only'],
  'MPL-2.0': ['GPL-2.0-or-later', 'GPL-3.0-only', 'GPL-3.0-or-later', 'LGPL-3.0-only', 'AGPL-3.0-only', 'AGPL-3.0-or-later'],
};

/** SPDX ids under one of which whatever is made of a work under this licence has to be passed on, sorted; undefined where it asks for none. */
export function shareAlikeOf(license: string): string[] | undefined {
  const id = findLicence(license);
  if (id === undefined || !licenceRules(id)?.shareAlike) return undefined;
  return [...new Set([id, ...laterOf(id), ...(namedByText[id] ?? [])])].sort();
}

/** Creative Commons share-alike licences from 2.0 on admit their later versions. */
function laterOf(id: string): string[] {
  const [, family = '', version = ''] = /^(CC-BY-(?:NC-)?SA-)(\d\.\d)$/.exec(id) ?? [];
  if (family === '' || version === '1.0') return [];
  return Object.keys(spdxLicences).filter((other) => other.startsWith(family) && other.slice(family.length) > version);
}
