import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** A figure that is read when somebody asks; with a value for each set of labels. */
export type Reading = { name: string; help: string; labels?: string[]; read: () => Promise<{ labels?: Record<string, string>; value: number }[]> };

export type Metrics = {
  request(facts: { method: string; route: string; status: number; seconds: number }): void;
  signIn(method: string): void;
  job(facts: { name: string; outcome: 'done' | 'failed'; seconds: number }): void;
  /** Adds a figure; one that cannot be read is left out of that answer. */
  add(reading: Reading): void;
  /** In Prometheus' text format. */
  text(): Promise<string>;
  contentType: string;
};

const seconds = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const readMs = 2_000;

/** What Prometheus asks for. Labels name routes, states and kinds, never a person, an address or an id. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Histogram({ name: 'neurodata_http_request_seconds', help: 'Requests answered, by route and status', labelNames: ['method', 'route', 'status'], buckets: seconds, registers });
  const signIns = new Counter({ name: 'neurodata_sign_ins_total', help: 'Sessions opened, by the way of signing in', labelNames: ['method'], registers });
  const jobs = new Histogram({ name: 'neurodata_job_seconds', help: 'Tries of background jobs, by name and outcome', labelNames: ['name', 'outcome'], buckets: [...seconds, 60, 600], registers });
  return {
    request: ({ method, route, status, seconds: took }) => requests.observe({ method, route, status: String(status) }, took),
    signIn: (method) => signIns.inc({ method }),
    job: ({ name, outcome, seconds: took }) => jobs.observe({ name, outcome }, took),
    add: ({ name, help, labels = [], read }) => {
      registry.registerMetric(new Gauge({
        name, help, labelNames: labels, registers: [],
        async collect() {
          this.reset();
          const values = await Promise.race([read(), new Promise<never>((_, reject) => { setTimeout(reject, readMs).unref(); })]).catch(() => undefined);
          // Of a figure without labels a zero would be left: better none.
          if (!values) this.remove();
          for (const { labels: of = {}, value } of values ?? []) this.set(of, value);
        },
      }));
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
