import { z } from 'zod';

/** A part of a list, and where the next part begins. */
export const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.number().int().optional() });
