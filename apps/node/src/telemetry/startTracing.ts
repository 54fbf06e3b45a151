import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace';

/** Sends traces by OTLP over HTTP to `endpoint` (`/v1/traces` is added), of the given part of requests that come without a trace. Returns what ends it. */
export function startTracing(parameters: { endpoint: string; serviceName: string; version: string; ratio: number }): () => Promise<void> {
  const { endpoint, serviceName, version, ratio } = parameters;
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, timeoutMillis: 5_000 });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'service.version': version, 'process.pid': process.pid }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: 1_000, exportTimeoutMillis: 5_000 })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  return async () => {
    // What cannot be sent any more must not keep the process.
    await Promise.race([provider.shutdown().catch(() => undefined), new Promise((resolve) => { setTimeout(resolve, 5_000).unref(); })]);
    trace.disable();
    context.disable();
  };
}
