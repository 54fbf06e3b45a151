import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';
import { z } from 'zod';
import { roles } from '../config.ts';
import type { Role } from '../config.ts';
import { freePort } from '../freePort.ts';

const nodeSchema = z.object({ name: z.string(), role: z.enum(roles), port: z.number().int() });
const planSchema = z.object({ version: z.literal(1), nodes: z.array(nodeSchema) });

/** One process of a network. Its port stands on chain, so it never changes. */
export type NetNode = z.output<typeof nodeSchema>;
export type NetPlan = z.output<typeof planSchema>;
export type NetSize = { validators: number; workers: number; gateways: number };

export const homeOf = (folder: string, node: Pick<NetNode, 'name'>): string => path.join(folder, node.name);
export const logOf = (folder: string, node: Pick<NetNode, 'name'>): string => path.join(folder, 'logs', `${node.name}.log`);

/** Where each role's ports begin, from the network's first. */
const offsets: Record<Role, number> = { gateway: 0, validator: 10, worker: 40, chain: 60 };

/** What a network's folder says; undefined where there is none. */
export async function readPlan(folder: string): Promise<NetPlan | undefined> {
  const file = path.join(folder, 'net.json');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') return undefined; throw error; });
  if (text === undefined) return undefined;
  try {
    return planSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new NeuroError(`${file} does not describe a network.`, { code: 'BAD_INPUT', cause, remedy: 'Restore it, or choose another folder with --dir.' });
  }
}

/**
 * Which nodes a network has: those it had, and more where more are asked for. On disk before any of them is started, so
 * that an interrupted start goes on with the same names, ports and keys. `port` 0 picks free ones.
 *
 * @throws NeuroError CONFLICT where fewer are asked for than there are: they have stake and hold keys.
 */
export async function planNet(parameters: { folder: string; size: NetSize; port: number }): Promise<NetPlan> {
  const { folder, size, port } = parameters;
  const known = (await readPlan(folder))?.nodes ?? [];
  const counts: Record<Role, number> = { chain: 1, gateway: size.gateways, validator: size.validators, worker: size.workers };
  const nodes: NetNode[] = [];
  for (const role of roles) {
    const before = known.filter((node) => node.role === role);
    if (before.length > counts[role]) {
      throw new NeuroError(`The network in ${folder} has ${before.length} ${role}s, and ${counts[role]} were asked for.`, { code: 'CONFLICT', remedy: `Ask for ${before.length} or more; a ${role} leaves with \`neurodata node leave\`. Or choose another folder with --dir.` });
    }
    nodes.push(...before);
    for (let index = before.length; index < counts[role]; index += 1) {
      nodes.push({ name: role === 'chain' ? 'chain' : `${role}-${index + 1}`, role, port: port === 0 ? await freePort() : port + offsets[role] + index });
    }
  }
  const plan: NetPlan = { version: 1, nodes };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const handle = await open(path.join(folder, 'net.json.new'), 'w', 0o600);
  await handle.writeFile(`${JSON.stringify(plan, null, 2)}\n`);
  await handle.sync();
  await handle.close();
  await rename(path.join(folder, 'net.json.new'), path.join(folder, 'net.json'));
  return plan;
}
