/** Check digits of numbers that name people and accounts. All take digits and capitals without separators, and are quick on any text. */

/** Source: ISO/IEC 7812-1, annex B (Luhn). */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - at) - 48;
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Payment cards: the prefixes and lengths of Visa, Mastercard, American Express, Diners, Discover, JCB and UnionPay. */
export function isCardPrefix(digits: string): boolean {
  const brand = CARDS.find(({ prefix }) => prefix.test(digits));
  return brand !== undefined && brand.lengths.includes(digits.length);
}

const CARDS: { prefix: RegExp; lengths: number[] }[] = [
  { prefix: /^4/, lengths: [13, 16, 19] },
  { prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { prefix: /^3[47]/, lengths: [15] },
  { prefix: /^(?:30[0-5]|36|38)/, lengths: [14] },
  { prefix: /^35/, lengths: [16] },
  { prefix: /^(?:6011|64[4-9]|65|62)/, lengths: [16, 19] },
];

/** Lengths of IBANs by country. Source: SWIFT, "IBAN registry". */
const IBAN_LENGTHS: Record<string, number> = {
  AD: 24, AE: 23, AT: 20, BE: 16, BG: 22, BR: 29, CH: 21, CY: 28, CZ: 24, DE: 22, DK: 18, EE: 20, ES: 24, FI: 18, FR: 27, GB: 22, GR: 27, HR: 21, HU: 28, IE: 22,
  IL: 23, IS: 26, IT: 27, LI: 21, LT: 20, LU: 20, LV: 21, MC: 27, MT: 31, NL: 18, NO: 15, PL: 28, PT: 25, RO: 24, RS: 22, SA: 24, SE: 24, SI: 19, SK: 24, SM: 27, TR: 26, UA: 29,
};

export function hasIbanLength(text: string): boolean {
  return IBAN_LENGTHS[text.slice(0, 2)] === text.length;
}

/** Source: ISO 13616 and ISO/IEC 7064, MOD 97-10. */
export function isIban(text: string): boolean {
  let rest = 0;
  for (const letter of text.slice(4) + text.slice(0, 4)) {
    const value = Number.parseInt(letter, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** United States: no check digit; areas 000, 666 and 900 to 999, group 00 and serial 0000 are not given out. */
export function isSsn(digits: string): boolean {
  return !/^(?:000|666|9)/.test(digits) && digits.slice(3, 5) !== '00' && digits.slice(5) !== '0000';
}

/** United Kingdom: no check digit; some prefixes are not given out. */
export function isNino(text: string): boolean {
  return !['BG', 'GB', 'KN', 'NK', 'NT', 'TN', 'ZZ'].includes(text.slice(0, 2));
}

/** Spain, DNI and NIE: the number modulo 23 chooses the letter. */
export function isDni(text: string): boolean {
  const number = Number(text.slice(0, -1).replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter))));
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23] === text.at(-1);
}

/** France, NIR of 15 digits: the last two are 97 less the number modulo 97. */
export function isNir(digits: string): boolean {
  return 97 - Number(BigInt(digits.slice(0, 13)) % 97n) === Number(digits.slice(13));
}

/** Values of characters at odd places (the first, the third) of a codice fiscale, of 0 to 9 and of A to Z. */
const ODD_DIGITS = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
const ODD_LETTERS = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** Italy, codice fiscale. Source: Decreto Ministeriale 23 December 1976. */
export function isCodiceFiscale(text: string): boolean {
  let sum = 0;
  for (let at = 0; at < 15; at += 1) {
    const code = text.charCodeAt(at);
    const value = code < 65 ? code - 48 : code - 65;
    sum += at % 2 === 1 ? value : ((code < 65 ? ODD_DIGITS[value] : ODD_LETTERS[value]) ?? 0);
  }
  return String.fromCharCode(65 + (sum % 26)) === text[15];
}

/** Germany, Identifikationsnummer of 11 digits: ISO/IEC 7064 MOD 11,10, and one digit of the first ten stands there twice or thrice. */
export function isIdnr(digits: string): boolean {
  let product = 10;
  for (const digit of digits.slice(0, 10)) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  const different = new Set(digits.slice(0, 10)).size;
  return (11 - product) % 10 === Number(digits[10]) && (different === 8 || different === 9);
}

const PESEL_WEIGHTS = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3];

/** Poland, PESEL: a date of birth, and a weighted sum. */
export function isPesel(digits: string): boolean {
  const month = Number(digits.slice(2, 4)) % 20;
  const day = Number(digits.slice(4, 6));
  const sum = PESEL_WEIGHTS.reduce((total, weight, at) => total + weight * Number(digits[at]), 0);
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 && (10 - (sum % 10)) % 10 === Number(digits[10]);
}

/** Brazil, CPF: two check digits modulo 11; not all digits the same. */
export function isCpf(digits: string): boolean {
  const check = (length: number): number => {
    let sum = 0;
    for (let at = 0; at < length; at += 1) sum += Number(digits[at]) * (length + 1 - at);
    return ((sum * 10) % 11) % 10;
  };
  return new Set(digits).size > 1 && check(9) === Number(digits[9]) && check(10) === Number(digits[10]);
}
