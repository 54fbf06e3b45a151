/** Writes the walks of the reference models that the contract tests play: `node scripts/sequences.ts`, part of `npm run generate`. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createDisputeSequences } from '../packages/protocol/src/model/disputeSequences.ts';
import { createOrderSequences } from '../packages/protocol/src/model/orderSequences.ts';
import { committedWalks } from '../packages/protocol/src/model/sequence.ts';
import { createTrialSequences } from '../packages/protocol/src/model/trialSequences.ts';

const vectors = path.resolve(import.meta.dirname, '../vectors');
for (const [name, create] of [['orderSequences', createOrderSequences], ['disputeSequences', createDisputeSequences], ['trialSequences', createTrialSequences]] as const) {
  writeFileSync(path.join(vectors, `${name}.json`), `${JSON.stringify(create(committedWalks).file)}\n`);
  console.log(`Wrote vectors/${name}.json.`);
}
