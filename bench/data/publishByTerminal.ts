import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const LOOK_MS = 50;

/** `seconds`: from the start of the command to the asset's registration on chain. `rssMB`: the most memory that the process had until then, its threads among it; undefined without /proc. */
export type PublishedByTerminal = { seconds: number; rssMB: number | undefined; cid: string; manifestCid: string };

/** Publishes a table as `neurodata datasets publish` does, in a process of its own, and waits until the validators are through with it. */
export async function publishByTerminal({ file, url, home }: { file: string; url: string; home: string }): Promise<PublishedByTerminal> {
  const words = ['datasets', 'publish', file, '--title', 'A large table', '--description', 'Made to be measured.', '--license', 'CC0-1.0', '--open', '--despite-personal-data', '--as', 'publisher', '--json', '--yes'];
  const started = performance.now();
  const child = spawn(process.execPath, [path.resolve(import.meta.dirname, '../../apps/cli/src/main.ts'), ...words], { env: { ...process.env, NEURODATA_URL: url, NEURODATA_HOME: home }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [seconds, rssMB] = [NaN, undefined as number | undefined];
  let [said, answer] = ['', ''];
  const look = async (): Promise<void> => {
    if (Number.isNaN(seconds)) rssMB = Math.max(rssMB ?? 0, await peakOf(child));
  };
  // It has ended, or there is no /proc.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_MS);
  child.stderr.on('data', (piece: Buffer) => {
    said += piece.toString('utf8');
    if (Number.isNaN(seconds) && said.includes('Published: asset')) seconds = (performance.now() - started) / 1000;
  });
  child.stdout.on('data', (piece: Buffer) => { answer += piece.toString('utf8'); });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  clearInterval(timer);
  if (code !== 0 || Number.isNaN(seconds)) throw new Error(`Publishing ended with ${code}: ${said.slice(-2_000)}`);
  const { cid, manifestCid } = JSON.parse(answer) as { cid: string; manifestCid: string };
  return { seconds, rssMB, cid, manifestCid };
}

/** The most resident memory that a process had so far, in MB. */
async function peakOf({ pid }: ChildProcess): Promise<number> {
  const [, kibibytes] = /VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return (Number(kibibytes) * 1024) / 1e6;
}
