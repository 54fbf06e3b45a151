/** `npm run story`: the main job, headless, on a throw-away stack. The last line is JSON. */
import { startStack } from './stack.ts';
import { tellStory } from './tell.ts';

const started = performance.now();
const seconds = (): number => Math.round((performance.now() - started) / 100) / 10;

console.log('Starting a throw-away stack: chain, contracts, database, storage, API, two workers, three validators');
const stack = await startStack();
try {
  const result = await tellStory(stack, (step, facts) => {
    console.log(`\n[${seconds().toFixed(1)} s] ${step}`);
    for (const [name, value] of Object.entries(facts)) if (value !== undefined) console.log(`    ${name}: ${value}`);
  });
  await stack.stop();
  console.log(`\n${JSON.stringify({ ok: result.verified, ...result, seconds: seconds() })}`);
  process.exit(result.verified ? 0 : 1);
} catch (error) {
  console.error(error);
  await stack.stop();
  console.log(`\n${JSON.stringify({ ok: false, error: error instanceof Error ? error.message : String(error), seconds: seconds() })}`);
  process.exit(1);
}
