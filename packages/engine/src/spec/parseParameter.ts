import { EngineError } from '../errors.ts';
import { allowedValues } from './allowedValues.ts';
import { type Parameter, type ParameterValue, checkParameter } from './parameters.ts';

/**
 * The value that somebody has typed for a parameter: a number, true or false, an option, numbers with commas, or null.
 *
 * @example parseParameter(parameter, '100,50') // [100, 50]
 * @throws EngineError BAD_SPEC naming the parameter, the text and what is allowed
 */
export function parseParameter(parameter: Parameter, text: string): ParameterValue {
  const { name } = parameter;
  const value = read(parameter, text.trim());
  try {
    return checkParameter(parameter, value, `spec.parameters.${name}`);
  } catch (cause) {
    if (!(cause instanceof EngineError)) throw cause;
    throw new EngineError('BAD_SPEC', `${name} is ${JSON.stringify(text)}: it must be ${allowedValues(parameter)}.`, { cause });
  }
}

/** What the text says, right or wrong: undefined is refused by every parameter. */
function read(parameter: Parameter, text: string): ParameterValue | undefined {
  switch (parameter.kind) {
    case 'number':
    case 'integer': return text === 'null' ? null : number(text);
    case 'choice':
    case 'text':
    case 'bytes': return text;
    case 'boolean': return text === 'true' || text === 'false' ? text === 'true' : undefined;
    case 'integers': return text.replace(/^\[(.*)\]$/, '$1').split(',').map((piece) => number(piece.trim()));
  }
}

function number(text: string): number {
  return text === '' ? Number.NaN : Number(text);
}
