import type { AlgorithmDto } from '@neurodata/protocol';
import { queryOptions } from '@tanstack/react-query';
import { api } from '../client/api.ts';

/** What the node's engine can train. Fixed while it runs. */
export const algorithmsQuery = () => queryOptions<AlgorithmDto[]>({ queryKey: ['algorithms'], queryFn: async ({ signal }) => (await api.listAlgorithms(undefined, { signal })).items, staleTime: Infinity });
