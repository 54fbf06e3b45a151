import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { NeuroError } from '@neurodata/protocol';

/** Whether somebody is there to answer. */
export function isInteractive(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

async function answerTo(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-D ends the input without an answer, and the question would wait for ever.
  const ended = new Promise<never>((_, reject) => {
    lines.once('close', () => reject(new NeuroError('Nothing was done.', { code: 'CONFLICT', remedy: 'There was no answer.' })));
  });
  ended.catch(() => undefined);
  try {
    return (await Promise.race([lines.question(question), ended])).trim().toLowerCase();
  } finally {
    lines.close();
  }
}

/** Asks until it is yes or no. */
export async function askYesNo(question: string): Promise<boolean> {
  for (;;) {
    const answer = await answerTo(`${question} [y/n] `);
    if (answer === 'y' || answer === 'yes') return true;
    if (answer === 'n' || answer === 'no') return false;
  }
}

/** Goes on only after a yes; throws `CONFLICT` on a no, `BAD_INPUT` where nobody can answer and `--yes` was not given. */
export async function confirm(question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!isInteractive()) throw new NeuroError('This asks before it acts, and there is no terminal.', { code: 'BAD_INPUT', remedy: 'Add --yes to say yes beforehand.' });
  if (!(await askYesNo(question))) throw new NeuroError('Nothing was done.', { code: 'CONFLICT', remedy: 'You said no.' });
}

/** Whether somebody was asked by {@link confirm} and did not say yes. */
export const declined = (error: unknown): boolean => error instanceof NeuroError && error.message.startsWith('Nothing was done.');

/** Asks for a secret without showing it; the first line of the input where there is no terminal. Throws `BAD_INPUT` where nothing comes. */
export async function askSecret(question: string): Promise<string> {
  const silent = new Writable({ write: (_piece, _encoding, done) => done() });
  if (isInteractive()) process.stderr.write(question);
  const lines = createInterface({ input: process.stdin, output: silent, terminal: isInteractive() });
  try {
    for await (const line of lines) {
      if (line !== '') return line;
    }
  } finally {
    lines.close();
    if (isInteractive()) process.stderr.write('\n');
  }
  throw new NeuroError('No password came.', { code: 'BAD_INPUT', remedy: 'Type it, or send it as a line to the input.' });
}
