import { createHmac, randomBytes } from 'node:crypto';

const prefix = 'whsec_';

/** A new secret, as Standard Webhooks writes them. */
export function newWebhookSecret(): string {
  return `${prefix}${randomBytes(32).toString('base64')}`;
}

/** The headers of Standard Webhooks: HMAC-SHA256 over id, time and body, so that neither can be changed and an old one cannot be played again later. */
export function signWebhook(parameters: { secret: string; id: string; timestamp: number; body: string }): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const { secret, id, timestamp, body } = parameters;
  const key = Buffer.from(secret.slice(prefix.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,${signature}` };
}
