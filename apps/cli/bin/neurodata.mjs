#!/usr/bin/env node
// Plain JavaScript, so that an older Node says what is wrong instead of failing on TypeScript.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(`error: neurodata needs Node 24 or newer, this is ${process.version}. Use \`npm run neurodata -- <noun> <verb>\`, which brings its own.`);
  process.exit(1);
}
await import('../src/main.ts');
