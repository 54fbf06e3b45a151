/** What a model throws where the contract reverts: the name of the contract's custom error. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly reason: string;

  constructor(reason: string) {
    super(`refused: ${reason}`);
    this.reason = reason;
  }
}

/** Goes on only if `condition` holds; `reason` is the custom error that the contract reverts with. */
export function need(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new Refused(reason);
}
