import { featuredSchema, searchQuerySchema, searchResultSchema } from './discoveryDto.ts';
import type { Route } from './route.ts';

/** Apart from the rest of discovery, since the front page needs nothing else of it. */
export const searchRoutes = {
  searchAssets: {
    method: 'GET', path: '/api/v1/search', summary: 'Assets by words and filters, best first; every filter takes several values with commas between. `next` goes on where `cursor` says',
    query: searchQuerySchema, response: searchResultSchema,
  },
  listFeatured: { method: 'GET', path: '/api/v1/featured', summary: 'What this node\'s curators put first', response: featuredSchema },
} as const satisfies Record<string, Route>;
