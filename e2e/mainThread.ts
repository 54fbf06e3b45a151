import type { CDPSession, Page } from 'playwright-core';

/** A task of the page's main thread. `cpuMs`: how long the thread computed, whoever else had the processor meanwhile; `wallMs`: how long the page waited. `what`: the longest steps in it. */
export type MainTask = { cpuMs: number; wallMs: number; what: string[] };

type TraceEvent = { name: string; ph: string; ts: number; dur?: number; tdur?: number; pid: number; tid: number; args?: { name?: string; data?: { url?: string; functionName?: string } } };

/** `RunTask` is what the browser's own long-task entries are made from; the rest says what was in it. */
const categories = ['disabled-by-default-devtools.timeline', 'devtools.timeline', 'toplevel', 'v8', '__metadata'];

/** Watches the page's main thread until the given function is called, which tells its tasks, the longest first. One watch at a time. */
export async function watchMainThread(page: Page): Promise<() => Promise<MainTask[]>> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => { events.push(...(value as unknown as TraceEvent[])); });
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { recordMode: 'recordUntilFull', includedCategories: categories, excludedCategories: ['*'] } });
  return async () => {
    await stopTracing(session);
    await session.detach();
    return tasksOf(events);
  };
}

async function stopTracing(session: CDPSession): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  session.once('Tracing.tracingComplete', ({ dataLossOccurred }) => (dataLossOccurred ? reject(new Error('The trace does not hold everything: watch for less time.')) : resolve()));
  await session.send('Tracing.end');
  await promise;
}

function tasksOf(events: readonly TraceEvent[]): MainTask[] {
  const placeOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
  const main = new Set(events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(placeOf));
  const whole = events.filter((event) => event.ph === 'X' && main.has(placeOf(event)));
  const steps = whole.filter(({ name, dur = 0 }) => name !== 'RunTask' && !name.startsWith('ThreadController') && dur > 2_000);
  const tasks = whole.filter(({ name }) => name === 'RunTask');
  if (tasks.length === 0) throw new Error('The trace holds no task of a page.');
  return tasks.map((task): MainTask => {
    const within = (task.dur ?? 0) < 20_000 ? [] : steps.filter((step) => placeOf(step) === placeOf(task) && step.ts >= task.ts && step.ts < task.ts + (task.dur ?? 0));
    const what = within.sort((a, b) => (b.dur ?? 0) - (a.dur ?? 0)).slice(0, 8).map(({ name, dur = 0, args }) => `${name} ${Math.round(dur / 1_000)} ms ${args?.data?.functionName ?? ''} ${args?.data?.url?.split('/').at(-1) ?? ''}`.trim());
    return { cpuMs: (task.tdur ?? task.dur ?? 0) / 1_000, wallMs: (task.dur ?? 0) / 1_000, what };
  }).sort((a, b) => b.cpuMs - a.cpuMs);
}
