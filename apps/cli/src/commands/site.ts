import path from 'node:path';
import { Command } from 'commander';
import { type Context, type Result, act } from '../context.ts';

type BuildOptions = { out: string; ipfs?: boolean };

export function siteCommand(): Command {
  const site = new Command('site');
  site.command('build').description('write the site as files for hosts that are no node, such as IPFS gateways; prints their digest and CID')
    .option('--out <folder>', 'where to write them', 'neurodata-site')
    .option('--ipfs', "add them to this machine's blocks (NEURODATA_HOME), which its node serves at /ipfs")
    .action(act(build));
  return site;
}

async function build(context: Context, { out, ipfs = false }: BuildOptions): Promise<Result> {
  // Loaded here only: other commands need no builder.
  const { ensureWebBuilt } = await import('../../../web/build.ts');
  const { addSite, siteBlocks, writeStaticSite } = await import('../../../web/staticSite.ts');
  const written = await writeStaticSite({ site: await ensureWebBuilt({ log: context.say }), out: path.resolve(out) });
  const blocks = path.join(context.settings.home, 'blocks');
  const cid = await addSite(siteBlocks(ipfs ? blocks : undefined), written.folder);
  const lines = [
    `${written.files} files, ${(written.bytes / 1e6).toFixed(1)} MB in ${written.folder}`, `sha256 ${written.sha256}`, `CID    ${cid}`,
    ipfs ? `Its blocks are in ${blocks}. From a running node into IPFS: curl "${context.url}/ipfs/${cid}?format=car" | ipfs dag import` : '',
  ];
  return { value: { ...written, cid, ...(ipfs ? { blocks } : {}) }, text: lines.filter(Boolean).join('\n') };
}
