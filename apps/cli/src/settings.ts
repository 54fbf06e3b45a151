import path from 'node:path';

/** What the environment says; only this file reads it. */
export type CliSettings = { home: string; url: string; privateKey: string | undefined; debug: boolean; colour: boolean; /** Progress as lines of JSON on stderr, for programs that run this one. */ jsonProgress: boolean };

export function readCliSettings(environment: NodeJS.ProcessEnv = process.env): CliSettings {
  const text = (name: string): string | undefined => environment[name] || undefined;
  return {
    home: path.resolve(text('NEURODATA_HOME') ?? '.neurodata'),
    url: text('NEURODATA_URL') ?? `http://localhost:${text('NEURODATA_PORT') ?? '4000'}`,
    privateKey: text('NEURODATA_PRIVATE_KEY'),
    debug: text('NEURODATA_DEBUG') !== undefined,
    jsonProgress: text('NEURODATA_PROGRESS') === 'json',
    colour: text('NO_COLOR') === undefined && process.stdout.isTTY === true,
  };
}

/** A variable that a command was told the name of; undefined where it is empty. */
export function readVariable(name: string, environment: NodeJS.ProcessEnv = process.env): string | undefined {
  return environment[name] || undefined;
}
