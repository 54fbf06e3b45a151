import { between, fields, integer, refuse } from './fields.ts';

/** A value of a hyper-parameter: plain JSON. */
export type ParameterValue = number | string | boolean | null | number[];
export type ParameterValues = Record<string, ParameterValue>;

type Common = {
  /** The name that scikit-learn users know. */
  name: string;
  /** A few words for a form's label. */
  title: string;
  /** What it does, in one or two sentences. */
  help: string;
  /** Came when runs had been recorded: where it has its default it is left out of the checked spec, so that theirs keep their bytes. */
  leftOut?: true;
};

/** One hyper-parameter: from a list of these, specs are checked and forms of CLI, API and web are built. */
export type Parameter = Common & (
  | { kind: 'number' | 'integer'; default: number | null; least: number; most: number; /** Whether null ("no limit", "automatic") is allowed, and what it means. */ orNull?: string }
  | { kind: 'choice'; default: string; options: readonly { value: string; help: string }[] }
  | { kind: 'boolean'; default: boolean }
  | { kind: 'integers'; default: number[]; least: number; most: number; longest: number }
  /** A text of at most `longest` UTF-16 code units. */
  | { kind: 'text'; default: string; longest: number }
  /** At most `longest` bytes, as base64 (RFC 4648) with padding. */
  | { kind: 'bytes'; default: string; longest: number }
);

/**
 * Values for all parameters of a schema: what is left out takes its default.
 *
 * @throws EngineError BAD_SPEC naming the parameter, the value and what is allowed
 */
export function checkParameters(schema: readonly Parameter[], value: unknown, at = 'spec.parameters'): ParameterValues {
  const given = fields(value ?? {}, at, schema.map(({ name }) => name));
  return Object.fromEntries(schema.flatMap((parameter) => {
    const { name, leftOut } = parameter;
    const checked = name in given ? checkParameter(parameter, given[name], `${at}.${name}`) : parameter.default;
    return leftOut === true && checked === parameter.default ? [] : [[name, checked]];
  }));
}

/** A value of one parameter. @throws EngineError BAD_SPEC as {@link checkParameters} */
export function checkParameter(parameter: Parameter, value: unknown, at: string): ParameterValue {
  switch (parameter.kind) {
    case 'number':
    case 'integer': {
      if (value === null && parameter.orNull !== undefined) return null;
      return (parameter.kind === 'number' ? between : integer)(value, at, [parameter.least, parameter.most]);
    }
    case 'choice': {
      const found = parameter.options.find((option) => option.value === value);
      if (found !== undefined) return found.value;
      throw refuse(at, value, parameter.options.map((option) => JSON.stringify(option.value)).join(' or '));
    }
    case 'boolean': {
      if (typeof value === 'boolean') return value;
      throw refuse(at, value, 'true or false');
    }
    case 'text': {
      if (typeof value === 'string' && value.isWellFormed() && value.length <= parameter.longest) return value;
      throw refuse(at, value, `a text of at most ${parameter.longest} characters`);
    }
    case 'bytes': {
      if (typeof value === 'string' && isBase64(value) && value.length <= Math.ceil(parameter.longest / 3) * 4) return value;
      throw refuse(at, value, `at most ${parameter.longest} bytes as base64`);
    }
    case 'integers': {
      const { least, most, longest } = parameter;
      if (!Array.isArray(value) || value.length === 0 || value.length > longest) throw refuse(at, value, `a list of 1 to ${longest} integers from ${least} to ${most}`);
      return value.map((entry: unknown, index) => integer(entry, `${at}[${index}]`, [least, most]));
    }
  }
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text) && btoa(atob(text)) === text;
}

/** A checked number of the spec. Only for parameters whose schema has no null. */
export function numberOf(values: ParameterValues, name: string): number {
  const value = values[name];
  if (typeof value !== 'number') throw new TypeError(`Parameter ${name} is not a number`);
  return value;
}

/** A checked number or null of the spec. */
export function optionalNumberOf(values: ParameterValues, name: string): number | null {
  return values[name] === null ? null : numberOf(values, name);
}

/** A checked text of the spec. */
export function textOf(values: ParameterValues, name: string): string {
  const value = values[name];
  if (typeof value !== 'string') throw new TypeError(`Parameter ${name} is not a text`);
  return value;
}

/** A checked truth value of the spec. */
export function flagOf(values: ParameterValues, name: string): boolean {
  return values[name] === true;
}

/** A checked list of integers of the spec. */
export function integersOf(values: ParameterValues, name: string): number[] {
  const value = values[name];
  if (!Array.isArray(value)) throw new TypeError(`Parameter ${name} is not a list`);
  return value;
}

/** Checked bytes of the spec. */
export function bytesOf(values: ParameterValues, name: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(textOf(values, name)), (char) => char.charCodeAt(0));
}
