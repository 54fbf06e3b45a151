import type { DescribedTable, EngineErrorCode } from '@neurodata/engine';
import type { Sketch } from './sketchRows.ts';

/** Said to the process that describes a table, before the table's bytes. */
export type TableQuestion = { /** Hexadecimal, 32 bytes each. */ sketchKeys: string[]; /** Whether it is described while it passes by, as large tables are: in memory that does not grow with it. */ streamed: boolean };

/** What a validator learns of a table. `sketches`: one for each key that was given. */
export type TableFacts = { profile: DescribedTable; sketches: Sketch[] };

export type TableAnswer = { type: 'described'; facts: TableFacts } | { type: 'refused'; code: EngineErrorCode; message: string };
