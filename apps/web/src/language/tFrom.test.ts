import { profileTable } from '@neurodata/engine';
import { explainCall, explainRound, marketAbi } from '@neurodata/protocol';
import { toNeuroError } from '@neurodata/sdk';
import { ContractFunctionRevertedError, encodeErrorResult } from 'viem';
import { expect, test } from 'vitest';
import { packagePart, readCatalogues } from '../../languages.ts';
import { readPackageSentences } from '../../packageSentences.ts';
import { createTFrom } from './createTFrom.ts';
import { createFormats } from './format.ts';

const { de = {} } = await readCatalogues();
const tFrom = createTFrom({ ...(await packagePart(de)), grouped: createFormats('de-DE').grouped });

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

test('what a call does is said with its amounts in German digits, and one thing is not several', () => {
  const to = '0x00000000000000000000000000000000000000aa';
  const said = (...[contract, functionName, args]: [Parameters<typeof explainCall>[0]['contract'], string, Record<string, unknown>]): string => tFrom(explainCall({ contract, functionName, args }));
  expect(said('neuroCoin', 'transfer', { to, value: 1_234_500_000_000_000_000_000n })).toBe(`1.234,5 NCR an ${to} senden`);
  expect(said('neuroCoin', 'approve', { spender: to, value: 2n ** 256n - 1n })).toBe(`${to} bis zu unbegrenzt vielen NCR nehmen lassen`);
  expect(said('staking', 'setRate', { rateBps_: 525 })).toBe('Den jährlichen Satz auf Einsatz auf 5,25 % festlegen');
  expect([[{}], [{}, {}]].map((grants) => said('market', 'grant', { grants }))).toEqual(['1 Schlüsselanteil für Käufer freigeben', '2 Schlüsselanteile für Käufer freigeben']);
  expect(said('staking', 'lock', { account: to, amount: 5n })).toBe(`lock von staking aufrufen, mit account ${to}, amount 5`);
});

test('so is the story of a round, sentence by sentence', () => {
  const coin = 10n ** 18n;
  const part: Parameters<typeof explainRound>[0] = {
    kind: 'run', size: 3, committed: true, vote: 'accept', commits: 2, accepts: 2, rejects: 0, commitUntil: 1, revealUntil: 2, settled: true, verdict: 'accept', right: 'accept',
    judgesRun: true, contests: 0, doubtful: false, spared: false, fee: coin / 2n, winners: 2, reward: coin / 4n, accusers: [], segments: { drawn: 44, all: 3500 },
  };
  expect(tFrom(explainRound(part, 10))).toBe('Bezahlt mit 0,25 NCR: Er hat angenommen, wie das Quorum (angenommen von 2 aus 3, abgelehnt von 0, 1 stumm). Die Gebühr von 0,5 NCR haben sich die 2 geteilt, die recht hatten. Seine Pflicht war, 44 von 3500 Abschnitten des Laufs nachzurechnen, die die Chain nach dem Beleg gezogen hat.');
  expect(tFrom(explainRound({ ...part, kind: 'version', judgesRun: false, accepts: 1, verdict: 'none', right: 'none' }, 10))).toBe('Nicht bezahlt, nichts verloren: Er hat angenommen, aber kein Urteil hatte zwei Drittel des Ausschusses (angenommen von 1 aus 3, abgelehnt von 0, 2 stumm). Die Gebühr von 0,5 NCR ging zurück an den Eigentümer des Assets.');
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
