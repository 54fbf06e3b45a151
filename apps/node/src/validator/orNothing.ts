/** What comes of it, or undefined where it fails: for questions to which silence is an answer. */
export async function orNothing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch {
    return undefined;
  }
}
