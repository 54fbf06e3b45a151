import type { ModelRefusal, ModelReport } from '@neurodata/protocol';
import { fixed, numeral, pointed } from '../../language/format.ts';
import { t } from '../../language/t.ts';

/** Why a model was not measured, for whoever thinks of buying it. */
export const refusalWords: Record<ModelRefusal, string> = {
  NOT_ONNX: t`The file is no ONNX model.`,
  PICKLE: t`The file is a pickle, or an archive that may hold one. Such files run code when they are opened.`,
  CUSTOM_OPERATOR: t`The model needs operators outside of the ONNX standard, that is, code that is not in the file.`,
  EXTERNAL_DATA: t`Parts of the model lie in other files, which are not on sale.`,
  BAD_SIGNATURE: t`What the model takes and gives does not fit the declared table.`,
  BAD_TABLE: t`The declared table does not have what the model needs.`,
  NO_TABLE: t`The declared table could not be read, so nothing was measured.`,
  FAILED: t`The model failed in the test.`,
  TOO_LARGE: t`The file is larger than what is tested.`,
  TIMEOUT: t`The model did not answer within the time that a test may take.`,
};

export type Verdict = { tone: 'good' | 'bad' | 'warn' | 'plain'; text: string };

/** What a measurement comes to, in a few words. */
export function verdictOf({ ran, refusal, claims }: ModelReport): Verdict {
  if (refusal) return { tone: 'bad', text: t`Not measured` };
  const broken = claims.filter(({ holds }) => !holds).length;
  if (broken > 0) return { tone: 'bad', text: broken === claims.length && broken > 1 ? t`No claim holds` : claims.length === 1 ? t`The claim does not hold` : t`${broken} of ${claims.length} claims do not hold` };
  if (claims.length > 0) return { tone: 'good', text: claims.length === 1 ? t`The claim holds` : t`All ${claims.length} claims hold` };
  return { tone: 'plain', text: ran ? t`Loads and runs; nothing is claimed` : t`Nothing was measured` };
}

/** "+0.012", or "0" where nothing is between them. */
export function differenceText(claimed: number, measured: number): string {
  const text = (measured - claimed).toFixed(4).replace(/\.?0+$/, '');
  if (text === '0' || text === '-0') return '0';
  return pointed(text.startsWith('-') ? `−${text.slice(1)}` : `+${text}`);
}

/** What a publisher wrote, with all of its digits. */
export function claimText(value: number): string {
  return numeral(value, { maximumSignificantDigits: 15 });
}

/** A measurement in the unit of a claim: four decimals, fewer for large errors. */
export function measuredText(value: number): string {
  return fixed(value, Math.abs(value) < 1000 ? 4 : 1);
}
