import type { CardWords } from './card.ts';

/** Scores whose names are no words. */
const abbreviations: Record<string, string> = { f1: 'F1', rocAuc: 'ROC AUC', prAuc: 'PR AUC', r2: 'R²', rmse: 'RMSE', mae: 'MAE', brier: 'Brier score' };

/** `balancedAccuracy` as "balanced accuracy". */
function plainName(name: string): string {
  return abbreviations[name] ?? name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

/** A number in so many significant digits, whole ones as they are. */
function figure(value: number, digits = 4): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(digits)));
}

/** In English, as cards are published. */
export const plainWords: CardWords = { figure, score: plainName, algorithm: (name) => name.replaceAll('-', ' ') };
