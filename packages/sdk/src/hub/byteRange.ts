import { HubError } from './HubError.ts';

/** The one range that a request asks for (RFC 9110, 14.2); undefined for the whole, also where it asks for several or in another unit. Throws 416 where it lies outside. */
export function byteRange(header: string | undefined, size: number): { offset: number; length: number } | undefined {
  const found = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? '');
  const [, first = '', last = ''] = found ?? [];
  if (!found || (first === '' && last === '') || (first !== '' && last !== '' && Number(last) < Number(first))) return undefined;
  const offset = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size);
  if (offset < size && offset < end) return { offset, length: end - offset };
  throw new HubError(`The file has ${size} bytes.`, { status: 416, code: 'RangeNotSatisfiable', headers: { 'content-range': `bytes */${size}` } });
}
