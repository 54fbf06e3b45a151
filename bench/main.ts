/** `npm run bench -- <name>`: each measured claim is one command. Without a name: what there is. */
import { readdirSync } from 'node:fs';

type Bench = { run: () => Promise<void> };

const names = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts') && file !== 'main.ts').map((file) => file.slice(0, -3));
const [name] = process.argv.slice(2);
if (!name || !names.includes(name)) {
  console.error(`usage: npm run bench -- ${names.join(' | ')}`);
  process.exit(name ? 2 : 0);
}
const bench = (await import(`./${name}.ts`)) as Bench;
await bench.run();
