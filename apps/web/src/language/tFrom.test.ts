import { profileTable } from '@neurodata/engine';
import { marketAbi } from '@neurodata/protocol';
import { toNeuroError } from '@neurodata/sdk';
import { ContractFunctionRevertedError, encodeErrorResult } from 'viem';
import { expect, test } from 'vitest';
import { packagePart, readCatalogues } from '../../languages.ts';
import { readPackageSentences } from '../../packageSentences.ts';
import { createTFrom } from './createTFrom.ts';

const { de = {} } = await readCatalogues();
const tFrom = createTFrom(await packagePart(de));

test('what a contract refused is said in German, with what was tried and what to do', () => {
  const data = encodeErrorResult({ abi: marketAbi, errorName: 'PriceAboveMax', args: [5n, 4n] });
  const { message, remedy = '' } = toNeuroError(new ContractFunctionRevertedError({ abi: marketAbi, data, functionName: 'buy' }));
  expect(tFrom(message.slice(0, -remedy.length).trim())).toBe('Der Preis ist höher als der, dem Sie zugestimmt haben.');
  expect(tFrom(remedy)).toBe('Das Angebot noch einmal ansehen und den neuen Preis bestätigen.');
  expect(tFrom(`Buy listing 7 for 5 NCR: ${message}`)).toBe('Angebot 7 für 5 NCR kaufen: Der Preis ist höher als der, dem Sie zugestimmt haben. Das Angebot noch einmal ansehen und den neuen Preis bestätigen.');
});

test('so is what a worker throws, with its values, and a sentence inside of a sentence', async () => {
  const { message } = await profileTable(new TextEncoder().encode('a,b\n1,2\n1,2,3\n')).then(() => new Error('It was read.'), (error: Error) => error);
  expect(tFrom(message)).toBe('Zeile 3 hat 3 Felder, die Kopfzeile hat 2 (die Kopfzeile ist Zeile 1): Felder mit Kommas oder Zeilenenden in Anführungszeichen setzen und fehlende ergänzen.');
  const quoted = await profileTable(new TextEncoder().encode('a,b\n1,"2\n')).then(() => new Error('It was read.'), (error: Error) => error);
  expect(tFrom(quoted.message)).toBe('Zeile 2 öffnet ein Anführungszeichen, das nie geschlossen wird: schließen (die Kopfzeile ist Zeile 1).');
});

test('what nobody has translated stays as it is, and so do names', () => {
  expect(tFrom('Buy listing 7 for 5 NCR: execution reverted')).toBe('Angebot 7 für 5 NCR kaufen: execution reverted');
  expect(tFrom('Quick brown foxes: they jump. So it is.')).toBe('Quick brown foxes: they jump. So it is.');
  expect(tFrom('There is no asset Trees.')).toBe('Das Asset Trees gibt es nicht.');
});

test('every sentence is found by its form, whatever is filled in', async () => {
  const filled = (text: string): string => text.replace(/\{(\d+)\}/g, (_, index: string) => `<${index}>`);
  const others = (await readPackageSentences()).filter(({ text }) => tFrom(filled(text)) !== filled(de[text] ?? ''));
  expect(others.map(({ text }) => [text, tFrom(filled(text))])).toEqual([]);
});
