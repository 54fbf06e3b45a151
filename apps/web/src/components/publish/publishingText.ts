import { t } from '../../language/t.ts';
import type { VaultProgress } from '../../workers/vault.worker.ts';
import { bytes } from '../Amounts.tsx';

const stages: Record<string, string> = { registering: t`Registering on chain`, sampling: t`Publishing the sample`, offering: t`Making the offers` };

/** How far publishing is, in words. */
export function publishingText(progress: VaultProgress | undefined): string {
  if (progress?.retry) return t`The node did not take a block: sending it again (${progress.retry.number} of ${progress.retry.of})`;
  if (progress?.part) return t`Sealing and storing ${progress.part.name} (${progress.part.number} of ${progress.part.of})`;
  if (progress?.stage === 'storing') return t`Sealing and storing: ${bytes(progress.done)} of ${bytes(progress.total ?? progress.done)}`;
  return stages[progress?.stage ?? ''] ?? t`Starting`;
}
