import { once } from 'node:events';
import path from 'node:path';
import { Command, Option } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { openDrafts } from '../drafts/openDrafts.ts';
import { nextStep } from '../drafts/nextStep.ts';
import { facts } from '../output.ts';
import { countFrom, positiveNumber } from '../parse.ts';
import { createServe } from '../serve/createServe.ts';
import { serveToken, serveTokenPath } from '../serve/serveToken.ts';

type Options = { port: number; newToken?: boolean; log?: boolean; uploads: boolean; quota: number };

export function serveCommand(): Command {
  return new Command('serve')
    .addOption(new Option('-p, --port <n>', 'on this machine only; 0 takes a free one').argParser(countFrom(0, 65_535)).default(4_800))
    .option('--new-token', 'make another token: programs with the old one are refused')
    .option('--no-uploads', 'take none: by default what clients upload becomes a draft, which is published by a command only')
    .option('--quota <gib>', 'the most that drafts hold together', positiveNumber, 16)
    .option('--log', 'a line on stderr for each request')
    .action(act(serve));
}

/** Runs until it is interrupted. */
async function serve(context: Context, options: Options): Promise<Result | undefined> {
  const client = await context.client();
  const { home } = context.settings;
  const token = await serveToken(home, options.newToken ?? false);
  const drafts = options.uploads ? openDrafts(home, { quota: Math.floor(options.quota * 2 ** 30) }) : undefined;
  const running = await createServe({ client, token, port: options.port, viewerFolder: path.join(home, 'viewer'), ...(options.log ? { answered: context.say } : {}), ...(drafts ? { drafts, committed: (draft) => context.say(nextStep(draft)) } : {}) });
  const value = { url: running.url, token, account: client.account?.address ?? null };
  const text = facts([['Account', client.account?.address ?? 'none: public files only'], ['Token', `kept in ${serveTokenPath(home)}`], ['Use', `export HF_ENDPOINT=${running.url} HF_TOKEN=${token} HF_HUB_DISABLE_XET=1`], ['Then', 'hf download assets/12 --repo-type dataset'], ['Or', drafts && 'hf upload me/penguins penguins.csv --repo-type dataset: a draft, until you publish it']]);
  process.stdout.write(`${context.json ? JSON.stringify(value) : text}\n`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await running.stop();
  return undefined;
}
