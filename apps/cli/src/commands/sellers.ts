import { type ReputationPart, type Seller, reputationWeights } from '@neurodata/protocol';
import { recomputeSeller } from '@neurodata/sdk';
import { Command } from 'commander';
import { type Context, type Result, accountNamed, act } from '../context.ts';
import { checkLines, facts, ncr, when } from '../output.ts';
import { amountText } from '../tokens.ts';

export function sellersCommand(): Command {
  const sellers = new Command('sellers');
  sellers.command('show').description("a seller's reputation and the facts behind it").argument('<account>', 'its address, or the name of a demo account')
    .option('--recompute', 'make it again from the logs of the chain and compare').action(act(show));
  return sellers;
}

async function show(context: Context, who: string, { recompute = false }: { recompute?: boolean }): Promise<Result> {
  const answer = await context.api.getSeller({ address: await accountNamed(context, who) });
  const text = await sellerText(context, answer);
  if (!recompute) return { value: answer, text };
  const { seller, checks, passed } = await recomputeSeller({ client: await context.client(), answer });
  const verdict = passed ? 'The chain says the same.' : 'The node says something else than the chain.';
  return { value: { answer, recomputed: seller, passed, checks }, text: `${text}\n\n${checkLines(checks)}\n${verdict}`, failed: !passed };
}

const percent = (part: number | null): string | undefined => (part === null ? undefined : `${(part / 100).toFixed(2)} %`);

async function sellerText(context: Context, { seller, block, at, facts: known, reputation }: Seller): Promise<string> {
  const { score, enough, parts, refundRate, disputeRate } = reputation;
  const client = await context.client();
  const volume = await Promise.all(known.volume.map(({ token, amount }) => (token === null ? ncr(amount) : amountText(client, token, amount))));
  return facts([
    ['Seller', seller], ['As of', `block ${block}, ${when(at)}`], ['Score', `${score} of 100${enough ? '' : ' (too little has happened to say much)'}`],
    ...(Object.keys(reputationWeights) as ReputationPart[]).map((name): [string, string] => [`  ${name}`, `${(parts[name] / 100).toFixed(2)} %, counts ${reputationWeights[name]} %`]),
    ['Selling since', known.sellingSince === null ? 'never sold' : when(known.sellingSince)],
    ['Orders', `${known.opened}: ${known.completed} completed, ${known.refunded} refunded`], ['Refund rate', percent(refundRate)],
    ['Disputes', `${known.disputed}: ${known.disputesWon} won, ${known.disputesLost} lost`], ['Dispute rate', percent(disputeRate)],
    ['Order to key', known.deliverySeconds === null ? undefined : `${known.deliverySeconds} s (median)`], ['Buyers', known.buyers], ['Verified runs', known.verifiedRuns], ['Volume', volume.join(', ') || undefined],
  ]);
}
