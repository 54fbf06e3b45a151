import { type AlgorithmInfo, EngineError, type Parameter, algorithms, allowedValues, defaultSmallestLeaf, describeAlgorithm, findAlgorithm } from '@neurodata/engine';
import { NeuroError } from '@neurodata/protocol';
import { Command } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { facts, table } from '../output.ts';

export function algorithmsCommand(): Command {
  return new Command('algorithms')
    .argument('[name]', 'one of them, with its parameters')
    .action(act((_: Context, name: string | undefined) => Promise.resolve(name === undefined ? listed() : shown(name))));
}

function listed(): Result {
  const items = algorithms.map(describeAlgorithm);
  const rows = items.map((one) => [one.name, one.title, one.tasks.join(', '), one.copiesRows ? 'if the publisher says so' : 'yes']);
  return { value: { items }, text: `${table(['algorithm', 'title', 'tasks', 'on sealed data'], rows, 'None.')}\nParameters of one: neurodata algorithms ${items[0]?.name ?? 'name'}` };
}

function shown(name: string): Result {
  const info = describeAlgorithm(named(name));
  const rows = info.parameters.map((parameter) => [parameter.name, shownDefault(parameter), allowedValues(parameter)]);
  return { value: info, text: [headOf(info), table(['parameter', 'default', 'takes'], rows, 'It has no parameters.'), ...info.parameters.map(helpOf)].join('\n\n') };
}

function named(name: string): ReturnType<typeof findAlgorithm> {
  try {
    return findAlgorithm(name);
  } catch (cause) {
    if (!(cause instanceof EngineError)) throw cause;
    throw new NeuroError(`There is no algorithm "${name}".`, { code: 'NOT_FOUND', remedy: `Use one of: ${algorithms.map((one) => one.name).join(', ')}.`, cause });
  }
}

function headOf(info: AlgorithmInfo): string {
  const { impute, scale, encode } = info.preprocess;
  return facts([
    ['Algorithm', `${info.name}, ${info.title}`], ['About', info.about], ['Tasks', info.tasks.join(', ')],
    ['Missing numbers', info.takesMissing ? 'taken as they are' : `filled: ${impute}`], ['By default', `--impute ${impute} --scale ${scale} --encode ${encode}`], ['Row weights', info.takesWeights ? 'yes, --weight' : 'no'],
    ['On sealed data', info.copiesRows ? 'only where the publisher admits it: its models hold rows' : 'unless the publisher says no'],
    ['Smallest leaf', info.smallestLeaf === null ? undefined : `${info.smallestLeaf} of ${defaultSmallestLeaf} or more on sealed data, unless the publisher says otherwise`],
  ]);
}

function helpOf(parameter: Parameter): string {
  const options = parameter.kind === 'choice' ? parameter.options.map(({ value, help }) => `  ${value}: ${help}`) : [];
  return [`${parameter.name}: ${parameter.title}. ${parameter.help}`, ...options].join('\n');
}

function shownDefault({ default: value }: Parameter): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}
