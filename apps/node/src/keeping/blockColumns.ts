/**
 * Every column that may name a block, by table: `document` holds a sha256 whose block is a document, `address` a text with a CID in it, and what names none says why. Garbage collection
 * keeps what the first two name. A test fails for a column that looks like one of them and stands in no list.
 */
export const blockColumns: Record<string, Record<string, 'document' | 'address' | { not: string }>> = {
  versions: {
    manifest_digest: 'document', keyset_digest: 'document', reason: 'document',
    content_root: { not: 'of salted plaintext' }, content_commitment: { not: 'of salted plaintext' }, key_commitment: { not: "the first keyset's digest is in the manifest too" },
  },
  listings: { terms_digest: 'document' },
  jobs: { spec_digest: 'document', receipt_digest: 'document', model_digest: { not: 'of plaintext' }, checkpoint_root: { not: 'of digests' } },
  manifests: { digest: 'document', keyset_digest: 'document', content_root: { not: 'of salted plaintext' }, content_commitment: { not: 'of salted plaintext' }, reason: { not: 'words' } },
  run_documents: { digest: 'document', reason: { not: 'words' } },
  milestones: { digest: 'document' },
  reviews: { digest: 'document' },
  deal_terms: { address: 'address' },
  evidence: { address: 'address' },
  hosted_pins: { root: 'address', cid: { not: 'as root' } },
  model_checks: { manifest_digest: { not: 'as in versions' } },
  table_checks: { manifest_digest: { not: 'as in versions' } },
  challenges: { counter_root: { not: 'of digests' } },
  attestations: { evidence: { not: 'a digest of digests' } },
  assets: { curation_reason: 'address' },
  asset_search: { manifest_digest: { not: 'as in versions' } },
  asset_embeddings: { manifest_digest: { not: 'as in versions' } },
  ballots: { reason: { not: 'words' } },
  duties: { evidence: { not: 'a digest of digests' }, digests: { not: 'of states, which runs note' } },
};

/** Tables about the people of this node, and its own work: nothing in them is a block. */
export const withoutBlocks: ReadonlySet<string> = new Set([
  'webhooks', 'reports', 'hidden_subjects', 'audit_log', 'users', 'one_time_codes', 'sessions', 'refresh_credentials', 'user_wallets', 'api_keys', 'user_activity',
]);
