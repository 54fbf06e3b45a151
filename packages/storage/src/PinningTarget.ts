/** How a pin stands with somebody else: `none` where they know of none. */
export type PinState = 'queued' | 'pinning' | 'pinned' | 'failed' | 'none';

/** What somebody else is to keep: everything below `cid`. */
export type PinRequest = {
  cid: string;
  /** For people, at most 255 characters. */
  name: string;
  /** Multiaddrs of who has it, at most 20. */
  origins?: string[];
};

/** A pin as its keeper knows it; `id` is what they call it by, `why` what they say of a failure. */
export type Pinned = { cid: string; id: string; name: string; state: PinState; why?: string };

/**
 * Somebody else who keeps blocks for us: an IPFS node, a pinning service, or a service in front of Filecoin that speaks one of the two.
 *
 * Every method may throw a StorageError: `UNREACHABLE` or `TIMEOUT`, where later may help, `UNSUPPORTED` where they refused what was asked.
 */
export type PinningTarget = {
  /** For people and logs; holds no credential. */
  name: string;
  /** Asks them to keep it. Asking twice is no error and makes no second pin. */
  pin(request: PinRequest): Promise<Pinned>;
  status(pin: { cid: string; id: string }): Promise<Pinned>;
  /** One that they do not know is no error. */
  unpin(pin: { cid: string; id: string }): Promise<void>;
  list(): AsyncIterable<Pinned>;
  /** Whether they answer, and to us: what they are, for people. */
  check(): Promise<string>;
  /** Has them tell the network once more that they have it, where they can be asked to. */
  announce?(cid: string): Promise<void>;
};
