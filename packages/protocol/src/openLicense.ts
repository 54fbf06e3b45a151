/** SPDX ids of licences under which everybody may copy and pass on (opendefinition.org, opensource.org). */
const openLicenses = [
  'CC0-1.0', 'CC-BY-4.0', 'CC-BY-3.0', 'CC-BY-SA-4.0', 'CC-BY-SA-3.0', 'PDDL-1.0', 'ODC-By-1.0', 'ODbL-1.0', 'CDLA-Permissive-1.0', 'CDLA-Permissive-2.0', 'CDLA-Sharing-1.0', 'OGL-UK-3.0', 'etalab-2.0',
  'MIT', 'MIT-0', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'ISC', 'Unlicense', 'MPL-2.0', 'GPL-3.0-only', 'GPL-3.0-or-later', 'AGPL-3.0-only', 'AGPL-3.0-or-later',
];
const known = new Set(openLicenses.map((id) => id.toLowerCase()));

/** Whether a licence lets everybody copy and pass on, as its SPDX id says; anything else is taken not to. */
export const isOpenLicense = (license: string): boolean => known.has(license.toLowerCase());
