import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Measures what the common calls cost, each as a transaction of its own (21,000 and calldata included, cold slots), and
 * how large the contracts are. `node contracts/gas.ts` rewrites contracts/snapshots and prints them.
 */

const root = join(import.meta.dirname, '..')

function measure(): void {
  const path = [join(root, 'node_modules/.bin'), dirname(process.execPath), process.env['PATH']].join(':')
  const run = spawnSync('forge', ['test', '--match-contract', 'GasTest$'], {
    cwd: root,
    env: { ...process.env, PATH: path, FOUNDRY_PROFILE: 'release' },
    encoding: 'utf8',
  })
  if (run.error) throw new Error(`Cannot run forge: ${run.error.message}. Run \`npm install\` or foundryup.`)
  if (run.status !== 0) throw new Error(`The gas test fails:\n${run.stdout}${run.stderr}`)
}

function print(parameters: { title: string; file: string }): void {
  const text = readFileSync(join(root, 'contracts/snapshots', parameters.file), 'utf8')
  console.log(parameters.title)
  for (const [name, value] of Object.entries(JSON.parse(text) as Record<string, string>)) {
    console.log(`  ${name.padEnd(34)}${Number(value).toLocaleString('en-US').padStart(10)}`)
  }
}

measure()
print({ title: 'Gas', file: 'gas.json' })
print({ title: 'Bytes of code (limit 24,576)', file: 'size.json' })
print({ title: 'Coin and governance', file: 'governance.json' })
print({ title: 'Challenges of runs', file: 'challenges.json' })
print({ title: 'Deals, juries, liquidity', file: 'economy.json' })
