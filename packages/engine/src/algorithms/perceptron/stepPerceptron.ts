import type { Pause } from '../../run/pause.ts';
import { numberOf } from '../../spec/parameters.ts';
import type { Answer, Op } from '../../team/ops.ts';
import type { Team } from '../../team/team.ts';
import { groupStart, groups, placesOf } from './batches.ts';
import { type Own, type Perceptron, memberAt, notFinite, packed } from './perceptron.ts';
import { validationError } from './validationError.ts';

/** Gradients up to here travel in the round that made them. */
const BYTES_A_ROUND = 1 << 20;
const TWO_32 = 4_294_967_296;

/** A key of 64 bits as two numbers: kernels are called with numbers alone. */
export function halves(key: bigint): [high: number, low: number] {
  const bits = BigInt.asUintN(64, key);
  return [Number(bits >> 32n), Number(bits & 0xffff_ffffn)];
}

/** Shuffles each group's rows for the epoch under way. */
export async function openEpoch({ plan, team, members, progress, streams }: Perceptron, pause: Pause): Promise<void> {
  const { kernels } = team;
  const epoch = kernels.randomKey(streams.shuffle, BigInt(progress.epoch));
  const start = (group: number): number => groupStart(plan.rows, group);
  team.round((member) => groupsOf(members[member]).map((group): Op => {
    const { order, firstRow } = memberAt(members, member);
    return { call: 'shuffleRows', args: [order + (start(group) - firstRow) * 4, start(group + 1) - start(group), ...halves(kernels.randomKey(epoch, BigInt(group)))] };
  }));
  await pause();
}

function groupsOf(own: Own | undefined): number[] {
  return own === undefined ? [] : Array.from({ length: own.endGroup - own.firstGroup }, (_, index) => own.firstGroup + index);
}

/** Makes a step: some batches, to the end of the epoch at most. False when the last epoch has ended. */
export async function stepPerceptron(perceptron: Perceptron, pause: Pause): Promise<boolean> {
  const { problem, plan, members } = perceptron;
  if (perceptron.progress.epoch >= numberOf(problem.parameters, 'max_iter')) return false;
  const progress = { ...perceptron.progress };
  perceptron.progress = progress;
  let pending: Op[][] = members.map(() => []);
  for (let count = 0; count < plan.perStep && progress.batch < plan.batches; count += 1) {
    pending = runBatch(perceptron, pending);
    progress.batch += 1;
    await pause();
  }
  perceptron.team.round((member) => pending[member] ?? []);
  progress.step += 1;
  progress.loss = progress.lossSum / progress.seen + penaltyOf(perceptron);
  if (!Number.isFinite(progress.loss)) throw notFinite();
  if (progress.batch === plan.batches) await closeEpoch(perceptron, pause);
  return true;
}

async function closeEpoch(perceptron: Perceptron, pause: Pause): Promise<void> {
  const { problem, progress, validation } = perceptron;
  const { best } = progress;
  const measured = validation === null ? progress.loss : validationError(perceptron, validation);
  if (!Number.isFinite(measured)) throw notFinite();
  progress.stale = best >= 0 && measured > best - numberOf(problem.parameters, 'tol') ? progress.stale + 1 : 0;
  if (best < 0 || best > measured) {
    progress.best = measured;
    if (validation !== null) validation.best = packed(perceptron, ['weights']);
  }
  progress.epoch += 1;
  progress.batch = 0;
  progress.lossSum = 0;
  progress.seen = 0;
  await openEpoch(perceptron, pause);
}

/** alpha / 2 times the squares of all weights, over the rows of a batch, as scikit-learn. */
function penaltyOf({ problem, team, members, network, plan }: Perceptron): number {
  const { weights } = memberAt(members, 0);
  let squares = 0;
  for (const { inputs, lanes, at } of network.layers) squares += team.kernels.sumSquares(weights + at * 4, inputs * lanes);
  return (0.5 * numberOf(problem.parameters, 'alpha') * squares) / plan.size;
}

/** The mean loss of the first batch at the first weights, which stay as they are. */
export function probeLoss(perceptron: Perceptron): number {
  const { team, members } = perceptron;
  const answers = team.round((member) => {
    const own = members[member];
    return own === undefined ? [] : [...gradientOps(perceptron, member), lossRead(own)];
  });
  return totalLoss(answers, members, team) / rowsOfBatch(perceptron) + penaltyOf(perceptron);
}

/**
 * The gradient of a batch, and the step of Adam that follows; where members have to tell each other their gradients, the
 * step is left to their next round, whose first operations are returned.
 */
function runBatch(perceptron: Perceptron, pending: Op[][]): Op[][] {
  const { team, members, progress, network } = perceptron;
  const rows = rowsOfBatch(perceptron);
  if (rows === 0) return pending;
  const bytes = network.count * 4;
  const alone = members.length === 1;
  const inRound = !alone && bytes <= BYTES_A_ROUND;
  const gradients = members.map((_, member) => gradientOps(perceptron, member));
  const adam = adamOps(perceptron, rows);
  const answers = team.round((member) => {
    const own = members[member];
    if (own === undefined) return [];
    return [...(pending[member] ?? []), ...(gradients[member] ?? []), lossRead(own), ...(alone ? adam(own) : []), ...(inRound ? [{ read: sharedGradient(own), bytes }] : [])];
  });
  progress.lossSum += totalLoss(answers, members, team);
  progress.seen += rows;
  progress.updates += 1;
  if (alone) return [[]];
  const shared = members.map((own, member) => {
    const last = answers[member]?.at(-1);
    return inRound && last instanceof Uint8Array ? last : team.read(member, sharedGradient(own), bytes);
  });
  return members.map((own, member) => {
    const others: Op[] = [];
    for (const [index, other] of members.entries()) {
      if (index === member) continue;
      const [write, from] = [own.gradients[other.firstGroup] ?? 0, shared[index] ?? new Uint8Array()];
      if (inRound) others.push({ write, from });
      else team.write(member, write, from);
    }
    return [...others, ...(members.length === groups ? pairOps(own, network.count) : []), ...adam(own)];
  });
}

/** Where a member's summed gradient is: of its one group, or of its two. */
function sharedGradient(own: Own): number {
  return own.gradients[own.firstGroup] ?? 0;
}

/** Gradients of the groups 0 and 1, and of 2 and 3, in one. */
function pairOps({ gradients: [a = 0, b = 0, c = 0, d = 0] }: Own, count: number): Op[] {
  return [{ call: 'addFloats', args: [a, b, count] }, { call: 'addFloats', args: [c, d, count] }];
}

/** The gradient of each of a member's groups; of two groups that are a pair, summed. */
function gradientOps({ problem, network, plan, progress, members, streams, team }: Perceptron, member: number): Op[] {
  const own = members[member];
  if (own === undefined) return [];
  const { net, weights, turned, values, deltas, spare, design, targets, order, losses, gradients } = own;
  const dropout = numberOf(problem.parameters, 'dropout');
  const seed: number[] = dropout > 0 ? halves(team.kernels.randomKey(streams.dropout, BigInt(progress.updates))) : [0, 0];
  const ops = groupsOf(own).map((group, index): Op => {
    const base = groupStart(plan.rows, group) - own.firstRow;
    const [first, last] = placesOf({ rows: plan.rows, batches: plan.batches, group, batch: progress.batch });
    return {
      call: 'groupGradient',
      args: [
        net, weights, turned, gradients[group] ?? 0, values, deltas, spare, design + base * problem.width * 4, targets + base * 4, order + (base + first) * 4, last - first,
        Math.floor(dropout * TWO_32), 1 / (1 - dropout), ...seed, group, losses + index * 8,
      ],
    };
  });
  const pairs = groupsOf(own).filter((group) => group % 2 === 1 && group > own.firstGroup);
  return [...ops, ...pairs.map((group): Op => ({ call: 'addFloats', args: [gradients[group - 1] ?? 0, gradients[group] ?? 0, network.count] }))];
}

function lossRead({ losses, firstGroup, endGroup }: Own): Op {
  return { read: losses, bytes: (endGroup - firstGroup) * 8 };
}

/** The groups' losses, added as their gradients are; they are the first bytes that a round brings. */
function totalLoss(answers: Answer[][], members: readonly Own[], team: Pick<Team, 'note'>): number {
  const losses = members.flatMap((_, member) => {
    const bytes = answers[member]?.find((answer) => answer instanceof Uint8Array);
    if (bytes === undefined) throw new TypeError('A round brought no losses');
    return [...new Float64Array(bytes.slice().buffer)];
  });
  team.note(losses);
  const [a = 0, b = 0, c = 0, d = 0] = losses;
  return a + b + (c + d);
}

function rowsOfBatch({ plan, progress }: Perceptron): number {
  let rows = 0;
  for (let group = 0; group < groups; group += 1) {
    const [first, last] = placesOf({ rows: plan.rows, batches: plan.batches, group, batch: progress.batch });
    rows += last - first;
  }
  return rows;
}

/** Adam's step for a member, its gradients standing in two sums; biases have no penalty. */
function adamOps({ problem, network, progress }: Perceptron, rows: number): (own: Own) => Op[] {
  const value = (name: string): number => numberOf(problem.parameters, name);
  const [beta1, beta2] = [value('beta_1'), value('beta_2')];
  progress.power1 *= beta1;
  progress.power2 *= beta2;
  const rate = (value('learning_rate_init') * Math.sqrt(1 - progress.power2)) / (1 - progress.power1);
  const rest = [1 / rows, beta1, 1 - beta1, beta2, 1 - beta2, rate, value('epsilon')];
  return ({ net, weights, first, second, turned, gradients: [a = 0, , b = 0] }) => [
    ...network.layers.flatMap(({ inputs, lanes, at }): Op[] => {
      const step = (offset: number, count: number, alpha: number): Op => {
        const place = offset * 4;
        return { call: 'adamStep', args: [weights + place, first + place, second + place, a + place, b + place, count, alpha, ...rest] };
      };
      return [step(at, inputs * lanes, value('alpha')), step(at + inputs * lanes, lanes, 0)];
    }),
    { call: 'turnWeights', args: [net, weights, turned] },
  ];
}
