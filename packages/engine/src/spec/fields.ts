import { EngineError } from '../errors.ts';

/** An object with no other than the known fields. @throws EngineError BAD_SPEC, as all readers here, naming field, value and what is allowed */
export function fields(value: unknown, at: string, known: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse(at, value, `an object with ${known.join(', ')}`);
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) throw refuse(`${at}.${key}`, (value as Record<string, unknown>)[key], `left out: the fields are ${known.join(', ')}`);
  }
  return value as Record<string, unknown>;
}

export function name(value: unknown, at: string): string {
  if (typeof value === 'string' && value !== '' && value.isWellFormed()) return value;
  throw refuse(at, value, 'the name of a column');
}

export function oneOf<const T extends string>(value: unknown, at: string, allowed: readonly T[]): T {
  const found = allowed.find((option) => option === value);
  if (found !== undefined) return found;
  throw refuse(at, value, allowed.map((option) => JSON.stringify(option)).join(' or '));
}

export function integer(value: unknown, at: string, [least, most]: readonly [number, number]): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value + 0;
  throw refuse(at, value, `an integer from ${least} to ${most}`);
}

export function between(value: unknown, at: string, [least, most]: readonly [number, number]): number {
  if (typeof value === 'number' && value >= least && value <= most) return value + 0;
  throw refuse(at, value, `a number from ${least} to ${most}`);
}

export function refuse(at: string, value: unknown, allowed: string): EngineError {
  return new EngineError('BAD_SPEC', `${at} is ${show(value)}: it must be ${allowed}.`, { refused: { field: at, allowed } });
}

function show(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return (JSON.stringify(value) ?? typeof value).slice(0, 80);
}
