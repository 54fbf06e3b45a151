import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { parseAst } from 'vite';
import { type Node, isNode, isSaid, nameOfTag } from './messages.ts';
import { messageOf } from './src/language/nameOf.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Where sentences are made that reach the site: what its page and workers throw, and what the API answers. */
const rooms = [
  ...['engine', 'protocol', 'sealing', 'storage', 'sdk'].map((name) => `packages/${name}/src`),
  ...['accounts', 'api', 'discovery', 'modelCheck', 'notifications', 'trust'].map((name) => `apps/node/src/${name}`),
  'apps/web/src/client', 'apps/web/src/workers',
];
/** What only the command line, servers and tests say, documents (routes, mails, code in cards), and what exactly is wrong with bytes that were damaged. */
const elsewhere = new RegExp(`^(${[
  'packages/protocol/src/((model|croissant|generated)/|canary|validatorIdentity|roundRisk|runNeeds|timeBuckets|\\w*(Routes|Dto|route|schemas)\\.ts)',
  'packages/engine/src/((audit|custom|export|generated|model|team)/|run/(checkpoint|merkle|replay)|kernels/|table/(stream|sample)/)',
  'packages/sealing/src/(generated/|bytes|deriveIdentity|epochKeyset|header|keyset|pedersen|redistribute|thresholdStanza|wasmAead)',
  'packages/storage/src/(addFile|addFolder|byteReader|createGateway|dagLinks|diskBlocks|entityBytes|gatewayForm|importCar|kuboTarget|node|pinningService|readCar|resolvePath)',
  'packages/sdk/src/(hub/|card/(cardMarkdown|usageCode)|acceptOffer|carFiles|checkpoints|deriveValidatorIdentity|propose|recoverContent|runStates)',
  'apps/node/src/api/(graphql/|\\w*Door|addRoutes|createApi|createRelay|mlcroissant|openapi|reads/croissant|softAuthenticator|testing|userClient|webFiles)',
  'apps/node/src/accounts/(createKeyRing|createOutbox|createPasswordHasher|createSecretBox|keyRingFile|killedSender|loadSecretKey|Mailer|smtpTransport|writeSecretFile)', 'apps/node/src/discovery/meaning/',
].join('|')})`);

/** Errors whose words are for people. */
const errorNames = new Set(['NeuroError', 'EngineError', 'SealingError', 'StorageError']);
/** Makers of errors about damaged bytes. */
const technical = new Set(['badCheckpoint', 'badModel', 'badModule']);
/** Properties that are words for people, wherever they stand; and in the rooms whose tables are built of others. */
const saidNames = new Set(['message', 'remedy', 'sentence']);
const tables: [room: RegExp, names: Set<string>][] = [
  [/^packages\/engine\/src\/(algorithms|metrics)\//, new Set(['title', 'about', 'help', 'orNull'])],
  [/^apps\/node\/src\/(notifications|discovery|trust)\//, new Set(['title', 'text'])],
  [/^(packages\/sdk\/src\/(checkReceipt|checks|downloadAsset|readBlock|readSealedAsset|folder\/readFolder)|apps\/web\/src\/workers\/(saveFolder|vault\.worker))\.ts$/, new Set(['HERE', 'by', 'detail', 'failed', 'name', 'passed'])],
];
/** Files in which every text is a part of a sentence, those in which every text is one as it stands, and those with functions that give a title. */
const allSaid = /^packages\/engine\/src\/spec\/allowedValues\.ts$/;
const allWhole = /^packages\/(protocol\/src\/(callSentences|explainAccusation|explainRound)|sdk\/src\/(card\/\w+|decodeCall))\.ts$/;
const titled = /^(apps\/node\/src\/notifications\/(chain|deal|version)Notices|packages\/sdk\/src\/(describeTypedData|spendingSentence))\.ts$/;
/** Ways to say one template; where its branches make more, they are slots. */
const MOST_WAYS = 12;

/** A sentence of a package, and where it stands below the repository's root. */
export type PackageSentence = { text: string; line: number; file: string };

/** Every sentence of the packages that may reach the site, in the order of the files, each once. */
export async function readPackageSentences(): Promise<PackageSentence[]> {
  const files = (await Promise.all(rooms.map(async (room) => (await readdir(path.join(root, room), { recursive: true })).map((file) => `${room}/${file.replaceAll('\\', '/')}`).toSorted()))).flat()
    .filter((file) => /(?<!\.test|\.d)\.ts$/.test(file) && !elsewhere.test(file));
  const sources = await Promise.all(files.map(async (file) => ({ file, code: await readFile(path.join(root, file), 'utf8') })));
  const trees = sources.map(({ file, code }) => ({ file, code, tree: parseAst(code, { lang: 'ts' }, file) as unknown as Node }));
  const makers = new Set(trees.flatMap(({ tree }) => makersOf(tree)));
  const seen = new Set<string>();
  return trees.flatMap(({ file, code, tree }) => saidIn(tree, { file, makers }).map(({ text, start }) => ({ text, file, line: code.slice(0, start).split('\n').length })))
    .filter(({ text }) => !seen.has(text) && seen.add(text));
}

/** The functions of a file that make such an error of what they are told. */
function makersOf(tree: Node): string[] {
  const found: string[] = [];
  walk(tree, (node) => {
    const made = node.type === 'VariableDeclarator' ? node['init'] : node;
    if (!isNode(made) || !['FunctionDeclaration', 'ArrowFunctionExpression'].includes(made.type) || !isNode(node['id'])) return;
    const type = (made['returnType'] as Node | null)?.['typeAnnotation'] as Node | undefined;
    if (type && errorNames.has(nameOfTag(type['typeName'])) && !technical.has(nameOfTag(node['id']))) found.push(nameOfTag(node['id']));
  });
  return found;
}

type Said = { text: string; start: number };

function saidIn(tree: Node, { file, makers }: { file: string; makers: Set<string> }): Said[] {
  const found: Said[] = [];
  const names = new Set([...saidNames, ...tables.flatMap(([room, more]) => (room.test(file) ? [...more] : []))]);
  /** What an error says, or a table for people: any words. Elsewhere only what is a whole sentence. */
  const take = (node: Node, isWhole: boolean): void => {
    for (const text of waysOf(node).map(messageOf).flatMap(withSlots)) {
      if (isSaid(text) && !/^\s|\s$|\n/.test(text) && (isWhole ? isSentence(text) : /[\p{L}}][,;:]? /u.test(text) || /^\p{Lu}\p{Ll}+$/u.test(text))) found.push({ text, start: node.start });
    }
  };
  const visit = (node: Node): void => {
    if (['ImportDeclaration', 'TaggedTemplateExpression', 'TSTypeAnnotation', 'TSTypeAliasDeclaration'].includes(node.type)) return;
    if (node.type === 'Property' && nameOfTag(node['key']) === 'details') return;
    if (node.type === 'Property' && names.has(nameOfTag(node['key']))) take(bodyOf(node['value'] as Node), false);
    if (node.type === 'VariableDeclarator' && names.has(nameOfTag(node['id'])) && isNode(node['init'])) take(node['init'], false);
    if (node.type === 'ArrowFunctionExpression' && titled.test(file) && isText(bodyOf(node))) take(bodyOf(node), false);
    if ((node.type === 'NewExpression' && errorNames.has(nameOfTag(node['callee']))) || (node.type === 'CallExpression' && makers.has(nameOfTag(node['callee'])))) for (const told of node['arguments'] as Node[]) take(told, false);
    const whole = allWhole.test(file);
    if (isText(node)) take(node, !whole && !allSaid.test(file));
    if (!whole || !isText(node)) children(node).forEach(visit);
  };
  visit(tree);
  return found;
}

/** Arguments of a call that are named in its sentence (`callSentences`) are slots; what is counted is one or several. */
function withSlots(text: string): string[] {
  const named = /\{[A-Za-z]\w*(?:\.\w+)*(?::\w+(?: ([^{}]+))?)?\}/g;
  return ['', 's'].map((ending) => {
    let slot = 0;
    return text.replace(named, (_, noun?: string) => `{${slot++}}${noun === undefined ? '' : ` ${noun}${ending}`}`);
  });
}

const isText = ({ type, value }: Node): boolean => type === 'TemplateLiteral' || (type === 'Literal' && typeof value === 'string');
const isSentence = (text: string): boolean => /^["“\p{Lu}{]/u.test(text) && /\s/.test(text) && /[.?]$/.test(text) && text.replaceAll(/\{\d+\}|[^\p{L}]/gu, '').length >= 10;
const bodyOf = (node: Node): Node => (node.type === 'ArrowFunctionExpression' && isNode(node['body']) ? node['body'] : node);

/** The ways in which an expression may be put into words, each as its texts with a gap for what is filled in. What is no text is one gap. */
function waysOf(node: Node): string[][] {
  switch (node.type) {
    case 'Literal': return [typeof node['value'] === 'string' ? [node['value']] : ['', '']];
    case 'TemplateLiteral': {
      const quasis = (node['quasis'] as { value: { cooked: string } }[]).map(({ value }) => [value.cooked]);
      return (node['expressions'] as Node[]).reduce((ways, expression, index) => {
        const inside = waysOf(expression);
        const next = joined(ways, inside.length * ways.length > MOST_WAYS ? [['', '']] : inside);
        return joined(next, [quasis[index + 1] ?? ['']]);
      }, [quasis[0] ?? ['']]);
    }
    case 'BinaryExpression': return node['operator'] !== '+' ? [['', '']] : joined(waysOf(node['left'] as Node), waysOf(node['right'] as Node)).map((texts) => (texts.join('') === '' ? ['', ''] : texts));
    case 'ConditionalExpression': return [...waysOf(node['consequent'] as Node), ...waysOf(node['alternate'] as Node)];
    case 'LogicalExpression': return node['operator'] === '&&' ? [['', '']] : [...waysOf(node['left'] as Node), ...waysOf(node['right'] as Node).filter((texts) => texts.join('') !== '' || texts.length > 1)];
    case 'ParenthesizedExpression': case 'TSAsExpression': return waysOf(node['expression'] as Node);
    default: return [['', '']];
  }
}

const joined = (left: string[][], right: string[][]): string[][] => left.flatMap((before) => right.map((after) => [...before.slice(0, -1), `${before.at(-1)}${after[0]}`, ...after.slice(1)]));

const children = (node: Node): Node[] => Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value])).filter(isNode);

function walk(node: Node, take: (node: Node) => void): void {
  take(node);
  for (const child of children(node)) walk(child, take);
}
