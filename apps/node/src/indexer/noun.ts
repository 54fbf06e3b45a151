import type { Transaction } from '../db/openDatabase.ts';
import type { RowBuffer } from './createRowBuffer.ts';
import type { ChainEvent, ContractName, EventArgs, EventName } from './contracts.ts';

/** What one kind of event does: which rows it touches, and how. */
export type EventHandler<C extends ContractName, N extends EventName<C>> = {
  /** The id of the noun that it is about; its rows are rebuilt from all events with the same id. */
  id(args: EventArgs<C, N>): string | number | bigint;
  /** The asset in whose history it belongs, where the arguments say so. */
  assetId?(args: EventArgs<C, N>): bigint | undefined;
  /** The listing whose asset's history it belongs to. */
  listingId?(args: EventArgs<C, N>): number;
  /** Writes rows, and only this noun's; may read rows of nouns that must exist before. Absent: history only. */
  apply?(tx: Transaction, event: ChainEvent<C, N>): Promise<void>;
  /** The same where keys are known and columns are set to values or added to: such writes wait for each other and go together. Goes before {@link apply} where both are there. */
  write?(rows: RowBuffer, event: ChainEvent<C, N>, tx: Transaction): void | Promise<void>;
};

export type Handlers = { [C in ContractName]?: { [N in EventName<C>]?: EventHandler<C, N> } };

/** A noun's rows as a fold over its events. */
export type Noun = {
  name: string;
  /** Deletes every row that the handlers may have written for `id`. */
  erase(tx: Transaction, id: string): Promise<void>;
  handlers: Handlers;
};
