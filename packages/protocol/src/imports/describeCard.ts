import { type ImportedDescription, boundDescription, isNode, listOf, textOf } from './importedDescription.ts';

/** Characters of a card's text that become a description. */
const MOST_PROSE = 4_000;

/**
 * A card of a hub for datasets and models: what its front matter, already parsed, says of licence, title and tags, and its first paragraphs.
 *
 * @example describeCard({ front: { license: 'cc-by-4.0', pretty_name: 'Penguins', tags: ['birds'] }, body: '# Penguins\n\nSizes of birds.' }).description // 'Sizes of birds.'
 */
export function describeCard({ front, body }: { front: unknown; body: string }): ImportedDescription {
  const said = isNode(front) ? front : {};
  const heading = /^#\s+(.+)$/m.exec(body)?.[1];
  const licenses = listOf(own(said, 'license')).filter((name) => typeof name === 'string').flatMap((name) => (name === 'other' ? otherLicense(said) : [name]));
  return boundDescription({
    format: 'card', title: firstOf(own(said, 'pretty_name'), own(said, 'model_name'), heading), description: firstOf(own(said, 'description'), proseOf(body)), licenses,
    source: firstOf(own(said, 'source'), own(said, 'homepage')), keywords: listOf(own(said, 'tags')), columns: [],
  });
}

const own = (node: Record<string, unknown>, name: string): unknown => (Object.hasOwn(node, name) ? node[name] : undefined);

const firstOf = (...values: unknown[]): unknown => values.find((value) => textOf(value, 10) !== undefined);

/** Its address, which says more than its name. */
function otherLicense(said: Record<string, unknown>): string[] {
  const [named] = [own(said, 'license_link'), own(said, 'license_name')].filter((value) => typeof value === 'string');
  return [named ?? 'other'];
}

/** The first section that has words in it, without headings, pictures and code. */
function proseOf(body: string): string | undefined {
  const plain = body.replaceAll(/^```[^]*?^```$/gm, '').replaceAll(/<!--[^]*?-->/g, '').replaceAll(/!\[[^\]\n]*\]\([^)\n]*\)/g, '');
  const section = plain.split(/^#{1,6}\s.*$/m).map((text) => text.trim()).find((text) => text !== '');
  return section?.slice(0, MOST_PROSE);
}
