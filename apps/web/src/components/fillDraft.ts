import type { ImportedDescription } from '@neurodata/protocol';
import { type PublishDraft, emptyDraft } from './publishDraft.ts';

const fields = ['title', 'description', 'license', 'source', 'tags'] as const;

/** The draft with what a description says, where nobody has typed anything. `guessed`: a title that was made from the file's name, which nobody typed either. */
export function fillDraft(draft: PublishDraft, found: ImportedDescription, guessed?: string): PublishDraft {
  const said = { title: found.title, description: found.description, license: found.license, source: found.source, tags: found.tags.filter((tag) => !tag.includes(',')).join(', ') };
  const isTyped = (name: (typeof fields)[number]): boolean => draft[name] !== emptyDraft[name] && !(name === 'title' && draft.title === guessed);
  return { ...draft, ...Object.fromEntries(fields.flatMap((name) => (said[name] && !isTyped(name) ? [[name, said[name]]] : []))) };
}
