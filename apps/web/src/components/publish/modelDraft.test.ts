import { expect, test } from 'vitest';
import { askedOf, descriptionOf, emptyModelDraft, evaluationOf } from './modelDraft.ts';

const table = { kind: 'asset', assetId: 3, version: 1 } as const;
const draft = { ...emptyModelDraft, measureOn: 'asset', target: ' species ', claims: [{ name: 'accuracy', value: '0.97' }, { name: 'logLoss', value: ' 0.1' }] } as const;

test('what is typed becomes what the manifest declares', () => {
  expect(evaluationOf({ ...draft, claims: [...draft.claims] }, table)).toEqual({ table, target: 'species', claims: { accuracy: 0.97, logLoss: 0.1 } });
  expect(evaluationOf({ ...draft, claims: [], columns: 'a, b', inputs: { x1: ' height ', x2: '' }, tolerance: '0.01' }, table)).toEqual({
    table, target: 'species', claims: {}, features: ['a', 'b'], inputs: { x1: 'height' }, tolerance: 0.01,
  });
  expect(descriptionOf({ ...emptyModelDraft, title: ' T ', description: 'D', tags: 'a, ,b', source: ' ' })).toEqual({ title: 'T', description: 'D', license: 'CC-BY-4.0', tags: ['a', 'b'] });
});

test('what cannot be declared is named', () => {
  const refusal = (changes: Partial<typeof emptyModelDraft>): string => {
    try {
      evaluationOf({ ...draft, claims: [...draft.claims], ...changes }, table);
    } catch (error) {
      return `${(error as Error).message} ${(error as { details?: string }).details ?? ''}`;
    }
    return 'taken';
  };
  expect(refusal({})).toBe('taken');
  expect(refusal({ claims: [{ name: 'accuracy', value: '93' }] })).toContain('accuracy is at least 0 and at most 1, not 93');
  expect(refusal({ claims: [{ name: 'accuracy', value: 'high' }] })).toContain('accuracy is "high", which is no number');
  expect(refusal({ claims: [{ name: 'f1', value: '0.9' }, { name: 'f1', value: '0.8' }] })).toContain('f1 is claimed twice');
  expect(refusal({ tolerance: '1' })).toContain('tolerance');
  expect(refusal({ target: ' ' })).toContain('target');
  expect(refusal({ columns: 'species' })).toContain('"species" is the target');
});

test('a test is stale once something that it depends on changes', () => {
  const onnx = new File(['x'], 'model.onnx', { lastModified: 1 });
  const asked = askedOf({ ...draft, claims: [] }, { onnx, table: undefined });
  expect(askedOf({ ...draft, claims: [], title: 'other', price: '9' }, { onnx, table: undefined })).toBe(asked);
  for (const changes of [{ target: 'y' }, { claims: [{ name: 'f1', value: '1' }] }, { tolerance: '0.1' }, { assetId: '4' }, { measureOn: 'nothing' as const }]) {
    expect(askedOf({ ...draft, claims: [], ...changes }, { onnx, table: undefined })).not.toBe(asked);
  }
  expect(askedOf({ ...draft, claims: [] }, { onnx: new File(['xy'], 'model.onnx', { lastModified: 1 }), table: undefined })).not.toBe(asked);
});
