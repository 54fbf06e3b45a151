import type { JSX } from 'react';
import { duration } from '../Amounts.tsx';

/** What happens to the money of a purchase, and when. */
export function PurchaseSteps({ config }: { config: { windows: { grant: number; confirm: number } } | undefined }): JSX.Element | null {
  if (!config) return null;
  const { grant, confirm } = config.windows;
  return (
    <ol className="mt-4 grid list-decimal gap-1 rounded-md bg-bg py-3 pr-4 pl-8 text-sm">
      <li>Your money goes into escrow. Nobody can take it yet.</li>
      <li>Validators grant you the key within {duration(grant)}; if not, you get all of it back.</li>
      <li>You unseal and check the file, then confirm. If you stay silent for {duration(confirm)}, the seller is paid.</li>
    </ol>
  );
}
