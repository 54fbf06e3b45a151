import { canonicalJson } from '@neurodata/protocol';
import { z } from 'zod';
import type { DocumentReader, NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';

/** What the parties of a deal have agreed: a text, and what each milestone is called. Text from strangers. */
export type Agreement = { text: string; milestones: string[] };

const agreementSchema = z.object({ text: z.string(), milestones: z.array(z.string()).default([]) });

/** Stores an agreement publicly; gives its address, which `openDeal` takes as `terms`. */
export async function storeAgreement({ client, agreement: { text, milestones } }: { client: NeuroClient; agreement: Agreement }): Promise<string> {
  const { cid } = await client.storage.addRaw(canonicalJson({ version: 1, about: 'agreement', text, milestones })).catch((error: unknown) => { throw toNeuroError(error); });
  return `ipfs://${cid}`;
}

/** The agreement at a deal's `terms`; undefined where they lead to something else. Throws where what they name is out of reach. */
export async function readAgreement({ client, terms }: { client: DocumentReader; terms: string }): Promise<Agreement | undefined> {
  const [, cid] = /^ipfs:\/\/(b[a-z2-7]{10,100})$/.exec(terms) ?? [];
  if (cid === undefined) return undefined;
  const bytes = await client.storage.readRaw(cid).catch((error: unknown) => { throw toNeuroError(error); });
  const parsed = agreementSchema.safeParse(jsonOf(bytes));
  return parsed.success ? parsed.data : undefined;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
