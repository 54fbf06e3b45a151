/** Text as PostgreSQL can keep it: no NUL, no half surrogates. Whoever writes to the chain or a manifest may send both. */
export function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

/** {@link storable} for every string inside a JSON value. */
export function storableJson(value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  if (Array.isArray(value)) return value.map(storableJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storable(key), storableJson(inner)]));
}
