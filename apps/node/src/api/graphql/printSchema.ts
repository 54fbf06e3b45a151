import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { printSchema } from 'graphql';
import { createGraphqlSchema } from './createGraphqlSchema.ts';

/** Where the schema is kept in words, for reviews and for clients that generate types. */
export const schemaFile = path.join(import.meta.dirname, '../../../schema.graphql');

/** The schema in GraphQL's own language, types by name. */
export function schemaText(): string {
  return `# Made by \`node apps/node/src/api/graphql/printSchema.ts\`.\n\n${printSchema(createGraphqlSchema())}\n`;
}

if (import.meta.main) writeFileSync(schemaFile, schemaText());
