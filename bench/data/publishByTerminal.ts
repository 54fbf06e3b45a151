import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** From the start of the command on: seconds, processor time of the process in seconds, and the most memory that it had so far in MB, its threads among both; those two are undefined without /proc. `nodeSeconds`: processor time of this process meanwhile, which the node runs in. */
export type Stage = { seconds: number; processorSeconds: number | undefined; rssMB: number | undefined; nodeSeconds: number };
/** `described`: once the plan is shown. `registered`: once the asset is on chain. */
export type PublishedByTerminal = { described: Stage; registered: Stage; cid: string; manifestCid: string };

/** Publishes a table as `neurodata datasets publish` does, in a process of its own, and waits until the validators are through with it. */
export async function publishByTerminal({ file, url, home }: { file: string; url: string; home: string }): Promise<PublishedByTerminal> {
  const words = ['datasets', 'publish', file, '--title', 'A large table', '--description', 'Made to be measured.', '--license', 'CC0-1.0', '--open', '--despite-personal-data', '--as', 'publisher', '--json', '--yes'];
  const [started, before] = [performance.now(), process.cpuUsage()];
  const child = spawn(process.execPath, [path.resolve(import.meta.dirname, '../../apps/cli/bin/neurodata.mjs'), ...words], { env: { ...process.env, NEURODATA_URL: url, NEURODATA_HOME: home }, stdio: ['ignore', 'pipe', 'pipe'] });
  let described: Stage | undefined;
  let registered: Stage | undefined;
  let [said, answer] = ['', ''];
  const now = (): Stage => {
    const { user, system } = process.cpuUsage(before);
    return { seconds: (performance.now() - started) / 1000, ...lookAt(child), nodeSeconds: (user + system) / 1e6 };
  };
  child.stderr.on('data', (piece: Buffer) => {
    said += piece.toString('utf8');
    if (said.includes('Becomes public')) described ??= now();
    if (said.includes('Published: asset')) registered ??= now();
  });
  child.stdout.on('data', (piece: Buffer) => { answer += piece.toString('utf8'); });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0 || !described || !registered) throw new Error(`Publishing ended with ${code}: ${said.slice(-2_000)}`);
  const { cid, manifestCid } = JSON.parse(answer) as { cid: string; manifestCid: string };
  return { described, registered, cid, manifestCid };
}

/** Of `/proc`, whatever the machine. */
const TICKS_A_SECOND = 100;

function lookAt({ pid }: ChildProcess): Pick<Stage, 'processorSeconds' | 'rssMB'> {
  try {
    const [, kibibytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    // Behind the name, which may hold blanks: user and system time are the 12th and 13th.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return { rssMB: (Number(kibibytes) * 1024) / 1e6, processorSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND };
  } catch {
    return { rssMB: undefined, processorSeconds: undefined };
  }
}
