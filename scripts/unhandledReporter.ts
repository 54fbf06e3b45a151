import { writeFileSync } from 'node:fs';
import type { Reporter } from 'vitest/node';

/** Writes down what failed outside of every test (a promise that nobody waited for, a worker that died), with the file that ran then: the JSON report leaves it out. */
export default class UnhandledReporter implements Reporter {
  onTestRunEnd: NonNullable<Reporter['onTestRunEnd']> = (_modules, errors) => {
    const lines = errors.map((error) => {
      const died = /running test file (\S+)/.exec((error.cause as Error | undefined)?.message ?? '')?.[1];
      const file = error['VITEST_TEST_PATH'] ?? died;
      return { message: error.message, ...(typeof file === 'string' ? { file } : {}) };
    });
    writeFileSync(process.env['NEURODATA_UNHANDLED_FILE']!, JSON.stringify(lines));
  };
}
