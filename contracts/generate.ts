import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { drawSegments } from '../packages/engine/src/audit/drawSegments.ts'
import { checkpointProof, checkpointRoot } from '../packages/engine/src/run/merkle.ts'
import { sha256Hex } from '../packages/protocol/src/bytes.ts'
import { checkCodeSizes } from '../scripts/codeSizes.ts'
import { disputeStates, disputeTransitions, jobStates, jobTransitions, orderStates, orderTransitions } from '../packages/protocol/src/states.ts'

/**
 * Compiles the contracts and writes their ABIs and creation bytecode as TypeScript for `packages/protocol`, and that
 * package's state machines as `vectors/states.json`, which `contracts/test/States.t.sol` holds the contracts to.
 * `node contracts/generate.ts` writes; with `--check` it compares instead and exits 1 on a difference.
 */

const root = join(import.meta.dirname, '..')
const header = '// Made by `node contracts/generate.ts` from the Solidity sources in contracts/src. Do not edit.\n'

const contracts = {
  neuroCoin: 'NeuroCoin',
  staking: 'Staking',
  validators: 'Validators',
  assetRegistry: 'AssetRegistry',
  market: 'Market',
  training: 'Training',
  subscriptions: 'Subscriptions',
  challenges: 'Challenges',
  neuroVotes: 'NeuroVotes',
  timelock: 'TimelockController',
  governor: 'NeuroGovernor',
  guardian: 'Guardian',
  disputes: 'Disputes',
  orderDisputes: 'OrderDisputes',
  milestoneEscrow: 'MilestoneEscrow',
  liquidityMining: 'LiquidityMining',
  reviews: 'Reviews',
  curation: 'Curation',
  privateOffers: 'PrivateOffers',
  custody: 'Custody',
  workers: 'Workers',
  accusations: 'Accusations',
  trials: 'Trials',
} as const

interface Artifact {
  abi: readonly unknown[]
  bytecode: { object: string }
  deployedBytecode: { object: string; immutableReferences?: Record<string, { start: number; length: number }[]> }
}

function compile(): void {
  const path = [join(root, 'node_modules/.bin'), dirname(process.execPath), process.env['PATH']].join(':')
  // From nothing each time: what the IR pipeline makes depends on which files are compiled together.
  const build = spawnSync('forge', ['build', 'contracts/src', '--force'], {
    cwd: root,
    env: { ...process.env, PATH: path, FOUNDRY_PROFILE: 'release' },
    encoding: 'utf8',
  })
  if (build.error) throw new Error(`Cannot run forge: ${build.error.message}. Run \`npm install\` or foundryup.`)
  if (build.status !== 0) throw new Error(`The contracts do not compile:\n${build.stdout}${build.stderr}`)
}

function readArtifact(contract: string): Artifact {
  const path = join(root, `contracts/out/release/${contract}.sol/${contract}.json`)
  if (!existsSync(path)) throw new Error(`forge left no artifact for ${contract} at ${path}`)
  return JSON.parse(readFileSync(path, 'utf8')) as Artifact
}

/** A state machine as a flat table: `next[state * events.length + event]` is a state, or "refused". */
function tableOf(parameters: { states: readonly string[]; transitions: Record<string, Record<string, string>> }): object {
  const { states, transitions } = parameters
  const events = [...new Set(states.flatMap((state) => Object.keys(transitions[state] ?? {})))]
  const next = states.flatMap((state) => events.map((event) => transitions[state]?.[event] ?? 'refused'))
  return { states, events, next }
}

function renderStates(): string {
  const order = tableOf({ states: orderStates, transitions: orderTransitions })
  const dispute = tableOf({ states: disputeStates, transitions: disputeTransitions })
  const job = tableOf({ states: jobStates, transitions: jobTransitions })
  return `${JSON.stringify({ madeBy: 'node contracts/generate.ts', order, dispute, job }, null, 2)}\n`
}

/** Checkpoint trees as the engine makes them, for the contract that checks paths in them. */
function renderTrees(): string {
  const trees = [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 31, 33].map((count) => {
    const digests = Array.from({ length: count }, (_, index) => sha256Hex(new TextEncoder().encode(`checkpoint ${index} of ${count}`)))
    const indexes = [...new Set([0, 1, Math.floor(count / 2), count - 2, count - 1])].filter((index) => index >= 0 && index < count)
    return { root: checkpointRoot(digests), digests, indexes, paths: indexes.map((index) => checkpointProof(digests, index)) }
  })
  return `${JSON.stringify({ madeBy: 'node contracts/generate.ts', count: trees.length, trees }, null, 1)}\n`
}

function renderSegments(): string {
  const draws = [1_000, 1_001, 3_501, 65_536, 100_000].map((checkpoints) => {
    const lot = `0x${sha256Hex(new TextEncoder().encode(`lot of ${checkpoints}`)).slice(-16).padStart(64, '0')}` as const
    return { lot, checkpoints, segments: drawSegments({ seed: lot, checkpoints }).segments }
  })
  return `${JSON.stringify({ madeBy: 'node contracts/generate.ts', count: draws.length, draws }, null, 1)}\n`
}

function immutablesOf({ immutableReferences = {} }: Artifact['deployedBytecode']): number[][] {
  const places = Object.values(immutableReferences).flat()
  return places.map(({ start, length }) => [start, length]).toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0))
}

/** Every generated file by its path from the repository's root. */
function render(): Record<string, string> {
  let abis = header
  let bytecodes = `${header}\nexport const bytecode = {\n`
  let runtimes = `${header}\n/** Code as it lies on a chain, with zeros where immutables go: [start, length] in bytes. */\nexport const runtime = {\n`
  for (const [name, contract] of Object.entries(contracts)) {
    const { abi, bytecode, deployedBytecode } = readArtifact(contract)
    const entries = abi.map((entry) => `  ${JSON.stringify(entry)},\n`).join('')
    abis += `\nexport const ${name}Abi = [\n${entries}] as const\n`
    bytecodes += `  ${contract}: '${bytecode.object}',\n`
    runtimes += `  ${contract}: { code: '${deployedBytecode.object}', immutables: ${JSON.stringify(immutablesOf(deployedBytecode))} },\n`
  }
  return {
    'packages/protocol/src/generated/abis.ts': abis,
    'packages/protocol/src/generated/bytecode.ts': `${bytecodes}} as const\n`,
    'packages/protocol/src/generated/runtime.ts': `${runtimes}} as const\n`,
    'vectors/states.json': renderStates(),
    'vectors/checkpoints.json': renderTrees(),
    'vectors/segments.json': renderSegments(),
  }
}

function checkSizes(): void {
  const sizes = Object.values(contracts).map((contract): [string, number] => [contract, (readArtifact(contract).deployedBytecode.object.length - 2) / 2])
  for (const warning of checkCodeSizes(Object.fromEntries(sizes))) console.warn(warning)
}

function main(): void {
  compile()
  checkSizes()
  const stale: string[] = []
  for (const [name, text] of Object.entries(render())) {
    const path = join(root, name)
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue
    stale.push(name)
    if (process.argv.includes('--check')) continue
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  if (process.argv.includes('--check') && stale.length > 0) {
    console.error(`Out of date: ${stale.join(', ')}. Run \`node contracts/generate.ts\` and commit the result.`)
    process.exitCode = 1
    return
  }
  console.log(stale.length === 0 ? 'Generated files are up to date.' : `Wrote ${stale.join(', ')}.`)
}

main()
