import { spawn } from 'node:child_process';
import path from 'node:path';

const bin = path.join(import.meta.dirname, '../bin/neurodata.mjs');

export type Ran = { code: number | null; stdout: string; stderr: string };

/** Runs `neurodata` as a user would, in `home`, beside the node at `url`, with one wallet; `input` is typed. */
export function runCommand(words: string[], parameters: { home: string; url: string; input?: string }): Promise<Ran> {
  const { home, url, input = '' } = parameters;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...words], { cwd: home, env: { ...process.env, NEURODATA_HOME: home, NEURODATA_URL: url, NEURODATA_PRIVATE_KEY: `0x${'1'.repeat(64)}` }, stdio: 'pipe' });
    const ran: Ran = { code: null, stdout: '', stderr: '' };
    child.stdout.on('data', (piece: Buffer) => { ran.stdout += piece.toString(); });
    child.stderr.on('data', (piece: Buffer) => { ran.stderr += piece.toString(); });
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...ran, code }));
    child.stdin.end(input);
  });
}
