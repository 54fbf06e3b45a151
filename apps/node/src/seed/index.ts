export { type SeedParameters, type Seeded, seedDatasets } from './seedDatasets.ts';
