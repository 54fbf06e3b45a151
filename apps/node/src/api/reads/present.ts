/** The object without its null and undefined fields: rows say null, documents leave out. */
export function present<T extends object>(value: T): { [K in keyof T as null extends T[K] ? never : undefined extends T[K] ? never : K]: T[K] } & { [K in keyof T as null extends T[K] ? K : undefined extends T[K] ? K : never]?: NonNullable<T[K]> } {
  // The entries that are left have exactly the mapped type; Object.fromEntries cannot say so.
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined)) as never;
}
