import type { AssetDto } from '@neurodata/protocol';
import { useMutation } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useNavigate } from 'react-router';
import { useWallet } from '../../client/wallet.ts';
import { useGiftMutation } from '../../queries/mutations.ts';
import { useBalance } from '../../queries/tokens.ts';
import { Account } from '../Account.tsx';
import { Money } from '../Amounts.tsx';
import { licenseName } from '../AssetCard.tsx';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { Funds } from '../Fix.tsx';
import { readGiftCode } from '../giftCode.ts';
import { Modal } from '../Modal.tsx';
import { useKept } from '../useKept.ts';
import { useShell } from '../useShell.ts';
import type { Offer } from './offers.ts';

/** Pays for somebody else, to whose key the licence is sealed. */
export function GiftDialog({ asset, offer, onClose }: { asset: AssetDto; offer: Offer; onClose: () => void }): JSX.Element {
  const [text, setText] = useKept(`gift.${asset.assetId}`);
  const wallet = useWallet();
  const navigate = useNavigate();
  const { show } = useShell();
  const gift = useMutation(useGiftMutation());
  const { price } = offer.listing;
  const balance = useBalance(null, wallet?.address);
  const short = balance !== undefined && balance < price;
  const code = readGiftCode(text);
  const wrong = text.trim() !== '' && !code;
  const give = (): void => {
    if (code) gift.mutate({ ...offer, ...code }, { onSuccess: ({ orderId }) => { setText(''); void navigate(`/orders/${orderId}`); } });
  };
  return (
    <Modal open onOpenChange={(open) => !open && !gift.isPending && onClose()} title={`Give ${asset.title}`} description={`Version ${offer.version}, ${licenseName(asset.license)}`}>
      <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); give(); }}>
        <div>
          <label htmlFor="gift-code" className="label">The receiver’s gift code</label>
          <textarea id="gift-code" data-autofocus required rows={3} spellCheck={false} value={text} onChange={(event) => setText(event.target.value)} aria-invalid={wrong} aria-describedby="gift-hint" className="field num h-auto py-2 break-all" placeholder="gift:0x…" />
          <p id="gift-hint" className={wrong ? 'mt-1 text-sm text-bad' : 'hint'}>{wrong ? 'This is no whole gift code. It begins with “gift:” and holds an address and a key: copy it again.' : 'They make it on their account page, in the browser that shall open the gift.'}</p>
        </div>
        <dl className="grid gap-2">
          {code && <div className="flex justify-between gap-4"><dt className="text-muted">For</dt><dd><Account address={code.to} /></dd></div>}
          <div className="flex justify-between gap-4"><dt className="text-muted">You pay into escrow</dt><dd><Money amount={price} /></dd></div>
        </dl>
        <p className="rounded-md bg-bg px-4 py-3 text-sm">The order is theirs from the start: they unseal, confirm or dispute, and if no key is granted, the money goes to them. Up to two transactions: the payment is allowed, then made.</p>
        {short && <div role="alert" className="grid gap-2 rounded-md bg-warn-soft px-3 py-2 text-warn"><p>This wallet holds too little NCR.</p><Funds /></div>}
        {gift.isError && <Failure error={gift.error} safe="If no order was made, no money has moved." />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose} disabled={gift.isPending}>Cancel</Button>
          {wallet
            ? <Button type="submit" look="primary" busy={gift.isPending} disabled={short || !code}>{gift.isPending ? 'Giving' : 'Sign and give'}</Button>
            : <Button look="primary" onClick={() => { onClose(); show('wallet'); }}>Choose a wallet</Button>}
        </div>
      </form>
    </Modal>
  );
}
