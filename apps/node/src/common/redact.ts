import { english } from 'viem/accounts';

const mark = '[redacted]';

/** Names of fields whose values nobody may read in a log, wherever they stand. */
export const secretFields = [
  'privateKey', 'secret', 'secretKey', 'sealSecret', 'identity', 'password', 'current', 'mnemonic', 'authorization', 'cookie', 'set-cookie', 'share', 'fileKey', 'salt', 'databaseUrl', 'signature', 'passwordHash', 'access',
  'refresh', 'smtpUrl', 'code', 'secondFactor', 'recoveryCodes', 'credential', 'token', 'metricsToken', 'apiKey', 'totp', 'uri', 'sealed', 'idempotencyKey',
];

/** `code` and a few others also name harmless things, like NOT_FOUND: words in capitals and short words stay. */
const harmless = /^(?:[A-Z][A-Z0-9_]{1,40}|[a-z ]{1,30}|\d{1,5})$/;
const ambiguous = new Set(['code', 'share', 'current', 'token', 'uri', 'access', 'identity']);

const fieldPattern = new RegExp(`("(?:${secretFields.join('|')})"\\s*:\\s*)("(?:[^"\\\\]|\\\\.)*"|\\[[^\\]]*\\])`, 'gi');
/** The same inside a text that is itself quoted. */
const quotedFieldPattern = new RegExp(`(\\\\"(${secretFields.join('|')})\\\\"\\s*:\\s*)(?:\\\\"[^"\\\\]*\\\\"|\\[[^\\]]*\\])`, 'gi');

/** What looks like a credential, whatever it is called and wherever it stands. */
const shapes: [RegExp, string][] = [
  [/\bBearer\s+[\w.~+/=-]+/gi, `Bearer ${mark}`],
  [/\bBasic\s+[A-Za-z0-9+/=]{8,}/g, `Basic ${mark}`],
  // Signed access credentials.
  [/\beyJ[\w-]{4,}\.[\w-]+\.[\w-]*/g, mark],
  // API keys; what stands before the second underline names one without giving it away.
  [/\b(nd_[0-9a-f]{8})_[\w-]{20,}/g, `$1_${mark}`],
  // Codes in mails and links.
  [/([#?&](?:verify|reset|code|token|key|access|secret)=)[\w%.~-]+/gi, `$1${mark}`],
  [/(neurodata_refresh=)[\w-]+/g, `$1${mark}`],
  [/\bAGE-SECRET-KEY-1[0-9A-Z]+/gi, mark],
  [/(otpauth:\/\/)[^\s"\\]+/gi, `$1${mark}`],
  // Who and with what word, in addresses of servers.
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/"'@\\]+@/gi, `$1${mark}@`],
  [/\b(private[ _-]?key|mnemonic|seed phrase|password|passphrase|secret)([\\"' ]*(?:is|=|:)[\\"' ]*)(?!\[redacted)[^\s"',;\\]+/gi, `$1$2${mark}`],
];

/** Twelve words in a row of the list from which wallets' phrases are made (BIP-39). */
const manyWords = /\b[a-z]{3,8}(?: [a-z]{3,8}){11,}\b/g;
const walletWords = new Set(english);

/** People's addresses; not secret, but nobody else's business. */
const address = /[\w.+%-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/gi;

/**
 * A text, or a line of JSON, without credentials: by the names of fields at any depth, by how credentials look, and by `known` values.
 * It may take away too much, never structure: JSON stays JSON.
 */
export function redact(text: string, known: readonly string[] = []): string {
  let clean = text.replace(fieldPattern, (whole, name: string, value: string) => (isHarmless(name, value) ? whole : `${name}"${mark}"`)).replace(quotedFieldPattern, `$1\\"${mark}\\"`);
  for (const [shape, instead] of shapes) clean = clean.replace(shape, instead);
  for (const value of known) if (value.length >= 6) clean = clean.replaceAll(value, mark);
  clean = clean.replace(manyWords, hidePhrases);
  return clean.replace(address, '[address]');
}

function hidePhrases(text: string): string {
  const out: string[] = [];
  let run: string[] = [];
  const flush = (): void => void out.push(...(run.length >= 12 ? [mark] : run));
  for (const word of text.split(' ')) {
    if (walletWords.has(word)) {
      run.push(word);
      continue;
    }
    flush();
    run = [];
    out.push(word);
  }
  flush();
  return out.join(' ');
}

function isHarmless(name: string, value: string): boolean {
  return ambiguous.has(/"([^"]+)"/.exec(name)?.[1]?.toLowerCase() ?? '') && harmless.test(value.slice(1, -1));
}
