import type { ModelRefusal } from '@neurodata/protocol';

/** Thrown inside a test: the model is not taken, for this reason. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: ModelRefusal;

  constructor(code: ModelRefusal, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
