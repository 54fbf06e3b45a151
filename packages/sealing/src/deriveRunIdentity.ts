import { expectKey, utf8 } from './bytes.ts';
import { hkdfSha256 } from './digest.ts';
import { identityFromSecret } from './identity.ts';
import type { Identity } from './identity.ts';

/**
 * The identity to which the unfinished states of a run are sealed: HKDF-SHA256 (RFC 5869) of the input's 32-byte key secret
 * with the job's 32-byte id as salt. Whoever may run the job has the secret; whoever has the secret could make the same
 * states from the rows and the public spec. Throws `BAD_KEY` on another length.
 */
export function deriveRunIdentity(parameters: { secret: Uint8Array; jobId: Uint8Array }): Identity {
  const secret = expectKey(parameters.secret, 32, 'The key secret');
  const salt = expectKey(parameters.jobId, 32, 'The job id');
  return identityFromSecret(hkdfSha256({ secret, salt, info: utf8('neurodata/run-states/v1') }));
}
