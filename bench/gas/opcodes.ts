import type { AccessList, Hex } from 'viem';
import type { Evm } from './evm.ts';

type Step = { op: string; depth: number; gas: number; gasCost: number };
type Trace = { structLogs: Step[] };

/** Gas by class of opcode; the classes add up to what the transaction used. */
export type GasByClass = Record<'intrinsic and calldata' | 'SLOAD cold' | 'SLOAD warm' | 'SSTORE' | 'LOG' | 'calls' | 'KECCAK256' | 'precompiles' | 'other' | 'refund', number>;

const calls = new Set(['CALL', 'STATICCALL', 'DELEGATECALL', 'CALLCODE', 'CREATE', 'CREATE2']);
/** EIP-2929: a slot's first access in a transaction costs 2,100, a later one 100. */
const coldSlot = 2_100;
const coldAccount = 2_600;

function classify(op: string, cost: number): keyof GasByClass {
  if (op === 'SLOAD') return cost >= coldSlot ? 'SLOAD cold' : 'SLOAD warm';
  if (op === 'SSTORE') return 'SSTORE';
  if (op.startsWith('LOG')) return 'LOG';
  if (op === 'KECCAK256' || op === 'SHA3') return 'KECCAK256';
  if (calls.has(op)) return 'calls';
  return 'other';
}

/** The cost of each step alone: gas before it less gas before the next step of its frame, less what the callee used. */
function ownCosts(steps: readonly Step[]): number[] {
  const costs = steps.map(({ gasCost }) => gasCost);
  /** Calls whose callee is running, and what their callees have used so far. */
  const open: { index: number; depth: number; gas: number; inside: number }[] = [];
  const charge = (gas: number): void => { const frame = open.at(-1); if (frame !== undefined) frame.inside += gas; };
  for (const [index, step] of steps.entries()) {
    while ((open.at(-1)?.depth ?? 0) >= step.depth) {
      const frame = open.pop();
      if (frame === undefined) break;
      const total = frame.gas - step.gas;
      costs[frame.index] = total - frame.inside;
      charge(total);
    }
    const next = steps[index + 1];
    if (next !== undefined && next.depth > step.depth) {
      open.push({ index, depth: step.depth, gas: step.gas, inside: 0 });
      continue;
    }
    if (next !== undefined && next.depth === step.depth) costs[index] = step.gas - next.gas;
    charge(costs[index] ?? 0);
  }
  return costs;
}

/** EIP-2930: what naming an address, and a slot of it, costs beforehand. */
const listed = { address: 2_400, slot: 1_900 };

function intrinsic(data: Hex, accessList: AccessList): number {
  const bytes = Buffer.from(data.slice(2), 'hex');
  const names = accessList.reduce((sum, { storageKeys }) => sum + listed.address + listed.slot * storageKeys.length, 0);
  return 21_000 + names + bytes.reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), 0);
}

/** Where the gas of a mined transaction went, from `debug_traceTransaction`. */
export async function splitGas(evm: Evm, hash: Hex): Promise<GasByClass> {
  const { structLogs: steps } = (await evm.rpc('debug_traceTransaction', [hash, { disableStorage: true, disableMemory: true, disableStack: true }])) as Trace;
  const { input, accessList = [] } = await evm.clients.publicClient.getTransaction({ hash });
  const { gasUsed } = await evm.clients.publicClient.getTransactionReceipt({ hash });
  const split: GasByClass = { 'intrinsic and calldata': intrinsic(input, accessList), 'SLOAD cold': 0, 'SLOAD warm': 0, SSTORE: 0, LOG: 0, calls: 0, KECCAK256: 0, precompiles: 0, other: 0, refund: 0 };
  const costs = ownCosts(steps);
  steps.forEach(({ op, depth }, index) => {
    const cost = costs[index] ?? 0;
    const entered = (steps[index + 1]?.depth ?? 0) > depth;
    // A call that no step follows inside ran a precompile, or an account without code.
    const inPrecompile = calls.has(op) && !entered && cost > coldAccount;
    split[inPrecompile ? 'precompiles' : classify(op, cost)] += cost;
  });
  split.refund = Number(gasUsed) - Object.values(split).reduce((sum, value) => sum + value, 0);
  return split;
}
