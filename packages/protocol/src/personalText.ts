const words: Record<string, string> = {
  'e-mail': 'e-mail address', phone: 'telephone number', card: 'payment card', iban: 'bank account (IBAN)', 'us-ssn': 'social security number (US)', 'uk-nino': 'national insurance number (UK)',
  'es-dni': 'DNI or NIE (Spain)', 'fr-nir': 'social security number (France)', 'it-cf': 'codice fiscale (Italy)', 'de-idnr': 'tax number (Germany)', 'pl-pesel': 'PESEL (Poland)', 'br-cpf': 'CPF (Brazil)',
};

/** What people call a kind of personal data. */
export function personalText(kind: string): string {
  return words[kind] ?? kind;
}
