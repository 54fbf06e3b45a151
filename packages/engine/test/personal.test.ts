import { expect, test } from 'vitest';
import { hazardOf } from '../src/table/hazard.ts';
import { createPersonalScan } from '../src/table/personal/scanPersonal.ts';

function kindsIn(texts: readonly string[], name = 'x'): string[] {
  const scan = createPersonalScan(name);
  for (const text of texts) scan.look(text);
  return scan.found().map(({ kind, values }) => `${values} ${kind}`);
}

test('each kind is known by its form and check digit, and its neighbours are not taken for it', () => {
  const right: Record<string, string[]> = {
    'e-mail': ['jane.doe+x@mail.example.org', 'write to bob@example.com.', '<a_b@x-y.museum>'],
    phone: ['+44 20 7946 0958', '(212) 555-0123', '212-555-0123', '+4930123456'],
    card: ['4111 1111 1111 1111', '5555-5555-5555-4444', '378282246310005', 'paid by 6011111111111117'],
    iban: ['DE89 3704 0044 0532 0130 00', 'GB29NWBK60161331926819', 'FR1420041010050500013M02606'],
    'us-ssn': ['123-45-6789'], 'uk-nino': ['AB123456C', 'AB 12 34 56 C'], 'es-dni': ['12345678Z', 'X1234567L'],
    'fr-nir': ['1 85 05 78 006 084 91', '185057800608491'], 'it-cf': ['RSSMRA85T10A562S'],
    'de-idnr': ['86095742719', '47036892816', '65929970489'], 'pl-pesel': ['44051401359', '02070803628', '90090515836'],
    'br-cpf': ['529.982.247-25', '111.444.777-35'],
  };
  for (const [kind, texts] of Object.entries(right)) expect(kindsIn(texts), kind).toEqual([`${texts.length} ${kind}`]);
  const wrong = [
    'no@where', '@handle name', 'a@b.c', 'x@-a.com', '4111 1111 1111 1112', '1234567890123456', 'DE89 3704 0044 0532 0130 01', '000-12-3456', '987-65-4321', 'GB123456C', '12345678A', 'X1234567A',
    '185057800608492', 'RSSMRA85T10A562T', '529.982.247-26', '0.4111111111111111', '2024-01-15T10:30:00', '1600000000000', '192.168.100.200', 'f47ac10b-58cc-4372-a567-0e02b2c3d479', '1234.5678', '2.345678901234',
  ];
  for (const text of wrong) expect(kindsIn([text]), text).toEqual([]);
});

test('numbers that have a right check digit by chance are not reported, real ones among few others are', () => {
  const random = Array.from({ length: 500 }, (_, index) => String(40_000_000_000 + index * 7_919_113));
  expect(kindsIn(random)).toEqual([]);
  const ids = ['86095742719', '47036892816', '65929970489'];
  expect(kindsIn([...ids, ...random.slice(0, 2)])).toContain('3 de-idnr');
  expect(kindsIn(['5551234567', '020 7946 0958'], 'Home phone')).toEqual(['2 phone']);
  expect(kindsIn(['5551234567', '020 7946 0958'], 'telescope')).toEqual([]);
});

test('an example tells the form and not the value', () => {
  const scan = createPersonalScan('mail');
  scan.look('jane.doe@example.org');
  expect(scan.found()).toEqual([{ kind: 'e-mail', values: 1, example: 'j***.***@*******.***' }]);
});

test('looking takes a time in proportion to the text, whatever is in it', () => {
  const hostile = ['@', 'a@', '1', '1 ', '+1-', '1.1.1', 'A1', 'a.', '(212) ', 'DE89 ', '(((('].map((piece) => piece.repeat(1_000_000 / piece.length));
  const began = performance.now();
  for (const text of hostile) {
    createPersonalScan('x').look(text);
    hazardOf(`=${text}`);
  }
  // Eleven texts of a million characters: about a second here, days where time grew with the square.
  expect(performance.now() - began).toBeLessThan(20_000);
});

test('a formula that calls something, and a text that ends early, are told from harmless texts', () => {
  for (const text of ['=HYPERLINK("https://x.example","y")', '+SUM(1,2)', "=cmd|'/C calc'!A1", '\t=IMPORTXML(A1)', '@SUM(A1)', "-2+3+cmd|' /C x'!D2"]) expect(hazardOf(text), text).toBe('formula');
  for (const text of ['-5', '+49 30 123', '@home', '= 4', '- a (b)', 'f(x)', ' =SUM(1)', '', '=|']) expect(hazardOf(text), text).toBeUndefined();
  expect(hazardOf('a\0b')).toBe('nul');
});
