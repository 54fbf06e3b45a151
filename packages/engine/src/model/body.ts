import { EngineError } from '../errors.ts';

/** Bytes that no training wrote. */
export function badModel(problem: string, options?: ErrorOptions): EngineError {
  return new EngineError('BAD_MODEL', `The model ${problem}: pass the unchanged bytes that training wrote.`, options);
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** So many finite doubles of a body, all of it; a view of it where it lies so that they can be read in place. @throws EngineError BAD_MODEL */
export function bodyDoubles(body: Uint8Array, count: number): Float64Array {
  if (body.length !== count * 8) throw badModel(`has a body of ${body.length} bytes, its header asks for ${count * 8}`);
  const values = isLittleEndian && body.byteOffset % 8 === 0 ? new Float64Array(body.buffer, body.byteOffset, count) : copiedDoubles(body, count);
  if (values.every(Number.isFinite)) return values;
  throw badModel('holds a parameter that is not finite');
}

function copiedDoubles(body: Uint8Array, count: number): Float64Array {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  return Float64Array.from({ length: count }, (_, index) => view.getFloat64(index * 8, true));
}
