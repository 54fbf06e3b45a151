import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Log } from '../../common/logger.ts';
import type { Database } from '../../db/openDatabase.ts';
import { assetEmbeddings } from '../../db/schema.ts';
import type { Rerank } from '../searchAssets.ts';
import type { Embedder } from './createEmbedder.ts';

export type Meaning = {
  rerank: Rerank;
  /** Embeds texts that have no vector yet, or an older text's, until all have one or `signal` aborts; says how many. */
  embedMissing(signal?: AbortSignal): Promise<number>;
};

/** A search waits for its words' vector as long; then the order by words has to do. */
const queryMs = 400;
const textMs = 60_000;
const batch = 8;
const mostCharacters = 2_000;
/** How much the place by words still counts beside the cosine, for the best one. */
const wordShare = 0.4;

/**
 * Order by meaning: among what the words found, by 0.6 * cosine of query and text + 0.4 * the place by words, from 1 for the first
 * down to 0. What has no vector yet keeps its place by words and a cosine of 0.
 */
export function createMeaning({ db, embedder, log }: { db: Database; embedder: Embedder; log: Log }): Meaning {
  const { model } = embedder;
  const remembered = new Map<string, Float32Array>();
  const queryVector = async (query: string): Promise<Float32Array | undefined> => {
    const known = remembered.get(query);
    if (known) return known;
    const [vector] = await embedder.embed([query], queryMs);
    if (remembered.size >= 500) remembered.clear();
    if (vector) remembered.set(query, vector);
    return vector;
  };
  return {
    rerank: async (query, assetIds) => {
      if (assetIds.length === 0) return undefined;
      try {
        const vector = await queryVector(query);
        const rows = await db.orm.select({ assetId: assetEmbeddings.assetId, bytes: assetEmbeddings.vector }).from(assetEmbeddings).where(and(inArray(assetEmbeddings.assetId, [...assetIds]), eq(assetEmbeddings.model, model)));
        if (!vector || rows.length === 0) return undefined;
        const cosines = new Map(rows.map(({ assetId, bytes }) => [assetId, cosine(vector, floatsOf(bytes))]));
        const scored = assetIds.map((assetId, place) => ({ assetId, score: (1 - wordShare) * (cosines.get(assetId) ?? 0) + wordShare * (1 - place / assetIds.length) }));
        return scored.toSorted((a, b) => b.score - a.score).map(({ assetId }) => assetId);
      } catch (error) {
        log.warn({ error: error instanceof Error ? error.message : String(error) }, 'a search was ordered by words alone');
        return undefined;
      }
    },
    embedMissing: async (signal) => {
      let count = 0;
      for (;;) {
        if (signal?.aborted) break;
        const { rows } = await db.orm.execute<{ asset_id: bigint; manifest_digest: string; text: string }>(sql`SELECT s.asset_id, s.manifest_digest, left(concat_ws(E'\n', m.title, (SELECT string_agg(t, ', ') FROM jsonb_array_elements_text(m.tags) t), m.description), ${mostCharacters}) AS text
          FROM asset_search s JOIN manifests m ON m.digest = s.manifest_digest LEFT JOIN asset_embeddings e ON e.asset_id = s.asset_id AND e.model = ${model}
          WHERE s.listed AND e.manifest_digest IS DISTINCT FROM s.manifest_digest ORDER BY s.asset_id LIMIT ${batch}`);
        if (rows.length === 0) break;
        const vectors = await embedder.embed(rows.map(({ text }) => text), textMs);
        const values = rows.map((row, index) => ({ assetId: Number(row.asset_id), model, manifestDigest: row.manifest_digest as `0x${string}`, vector: bytesOf(vectors[index]!) }));
        await db.orm.insert(assetEmbeddings).values(values).onConflictDoUpdate({ target: [assetEmbeddings.assetId, assetEmbeddings.model], set: { manifestDigest: sql`excluded.manifest_digest`, vector: sql`excluded.vector` } });
        count += rows.length;
      }
      // Vectors of assets that are gone; those of other models are another setting's.
      await db.orm.execute(sql`DELETE FROM asset_embeddings e WHERE e.model = ${model} AND NOT EXISTS (SELECT 1 FROM asset_search s WHERE s.asset_id = e.asset_id)`);
      return count;
    },
  };
}

function bytesOf(vector: Float32Array): Uint8Array {
  const bytes = new Uint8Array(vector.length * 4);
  const view = new DataView(bytes.buffer);
  vector.forEach((value, index) => view.setFloat32(index * 4, value, true));
  return bytes;
}

function floatsOf(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => view.getFloat32(index * 4, true));
}

function cosine(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return 0;
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}
