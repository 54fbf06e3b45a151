import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Addresses } from '@neurodata/protocol';
import { encodeDeployData } from 'viem';
import type { DeployParams } from './deployParams.ts';
import { planParts } from './deployPlan.ts';
import { makeVerificationInput, readCompilerVersion, sourceOf } from './verificationInput.ts';

/**
 * Writes into `folder` what an explorer asks for to verify the sources: `<Contract>.json`, the compiler's standard JSON,
 * for each contract, and `index.json` with addresses, compiler version and encoded constructor arguments.
 */
export async function writeVerification(parameters: { folder: string; params: DeployParams; addresses: Addresses }): Promise<void> {
  const { folder, params, addresses } = parameters;
  await mkdir(folder, { recursive: true });
  const compiler = readCompilerVersion();
  const index: Record<string, unknown> = {};
  for (const { key, name, abi, code, args } of planParts(params, addresses)) {
    await writeFile(path.join(folder, `${name}.json`), `${JSON.stringify(await makeVerificationInput(name), null, 1)}\n`);
    const constructorArguments = `0x${encodeDeployData({ abi, bytecode: code, args }).slice(code.length)}`;
    index[key] = { address: addresses[key], contract: `${sourceOf(name)}:${name}`, compiler, constructorArguments, input: `${name}.json` };
  }
  await writeFile(path.join(folder, 'index.json'), `${JSON.stringify(index, null, 2)}\n`);
}
