/** An answer as it goes out, and the name of exactly these bytes. */
export type HeldAnswer = { body: Buffer; etag: string };

export type HeldAnswers = {
  /** The answer at an address, made by `make` where none is held that is still as it would be made now. */
  read(address: string, make: () => Promise<HeldAnswer>): Promise<HeldAnswer>;
  /** The one that is held, without making any. */
  peek(address: string): HeldAnswer | undefined;
  /** Something changed: nothing that was made, or is being made, is given to who asks from now on. */
  drop(): void;
};

export type HeldAnswersParameters = {
  /** Milliseconds; 0 holds nothing. Bounds how old an answer can be that no change announces: what depends on the time. */
  holdMs: number;
  mostBytes?: number;
  now?: () => number;
};

type Entry = HeldAnswer & { until: number };
type Making = { generation: number; answer: Promise<HeldAnswer> };

/** Public answers, for less than a second or until something changes; those who ask at once share one. */
export function createHeldAnswers(parameters: HeldAnswersParameters): HeldAnswers {
  const { holdMs, mostBytes = 64 * 1024 ** 2, now = () => performance.now() } = parameters;
  const entries = new Map<string, Entry>();
  const making = new Map<string, Making>();
  let generation = 0;
  let bytes = 0;

  const remove = (address: string, entry: Entry): void => {
    entries.delete(address);
    bytes -= entry.body.length;
  };
  const put = (address: string, answer: HeldAnswer): void => {
    if (answer.body.length > mostBytes / 8) return;
    const old = entries.get(address);
    if (old) remove(address, old);
    entries.set(address, { ...answer, until: now() + holdMs });
    bytes += answer.body.length;
    // The oldest come first.
    for (const [place, entry] of entries) {
      if (bytes <= mostBytes && entry.until > now()) return;
      remove(place, entry);
    }
  };
  const peek = (address: string): HeldAnswer | undefined => {
    const entry = entries.get(address);
    return entry && entry.until > now() ? entry : undefined;
  };
  const makeNew = (address: string, make: () => Promise<HeldAnswer>): Promise<HeldAnswer> => {
    const begun = generation;
    const answer = make().then((made) => {
      if (generation === begun) put(address, made);
      return made;
    }).finally(() => {
      if (making.get(address)?.answer === answer) making.delete(address);
    });
    making.set(address, { generation: begun, answer });
    return answer;
  };
  return {
    peek,
    read: async (address, make) => {
      if (holdMs <= 0) return make();
      const held = peek(address);
      if (held) return held;
      const other = making.get(address);
      return other?.generation === generation ? other.answer : makeNew(address, make);
    },
    drop: () => {
      generation += 1;
      entries.clear();
      bytes = 0;
    },
  };
}
