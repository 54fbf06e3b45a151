import { budgetOf } from '../../src/algorithms/trees/forest/forestSettings.ts';
import type { Data, Learner, State } from '../learner.ts';
import { sum } from '../features.ts';
import { hashRank } from '../split.ts';
import { MISSING, binOf, exponentOf, nearest, powerOfTwo, thresholdOf, thresholdsOf } from './bins.ts';
import { type Part, type Rules, type Sample, scoreOf, searchColumns, sumsOf } from './forestNode.ts';

type Node = { column: number; threshold: number; missingLeft: boolean } | { values: number[] };
type Open = { samples: Sample[]; depth: number; key: bigint };
/** A node of a tree whose leaves are bounded: `gain` if it can be split. */
type Best = { open: Open; part: Part | null; gain: number; children: Best[] };
type Tree = { nodes: Node[]; open: Open[]; all: Best[]; leaves: number; writing: boolean; path: Best[]; rules: Rules; root: number; lost: number; weight: number };
type Settings = { trees: number; bootstrap: boolean; mostDepth: number; mostLeaves: number; leastSplit: number; leastLeaf: number; columns: number; entropy: boolean; seed: number; thresholds: number[][]; middle: number };

const MASK = 0xffff_ffff_ffff_ffffn;
const GAMMA_STEPS = { left: 0xffff_fffe, right: 0xffff_ffff };

/** splitmix64 at a place of a 64-bit seed's stream. */
function keyOf(seed: bigint, place: number): bigint {
  let z = (seed + BigInt(place + 1) * 0x9e3779b97f4a7c15n) & MASK;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return z ^ (z >> 31n);
}

/** One of so many, by the upper half of a key. */
function oneOf(key: bigint, count: number): number {
  return Number(((key >> 32n) * BigInt(count)) >> 32n);
}

/** Decision tree and random forest: nodes are grown a left child before its sibling, and written down in that order. */
export const forest: Learner = (data) => {
  const settings = settingsOf(data);
  const bins = data.rows.map((row) => row.map((value, column) => binOf(value, settings.thresholds[column] ?? [])));
  const states: State[] = [];
  const done: Tree[] = [];
  let now = startTree(data, settings, bins, 0);
  const first = now.root;
  let finished = 0;
  states.push({ loss: (settings.trees * first) / settings.trees, kept: new Uint8Array() });
  while (done.length < settings.trees && states.length <= data.maxSteps) {
    const written = now.nodes.length;
    const budget = budgetOf(data.rows.length, settings.trees);
    if (settings.mostLeaves === Infinity) growStep(now, settings, budget);
    else if (now.writing) writeBest(now, settings, budget);
    else growBest(now, settings, budget);
    const impurity = now.root - now.lost / now.weight;
    const complete = settings.mostLeaves === Infinity ? now.open.length === 0 : now.writing && now.path.length === 0;
    const kept = writeStep(impurity, complete, now.nodes.slice(written));
    const waiting = (count: number): number => count * first;
    if (complete) {
      finished += impurity;
      done.push(now);
      states.push({ loss: (finished + 0 + waiting(settings.trees - done.length)) / settings.trees, kept });
      if (done.length < settings.trees) now = startTree(data, settings, bins, done.length);
    } else states.push({ loss: (finished + impurity + waiting(settings.trees - done.length - 1)) / settings.trees, kept });
  }
  const begun = done.length < settings.trees && (now.nodes.length > 0 || now.all.length > 0 || done.length === 0);
  const trees = begun ? [...done.map(({ nodes }) => nodes), closed(now, settings)] : done.map(({ nodes }) => nodes);
  return { states, converged: false, body: writeBody(trees, data), predict: (row) => predict(row, trees, data) };
};

function settingsOf({ parameters, rows, classes, targets }: Data): Settings {
  const number = (name: string): number => Number(parameters[name] ?? Infinity);
  const many = 'n_estimators' in parameters;
  const width = rows[0]?.length ?? 0;
  const rule = parameters['max_features'];
  const columns = rule === 'all' || (rule === 'auto' && !(many && classes > 0)) ? width : Math.max(1, rule === 'log2' ? width.toString(2).length - 1 : Math.floor(Math.sqrt(width)));
  return {
    trees: many ? number('n_estimators') : 1, bootstrap: many && parameters['bootstrap'] === true, columns,
    mostDepth: number('max_depth'), mostLeaves: number('max_leaf_nodes'), leastSplit: number('min_samples_split'), leastLeaf: number('min_samples_leaf'),
    entropy: classes > 0 && parameters['criterion'] === 'entropy', seed: number('random_state'),
    thresholds: Array.from({ length: width }, (_, column) => thresholdsOf(rows.map((row) => row[column] ?? 0), number('max_bins'))),
    middle: classes > 0 ? 0 : sum(targets) / targets.length,
  };
}

function startTree({ targets, weights, classes, parameters }: Data, settings: Settings, bins: number[][], tree: number): Tree {
  const { middle } = settings;
  const rows = targets.length;
  const key = hashRank(settings.seed, tree);
  const drawn = targets.map((): number => (settings.bootstrap ? 0 : 1));
  if (settings.bootstrap) {
    for (let draw = 0; draw < rows; draw += 1) {
      const row = oneOf(keyOf(key, draw), rows);
      drawn[row] = (drawn[row] ?? 0) + 1;
    }
  }
  const count = (own: number): number => targets.filter((target) => target === own).length;
  const balanced = classes > 0 && parameters['class_weight'] === 'balanced';
  const factor = (row: number): number => (weights?.[row] ?? 1) * (balanced ? rows / (classes * count(targets[row] ?? 0)) : 1);
  const real = drawn.map((times, row) => (weights === null && !balanced ? times : times * factor(row)));
  const bits = Math.min(30, 64 - 2 * rows.toString(2).length);
  const most = (values: number[]): number => values.reduce((all, value) => Math.max(all, value), 0);
  const ofWeight = powerOfTwo(bits - Math.max(-900, exponentOf(most(real))));
  const ofValue = classes > 0 ? ofWeight : powerOfTwo(30 - Math.max(-900, exponentOf(most(targets.map((target, row) => Math.abs((target - middle) * (real[row] ?? 0)))))));
  let squares = 0;
  const samples: Sample[] = [];
  for (const [row, target] of targets.entries()) {
    const own = real[row] ?? 0;
    const weight = nearest(own * ofWeight);
    if (weight === 0) continue;
    samples.push({ bins: bins[row] ?? [], target, weight, value: classes > 0 ? (target > 0.5 ? weight : 0) : nearest((target - middle) * own * ofValue) });
    squares += own * (target - middle) * (target - middle);
  }
  const rules: Rules = { classes, leastRows: settings.leastLeaf, entropy: settings.entropy, thresholds: settings.thresholds, unitOfValue: 1 / ofValue, unitOfWeight: 1 / ofWeight };
  const sums = sumsOf(samples, rules);
  const weight = sums.weight * rules.unitOfWeight;
  const score = scoreOf(sums, rules);
  const share = ((sums.values[0] ?? 0) * rules.unitOfValue) / weight;
  const root = classes === 0 ? (squares - score) / weight : settings.entropy ? -score / weight : classes > 2 ? 1 - score / weight : 2 * share * (1 - share);
  const first: Open = { samples, depth: 0, key: keyOf(~key & MASK, 0) };
  return { nodes: [], open: [first], all: [], leaves: 1, writing: false, path: [], rules, root, lost: 0, weight };
}

/** Nodes until the budget of rows is used up; each counts 16 more. */
function growStep(tree: Tree, settings: Settings, budget: number): void {
  let left = budget;
  for (let node = tree.open.pop(); node !== undefined; node = left > 0 ? tree.open.pop() : undefined) {
    left -= node.samples.length + 16;
    const { part, gain } = partOf(node, tree, settings);
    if (part === null) {
      tree.nodes.push(leafOf(node, tree.rules, settings));
      continue;
    }
    lose(tree, gain);
    tree.open.push(...childrenOf(node, part).toReversed());
    tree.nodes.push(splitOf(part, settings));
  }
}

function childrenOf(node: Open, { column, bin, missingLeft }: Part): Open[] {
  const goesLeft = ({ bins }: Sample): boolean => (bins[column] === MISSING ? missingLeft : (bins[column] ?? 0) <= bin);
  return [
    { samples: node.samples.filter(goesLeft), depth: node.depth + 1, key: keyOf(node.key, GAMMA_STEPS.left) },
    { samples: node.samples.filter((sample) => !goesLeft(sample)), depth: node.depth + 1, key: keyOf(node.key, GAMMA_STEPS.right) },
  ];
}

function splitOf({ column, bin, missingLeft }: Part, { thresholds }: Settings): Node {
  return { column, threshold: thresholdOf(thresholds[column] ?? [], bin), missingLeft };
}

function lose(tree: Tree, gain: number): void {
  tree.lost += Math.max(gain, 0) * (tree.rules.classes === 2 && !tree.rules.entropy ? 2 : 1);
}

/** Splits the node that gains most, of equals the first made, until the budget is used or no leaf may be added. */
function growBest(tree: Tree, settings: Settings, budget: number): void {
  let left = budget;
  const add = (open: Open, searched: boolean): Best => {
    const best: Best = { open, children: [], ...(searched ? partOf(open, tree, settings) : { part: null, gain: 0 }) };
    tree.all.push(best);
    return best;
  };
  for (const root of tree.open.splice(0)) {
    left -= root.samples.length + 16;
    add(root, true);
  }
  const next = (): Best | undefined => tree.all.filter(({ part, children }) => part !== null && children.length === 0).reduce<Best | undefined>((a, b) => (a !== undefined && a.gain >= b.gain ? a : b), undefined);
  for (let best = next(); left > 0 && best !== undefined && best.part !== null && tree.leaves < settings.mostLeaves; best = next()) {
    left -= best.open.samples.length + 32;
    lose(tree, best.gain);
    tree.leaves += 1;
    for (const child of childrenOf(best.open, best.part)) best.children.push(add(child, tree.leaves < settings.mostLeaves));
  }
  if (next() === undefined || tree.leaves >= settings.mostLeaves) startWriting(tree);
}

function startWriting(tree: Tree): void {
  tree.writing = true;
  tree.path = tree.all.slice(0, 1);
}

function writeBest(tree: Tree, settings: Settings, budget: number): void {
  for (let left = budget, best = tree.path.pop(); best !== undefined; best = left > 0 ? tree.path.pop() : undefined) {
    left -= 16;
    if (best.part === null || best.children.length === 0) tree.nodes.push(leafOf(best.open, tree.rules, settings));
    else {
      tree.nodes.push(splitOf(best.part, settings));
      tree.path.push(...best.children.toReversed());
    }
  }
}

function partOf({ samples, depth, key }: Open, tree: Tree, settings: Settings): { part: Part | null; gain: number } {
  const { rules } = tree;
  const [first] = samples;
  if (depth >= settings.mostDepth || samples.length < settings.leastSplit || samples.length < 2 * settings.leastLeaf) return { part: null, gain: 0 };
  if (samples.every(({ target }) => target === first?.target)) return { part: null, gain: 0 };
  const best: { score: number; part: Part | null } = { score: -Infinity, part: null };
  const list = settings.thresholds.map((_, column) => column);
  if (settings.columns === list.length) searchColumns(samples, list, rules, best);
  else {
    let drawn = 0;
    for (let different = false, until = settings.columns; !different && drawn < list.length; until = drawn + 1) {
      const from = drawn;
      for (; drawn < until; drawn += 1) {
        const other = drawn + oneOf(keyOf(key, drawn), list.length - drawn);
        [list[drawn], list[other]] = [list[other] ?? 0, list[drawn] ?? 0];
      }
      ({ different } = searchColumns(samples, list.slice(from, drawn), rules, best));
    }
  }
  return { part: best.part, gain: best.part === null ? 0 : best.score - scoreOf(sumsOf(samples, rules), rules) };
}

function leafOf({ samples }: Open, rules: Rules, { middle }: Settings): Node {
  const { values, weight } = sumsOf(samples, rules);
  if (rules.classes > 2) return { values: values.map((value) => (value * rules.unitOfWeight) / (weight * rules.unitOfWeight)) };
  return { values: [((values[0] ?? 0) * rules.unitOfValue) / (weight * rules.unitOfWeight) + middle] };
}

/** The tree with what is open as leaves. */
function closed(tree: Tree, settings: Settings): Node[] {
  if (tree.all.length > 0) {
    if (!tree.writing) startWriting(tree);
    writeBest(tree, settings, Infinity);
  }
  return [...tree.nodes, ...tree.open.toReversed().map((node) => leafOf(node, tree.rules, settings))];
}

function writeNodes(nodes: Node[]): number[] {
  return nodes.flatMap((node) => {
    const bytes = new Uint8Array(4 + 8 * ('values' in node ? node.values.length : 1));
    const view = new DataView(bytes.buffer);
    view.setUint32(0, 'values' in node ? 0xffff_ffff : node.column + (node.missingLeft ? 0x8000_0000 : 0), true);
    for (const [index, value] of ('values' in node ? node.values : [node.threshold]).entries()) view.setFloat64(4 + index * 8, value, true);
    return [...bytes];
  });
}

function writeStep(impurity: number, complete: boolean, nodes: Node[]): Uint8Array {
  const header = new Uint8Array(12);
  new DataView(header.buffer).setFloat64(0, impurity, true);
  header[8] = complete ? 1 : 0;
  return Uint8Array.from([...header, ...writeNodes(nodes)]);
}

function writeBody(trees: Node[][], { classes }: Data): Uint8Array {
  const header = new Uint8Array(Uint32Array.of(trees.length, 0, classes > 2 ? classes : 1).buffer);
  return Uint8Array.from([...header, ...trees.flatMap(writeNodes)]);
}

/** A left child comes right after its parent; skipping it leads to the right one. */
function valuesFor(row: number[], nodes: Node[]): number[] {
  let at = 0;
  for (;;) {
    const node = nodes[at];
    if (node === undefined || 'values' in node) return node?.values ?? [];
    const value = row[node.column] ?? 0;
    at += 1;
    if (Number.isNaN(value) ? node.missingLeft : value <= node.threshold) continue;
    for (let open = 1; open > 0; at += 1) open += 'values' in (nodes[at] ?? { values: [] }) ? -1 : 1;
  }
}

function predict(row: number[], trees: Node[][], { classes }: Data): number[] {
  const sums = Array.from({ length: classes > 2 ? classes : 1 }, () => 0);
  for (const tree of trees) for (const [index, value] of valuesFor(row, tree).entries()) sums[index] = (sums[index] ?? 0) + value;
  const means = sums.map((value) => value / trees.length);
  return classes === 2 ? [1 - (means[0] ?? 0), means[0] ?? 0] : means;
}
