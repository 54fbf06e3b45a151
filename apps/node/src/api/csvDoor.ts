import { Readable } from 'node:stream';
import { routes } from '@neurodata/protocol';
import type { AuditItem, Flow, Publisher, Route, Series, TrainingLoad, ValidatorHealth } from '@neurodata/protocol';
import type { FastifyInstance } from 'fastify';
import type { Address } from 'viem';
import { csvLine } from '../common/csv.ts';
import type { Cell } from '../common/csv.ts';
import type { RateLimits } from './createRateLimits.ts';
import { doorOf } from './doorOf.ts';
import type { HandlerContext } from './handlers/Handler.ts';
import { handlers } from './handlers/index.ts';

/** The answer of a route to the same query, changed in some fields. */
type Ask = (more: Record<string, unknown>) => Promise<unknown>;
type Sheet = { head: string[]; rows(ask: Ask): AsyncIterable<Cell[]> };

const pageSize = 1_000;
const time = (seconds: number): string => new Date(seconds * 1_000).toISOString();
const unit = (token: Address | null): string => token ?? 'NCR';

/** Sheets of routes, at their path with `.csv` behind it. Amounts are base units. */
const sheets = {
  getSeries: {
    head: ['metric', 'start', 'end', 'token', 'amount', 'count'],
    rows: async function* (ask) {
      const { metric, points } = await ask({}) as Series;
      for (const { start, end, values } of points) for (const { token, amount, count } of values) yield [metric, time(start), time(end), unit(token), amount, count];
    },
  },
  listFlows: {
    head: ['time', 'block', 'logIndex', 'transaction', 'kind', 'account', 'other', 'assetId', 'token', 'amount', 'subject'],
    rows: async function* (ask) {
      // The range shrinks from page to page, so that none sorts again what was sent.
      for (let more: Record<string, unknown> | undefined = { limit: pageSize }; more;) {
        const { items, next } = await ask(more) as { items: Flow[]; next?: string };
        for (const { at, block, logIndex, transaction, kind, account, other, assetId, token, amount, subject } of items) yield [time(at), block, logIndex, transaction, kind, account, other, assetId, unit(token), amount, subject];
        more = next === undefined ? undefined : { limit: pageSize, cursor: next, to: items.at(-1)?.at };
      }
    },
  },
  listValidatorHealth: {
    head: ['validatorId', 'account', 'active', 'stake', 'rounds', 'committed', 'revealed', 'missed', 'faults', 'penalties', 'earned'],
    rows: async function* (ask) {
      const { items } = await ask({}) as { items: ValidatorHealth[] };
      for (const { validatorId, account, active, stake, rounds, committed, revealed, missed, faults, penalties, earned } of items) yield [validatorId, account, active, stake, rounds, committed, revealed, missed, faults, penalties, earned];
    },
  },
  getTrainingLoad: {
    head: ['open', 'running', 'checked', 'workers', 'cores', 'memoryMiB', 'opened', 'settled', 'slashed', 'refunded', 'units', 'waitSeconds', 'runSeconds'],
    rows: async function* (ask) {
      const { open, running, checked, workers, cores, memoryMiB, opened, settled, slashed, refunded, units, waitSeconds, runSeconds } = await ask({}) as TrainingLoad;
      yield [open, running, checked, workers, cores, memoryMiB, opened, settled, slashed, refunded, units, waitSeconds, runSeconds];
    },
  },
  getPublisher: {
    head: ['assetId', 'kind', 'title', 'views', 'buyers', 'orders', 'runs', 'verifiedRuns', 'trained', 'token', 'sales', 'runIncome', 'subscriptions'],
    rows: async function* (ask) {
      const { items } = await ask({}) as Publisher;
      for (const { assetId, kind, title, views, buyers, orders, runs, verifiedRuns, trained, income } of items) {
        for (const { token, ...earned } of income.length > 0 ? income : [{ token: null, sales: 0n, runs: 0n, subscriptions: 0n }]) yield [assetId, kind, title, views, buyers, orders, runs, verifiedRuns, trained, unit(token), earned.sales, earned.runs, earned.subscriptions];
      }
    },
  },
  listAudit: {
    head: ['id', 'time', 'actor', 'action', 'subject', 'reason', 'details', 'requestId'],
    rows: async function* (ask) {
      for (let more: Record<string, unknown> | undefined = { limit: pageSize }; more;) {
        const { items, next } = await ask(more) as { items: AuditItem[]; next?: number };
        for (const { id, at, actor, action, subject, reason, details, requestId } of items) yield [id, time(at), actor, action, subject, reason, JSON.stringify(details), requestId];
        more = next === undefined ? undefined : { limit: pageSize, cursor: next };
      }
    },
  },
} as const satisfies { [K in keyof typeof handlers]?: Sheet };

/** Serves the sheets, line by line as the database gives them, to whom the route itself would answer. */
export function addCsvDoor(app: FastifyInstance, { context, rates }: { context: HandlerContext; rates: RateLimits }): void {
  for (const [name, sheet] of Object.entries(sheets) as [keyof typeof sheets, Sheet][]) {
    const route: Route = routes[name];
    // One type per route; the loop over all of them forgets which.
    const handler = handlers[name] as unknown as (context: HandlerContext, request: unknown) => Promise<unknown>;
    app.get(`${route.path}.csv`, async (request, reply) => {
      const principal = route.access === undefined ? undefined : await context.accounts.authenticate(request.headers.authorization, route);
      if (principal) rates.count(reply, principal.keyId === undefined ? 'account' : 'key', principal.keyId ?? principal.userId);
      const query = (route.query?.parse(request.query) ?? {}) as object;
      const door = doorOf(request, reply, context.accounts);
      const lines = linesOf(sheet, (more) => handler(context, { principal, params: undefined, query: { ...query, ...more }, body: undefined, door }));
      // What is refused is refused before anything is sent.
      const first = await lines.next();
      const rest = async function* (): AsyncGenerator<string> {
        if (!first.done) yield first.value;
        yield* lines;
      };
      return reply.header('cache-control', 'no-store').header('content-disposition', `attachment; filename="${route.path.split('/').at(-1)}.csv"`).type('text/csv; charset=utf-8; header=present').send(Readable.from(rest()));
    });
  }
}

async function* linesOf(sheet: Sheet, ask: Ask): AsyncGenerator<string> {
  let lines = csvLine(sheet.head);
  let count = 0;
  for await (const cells of sheet.rows(ask)) {
    lines += csvLine(cells);
    count += 1;
    if (count % 200 === 0) {
      yield lines;
      lines = '';
    }
  }
  if (lines !== '') yield lines;
}
