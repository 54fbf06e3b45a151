import { expect, test } from 'vitest';
import { looksLikeCard, readCard, readFront } from './readCard.ts';

const read = (text: string) => readCard(new TextEncoder().encode(text));

test("a card's front matter and first words become a description", () => {
  expect(read('---\nlicense: cc-by-4.0\npretty_name: "Pen: guins"\ntags:\n- birds\n- antarctica\n- birds\n---\n\n# Penguins of Palmer\n\n![x](y.png)\n\nSizes of 344 penguins.\n\n## Use\n\nMore.\n')).toEqual({
    format: 'card', title: 'Pen: guins', description: 'Sizes of 344 penguins.', license: 'CC-BY-4.0', tags: ['birds', 'antarctica'], columns: [],
  });
  expect(read('\uFEFF---\r\nlicense: other\r\nlicense_name: my-own\r\nlicense_link: https://example.org/l\r\n---\r\nWords.')).toMatchObject({ unknownLicense: 'https://example.org/l', description: 'Words.' });
  expect(read('---\nlicense: [mit, apache-2.0]\n---\n')).toMatchObject({ unknownLicense: 'mit, apache-2.0' });
  expect(read('# Only a heading\n\nAnd a sentence.')).toMatchObject({ title: 'Only a heading', description: 'And a sentence.', tags: [] });
  expect(read('---\nlicense: {a: 1}\ntags: 7\npretty_name: [x]\n__proto__: {title: evil}\n---\n')).toEqual({ format: 'card', tags: ['7'], columns: [] });
});

test('front matter that is none, or stands for more than memory holds, is refused with a sentence', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'.split('').map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[at]}`).join(',')}]`).join('\n')}`;
  for (const front of ['license: [', `deep: ${'['.repeat(10_000)}`, bomb, `long: ${'x'.repeat(70_000)}`]) expect(() => read(`---\n${front}\n---\nBody`), front.slice(0, 20)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  expect(readFront('---\nlicense: mit\nno end').problem).toMatch(/does not end/);
});

test('a card is known by its first line', () => {
  const looks = (text: string) => looksLikeCard(new TextEncoder().encode(text));
  expect(['---\na: b', '\uFEFF---\r\n', '# Title', '{"@type":"Dataset"}', '', '--- no'].map(looks)).toEqual([true, true, true, false, false, false]);
});
