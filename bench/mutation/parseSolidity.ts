import { createRequire } from 'node:module';

/** A node of solc's syntax tree: https://docs.soliditylang.org/en/latest/using-the-compiler.html#output-description */
export type Node = { nodeType: string; src: string; [field: string]: unknown };

type Solc = { compile: (input: string) => string };
type Output = { sources?: Record<string, { ast?: Node }>; errors?: { severity: string; formattedMessage: string }[] };

/** Parses sources (by name) without compiling them. Throws with solc's message when one does not parse. */
export function parseSolidity(sources: Readonly<Record<string, string>>): Record<string, Node> {
  const solc = createRequire(import.meta.url)('solc') as Solc;
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(Object.entries(sources).map(([name, content]) => [name, { content }])),
    settings: { stopAfter: 'parsing', outputSelection: { '*': { '': ['ast'] } } },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as Output;
  const failed = output.errors?.find(({ severity }) => severity === 'error');
  if (failed !== undefined) throw new Error(failed.formattedMessage);
  return Object.fromEntries(Object.entries(output.sources ?? {}).flatMap(([name, { ast }]) => (ast === undefined ? [] : [[name, ast]])));
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'nodeType' in value && 'src' in value;
}

/** Byte offsets of a node: `end` is exclusive. */
export function spanOf(node: Node): { start: number; end: number } {
  const [start = 0, length = 0] = node.src.split(':').map(Number);
  return { start, end: start + length };
}

/** Every node below `node`, parents first. */
export function* walk(node: Node): Generator<Node> {
  yield node;
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(child)) yield* walk(child);
  }
}
