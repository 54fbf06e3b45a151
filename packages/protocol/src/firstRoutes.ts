import { z } from 'zod';
import { assetSchema, configSchema, demoAccountSchema, readinessSchema, statsSchema, validatorSchema, workerSchema } from './dto.ts';
import { page } from './page.ts';
import type { Route } from './route.ts';
import { assetIdSchema } from './schemas.ts';
import { searchRoutes } from './searchRoutes.ts';

/** Registries are short, and wanted whole. */
const registryQuery = z.object({ cursor: z.coerce.number().int().nonnegative().optional(), limit: z.coerce.number().int().min(1).max(500).optional() });

/** What the site asks when it opens on its front page or on an asset's: it shows them before it loads what describes all other routes. */
export const firstRoutes = {
  getReadiness: { method: 'GET', cache: 'never', path: '/readyz', summary: 'Whether every part is up, with reasons', response: readinessSchema },
  getConfig: { method: 'GET', path: '/api/v1/config', summary: 'Chain, contracts, windows, fees', response: configSchema },
  getStats: { method: 'GET', cache: 'fresh', path: '/api/v1/stats', summary: 'Counts and sums', response: statsSchema },
  listDemoAccounts: { method: 'GET', cache: 'never', path: '/api/v1/demo/accounts', summary: 'Demo wallets with play money (embedded chain only)', response: z.object({ items: z.array(demoAccountSchema) }) },
  getAsset: { method: 'GET', path: '/api/v1/assets/{assetId}', summary: 'One asset with versions, listings, lineage, activity', params: z.object({ assetId: assetIdSchema }), response: assetSchema },
  ...searchRoutes,
  listValidators: { method: 'GET', path: '/api/v1/validators', summary: 'Registered validators, 500 at once', query: registryQuery, response: page(validatorSchema) },
  listWorkers: { method: 'GET', path: '/api/v1/workers', summary: 'Registered workers, 500 at once', query: registryQuery, response: page(workerSchema) },
} as const satisfies Record<string, Route>;
