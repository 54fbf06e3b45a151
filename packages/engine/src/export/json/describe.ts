import type { Model } from '../../model/model.ts';

/** What an algorithm learned, in names and numbers that a person can follow. Plain JSON. */
export type Describe = (model: Model) => { reading: string; [part: string]: unknown };
