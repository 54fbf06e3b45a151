/** An address in a module's memory, in bytes. */
export type Pointer = number;
