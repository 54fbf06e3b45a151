import { NeuroError } from '@neurodata/protocol';
import { Command } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { dataFiles } from '../drafts/dataFile.ts';
import { heldBy, nextStep } from '../drafts/nextStep.ts';
import { openDrafts } from '../drafts/openDrafts.ts';
import { type PublishDraftOptions, cardOf, publishDraft } from '../drafts/publishDraft.ts';
import { clean, facts, short, table, when } from '../output.ts';
import { megabytes } from '../progress.ts';
import { confirm } from '../prompt.ts';
import { datasetsCommand, publishDataset } from './datasets.ts';
import { modelsCommand } from './models.ts';

/** What Hugging Face clients uploaded to `neurodata serve`, and waits for its owner. */
export function draftsCommand(): Command {
  const drafts = new Command('drafts');
  drafts.command('list').description('what waits to be published, newest first').action(act(listDrafts));
  drafts.command('show <draft>').description('its files, what its card says, and the next step').action(act(showDraft));
  likePublish(drafts.command('publish <draft>').description('publish it: README.md and croissant.json fill in what is not typed; options as of `datasets publish`, of models as of `models publish`'))
    .option('--file <path>', 'the file that is published, where it holds several')
    .option('--again', 'although an earlier attempt may have succeeded')
    .action(act((context, draftId: string, options: PublishDraftOptions) => publishDraft({ context, store: openDrafts(context.settings.home), draftId, options, publishDataset })));
  drafts.command('drop <draft>').description('delete it and its files').action(act(dropDraft));
  return drafts;
}

/** The options of both `publish` commands; none must be given, since a card may say it. */
function likePublish(command: Command): Command {
  const known = new Set(['--file', '--again']);
  for (const like of [datasetsCommand(), modelsCommand()]) {
    for (const option of like.commands.find((one) => one.name() === 'publish')?.options ?? []) {
      if (option.long === undefined || option.long === null || known.has(option.long)) continue;
      known.add(option.long);
      command.addOption(option.makeOptionMandatory(false));
    }
  }
  return command;
}

async function listDrafts(context: Context): Promise<Result> {
  const drafts = await openDrafts(context.settings.home).list();
  const rows = drafts.map((draft) => [draft.draftId, draft.kind, short(draft.repo, 44), heldBy(draft), draft.assetId === undefined ? 'a new asset' : `asset ${draft.assetId}`, when(draft.changedAt)]);
  return { value: { items: drafts }, text: table(['draft', 'kind', 'uploaded to', 'holds', 'becomes', 'changed'], rows, 'No drafts. Hugging Face clients upload them to `neurodata serve`.') };
}

async function showDraft(context: Context, draftId: string): Promise<Result> {
  const store = openDrafts(context.settings.home);
  const draft = await store.get(draftId);
  // A card that cannot be read is told, and keeps nobody from looking.
  const card = await cardOf(store, draft).catch((error: unknown) => { context.say(error instanceof NeuroError ? error.message : String(error)); return undefined; });
  const data = new Set(dataFiles(draft).map(({ path }) => path));
  const about = facts([
    ['Draft', `${draft.draftId} (${draft.kind})`], ['Uploaded to', clean(draft.repo)], ['Becomes', draft.assetId === undefined ? 'a new asset' : `the next version of asset ${draft.assetId}`], ['Message', clean(draft.message) || undefined], ['Changed', when(draft.changedAt)],
    ['Title', card?.title && clean(card.title)], ['Licence', card?.license ?? (card?.unknownLicense === undefined ? undefined : `${clean(card.unknownLicense)} (not known here: type --license)`)], ['Tags', card && (card.tags.map(clean).join(', ') || undefined)], ['Description', card?.description && short(card.description, 200)],
  ]);
  const files = table(['file', 'size', 'is', 'sha256'], draft.files.map(({ path, size, oid }) => [short(clean(path), 60), megabytes(size), data.has(path) ? 'data' : 'beside it', `${oid.slice(0, 16)}…`]), 'No files yet.');
  return { value: { ...draft, card: card ?? null }, text: [about, files, nextStep(draft)].join('\n\n') };
}

async function dropDraft(context: Context, draftId: string): Promise<Result> {
  const store = openDrafts(context.settings.home);
  const draft = await store.get(draftId);
  await confirm(`Delete draft ${draftId} (${clean(draft.repo)}, ${heldBy(draft)})?`, context.yes);
  await store.drop(draftId);
  return { value: { dropped: draftId }, text: `Dropped draft ${draftId}.` };
}
