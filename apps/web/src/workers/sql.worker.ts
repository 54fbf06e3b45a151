import { answerCsv, askSql, openTable, pageOf } from './answerSql.ts';
import { type Duck, openDuck } from './openDuck.ts';
import type { SqlColumn, SqlQuestion, SqlReply, SqlTable } from './sql.ts';

const scope = globalThis as unknown as { addEventListener: (type: 'message', listener: (event: MessageEvent<{ id: number; question: SqlQuestion }>) => void) => void; postMessage: (reply: SqlReply, options: { transfer: Transferable[] }) => void };
const send = (reply: SqlReply): void => scope.postMessage(reply, { transfer: [] });

let opened: Promise<{ duck: Duck; table: SqlTable }> | undefined;
let answered: SqlColumn[] | undefined;

scope.addEventListener('message', ({ data: { id, question } }) => {
  answer(question).then((result) => send({ id, result }), (error: unknown) => send({ id, error: error instanceof Error ? error.message : String(error) }));
});

async function answer(question: SqlQuestion): Promise<unknown> {
  if (question.task === 'open') {
    opened ??= open(question.file);
    return (await opened).table;
  }
  if (!opened) throw new Error('No table is open.');
  const { duck } = await opened;
  if (question.task === 'ask') {
    answered = undefined;
    const found = await askSql(duck, question.sql);
    answered = found.columns;
    return found;
  }
  if (!answered) throw new Error('Nothing has been asked yet.');
  return question.task === 'page' ? pageOf(duck, answered.length, question.offset) : answerCsv(duck, answered);
}

async function open(file: Blob): Promise<{ duck: Duck; table: SqlTable }> {
  const duck = await openDuck();
  return { duck, table: await openTable(duck, new Uint8Array(await file.arrayBuffer())) };
}
