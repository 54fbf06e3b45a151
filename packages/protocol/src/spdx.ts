/** What a licence lets people do, as far as programs are told. */
export type LicenceRules = {
  /** Its long name on the SPDX list. */
  name: string;
  /** Whoever passes it on names the author. */
  attribution?: true;
  /** What is made of it is passed on under the same licence. */
  shareAlike?: true;
  nonCommercial?: true;
  noDerivatives?: true;
  /** For computing with it only, not to be passed on. */
  computeOnly?: true;
};

/** Licences that data and models come under, by their SPDX id. Not the whole SPDX list: whoever needs another gives its id or its address by hand. */
export const spdxLicences: Readonly<Record<string, LicenceRules>> = {
  'CC0-1.0': { name: 'Creative Commons Zero v1.0 Universal' },
  'PDDL-1.0': { name: 'Open Data Commons Public Domain Dedication & License 1.0' },
  Unlicense: { name: 'The Unlicense' },
  ...creativeCommons('1.0', '2.0', '2.5', '3.0', '4.0'),
  'ODbL-1.0': { name: 'Open Data Commons Open Database License v1.0', attribution: true, shareAlike: true },
  'ODC-By-1.0': { name: 'Open Data Commons Attribution License v1.0', attribution: true },
  'CDLA-Permissive-1.0': { name: 'Community Data License Agreement Permissive 1.0', attribution: true },
  'CDLA-Permissive-2.0': { name: 'Community Data License Agreement Permissive 2.0', attribution: true },
  'CDLA-Sharing-1.0': { name: 'Community Data License Agreement Sharing 1.0', attribution: true, shareAlike: true },
  'C-UDA-1.0': { name: 'Computational Use of Data Agreement v1.0', attribution: true, computeOnly: true },
  'O-UDA-1.0': { name: 'Open Use of Data Agreement v1.0', attribution: true },
  'OGL-UK-3.0': { name: 'Open Government Licence v3.0', attribution: true },
  'etalab-2.0': { name: 'Etalab Open License 2.0', attribution: true },
  'DL-DE-BY-2.0': { name: 'Data licence Germany - attribution - version 2.0', attribution: true },
  'DL-DE-ZERO-2.0': { name: 'Data licence Germany - zero - version 2.0' },
  'GFDL-1.3-or-later': { name: 'GNU Free Documentation License v1.3 or later', attribution: true, shareAlike: true },
  MIT: { name: 'MIT License', attribution: true },
  'MIT-0': { name: 'MIT No Attribution' },
  '0BSD': { name: 'BSD Zero Clause License' },
  'Apache-2.0': { name: 'Apache License 2.0', attribution: true },
  'BSD-2-Clause': { name: 'BSD 2-Clause "Simplified" License', attribution: true },
  'BSD-3-Clause': { name: 'BSD 3-Clause "New" or "Revised" License', attribution: true },
  ISC: { name: 'ISC License', attribution: true },
  'MPL-2.0': { name: 'Mozilla Public License 2.0', attribution: true, shareAlike: true },
  'GPL-2.0-only': { name: 'GNU General Public License v2.0 only', attribution: true, shareAlike: true },
  'GPL-2.0-or-later': { name: 'GNU General Public License v2.0 or later', attribution: true, shareAlike: true },
  'GPL-3.0-only': { name: 'GNU General Public License v3.0 only', attribution: true, shareAlike: true },
  'GPL-3.0-or-later': { name: 'GNU General Public License v3.0 or later', attribution: true, shareAlike: true },
  'LGPL-3.0-only': { name: 'GNU Lesser General Public License v3.0 only', attribution: true, shareAlike: true },
  'AGPL-3.0-only': { name: 'GNU Affero General Public License v3.0', attribution: true, shareAlike: true },
  'AGPL-3.0-or-later': { name: 'GNU Affero General Public License v3.0 or later', attribution: true, shareAlike: true },
};

function creativeCommons(...versions: string[]): Record<string, LicenceRules> {
  const kinds: [string, string, Omit<LicenceRules, 'name'>][] = [
    ['BY', 'Attribution', {}], ['BY-SA', 'Attribution Share Alike', { shareAlike: true }], ['BY-ND', 'Attribution No Derivatives', { noDerivatives: true }], ['BY-NC', 'Attribution Non Commercial', { nonCommercial: true }],
    ['BY-NC-SA', 'Attribution Non Commercial Share Alike', { nonCommercial: true, shareAlike: true }], ['BY-NC-ND', 'Attribution Non Commercial No Derivatives', { nonCommercial: true, noDerivatives: true }],
  ];
  return Object.fromEntries(versions.flatMap((version) => kinds.map(([id, words, rules]) => [`CC-${id}-${version}`, { name: `Creative Commons ${words} ${version}`, attribution: true as const, ...rules }])));
}

const idByLowerCase = new Map(Object.keys(spdxLicences).map((id) => [id.toLowerCase(), id]));

/** Whether everybody may copy a work under this licence, change it and pass it on (opendefinition.org), as its SPDX id says; of others that is not taken for granted. */
export function isOpenLicense(license: string): boolean {
  const rules = spdxLicences[idByLowerCase.get(license.toLowerCase()) ?? ''];
  return rules !== undefined && !rules.nonCommercial && !rules.noDerivatives && !rules.computeOnly;
}

/** Names under which other catalogues list licences, in lower case without spaces, colons and dots at the end. */
const otherNames: Readonly<Record<string, string>> = {
  'cc0': 'CC0-1.0', 'cc-0': 'CC0-1.0', 'cc0-public-domain': 'CC0-1.0', 'cc-zero': 'CC0-1.0', 'creative-commons-zero-v1.0-universal': 'CC0-1.0', 'publicdomain': 'CC0-1.0',
  'pddl': 'PDDL-1.0', 'odbl': 'ODbL-1.0', 'odc-odbl': 'ODbL-1.0', 'odc-by': 'ODC-By-1.0', 'odc-by-1.0': 'ODC-By-1.0', 'attribution-4.0-international': 'CC-BY-4.0',
  'apache-2': 'Apache-2.0', 'apache-license-2.0': 'Apache-2.0', 'apache-2.0-license': 'Apache-2.0', 'mit-license': 'MIT', 'gpl-2': 'GPL-2.0-only', 'gpl-2.0': 'GPL-2.0-only', 'gpl-3': 'GPL-3.0-only', 'gpl-3.0': 'GPL-3.0-only', 'gpl2': 'GPL-2.0-only', 'gpl3': 'GPL-3.0-only',
  'agpl-3.0': 'AGPL-3.0-only', 'lgpl-3.0': 'LGPL-3.0-only', 'ogl-3.0': 'OGL-UK-3.0',
};

/** The part of an address that names a licence, by host and path. */
const addresses: readonly [RegExp, (found: RegExpExecArray) => string][] = [
  [/^https?:\/\/(?:www\.)?spdx\.org\/licenses\/([a-z0-9.+-]+?)(?:\.html|\.json)?\/?$/i, (found) => found[1] ?? ''],
  [/^https?:\/\/(?:www\.)?creativecommons\.org\/licenses\/([a-z-]+)\/(\d\.\d)(?:\/.*)?$/i, (found) => `CC-${found[1] ?? ''}-${found[2] ?? ''}`],
  [/^https?:\/\/(?:www\.)?creativecommons\.org\/publicdomain\/zero\/1\.0(?:\/.*)?$/i, () => 'CC0-1.0'],
  [/^https?:\/\/(?:www\.)?opendatacommons\.org\/licenses\/odbl(?:\/.*)?$/i, () => 'ODbL-1.0'],
  [/^https?:\/\/(?:www\.)?opendatacommons\.org\/licenses\/by(?:\/.*)?$/i, () => 'ODC-By-1.0'],
  [/^https?:\/\/(?:www\.)?opendatacommons\.org\/licenses\/pddl(?:\/.*)?$/i, () => 'PDDL-1.0'],
  [/^https?:\/\/(?:www\.)?opensource\.org\/licenses?\/([a-z0-9.-]+)\/?$/i, (found) => found[1] ?? ''],
  [/^https?:\/\/(?:www\.)?apache\.org\/licenses\/license-2\.0(?:\.\w+)?$/i, () => 'Apache-2.0'],
];

/**
 * The SPDX id of a licence that is given by its id, its usual name or its address; undefined where none is meant for certain.
 *
 * @example findLicence('CC BY-SA 4.0') // 'CC-BY-SA-4.0'
 */
export function findLicence(text: string): string | undefined {
  const given = text.trim();
  if (given.length > 200) return undefined;
  for (const [address, idOf] of addresses) {
    const found = address.exec(given);
    if (found) return findName(idOf(found));
  }
  // "Attribution 4.0 International (CC BY 4.0)"
  const inBrackets = /\(([^()]{2,60})\)$/.exec(given)?.[1];
  return findName(given) ?? (inBrackets === undefined ? undefined : findName(inBrackets));
}

function findName(text: string): string | undefined {
  const name = text.toLowerCase().replaceAll(/[\s:_()]+/g, '-').replaceAll(/-{2,}/g, '-').replaceAll(/^-|[-.]$/g, '');
  const known = idByLowerCase.get(name) ?? (Object.hasOwn(otherNames, name) ? otherNames[name] : undefined);
  if (known !== undefined) return known;
  // "cc-by-4" and "ccby4.0" are told without the point or the dash.
  const short = /^cc-?(by(?:-nc)?(?:-sa|-nd)?)-?v?(\d)(?:\.(\d))?(?:-international|-unported)?$/.exec(name);
  return short ? idByLowerCase.get(`cc-${short[1] ?? ''}-${short[2] ?? ''}.${short[3] ?? '0'}`) : undefined;
}

/** Where a licence can be read: of SPDX ids their page, of addresses themselves; undefined for anything else. */
export function licenceUrl(license: string): string | undefined {
  const id = findLicence(license);
  if (id !== undefined) return `https://spdx.org/licenses/${id}`;
  if (/^https?:\/\/\S+$/.test(license)) return license;
  return /^[A-Za-z0-9.+-]{1,100}$/.test(license) ? `https://spdx.org/licenses/${license}` : undefined;
}

/** What a licence lets people do; undefined for one that is not on the short list. */
export function licenceRules(license: string): LicenceRules | undefined {
  const id = findLicence(license);
  return id === undefined ? undefined : spdxLicences[id];
}
