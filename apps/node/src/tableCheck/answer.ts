import type { DescribedTable, EngineErrorCode } from '@neurodata/engine';
import type { Sketch } from './sketchRows.ts';

/** Said to the process that describes a table, before the table's bytes. */
export type TableQuestion = { /** Hexadecimal, 32 bytes each. */ sketchKeys: string[] };

/** What a validator learns of a table. `sketches`: one for each key that was given. */
export type TableFacts = { profile: DescribedTable; sketches: Sketch[] };

export type TableAnswer = { type: 'described'; facts: TableFacts } | { type: 'refused'; code: EngineErrorCode; message: string };
