import { createTFrom } from './createTFrom.ts';
import { grouped } from './format.ts';
import { loadPackages } from './language.ts';

const loaded = await loadPackages();

/** A sentence that a package has made for everybody, in the reader's language; as it is where there are no words for it. Whoever imports this waits for those words: a first view takes `Said`. */
export const tFrom: (sentence: string) => string = loaded ? createTFrom({ ...loaded, grouped }) : (sentence) => sentence;
