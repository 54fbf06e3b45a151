/** Entry of the process that profiles a table: a question as JSON on stdin, progress and one answer as lines of JSON on stdout. */
import { measure } from './measure.ts';
import { openLocked } from './openLocked.ts';
import type { ProfileAnswer, ProfileQuestion } from './profile.ts';

const chunks: Uint8Array[] = [];
for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
const question = JSON.parse(Buffer.concat(chunks).toString('utf8')) as ProfileQuestion;

const say = (answer: ProfileAnswer): Promise<void> => new Promise((resolve) => void process.stdout.write(`${JSON.stringify(answer)}\n`, () => resolve()));

try {
  void say({ type: 'progress', stage: 'reading', part: 0 });
  const connection = await openLocked(question);
  await say({ type: 'profiled', facts: await measure({ connection, question, tell: (stage, part) => void say({ type: 'progress', stage, part }) }) });
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  await say({ type: 'refused', memory: /out of memory|max_temp_directory_size|failed to allocate/i.test(message), message: message.slice(0, 2_000) });
}
process.exit(0);
