import { expect, test } from 'vitest';
import { readMessages, withLookups } from '../../messages.ts';

const textsOf = (code: string): string[] => readMessages(code, 'a.tsx').messages.map(({ text }) => text);

test('text in JSX is a sentence with what stands beside it', () => {
  expect(textsOf('const a = <p>Sold {n} times, <b>by hand</b>.</p>;')).toEqual(['Sold {0} times, {1}.', 'by hand']);
  expect(textsOf('const a = <p>\n  Two lines\n  of text\n</p>;')).toEqual(['Two lines of text']);
  expect(textsOf('const a = <p>{open ? \'It is open\' : `It ends ${when}`}{2} NCR</p>;')).toEqual(['It is open', 'It ends {0}']);
});

test('so is what an attribute shows, and not what is written for machines', () => {
  expect(textsOf('const a = <Facts className="grid gap" facts={[["Owner", x ?? "nobody here"], ...(y ? [["State", z]] : [])]} />;')).toEqual(['Owner', 'nobody here', 'State']);
  expect(textsOf('const a = <input name="title" aria-label="Your name" /> ;')).toEqual(['Your name']);
  expect(textsOf('const a = <code>neurodata runs verify</code>;')).toEqual([]);
});

test('elsewhere a sentence is marked, and a number of things is one', () => {
  expect(textsOf('const a = t`Column ${name}`; const b = plural(n, "run"); const c = "plain"; const d = tAs("of stake")`Free`;')).toEqual(['Column {0}', '{0, plural, one {# run} other {# runs}}', 'Free (of stake)']);
});

test('the build looks them up where they stand', () => {
  const made = withLookups('const a = <p title="A tip">Sold {n} <b>{ok ? "by hand" : x}</b></p>;\n', 'a.tsx', '/l');
  expect(made).toMatchInlineSnapshot(`
    "import { t as __t } from "/l/t.ts";
    import { line as __line, parts as __parts } from "/l/parts.ts";
    const a = <p title={__t(["A tip"])}>{__parts(["Sold "," ",""], (n), <b>{ok ? __t(["by hand"]) : x}</b>)}</p>;
    "
  `);
  expect(withLookups('const a = <p>{n}</p>;', 'a.tsx', '/l')).toBeUndefined();
});
