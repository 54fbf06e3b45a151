import { isOpenLicense } from './spdx.ts';

/** Rows of a sample where nobody chose how many. */
export const DEFAULT_SAMPLE_ROWS = 20;

export type SampleByDefault = {
  license: string;
  /** Of the table. */
  rows: number;
  /** Everybody may read all of it anyway. */
  open: boolean;
  /** Its publisher forbids something besides the licence. */
  limited: boolean;
  /** It looks like data about people. */
  personal: boolean;
};

/** Whether a table's first rows are published as a free sample where its publisher did not choose: under an open licence, and where they are at most half of it. */
export function sampleByDefault({ license, rows, open, limited, personal }: SampleByDefault): boolean {
  return isOpenLicense(license) && rows >= 2 * DEFAULT_SAMPLE_ROWS && !open && !limited && !personal;
}
