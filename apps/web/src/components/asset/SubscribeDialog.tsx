import type { AssetDto, Purpose } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, type ReactNode, useState } from 'react';
import { useNavigate } from 'react-router';
import { useWallet } from '../../client/wallet.ts';
import { t } from '../../language/t.ts';
import { configQuery } from '../../queries/chain.ts';
import { useSubscribeMutation } from '../../queries/mutations.ts';
import { useBalance } from '../../queries/tokens.ts';
import { duration } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { Funds } from '../Fix.tsx';
import { Modal } from '../Modal.tsx';
import { PurposeChoice, usePurposeNeeded } from '../PurposeChoice.tsx';
import { TokenAmount } from '../TokenAmount.tsx';
import { useShell } from '../useShell.ts';
import { ApprovalNote, PayIn } from './PayIn.tsx';
import type { Offer } from './offers.ts';

const choices = [1, 3, 6, 12];

/** How many periods, what comes back when; then one signature. */
export function SubscribeDialog({ asset, offers, onClose }: { asset: AssetDto; offers: [Offer, ...Offer[]]; onClose: () => void }): JSX.Element {
  const [offer, setOffer] = useState(offers[0]);
  const [purpose, setPurpose] = useState<Purpose>();
  const missing = usePurposeNeeded(asset.assetId, offer.version) && purpose === undefined;
  const wallet = useWallet();
  const navigate = useNavigate();
  const { show } = useShell();
  const [periods, setPeriods] = useState(1);
  const { data: config } = useQuery(configQuery());
  const subscribe = useMutation(useSubscribeMutation());
  const { price, token, periodMinutes } = offer.listing;
  const total = price * BigInt(periods);
  const balance = useBalance(token, wallet?.address);
  const short = balance !== undefined && balance < total;
  const start = (): void => subscribe.mutate({ ...offer, periods, purpose }, { onSuccess: () => void navigate('/orders') });
  return (
    <Modal open onOpenChange={(open) => !open && !subscribe.isPending && onClose()} title={`Subscribe to ${asset.title}`} description={`Every covered version while it runs, beginning with version ${offer.version}`}>
      <PayIn offers={offers} chosen={offer} onChoose={setOffer} />
      <fieldset className="mb-4">
        <legend className="label">Pay ahead</legend>
        <div className="flex flex-wrap gap-2">
          {choices.map((count) => <Button key={count} size="small" look={count === periods ? 'primary' : 'secondary'} aria-pressed={count === periods} onClick={() => setPeriods(count)}>{duration(periodMinutes * 60 * count)}</Button>)}
        </div>
      </fieldset>
      <dl className="grid gap-2">
        <Line name={t`Each ${duration(periodMinutes * 60)}`}><TokenAmount amount={price} token={token} /></Line>
        <Line name={t`You pay now`}><TokenAmount amount={total} token={token} strong /></Line>
        {wallet && <Line name={t`${wallet.name} holds`}>{balance !== undefined && <TokenAmount amount={balance} token={token} />}</Line>}
      </dl>
      <PurposeChoice assetId={asset.assetId} version={offer.version} purpose={purpose} onChange={setPurpose} />
      <ApprovalNote offer={offer} />
      <ol className="mt-4 grid list-decimal gap-1 rounded-md bg-bg py-3 pr-4 pl-8 text-sm">
        <li>Validators hand you the key{config && ` within ${duration(config.windows.grant)}`}; new versions on request.</li>
        <li>Cancel whenever you like: later periods come back in full.</li>
        <li>The period in which a key was granted stays paid. Without a key you pay to the second.</li>
      </ol>
      {short && <div role="alert" className="mt-4 grid gap-2 rounded-md bg-warn-soft px-3 py-2 text-warn"><p>{token === null ? 'This wallet holds too little NCR: get more, or choose fewer periods.' : 'This wallet holds too little of this token. Choose another wallet, or fewer periods.'}</p>{token === null && <Funds />}</div>}
      {subscribe.isError && <div className="mt-4"><Failure error={subscribe.error} safe="If no transaction was made, no money has moved. Otherwise the subscription is on your orders page." /></div>}
      <div className="mt-5 flex justify-end gap-2">
        <Button onClick={onClose} disabled={subscribe.isPending}>Not now</Button>
        {wallet
          ? <Button look="primary" busy={subscribe.isPending} disabled={short || missing} onClick={start}>{subscribe.isPending ? 'Subscribing' : 'Sign and subscribe'}</Button>
          : <Button look="primary" onClick={() => { onClose(); show('wallet'); }}>Choose a wallet</Button>}
      </div>
    </Modal>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }): JSX.Element {
  return <div className="flex justify-between gap-4"><dt className="text-muted">{name}</dt><dd>{children ?? '…'}</dd></div>;
}
