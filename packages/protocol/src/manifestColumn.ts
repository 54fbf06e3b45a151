import { z } from 'zod';
import { columnStatisticsSchema } from './columnStatistics.ts';

export const manifestColumnSchema = z.object({
  name: z.string().min(1).max(200),
  kind: z.enum(['numeric', 'categorical']),
  missing: z.number().int().nonnegative(),
  distinct: z.number().int().nonnegative(),
  /** Whether it was described while a large table passed by: `distinct` above a few thousand, quartiles and commonest values are estimates then. */
  estimated: z.boolean().exactOptional(),
  statistics: columnStatisticsSchema.exactOptional(),
});
export type ManifestColumn = z.output<typeof manifestColumnSchema>;
