/** What is earned of an amount (base units) by `step` of `maxSteps` steps; rounded down, as `Training` does. Before anybody knows how many there are: nothing. */
export function paidFor({ amount, step, maxSteps }: { amount: bigint; step: number; maxSteps: number }): bigint {
  return maxSteps <= 0 ? 0n : (amount * BigInt(Math.min(step, maxSteps))) / BigInt(maxSteps);
}
