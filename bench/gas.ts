import { createEconomy } from './gas/economy.ts';
import { startEvm } from './gas/evm.ts';
import { measureOcean } from './gas/ocean.ts';
import { splitGas } from './gas/opcodes.ts';
import type { Measured } from './gas/measured.ts';
import { measureOurs, type OurFigures, type OurName } from './gas/ours.ts';
import { measureSeaport } from './gas/seaport.ts';

/** Gas for each call as a transaction of its own. `null`: the contracts have no such function. */
export type GasFigures = Record<
  'buy' | 'buyPermit' | 'batchBuyEach' | 'grant' | 'confirm' | 'claim' | 'wholeSale' | 'subscribe' | 'renew' | 'publish' | 'settleRun' | 'vote' | 'seaportErc20Fee' | 'oceanBuy',
  number | null
>;

/** Most gas that a call may cost. */
const targets: Partial<Record<OurName, number>> = {
  buy: 75_000, wholeSale: 150_000, buyPermit: 115_000, batchBuyEach: 42_000, renew: 45_000, vote: 66_000, settleRun: 75_000, dispute: 300_000,
};

const notes: Partial<Record<OurName, string>> = {
  buyPermit: 'no allowance, has used a permit before', buyPermitFirst: "the account's first permit", grant: 'per order and validator, 10 in a transaction',
  claim: 'per order, 10 in a transaction', batchBuyEach: 'per order, 10 in a transaction', wholeSale: 'buy + 3 shares of grant + share of claim', settleRun: "settle() per attesting validator",
  renew: 'one period, by the subscriber, with an access list', renewUnlisted: 'the same without an access list', renewOf12: 'per period, 12 in a transaction',
  attestRun: 'draw + commit + reveal + settle, per validator', dispute: 'one dispute step',
};

const number = (value: number): string => value.toLocaleString('en-US');

function row(cells: readonly string[]): string {
  const [name = '', gas = '', target = '', toSeaport = '', toOcean = '', note = ''] = cells;
  return `  ${name.padEnd(28)}${gas.padStart(10)}${target.padStart(10)}${toSeaport.padStart(12)}${toOcean.padStart(10)}  ${note}`;
}

function printTable(ours: OurFigures, peers: { seaport: { basic: number; full: number }; ocean: { one: number; two: number } }): void {
  // Of each peer the cheaper way counts.
  const purchases: OurName[] = ['buy', 'buyPermit', 'buyPermitFirst', 'batchBuyEach', 'wholeSale'];
  console.log(row(['gas', 'measured', 'at most', '/ Seaport', '/ Ocean', '']));
  for (const [name, measured] of Object.entries(ours) as [OurName, Measured | null][]) {
    if (measured === null) continue;
    const { gas } = measured;
    const target = targets[name];
    const ratios = purchases.includes(name) ? [(gas / peers.seaport.basic).toFixed(2), (gas / Math.min(peers.ocean.one, peers.ocean.two)).toFixed(2)] : ['', ''];
    console.log(row([name, number(gas), target === undefined ? '' : number(target), ...ratios, `${target !== undefined && gas > target ? 'MISSED ' : ''}${notes[name] ?? ''}`]));
  }
  console.log(row(['Seaport 1.6 basic order', number(peers.seaport.basic), '', '1.00', '', 'signed listing, NCR, one fee recipient']));
  console.log(row(['Seaport 1.6 full order', number(peers.seaport.full), '', '', '', 'the same through fulfillOrder']));
  console.log(row(['Ocean buyFromFreAndOrder', number(peers.ocean.one), '', '', '', 'enterprise template, one transaction']));
  console.log(row(['Ocean buyDT + startOrder', number(peers.ocean.two), '', '', '1.00', 'standard template, two transactions']));
}

/** Of the calls that make up a sale, and of each that misses its target. */
async function printSplits(evm: Awaited<ReturnType<typeof startEvm>>, ours: OurFigures): Promise<void> {
  const missed = (Object.keys(targets) as OurName[]).filter((name) => (ours[name]?.gas ?? 0) > (targets[name] ?? Infinity));
  const named = new Set<OurName>(['buy', 'grant', 'claim', 'settleRun', 'renew', ...missed]);
  const splits = new Map<string, Record<string, number>>();
  for (const name of named) {
    const hash = ours[name]?.hash;
    if (hash !== undefined) splits.set(name, await splitGas(evm, hash));
  }
  console.log(`\nWhere the gas goes (whole transactions: grant and claim of 10 orders, settlement of 3 validators)\n  ${''.padEnd(24)}${[...splits.keys()].map((name) => name.padStart(12)).join('')}`);
  for (const kind of Object.keys([...splits.values()][0] ?? {})) {
    console.log(`  ${kind.padEnd(24)}${[...splits.values()].map((split) => number(split[kind] ?? 0).padStart(12)).join('')}`);
  }
}

/** Measures ours, Seaport 1.6 and Ocean on one EVM and prints the table; the last line is JSON. */
export async function run(): Promise<GasFigures> {
  const evm = await startEvm();
  try {
    const economy = await createEconomy(evm);
    const ours = await measureOurs(economy);
    const [seaport, ocean] = [await measureSeaport(economy), await measureOcean(economy)];
    printTable(ours, { seaport, ocean });
    await printSplits(evm, ours);
    const gas = (name: OurName): number | null => ours[name]?.gas ?? null;
    const figures: GasFigures = {
      buy: gas('buy'), buyPermit: gas('buyPermit'), batchBuyEach: gas('batchBuyEach'), grant: gas('grant'), confirm: gas('confirm'), claim: gas('claim'),
      wholeSale: gas('wholeSale'), subscribe: gas('subscribe'), renew: gas('renew'), publish: gas('publish'), settleRun: gas('settleRun'), vote: gas('vote'),
      seaportErc20Fee: seaport.basic, oceanBuy: Math.min(ocean.one, ocean.two),
    };
    console.log(JSON.stringify(figures));
    return figures;
  } finally {
    await evm.stop();
  }
}

if (import.meta.main) await run();
