import type { CardBlock, ModelCard } from './card.ts';

/** A card as Markdown (CommonMark with tables). Names in it come from strangers: nothing in them becomes markup. */
export function cardMarkdown({ title, sections }: ModelCard): string {
  const parts = sections.map((section) => [`## ${escaped(section.title)}`, ...section.blocks.map(blockText)].join('\n\n'));
  return `# ${escaped(title)}\n\n${parts.join('\n\n')}\n`;
}

function blockText(block: CardBlock): string {
  if (block.kind === 'text') return escaped(block.text);
  if (block.kind === 'list') return block.items.map((item) => `- ${escaped(item)}`).join('\n');
  if (block.kind === 'table') return [block.head, block.head.map(() => '---'), ...block.rows].map((cells, row) => `| ${cells.map((cell) => (row === 1 ? cell : escaped(cell))).join(' | ')} |`).join('\n');
  const fence = '`'.repeat(Math.max(3, ...Array.from(block.code.matchAll(/`+/g), ([run]) => run.length + 1)));
  return `${fence}${block.language}\n${block.code}\n${fence}`;
}

function escaped(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>|#&~]/g, '\\$&');
}
