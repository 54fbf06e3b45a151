import { type Parameter, type ParameterValue } from './parameters.ts';
import { parseParameter } from './parseParameter.ts';

/** What stands between the values of a search as somebody types them: lists of numbers have commas of their own. */
export function separatorOf({ kind }: Pick<Parameter, 'kind'>): ',' | ';' {
  return kind === 'integers' ? ';' : ',';
}

/**
 * The values that somebody has typed for a search.
 *
 * @example parseValues(parameter, '0.1, 1, 10') // [0.1, 1, 10]
 * @throws EngineError BAD_SPEC as {@link parseParameter}
 */
export function parseValues(parameter: Parameter, text: string): ParameterValue[] {
  return text.split(separatorOf(parameter)).map((value) => parseParameter(parameter, value));
}
