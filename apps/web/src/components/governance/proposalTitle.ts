import type { ProposalDto } from '@neurodata/protocol';
import { t } from '../../language/t.ts';

/** The first line of what its proposer wrote. */
export const proposalTitle = (proposal: Pick<ProposalDto, 'description'>): string => proposal.description.split('\n')[0]?.slice(0, 120) || t`Without a title`;
