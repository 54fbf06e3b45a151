import { accessLogRequestSchema, drillRequestSchema, handoverRefSchema, httpStatusByCode, NeuroError, shareRequestSchema, signedPurposeSchema, validatorRoutes } from '@neurodata/protocol';
import type { Problem } from '@neurodata/protocol';
import { toNeuroError } from '@neurodata/sdk';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Service } from '../common/service.ts';
import type { Access } from './accessLog.ts';
import { answerAccessLog } from './answerAccessLog.ts';
import { answerDrill } from './answerDrill.ts';
import { answerNotices } from './answerNotices.ts';
import { answerPurpose } from './answerPurpose.ts';
import { answerPurposes } from './answerPurposes.ts';
import { answerShareRequest, requestDigest } from './answerShareRequest.ts';
import { makeDealing } from './makeDealing.ts';
import { createRateLimit } from '../common/rateLimit.ts';
import type { RateLimit } from '../common/rateLimit.ts';
import type { ValidatorSetup } from './setup.ts';

const MAX_BODY_BYTES = 8_192;
const REQUESTS_PER_MINUTE = 120;
/** Of those that are kept in the access log. */
const REFUSALS_PER_MINUTE = 600;
/** Each answer costs signature and curve work: more at a time only make all of them late. */
const MAX_UNDER_WAY = 32;

/** A validator's door: `GET /healthz`, and `POST` for shares, dealings and drills. Every answer and refusal is written to the log. */
export function createShareServer(parameters: { setup: ValidatorSetup; host: string; port: number; routes?: (app: FastifyInstance) => void }): Service {
  const { setup, host, port } = parameters;
  const server = fastify({ logger: false, bodyLimit: MAX_BODY_BYTES, requestTimeout: 30_000 });
  const rate = createRateLimit({ limit: REQUESTS_PER_MINUTE, windowMs: 60_000 });
  const publicRate = createRateLimit({ limit: REQUESTS_PER_MINUTE, windowMs: 60_000 });
  const refusals = createRateLimit({ limit: REFUSALS_PER_MINUTE, windowMs: 60_000 });
  let underWay = 0;
  server.get('/healthz', async () => ({ ready: true, validatorId: setup.validatorId, account: setup.account }));
  const serve = <T>(path: string, answer: (body: unknown, ip: string) => Promise<T>): void => {
    server.post(path, async (request, reply) => {
      if (underWay >= MAX_UNDER_WAY) throw new NeuroError('Too many requests at a time.', { code: 'RATE_LIMITED', remedy: 'Try again in a moment.', retryable: true });
      underWay += 1;
      try {
        await reply.header('cache-control', 'no-store').send(await answer(request.body, request.ip));
      } finally {
        underWay -= 1;
      }
    });
  };
  // Anybody may ask these, so what is counted is where they come from.
  const admit = (ip: string): void => {
    if (!publicRate.take(ip)) throw new NeuroError('There are too many requests from this address.', { code: 'RATE_LIMITED', remedy: 'Try again in a minute.', retryable: true });
  };
  serve(validatorRoutes.requestShare.path, (body) => answerAndLog({ setup, rate, refusals, signed: parse(shareRequestSchema, body) }));
  serve(validatorRoutes.requestDealing.path, async (body, ip) => {
    admit(ip);
    const ref = parse(handoverRefSchema, body);
    const dealing = await makeDealing({ setup, ref });
    setup.log.info({ ...ref }, 'dealt a key share to its next holders');
    return { validatorId: setup.validatorId, dealing };
  });
  serve(validatorRoutes.listAccesses.path, (body) => answerAccessLog({ setup, rate, signed: parse(accessLogRequestSchema, body) }));
  serve(validatorRoutes.listNotices.path, (body) => answerNotices({ setup, rate, signed: parse(accessLogRequestSchema, body) }));
  serve(validatorRoutes.statePurpose.path, (body, ip) => {
    admit(ip);
    return answerPurpose({ setup, rate, signed: parse(signedPurposeSchema, body) });
  });
  serve(validatorRoutes.listPurposes.path, (body) => answerPurposes({ setup, rate, signed: parse(accessLogRequestSchema, body) }));
  serve(validatorRoutes.drill.path, (body, ip) => {
    admit(ip);
    return answerDrill({ setup, request: parse(drillRequestSchema, body) });
  });
  parameters.routes?.(server);
  server.setNotFoundHandler(async () => {
    throw new NeuroError('There is nothing here.', { code: 'NOT_FOUND', remedy: `Ask ${validatorRoutes.requestShare.path}.` });
  });
  server.setErrorHandler((error, _request, reply) => sendProblem(reply, asNeuroError(error)));
  return {
    start: async () => {
      await server.listen({ host, port }).catch((cause: unknown) => {
        throw new NeuroError(`Validator ${setup.validatorId} cannot listen on ${host}:${port}.`, { code: 'CONFLICT', remedy: 'Free the port, or choose another one.', details: String(cause), cause });
      });
    },
    stop: () => server.close(),
  };
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new NeuroError('The request is not valid.', { code: 'BAD_INPUT', details: z.prettifyError(result.error), remedy: 'Send what the validator route describes.' });
}

async function answerAndLog(parameters: Parameters<typeof answerShareRequest>[0] & { refusals: RateLimit }) {
  const { setup, signed, refusals } = parameters;
  const { account, assetId, version, proofId, recipientKey, expiresAt } = signed.request;
  const asked = { account, assetId, version, proofId, recipientKey };
  const access = (): Omit<Access, 'outcome'> => ({ at: Math.floor(Date.now() / 1000), ...asked, request: requestDigest(setup, signed.request), expiresAt });
  try {
    const answer = await answerShareRequest(parameters);
    // Before the share leaves: nobody has it without being in the log.
    await setup.accesses.record({ ...access(), outcome: 'granted' });
    setup.log.info(asked, 'handed out a key share');
    return answer;
  } catch (cause) {
    const error = toNeuroError(cause);
    setup.log.warn({ ...asked, code: error.code, reason: error.message }, 'refused a key share');
    // Whoever may not have a share must not fill the disk either.
    if (refusals.take('all')) await setup.accesses.record({ ...access(), outcome: 'refused', code: error.code, reason: error.message });
    throw error;
  }
}

function asNeuroError(error: unknown): NeuroError {
  const status = error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  if (status === 413) return new NeuroError(`The body is over ${MAX_BODY_BYTES} bytes.`, { code: 'TOO_LARGE', remedy: 'Send one share request.' });
  if (status >= 400 && status < 500) return new NeuroError('The body is not JSON.', { code: 'BAD_INPUT', remedy: 'Send application/json.' });
  return toNeuroError(error);
}

function sendProblem(reply: FastifyReply, error: NeuroError): FastifyReply {
  const status = httpStatusByCode[error.code];
  const problem: Problem = {
    // What failed inside is for the log alone.
    type: `urn:neurodata:problem:${error.code}`, title: status === 500 ? 'The validator failed.' : error.message, status, code: error.code,
    ...(error.details && status !== 500 ? { detail: error.details } : {}), ...(error.remedy ? { remedy: error.remedy } : {}),
  };
  return reply.status(status).type('application/problem+json').send(problem);
}
