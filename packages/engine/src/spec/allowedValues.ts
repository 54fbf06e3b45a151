import type { Parameter } from './parameters.ts';

/**
 * What a parameter takes, as the end of a sentence: "a number from 0.1 to 1".
 *
 * @example `${title} must be ${allowedValues(parameter)}.`
 */
export function allowedValues(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'number':
    case 'integer': {
      const range = `${parameter.kind === 'integer' ? 'a whole number' : 'a number'} from ${parameter.least} to ${parameter.most}`;
      return parameter.orNull === undefined ? range : `${range}, or null (${parameter.orNull})`;
    }
    case 'choice': return parameter.options.map(({ value }) => value).join(' or ');
    case 'text': return `a text of at most ${parameter.longest} characters`;
    case 'bytes': return `at most ${parameter.longest} bytes as base64`;
    case 'boolean': return 'true or false';
    case 'integers': return `1 to ${parameter.longest} whole numbers from ${parameter.least} to ${parameter.most}, separated by commas`;
  }
}
