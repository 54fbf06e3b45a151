import type { AssetDto, Purpose } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { useNavigate } from 'react-router';
import { useWallet } from '../../client/wallet.ts';
import { numeral } from '../../language/format.ts';
import { t } from '../../language/t.ts';
import { configQuery, gasPriceQuery } from '../../queries/chain.ts';
import { useBuyMutation } from '../../queries/mutations.ts';
import { useBalance } from '../../queries/tokens.ts';
import { count, Gas } from '../Amounts.tsx';
import { licenseName } from '../AssetCard.tsx';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { Funds } from '../Fix.tsx';
import { Line } from '../Line.tsx';
import { Modal } from '../Modal.tsx';
import { PurposeChoice, usePurposeNeeded } from '../PurposeChoice.tsx';
import { TokenAmount } from '../TokenAmount.tsx';
import { useShell } from '../useShell.ts';
import { ApprovalNote, PayIn } from './PayIn.tsx';
import { PurchaseSteps } from './PurchaseSteps.tsx';
import { type Offer, feeOf } from './offers.ts';

/** Upper bound for a purchase before anybody has made one here; the wallet asks the chain again before it signs. */
const GAS_BOUND = 200_000;

/** What it costs, what happens to the money and when; then one signature. */
export function BuyDialog({ asset, offers, onClose }: { asset: AssetDto; offers: [Offer, ...Offer[]]; onClose: () => void }): JSX.Element {
  const [offer, setOffer] = useState(offers[0]);
  const [purpose, setPurpose] = useState<Purpose>();
  const missing = usePurposeNeeded(asset.assetId, offer.version) && purpose === undefined;
  const wallet = useWallet();
  const navigate = useNavigate();
  const { show } = useShell();
  const { data: config } = useQuery(configQuery());
  const buy = useMutation(useBuyMutation());
  const { price, token } = offer.listing;
  const balance = useBalance(token, wallet?.address);
  const short = balance !== undefined && balance < price;
  const start = (): void => buy.mutate({ ...offer, purpose }, { onSuccess: ({ orderId }) => void navigate(`/orders/${orderId}`) });
  return (
    <Modal open onOpenChange={(open) => !open && !buy.isPending && onClose()} title={`Buy ${asset.title}`} description={`Version ${offer.version}, ${licenseName(asset.license)}`}>
      <PayIn offers={offers} chosen={offer} onChoose={setOffer} />
      <dl className="grid gap-2">
        <Line name={t`You pay into escrow`}><TokenAmount amount={price} token={token} strong /></Line>
        <Line name={t`Of which fee (${numeral((config?.feeBps ?? 0) / 100)} %)`}>{config && <TokenAmount amount={feeOf(price, config.feeBps)} token={token} />}</Line>
        <GasLine asset={asset} />
        {wallet && <Line name={t`${wallet.name} holds`}>{balance !== undefined && <TokenAmount amount={balance} token={token} />}</Line>}
      </dl>
      <PurposeChoice assetId={asset.assetId} version={offer.version} purpose={purpose} onChange={setPurpose} />
      <ApprovalNote offer={offer} />
      <PurchaseSteps config={config} />
      {short && <div role="alert" className="mt-4 grid gap-2 rounded-md bg-warn-soft px-3 py-2 text-warn"><p>{token === null ? 'This wallet holds too little NCR.' : 'This wallet holds too little of this token. Choose another wallet, or pay in another token if the seller takes one.'}</p>{token === null && <Funds />}</div>}
      {buy.isError && <div className="mt-4"><Failure error={buy.error} safe="If no transaction was made, no money has moved. Otherwise it is in escrow and on your orders page." /></div>}
      <div className="mt-5 flex justify-end gap-2">
        <Button onClick={onClose} disabled={buy.isPending}>Cancel</Button>
        {wallet
          ? <Button look="primary" busy={buy.isPending} disabled={short || missing} onClick={start}>{buy.isPending ? 'Buying' : 'Sign and buy'}</Button>
          : <Button look="primary" onClick={() => { onClose(); show('wallet'); }}>Choose a wallet</Button>}
      </div>
    </Modal>
  );
}

function GasLine({ asset }: { asset: AssetDto }): JSX.Element {
  const { data: gasPrice } = useQuery(gasPriceQuery());
  const seen = asset.activity.filter(({ event }) => event === 'OrderOpened').map(({ gasUsed }) => gasUsed ?? 0).filter((gas) => gas > 0);
  const gas = seen.length > 0 ? Math.max(...seen) : GAS_BOUND;
  return (
    <Line name={seen.length > 0 ? t`Gas, as in earlier purchases` : t`Gas, at most about`}>
      <span className="num">{count(gas)}</span>{gasPrice !== undefined && <span className="text-muted"> (<Gas wei={gasPrice * BigInt(gas)} />)</span>}
    </Line>
  );
}
