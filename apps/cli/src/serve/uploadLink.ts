import { createHmac, timingSafeEqual } from 'node:crypto';
import { HubError } from '@neurodata/sdk';

/** Seconds that a link for one file holds: an upload that has begun may take longer. */
export const LINK_SECONDS = 3_600;

type Link = { oid: string; size: number; until: number };

const signatureOf = (token: string, { oid, size, until }: Link): Buffer => createHmac('sha256', token).update(`upload ${oid} ${size} ${until}`).digest();

/** Where the bytes of one file go. Clients send no token with them, so the address itself says that it was given to somebody who showed one. */
export function uploadLink({ token, oid, size, now = Date.now() }: { token: string; oid: string; size: number; now?: number }): string {
  const until = Math.floor(now / 1_000) + LINK_SECONDS;
  return `/api/uploads/${oid}?${new URLSearchParams({ size: String(size), until: String(until), signature: signatureOf(token, { oid, size, until }).toString('base64url') }).toString()}`;
}

/** What a link is for. Throws 403 for one that was not made here, or is too old. */
export function readUploadLink({ token, oid, query, now = Date.now() }: { token: string; oid: string; query: URLSearchParams; now?: number }): { oid: string; size: number } {
  const [size, until] = [Number(query.get('size')), Number(query.get('until'))];
  const shown = Buffer.from(query.get('signature') ?? '', 'base64url');
  const wanted = signatureOf(token, { oid, size, until });
  if (shown.length !== wanted.length || !timingSafeEqual(shown, wanted)) throw new HubError('This address was not given out here.', { status: 403, code: 'Unauthorized' });
  if (until < now / 1_000) throw new HubError('This address is too old. Upload again.', { status: 403, code: 'Unauthorized' });
  return { oid, size };
}
