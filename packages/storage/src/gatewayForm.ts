import type { DagScope } from './dagLinks.ts';

export const RAW = 'application/vnd.ipld.raw';
export const CAR = 'application/vnd.ipld.car';

/** What a client wants a block or a graph as. */
export type GatewayForm = { format: 'raw' } | { format: 'car'; scope: DagScope; entityBytes?: string; duplicates: boolean };

type Refused = { status: 400 | 406; refused: string };
type Wanted = { type: string; options: Map<string, string>; q: number };

/** Reads it from query and `Accept`, where the query wins; or why it is not served. */
export function readForm({ headers, query }: { headers: Record<string, string | undefined>; query: Record<string, string> }): GatewayForm | Refused {
  const { format } = query;
  const wanted = accepted(headers['accept'] ?? '');
  if (format === 'raw') return { format };
  // Of a CAR that is asked for by the query the header may still say how.
  if (format === 'car') return carForm(query, wanted.find(({ type }) => type === CAR)?.options ?? new Map());
  if (format !== undefined) return { status: 406, refused: `Format ${format.slice(0, 40)} is not served. Use format=raw or format=car.` };
  if (headers['accept'] === undefined) return { status: 400, refused: `No format was asked for. Add ?format=raw or Accept: ${RAW}.` };
  for (const { type, options } of wanted) {
    if (type === RAW) return { format: 'raw' };
    if (type !== CAR) continue;
    const form = carForm(query, options);
    // Another range may ask for what is served.
    if (!('refused' in form) || form.status === 400) return form;
  }
  return { status: 406, refused: `Only verifiable formats are served. Use Accept: ${RAW} or ${CAR}.` };
}

function carForm(query: Record<string, string>, options: Map<string, string>): GatewayForm | Refused {
  const choice = (name: string, served: readonly string[]): string | Refused | undefined => {
    const value = query[`car-${name}`] ?? options.get(name);
    return value === undefined || served.includes(value) ? value : { status: 406, refused: `CARs of ${name} "${value.slice(0, 40)}" are not served. Use ${served.join(' or ')}.` };
  };
  const dups = choice('dups', ['n', 'y']);
  for (const one of [choice('version', ['1']), choice('order', ['dfs', 'unk']), dups]) if (typeof one === 'object') return one;
  const { 'dag-scope': scope = 'all', 'entity-bytes': entityBytes } = query;
  if (scope !== 'block' && scope !== 'entity' && scope !== 'all') return { status: 400, refused: `dag-scope=${scope.slice(0, 40)} is not served. Use block, entity or all.` };
  // A range speaks of an entity, whatever else was said.
  return { format: 'car', scope: entityBytes === undefined ? scope : 'entity', duplicates: dups === 'y', ...(entityBytes === undefined ? {} : { entityBytes }) };
}

/** The ranges of an `Accept` header (RFC 9110, 12.5.1), what is liked best first; those of quality 0 are left out. */
function accepted(header: string): Wanted[] {
  const ranges = header.split(',').map((range) => {
    const [type = '', ...rest] = range.split(';').map((part) => part.trim().toLowerCase());
    const options = new Map(rest.map((option) => {
      const [name = '', value = ''] = option.split('=').map((part) => part.trim().replaceAll('"', ''));
      return [name, value] as const;
    }));
    const q = Number(options.get('q') ?? 1);
    return { type, options, q: Number.isFinite(q) ? q : 0 };
  });
  return ranges.filter(({ q }) => q > 0).toSorted((one, other) => other.q - one.q);
}
