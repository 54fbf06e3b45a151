/** Different numbers beyond which a column is taken for a quantity, not for names of classes. */
const MANY_CLASSES = 30;

/** What is most likely meant by predicting a column: its class, or its number. */
export function taskOfTarget(column: { kind: 'numeric' | 'categorical'; distinct: number }): 'classification' | 'regression' {
  return column.kind === 'numeric' && column.distinct > MANY_CLASSES ? 'regression' : 'classification';
}
