import { isHex } from 'viem';
import { t } from '../../language/t.ts';
import { unitOf } from '../explorer/unitOf.ts';
import { type ParameterUnit, typedParameter } from './typedParameter.ts';

export type ArgumentPlace = { contract: string; name: string; type: string };

/** In which unit people type an argument; undefined where it is no number that counts something, and no address. */
export function argumentUnit({ contract, name, type }: ArgumentPlace): ParameterUnit {
  if (type === 'address') return 'address';
  return isNumber(type) ? unitOf(contract, name) : undefined;
}

const isNumber = (type: string): boolean => /^uint\d*$/.test(type);

/** What somebody typed as an argument of a call, as `readProposedCall` takes it, or what is wrong with it; nothing is wrong with an empty field. */
export function typedArgument(text: string, place: ArgumentPlace): { value: unknown; wrong?: undefined } | { value?: undefined; wrong: string | undefined } {
  const { type } = place;
  if (type === 'string') return { value: text };
  if (text.trim() === '') return { wrong: undefined };
  if (type === 'bool') return { value: text === 'true' };
  if (type === 'address' || isNumber(type)) {
    const typed = typedParameter(text, argumentUnit(place));
    return typed.value === undefined ? typed : { value: String(typed.value) };
  }
  if (/^bytes\d*$/.test(type)) return isHex(text.trim()) ? { value: text.trim() } : { wrong: t`Write it in hexadecimal, like 0x12ab.` };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { wrong: t`Write it as JSON: a list in [ ], a struct as an object of its fields.` };
  }
}
