import path from 'node:path';
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/**
 * Test files that take a minute or more, longest first, as measured on two cores: begun first, so that both workers end together.
 * A fresh clone has no measurements of its own, and by size, vitest's order then, the longest may come last.
 */
const longest = [
  'apps/cli/test/stack.test.ts', 'e2e/formats.test.ts', 'e2e/browserModelSale.test.ts', 'e2e/browserLongTasks.test.ts', 'e2e/python.test.ts', 'e2e/browserAlgorithms.test.ts', 'e2e/browser.test.ts', 'e2e/matrix.test.ts',
  'e2e/largeFolder.test.ts', 'e2e/appealed.test.ts', 'apps/node/src/validator/createValidator.test.ts', 'e2e/browserTrial.test.ts', 'e2e/browserPages.test.ts', 'e2e/browserResume.test.ts', 'e2e/browserVerdicts.test.ts',
  'e2e/killedModelTest.test.ts', 'e2e/canary.test.ts', 'e2e/net.test.ts', 'e2e/browserValidator.test.ts', 'e2e/browserTokens.test.ts', 'e2e/hub.test.ts', 'e2e/forged.test.ts', 'e2e/killed.test.ts', 'e2e/browserLeaderboard.test.ts',
  'e2e/story.test.ts', 'e2e/browserCoin.test.ts', 'e2e/browserSql.test.ts', 'e2e/browserAssets.test.ts', 'apps/node/src/validator/purposes.test.ts', 'e2e/browserWalletConnect.test.ts', 'e2e/browserStatic.test.ts', 'e2e/browserFolder.test.ts',
  'packages/engine/test/columnBatches.test.ts', 'apps/node/src/api/properties.test.ts',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const index = longest.indexOf(path.relative(this.ctx.config.root, moduleId).split(path.sep).join('/'));
      return index < 0 ? longest.length : index;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}
