import { type Auditor, drawSegments, openAuditor, sha256Hex } from '@neurodata/engine';
import type { Digest } from '../../packages/engine/src/hash.ts';
import { type Cheat, type PublishedRun, cheats, openWorkshop } from './cheats.ts';
import { weatherCsv, weatherSpec } from './tables.ts';

export type Detection = { f: number; k: number; audits: number; measured: number; formula: number; byCheat: Record<Cheat, number> };
export type Detections = { cheats: number; detections: Detection[]; honestAudits: number; honestSegments: number; falseAccusations: number };

/**
 * Simulates audits of forged runs: each drawn forged segment is really re-executed, until one is found to be wrong.
 * Segments that were honestly made are re-executed when a run's are first drawn, and then known to be right: they are the
 * same computation. Honest runs are audited by re-execution of every segment that is drawn.
 */
export async function measureDetection(plan: { f: number; k: number; audits: number }[], honestAudits: number): Promise<Detections> {
  const workshop = await openWorkshop();
  const auditor = await openAuditor({ csv: weatherCsv(), spec: weatherSpec(0) });
  const wrong = { falseAccusations: 0, honestSegments: 0 };
  const honest = await workshop.publish(null, 0, 0);
  for (let audit = 0; audit < honestAudits; audit += 1) await auditOnce({ auditor, run: honest, known: new Set(), seed: seedOf('honest', audit), k: 44, wrong });
  const detections: Detection[] = [];
  const published = new Map<string, { run: PublishedRun; known: Set<number> }>();
  for (const { f, k, audits } of plan) {
    const byCheat = Object.fromEntries(cheats.map((cheat) => [cheat, 0])) as Record<Cheat, number>;
    const each = audits / cheats.length;
    for (const [index, cheat] of cheats.entries()) {
      const name = `${cheat} ${f}`;
      const { run, known } = published.get(name) ?? { run: await workshop.publish(cheat, f, 1 + index + Math.round(f * 10_000)), known: new Set<number>() };
      published.set(name, { run, known });
      for (let audit = 0; audit < each; audit += 1) {
        if (await auditOnce({ auditor, run, known, seed: seedOf(`${name} ${k}`, audit), k, wrong })) byCheat[cheat] += 1;
      }
    }
    const found = Object.values(byCheat).reduce((sum, count) => sum + count, 0);
    for (const cheat of cheats) byCheat[cheat] /= each;
    // Of as many steps as there are, so many are forged.
    const share = Math.round(f * workshop.steps) / workshop.steps;
    detections.push({ f, k, audits, measured: found / audits, formula: 1 - (1 - share) ** k, byCheat });
  }
  auditor.close();
  return { cheats: plan.reduce((sum, { audits }) => sum + audits, 0), detections, honestAudits, ...wrong };
}

function seedOf(name: string, audit: number): Digest {
  return sha256Hex(new TextEncoder().encode(`${name} ${audit}`));
}

/** Whether the audit finds something. An honest segment that does not pass counts as a false accusation. */
async function auditOnce(parameters: { auditor: Auditor; run: PublishedRun; known: Set<number>; seed: Digest; k: number; wrong: { falseAccusations: number; honestSegments: number } }): Promise<boolean> {
  const { auditor, run, known, seed, k, wrong } = parameters;
  const { digests, states, forged } = run;
  for (const from of drawSegments({ seed, checkpoints: digests.length, count: k }).segments) {
    if (known.has(from)) continue;
    const found = await auditor.check({ from, steps: 1, digests, stateAt: (step) => states[step], ends: true });
    if (forged.has(from)) {
      if (found !== undefined) return true;
      continue;
    }
    wrong.honestSegments += 1;
    if (found !== undefined) wrong.falseAccusations += 1;
    known.add(from);
  }
  return false;
}
