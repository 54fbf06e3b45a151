import { hasIbanLength, isCardPrefix, isCodiceFiscale, isCpf, isDni, isIban, isIdnr, isLuhn, isNino, isNir, isPesel, isSsn } from './checkDigits.ts';

/** Kinds of personal data that are looked for. */
export const personalKinds = ['e-mail', 'phone', 'card', 'iban', 'us-ssn', 'uk-nino', 'es-dni', 'fr-nir', 'it-cf', 'de-idnr', 'pl-pesel', 'br-cpf'] as const;
export type PersonalKind = (typeof personalKinds)[number];

/**
 * How one kind looks. `shape` is tried where a word begins and takes a bounded number of characters, so that looking through a text takes a time in
 * proportion to its length. What has the shape and `isShaped` counts; where `isRight` says no, it counts against the kind.
 */
export type Pattern = {
  kind: PersonalKind;
  /** First characters of the shape: what else begins a word is not tried. */
  starts: 'digit' | 'letter' | 'plus' | 'bracket';
  shape: RegExp;
  isShaped?: (text: string) => boolean;
  isRight?: (text: string) => boolean;
  /** Different values of a column from which on the kind is reported: where one in ten random numbers has the right check digit, more than one is asked for. */
  least: number;
};

export const patterns: readonly Pattern[] = [
  { kind: 'phone', starts: 'plus', shape: /\+[1-9](?:[ ().\-/]{0,2}\d){7,14}/y, least: 1 },
  { kind: 'phone', starts: 'bracket', shape: /\([2-9]\d{2}\) ?[2-9]\d{2}-\d{4}/y, least: 1 },
  { kind: 'phone', starts: 'digit', shape: /[2-9]\d{2}([-. ])[2-9]\d{2}\1\d{4}/y, least: 1 },
  { kind: 'card', starts: 'digit', shape: /\d(?:[ -]?\d){12,18}/y, isShaped: isCardPrefix, isRight: isLuhn, least: 1 },
  { kind: 'iban', starts: 'letter', shape: /[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,6}(?: ?[A-Z0-9]{1,4})?/y, isShaped: hasIbanLength, isRight: isIban, least: 1 },
  { kind: 'us-ssn', starts: 'digit', shape: /\d{3}-\d{2}-\d{4}/y, isRight: isSsn, least: 1 },
  { kind: 'uk-nino', starts: 'letter', shape: /[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]/y, isRight: isNino, least: 1 },
  { kind: 'es-dni', starts: 'digit', shape: /\d{8}-?[A-Z]/y, isRight: isDni, least: 1 },
  { kind: 'es-dni', starts: 'letter', shape: /[XYZ]-?\d{7}-?[A-Z]/y, isRight: isDni, least: 1 },
  { kind: 'fr-nir', starts: 'digit', shape: /[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d{2} ?\d{3} ?\d{3} ?\d{2}/y, isRight: isNir, least: 1 },
  { kind: 'it-cf', starts: 'letter', shape: /[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]/y, isRight: isCodiceFiscale, least: 1 },
  { kind: 'de-idnr', starts: 'digit', shape: /[1-9]\d ?\d{3} ?\d{3} ?\d{3}/y, isRight: isIdnr, least: 3 },
  { kind: 'pl-pesel', starts: 'digit', shape: /\d{11}/y, isRight: isPesel, least: 3 },
  { kind: 'br-cpf', starts: 'digit', shape: /\d{3}\.\d{3}\.\d{3}-\d{2}/y, isRight: isCpf, least: 1 },
  { kind: 'br-cpf', starts: 'digit', shape: /\d{11}/y, isRight: isCpf, least: 3 },
];
