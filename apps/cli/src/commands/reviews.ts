import { reviewOrder } from '@neurodata/sdk';
import { Argument, Command } from 'commander';
import { act } from '../context.ts';
import { positiveInteger } from '../parse.ts';
import { findOrder } from '../resolve.ts';

export function reviewsCommand(): Command {
  const reviews = new Command('reviews').description('what buyers say of completed orders');
  reviews.addCommand(new Command('write').description('review a completed order; a second time changes it, once').argument('<order>')
    .addArgument(new Argument('<rating>', '1 to 5').argParser(positiveInteger)).option('--text <text>', 'stored publicly')
    .action(act(async (context, text: string, rating: number, options: { text?: string }) => {
      const { orderId } = await findOrder(context, text);
      const result = await reviewOrder({ client: await context.signer(), orderId, rating, ...(options.text === undefined ? {} : { text: options.text }) });
      return { value: { orderId, ...result }, text: `${result.edited ? 'Changed' : 'Written'}.\nTransaction ${result.hash}` };
    })));
  return reviews;
}
