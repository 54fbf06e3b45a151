import { type ColumnProfile, findHazard } from '@neurodata/engine';
import { NeuroError, personalText } from '@neurodata/protocol';
import type { Context } from './context.ts';
import { clean, table } from './output.ts';
import { askYesNo, isInteractive } from './prompt.ts';

/**
 * Looks, before anything is sealed, whether buyers would find harm or people in a table. Shows what looks like data about people, and asks whether to go on; where
 * nobody can be asked it goes on with `despite` only.
 *
 * @throws NeuroError BAD_INPUT, and CONFLICT on a no
 */
export async function expectPublishable(parameters: { context: Context; columns: readonly ColumnProfile[]; /** Of other tables, in sentences. */ hazards: readonly string[]; despite: boolean }): Promise<void> {
  const { context, columns, hazards, despite } = parameters;
  const hazard = findHazard(columns) ?? hazards[0];
  if (hazard !== undefined) throw new NeuroError(hazard, { code: 'BAD_INPUT', remedy: 'Validators refuse such a table: correct the file and publish it again.' });
  const found = columns.flatMap(({ name, personal = [] }) => personal.map(({ kind, values, example }) => [clean(name), personalText(kind), String(values), clean(example)]));
  if (found.length === 0) return;
  context.say(`This looks like data about people. Everybody who buys the dataset gets it, and what was sold cannot be taken back:\n\n${table(['column', 'looks like', 'values', 'for example'], found, '')}\n`);
  if (despite) return;
  if (!isInteractive()) {
    throw new NeuroError(`The table holds what looks like data about people: ${found.map(([name, kind, values]) => `${values} times ${kind} in ${name}`).join(', ')}.`, {
      code: 'BAD_INPUT', remedy: 'Leave those columns out; or, where you may sell them, add --despite-personal-data.',
    });
  }
  if (!(await askYesNo('May these be sold, and do you want to go on?'))) throw new NeuroError('Nothing was done.', { code: 'CONFLICT', remedy: 'You said no.' });
}
