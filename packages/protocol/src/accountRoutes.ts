import { identityRoutes } from './identityRoutes.ts';
import { notificationRoutes } from './notificationRoutes.ts';
import { passkeyRoutes } from './passkeyRoutes.ts';
import type { Route } from './route.ts';

/** What stands beside `userRoutes`: a file for each subject. */
export const accountRoutes = { ...passkeyRoutes, ...notificationRoutes, ...identityRoutes } as const satisfies Record<string, Route>;

export type AccountRouteName = keyof typeof accountRoutes;
