/** What documents of this kind conform to (https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html). */
export const CROISSANT = 'http://mlcommons.org/croissant/1.1';
/** Their media type. */
export const CROISSANT_TYPE = `application/ld+json; profile="${CROISSANT}"`;

const json = (id: string) => ({ '@id': id, '@type': '@json' }) as const;

/**
 * The context that the specification recommends (appendix 1), what its reference library expects besides, and ours. Statistics and
 * facts of the sealed file are opaque JSON: column names may be any text, keywords of JSON-LD too.
 */
export const croissantContext = {
  '@language': 'en',
  '@vocab': 'https://schema.org/',
  sc: 'https://schema.org/',
  cr: 'http://mlcommons.org/croissant/',
  rai: 'http://mlcommons.org/croissant/RAI/',
  dct: 'http://purl.org/dc/terms/',
  prov: 'http://www.w3.org/ns/prov#',
  odrl: 'http://www.w3.org/ns/odrl/2/',
  duo: 'http://purl.obolibrary.org/obo/DUO_',
  cc: 'http://creativecommons.org/ns#',
  nd: 'https://neurodata.dev/ns#',
  annotation: 'cr:annotation',
  arrayShape: 'cr:arrayShape',
  citeAs: 'cr:citeAs',
  column: 'cr:column',
  conformsTo: 'dct:conformsTo',
  containedIn: 'cr:containedIn',
  data: json('cr:data'),
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  description: { '@container': '@language' },
  equivalentProperty: 'cr:equivalentProperty',
  examples: json('cr:examples'),
  excludes: 'cr:excludes',
  extract: 'cr:extract',
  field: 'cr:field',
  fileObject: 'cr:fileObject',
  fileProperty: 'cr:fileProperty',
  fileSet: 'cr:fileSet',
  format: 'cr:format',
  includes: 'cr:includes',
  isArray: 'cr:isArray',
  isLiveDataset: 'cr:isLiveDataset',
  jsonPath: 'cr:jsonPath',
  key: 'cr:key',
  md5: 'cr:md5',
  name: { '@container': '@language' },
  parentField: 'cr:parentField',
  path: 'cr:path',
  readLines: 'cr:readLines',
  recordSet: 'cr:recordSet',
  references: 'cr:references',
  regex: 'cr:regex',
  repeated: 'cr:repeated',
  replace: 'cr:replace',
  samplingRate: 'cr:samplingRate',
  sdVersion: 'cr:sdVersion',
  separator: 'cr:separator',
  source: 'cr:source',
  subField: 'cr:subField',
  transform: 'cr:transform',
  unArchive: 'cr:unArchive',
  value: 'cr:value',
  'nd:columns': json('nd:columns'),
  'nd:evaluation': json('nd:evaluation'),
  'nd:folder': json('nd:folder'),
  'nd:model': json('nd:model'),
  'nd:open': json('nd:open'),
  'nd:sealed': json('nd:sealed'),
  'nd:tables': json('nd:tables'),
} as const;

/** The ids of the sealed file, of what is in it, of a folder's main table, and of the rows. */
export const fileIds = { sealed: 'sealed-file', content: 'content', mainTable: 'main-table', rows: 'rows' } as const;
