import type { ModelRefusal, ModelReport } from '@neurodata/protocol';

/** Why a model was not measured, for whoever thinks of buying it. */
export const refusalWords: Record<ModelRefusal, string> = {
  NOT_ONNX: 'The file is no ONNX model.',
  PICKLE: 'The file is a pickle, or an archive that may hold one. Such files run code when they are opened.',
  CUSTOM_OPERATOR: 'The model needs operators outside of the ONNX standard, that is, code that is not in the file.',
  EXTERNAL_DATA: 'Parts of the model lie in other files, which are not on sale.',
  BAD_SIGNATURE: 'What the model takes and gives does not fit the declared table.',
  BAD_TABLE: 'The declared table does not have what the model needs.',
  NO_TABLE: 'The declared table could not be read, so nothing was measured.',
  FAILED: 'The model failed in the test.',
  TOO_LARGE: 'The file is larger than what is tested.',
  TIMEOUT: 'The model did not answer within the time that a test may take.',
};

export type Verdict = { tone: 'good' | 'bad' | 'warn' | 'plain'; text: string };

/** What a measurement comes to, in a few words. */
export function verdictOf({ ran, refusal, claims }: ModelReport): Verdict {
  if (refusal) return { tone: 'bad', text: 'Not measured' };
  const broken = claims.filter(({ holds }) => !holds).length;
  if (broken > 0) return { tone: 'bad', text: broken === claims.length && broken > 1 ? 'No claim holds' : claims.length === 1 ? 'The claim does not hold' : `${broken} of ${claims.length} claims do not hold` };
  if (claims.length > 0) return { tone: 'good', text: claims.length === 1 ? 'The claim holds' : `All ${claims.length} claims hold` };
  return { tone: 'plain', text: ran ? 'Loads and runs; nothing is claimed' : 'Nothing was measured' };
}

/** "+0.012", or "0" where nothing is between them. */
export function differenceText(claimed: number, measured: number): string {
  const text = (measured - claimed).toFixed(4).replace(/\.?0+$/, '');
  if (text === '0' || text === '-0') return '0';
  return text.startsWith('-') ? `−${text.slice(1)}` : `+${text}`;
}

/** A measurement in the unit of a claim: four decimals, fewer for large errors. */
export function measuredText(value: number): string {
  return value.toFixed(Math.abs(value) < 1000 ? 4 : 1);
}
