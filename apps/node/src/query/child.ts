/** Entry of the process that answers a query over a table: a question as JSON on stdin, one answer as a line of JSON on stdout. */
import { openLocked } from '../profile/openLocked.ts';
import { WrongQuery, answerQuery, textOf } from './answerQuery.ts';
import type { QueryAnswer, QueryQuestion } from './query.ts';

const chunks: Uint8Array[] = [];
for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
const question = JSON.parse(Buffer.concat(chunks).toString('utf8')) as QueryQuestion;
const answer = await answered();
await new Promise<void>((resolve) => void process.stdout.write(`${JSON.stringify(answer)}\n`, () => resolve()));
process.exit(0);

async function answered(): Promise<QueryAnswer> {
  try {
    const connection = await openLocked({ ...question, writes: question.output });
    return { type: 'answered', facts: await answerQuery(connection, question) };
  } catch (error) {
    const message = textOf(error).slice(0, 2_000);
    const isMemory = /out of memory|max_temp_directory_size|failed to allocate/i.test(message);
    const isSql = error instanceof WrongQuery || /^(Binder|Parser|Catalog|Permission|Not implemented|Conversion|Invalid Input) Error/i.test(message);
    return { type: 'refused', why: isMemory ? 'memory' : isSql ? 'sql' : 'failed', message };
  }
}
