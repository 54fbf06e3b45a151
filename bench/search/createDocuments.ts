import type { Database } from '../../apps/node/src/db/openDatabase.ts';
import { vocabulary, wordOf } from './makeAssets.ts';
import type { MadeAsset } from './makeAssets.ts';

/** The search text of an asset as PostgreSQL's parser would make it of title, tags, columns and description, as the text of a tsvector: parsing takes the longest of all. */
export async function createDocuments(db: Database): Promise<(asset: MadeAsset) => string> {
  const { rows } = await db.pool.query<{ word: string; stem: string | null }>("SELECT word, (tsvector_to_array(to_tsvector('english', word)))[1] AS stem FROM jsonb_array_elements_text($1::jsonb) word", [JSON.stringify(Array.from({ length: vocabulary }, (_, rank) => wordOf(rank)))]);
  const stems = new Map(rows.map(({ word, stem }) => [word, stem]));
  return (asset) => {
    const places = new Map<string, string[]>();
    let before = 0;
    for (const [weight, words] of [['A', asset.title.split(' ')], ['B', asset.tags], ['C', asset.columns], ['', asset.description.split(' ')]] as const) {
      let last = 0;
      for (const [index, word] of words.entries()) {
        const stem = stems.get(word);
        if (!stem) continue;
        last = index + 1;
        const place = `${before + last}${weight}`;
        const known = places.get(stem);
        if (known) known.push(place);
        else places.set(stem, [place]);
      }
      before += last;
    }
    return [...places].map(([stem, at]) => `'${stem}':${at.join(',')}`).join(' ');
  };
}
