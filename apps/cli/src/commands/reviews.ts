import { replyToReview, reviewOrder } from '@neurodata/sdk';
import { Argument, Command } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { shortId, table, when } from '../output.ts';
import { positiveInteger } from '../parse.ts';
import { findOrder } from '../resolve.ts';

export function reviewsCommand(): Command {
  const reviews = new Command('reviews');
  reviews.addCommand(new Command('write').description('review a completed order; a second time changes it, once').argument('<order>')
    .addArgument(new Argument('<rating>', '1 to 5').argParser(positiveInteger)).option('--text <text>', 'stored publicly')
    .action(act(async (context, text: string, rating: number, options: { text?: string }) => {
      const { orderId } = await findOrder(context, text);
      const result = await reviewOrder({ client: await context.signer(), orderId, rating, ...(options.text === undefined ? {} : { text: options.text }) });
      return { value: { orderId, ...result }, text: `${result.edited ? 'Changed' : 'Written'}.\nTransaction ${result.hash}` };
    })));
  reviews.command('reply').description('the seller: answer a review; signed by the wallet, kept by the node, a later one takes its place').argument('<order>').requiredOption('--text <text>', 'shown under the review')
    .action(act(async (context, text: string, options: { text: string }) => {
      const { orderId } = await findOrder(context, text);
      const reply = await replyToReview({ client: await context.signer(), orderId, text: options.text });
      return { value: { orderId, ...reply }, text: 'Your answer stands under the review.' };
    }));
  reviews.command('list').description('reviews, newest first').option('--asset <n>', 'only of this asset', positiveInteger).option('--mine', 'only of the account').action(act(list));
  return reviews;
}

async function list(context: Context, options: { asset?: number; mine?: boolean }): Promise<Result> {
  const reviewer = options.mine ? (await context.signer()).account.address : undefined;
  const { items } = await context.api.listReviews({ limit: 100, ...(options.asset === undefined ? {} : { assetId: options.asset }), ...(reviewer ? { reviewer } : {}) });
  const rows = items.map((review) => [shortId(review.orderId), String(review.assetId), `${review.rating} of 5`, review.edited ? 'changed' : '', shortId(review.reviewer), review.textCid ?? '', when(review.changedAt)]);
  return { value: { items }, text: table(['order', 'asset', 'rating', '', 'by', 'text', 'when'], rows, 'No reviews yet.') };
}
