import { sealGrant as grantHonestly, sealShare as sealHonestly } from '@neurodata/sealing';
import type { Identity } from '@neurodata/sealing';
import { accountOf } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import type { FastifyInstance } from 'fastify';
import type { Log } from '../common/logger.ts';
import type { Service } from '../common/service.ts';
import { contractsOf } from '../duty/contracts.ts';
import { createSweep } from '../duty/createSweep.ts';
import { removeRunFiles } from '../duty/removeRunFiles.ts';
import { checkRound } from './checkRound.ts';
import type { CheckRound } from './checkRound.ts';
import { createAudit, createReferrals } from './createAudit.ts';
import { createCustodyWatch, usualCustody } from './createCustodyWatch.ts';
import type { CustodyRules } from './createCustodyWatch.ts';
import { createHandovers } from './createHandovers.ts';
import { createGrants } from './createGrants.ts';
import { createPauseWatch } from './createPauseWatch.ts';
import { createKeyGrants } from './createKeyGrants.ts';
import { createRounds } from './createRounds.ts';
import { createShareServer } from './createShareServer.ts';
import type { DutyRows } from './duties.ts';
import { registerValidator } from './registerValidator.ts';
import { removeDuties } from './removeDuties.ts';
import type { ValidatorSetup } from './setup.ts';

export type ValidatorDeps = {
  /** With the validator's own account. */
  client: NeuroClient;
  /** The key to which key shares are sealed. Losing it loses the shares. */
  identity: Identity;
  /** Earlier keys of this validator, newest first; none by default. */
  retired?: readonly Identity[];
  duties: DutyRows;
  models: ValidatorSetup['models'];
  tables: ValidatorSetup['tables'];
  accesses: ValidatorSetup['accesses'];
  purposes: ValidatorSetup['purposes'];
  /** Copies of what runs sealed; taken away once those are over, and left where absent. */
  files?: ValidatorSetup['files'];
  host: string;
  port: number;
  /** Base URL under which `host` and `port` are reached from outside; stands on chain. */
  endpoint: string;
  /** Whether to challenge, with a bond, what the others accepted and this validator found wrong; true by default. */
  challenges?: boolean;
  /** In which the engine runs again what it checks; 1 by default. */
  threads?: number;
  /** When it has keys handed on by itself; {@link usualCustody} by default. */
  custody?: CustodyRules;
  /** How it comes to its verdicts; {@link checkRound} by default. */
  check?: CheckRound;
  /** How it seals the shares that it is asked for; HPKE of the true share by default. */
  sealShare?: ValidatorSetup['sealShare'];
  /** As `sealShare`, those that it grants on chain. */
  sealGrant?: ValidatorSetup['sealGrant'];
  /** What else its door answers. */
  routes?: (app: FastifyInstance) => void;
  log: Log;
};

/**
 * A validator: holds key shares, grants them to those whom the chain entitles, attests in rounds, audits runs until they
 * end, and lets the market see a pause. `start` registers its account, with stake from its own balance, where that has not been done.
 */
export function createValidator(deps: ValidatorDeps): Service {
  const { client, identity, duties, models, tables, accesses, purposes, files, host, port, endpoint, retired = [], challenges = true, threads = 1, custody = usualCustody, check = checkRound, sealShare = sealHonestly, sealGrant = grantHonestly } = deps;
  const running: { stop: () => Promise<void> }[] = [];
  return {
    start: async () => {
      const validatorId = await registerValidator({ client, identity, endpoint });
      const log = deps.log.child({ role: 'validator', validatorId });
      const setup = { client, contracts: contractsOf(client.config.deployment.addresses), account: accountOf(client).address, validatorId, identity, retired, threads, models, tables, accesses, purposes, sealShare, sealGrant, ...(files ? { files } : {}), log };
      const server = createShareServer({ setup, host, port, ...(deps.routes ? { routes: deps.routes } : {}) });
      await server.start();
      running.push(server);
      const sweep = createSweep({
        name: 'ended rounds and runs', log,
        sweep: async (signal) => {
          await removeDuties({ setup, duties, signal });
          if (files) await removeRunFiles({ setup, files: [files], signal });
        },
      });
      const audits = [createAudit({ setup, duties, challenges }), createReferrals({ setup, duties })];
      for (const loop of [createGrants(setup), createKeyGrants(setup), createRounds({ setup, duties, check }), createHandovers(setup), createCustodyWatch({ setup, rules: custody }), ...audits, createPauseWatch(setup), sweep]) {
        loop.start();
        running.push(loop);
      }
      log.info({ endpoint }, 'validating');
    },
    stop: async () => {
      await Promise.all(running.splice(0).map((part) => part.stop()));
    },
  };
}
