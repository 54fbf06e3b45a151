import { NeuroError } from '@neurodata/protocol';
import { z } from 'zod';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { MAX_EVIDENCE_FILES } from './submitEvidence.ts';

const schema = z.object({
  text: z.string(),
  files: z.array(z.object({ name: z.string().min(1).max(255), cid: z.string().regex(/^[a-zA-Z0-9]{10,120}$/), size: z.number().int().nonnegative() })).max(MAX_EVIDENCE_FILES).default([]),
});

/** What somebody gave as evidence: words of strangers. What a CID names is hashed again when it is read. */
export type EvidenceDocument = z.output<typeof schema>;

/** Reads what {@link submitEvidence} stored. Throws `NOT_FOUND` where nobody has it, `CONTENT_MISMATCH` where it is something else. */
export async function readEvidence(parameters: { client: Pick<NeuroClient, 'storage'>; cid: string }): Promise<EvidenceDocument> {
  const { client, cid } = parameters;
  const bytes = await client.storage.readRaw(cid).catch((error: unknown) => { throw toNeuroError(error); });
  const read = schema.safeParse(parsed(bytes));
  if (read.success) return read.data;
  throw new NeuroError('This is no evidence that can be shown.', { code: 'CONTENT_MISMATCH', remedy: 'Whoever gave it can give it again.', details: cid });
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
