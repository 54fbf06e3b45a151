const MOST = 200;

/** Asks once for each key, and remembers the newest answers; a failure is asked again. */
export function remembering<A, R>(ask: (about: A) => Promise<R>, most = MOST): (key: string, about: A) => Promise<R> {
  const known = new Map<string, Promise<R>>();
  return (key, about) => {
    const found = known.get(key);
    if (found) return found;
    const asked = ask(about);
    known.set(key, asked);
    asked.catch(() => known.delete(key));
    const [oldest] = known.keys();
    if (known.size > most && oldest !== undefined) known.delete(oldest);
    return asked;
  };
}
