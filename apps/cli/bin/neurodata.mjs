#!/usr/bin/env node
import module from 'node:module';
import path from 'node:path';

// Plain JavaScript, so that an older Node says what is wrong instead of failing on TypeScript.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(`error: neurodata needs Node 24 or newer, this is ${process.version}. Use \`npm run neurodata -- <noun> <verb>\`, which brings its own.`);
  process.exit(1);
}
// Compiled code of earlier starts; where that folder cannot be written, every start compiles anew.
// The processes that it starts read it from the environment.
process.env.NODE_COMPILE_CACHE ??= path.join(import.meta.dirname, '../../../node_modules/.cache/compile');
module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
await import('../src/main.ts');
