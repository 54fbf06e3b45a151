import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

export type Log = Logger;

const secretFields = [
  'privateKey', 'secret', 'secretKey', 'identity', 'password', 'mnemonic', 'authorization', 'cookie', 'share', 'fileKey', 'salt', 'databaseUrl', 'signature', 'passwordHash', 'access', 'refresh', 'smtpUrl',
];

/**
 * The node's log: JSON lines on stdout. Fields that may hold secrets are replaced at the top, one and two levels down.
 *
 * @param level pino's words: trace, debug, info, warn, error, silent.
 */
export function createLogger(parameters: { level: string; destination?: DestinationStream }): Log {
  const options = {
    level: parameters.level,
    redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[redacted]' },
  };
  return parameters.destination ? pino(options, parameters.destination) : pino(options);
}
