import type { AssetKind, Category, Interval, ManifestColumn, Task, Use } from '@neurodata/protocol';
import { t } from '../language/t.ts';

/** Words of the protocol as people read them. */

export const kindWords: Record<AssetKind, string> = { dataset: t`dataset`, model: t`model`, algorithm: t`algorithm` };

export const columnWords: Record<ManifestColumn['kind'], string> = { numeric: t`numeric`, categorical: t`categorical` };

export const intervalWords: Record<Interval, string> = { day: t`day`, week: t`week`, month: t`month` };

export const betterWords = { higher: t`higher`, lower: t`lower` } as const;

export const categoryWords: Record<Category, string> = {
  health: t`Health`, biology: t`Biology`, climate: t`Climate`, finance: t`Finance`, retail: t`Retail`, transport: t`Transport`, energy: t`Energy`, language: t`Language`, vision: t`Vision`, audio: t`Audio`,
  social: t`Social`, government: t`Government`, science: t`Science`, sport: t`Sport`, other: t`Other`,
};

export const taskWords: Record<Task, string> = {
  classification: t`Classification`, regression: t`Regression`, clustering: t`Clustering`, forecasting: t`Forecasting`, text: t`Text`, image: t`Image`, other: t`Other`,
};

export const useTexts: Record<Use, string> = {
  research: t`Research without commercial aim`, 'health-research': t`Research on health and medicine without commercial aim`, education: t`Teaching and learning`, 'public-service': t`Work of public bodies`,
  personal: t`Private use`, 'commercial-research': t`Research with a commercial aim`, commercial: t`Commercial use`,
};
