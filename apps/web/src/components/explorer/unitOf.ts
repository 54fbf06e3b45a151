/** Names of arguments and parameters that hold base units of NCR, by contract; other numbers are shown as they are. */
const amounts: Record<string, RegExp> = {
  training: /^(maxTotal|maxFee|bond|minBond|price|fee|workerFee|validationFee|toPublisher|toWorker|toParent|penalty|stallPenalty|amount)$/, trials: /^(fee|maxFee|maxTotal)$/, challenges: /^(bond|bondReturned|amount)$/,
  curation: /^(bond|amount)$/, workers: /^pricePerUnit$/, accusations: /^(bond|lost|toAccuser|amount)$/, orderDisputes: /^(cost|amount)$/, disputes: /^(ticketStake|jurorFee|penalty|bond|fee|burnt|amount)$/,
  neuroCoin: /^(value|amount|left|mintCapacity|burnCapacity)$/, neuroVotes: /^(value|amount|previousVotes|newVotes)$/, staking: /^amount$/, validators: /^(fee|reward|amount|stake|minStake|roundFee)$/,
  governor: /^(weight|floor|oldFloor|newFloor|(old|new)ProposalThreshold)$/,
};

const basisPoints = /^bps$|Bps_?$/;
const seconds = /(Window|Margin|Delay)$/;

/** What a number of a contract counts, by its name: base units of NCR, hundredths of a percent, seconds; undefined where it only counts. */
export function unitOf(contract: string, name: string): 'NCR' | 'bps' | 'seconds' | undefined {
  if (amounts[contract]?.test(name)) return 'NCR';
  if (basisPoints.test(name)) return 'bps';
  return seconds.test(name) ? 'seconds' : undefined;
}
