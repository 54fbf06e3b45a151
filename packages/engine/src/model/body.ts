import { EngineError } from '../errors.ts';

/** Bytes that no training wrote. */
export function badModel(problem: string, options?: ErrorOptions): EngineError {
  return new EngineError('BAD_MODEL', `The model ${problem}: pass the unchanged bytes that training wrote.`, options);
}

/** So many finite doubles of a body, all of it. @throws EngineError BAD_MODEL */
export function bodyDoubles(body: Uint8Array, count: number): Float64Array {
  if (body.length !== count * 8) throw badModel(`has a body of ${body.length} bytes, its header asks for ${count * 8}`);
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const values = Float64Array.from({ length: count }, (_, index) => view.getFloat64(index * 8, true));
  if (values.every(Number.isFinite)) return values;
  throw badModel('holds a parameter that is not finite');
}
