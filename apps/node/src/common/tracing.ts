import { ROOT_CONTEXT, SpanKind, SpanStatusCode, context, isSpanContextValid, trace } from '@opentelemetry/api';
import type { Attributes, Context, Span } from '@opentelemetry/api';

/**
 * Traces by OpenTelemetry's API, which does nothing until somebody has set where they go: see `telemetry/startTracing.ts`. Spans of databases and
 * chains are made inside others only: a poll of its own is no trace.
 */

const tracer = () => trace.getTracer('neurodata');

/** For the log. */
export function traceFields(): { trace_id?: string; span_id?: string } {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) ? { trace_id: span.traceId, span_id: span.spanId } : {};
}

/** Work that begins here by itself, as a trace of its own. */
export function withRootSpan<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  return tracer().startActiveSpan(name, { attributes, root: true, kind: SpanKind.CONSUMER }, ROOT_CONTEXT, (span) => settle(span, work));
}

/** Work as a part of what is under way; without a span where nothing is. */
export function withChildSpan<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  if (!trace.getActiveSpan()?.isRecording()) return work();
  return tracer().startActiveSpan(name, { attributes, kind: SpanKind.CLIENT }, (span) => settle(span, work));
}

async function settle<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // Its name alone: what it says may be about people.
    span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
    throw error;
  } finally {
    span.end();
  }
}

export type ServerSpan = {
  /** Runs `work` inside the span. */
  run(work: () => void): void;
  end(facts: { route: string; status: number }): void;
};

/** The span of a request: the caller's trace goes on where it sent one (W3C `traceparent`). Undefined where nobody wants traces. */
export function startServerSpan(request: { method: string; traceparent: string | undefined }): ServerSpan | undefined {
  const parent = parseTraceparent(request.traceparent);
  const span = tracer().startSpan(request.method, { kind: SpanKind.SERVER, attributes: { 'http.request.method': request.method } }, parent);
  if (!span.isRecording() && parent === ROOT_CONTEXT) return undefined;
  const active = trace.setSpan(parent, span);
  return {
    run: (work) => context.with(active, work),
    end: ({ route, status }) => {
      span.updateName(`${request.method} ${route}`);
      span.setAttributes({ 'http.route': route, 'http.response.status_code': status });
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

/** What to send along with a request to somebody else, so that their part is found under the same trace. */
export function traceHeaders(): Record<string, string> {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) ? { traceparent: `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}` } : {};
}

/** W3C Trace Context, version 00; anything else begins a trace of its own. */
function parseTraceparent(header: string | undefined): Context {
  const found = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/.exec(header ?? '');
  if (!found || header!.startsWith('ff')) return ROOT_CONTEXT;
  const spanContext = { traceId: found[1]!, spanId: found[2]!, traceFlags: Number.parseInt(found[3]!, 16) & 1, isRemote: true };
  return isSpanContextValid(spanContext) ? trace.setSpanContext(ROOT_CONTEXT, spanContext) : ROOT_CONTEXT;
}
