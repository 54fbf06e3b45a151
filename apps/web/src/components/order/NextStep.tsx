import type { OrderDto, VersionStatus } from '@neurodata/protocol';
import { useMutation } from '@tanstack/react-query';
import { type JSX, type ReactNode, useState } from 'react';
import { useClaimMutation, useConfirmMutation, useRefundMutation } from '../../queries/mutations.ts';
import { useWallet } from '../../client/wallet.ts';
import { t } from '../../language/t.ts';
import { useNow } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Act } from './Act.tsx';
import { DisputeDialog } from './DisputeDialog.tsx';
import { Disputed } from './Disputed.tsx';

type NextStepProps = { order: OrderDto; isBuyer: boolean; opened: boolean; versionStatus: VersionStatus | undefined };

const turns: Record<OrderDto['turn'], string> = {
  validators: t`It is the validators’ turn`, buyer: t`It is the buyer’s turn`, seller: t`It is the seller’s turn`,
  parties: t`Buyer or seller can ask jurors`, jurors: t`It is the jurors’ turn`,
  anybody: t`Anybody can move it on`, nobody: t`Nothing is left to do`,
};

/** Whose turn it is, and what the reader can do. */
export function NextStep({ order, isBuyer, opened, versionStatus }: NextStepProps): JSX.Element {
  const late = useNow() > (order.deadline ?? Infinity);
  const wallet = useWallet();
  const isSeller = wallet?.address.toLowerCase() === order.seller.toLowerCase();
  const canRefund = (order.state === 'open' && late) || ((order.state === 'open' || order.state === 'granted') && versionStatus === 'refused');
  const yours = isBuyer && order.turn === 'buyer' ? t`It is your turn` : isSeller && order.turn === 'seller' ? t`It is your turn` : turns[order.turn];
  return (
    <div className="panel grid gap-3 p-5">
      <h2 className="text-lg">{yours}</h2>
      {!canRefund && order.state === 'open' && <p className="text-muted">Validators are sealing their shares of the key to this order. This page follows by itself.</p>}
      {order.state === 'granted' && isBuyer && !canRefund && <Confirm order={order} opened={opened} late={late} />}
      {order.state === 'granted' && !isBuyer && <p className="text-muted">The buyer has the key and can confirm. In the end silence counts as consent.</p>}
      {order.state === 'disputed' && <Disputed order={order} late={late} isBuyer={isBuyer} isSeller={isSeller} />}
      {(order.state === 'released' || (order.state === 'granted' && late)) && isSeller && <Collect order={order} isNext={!isBuyer || order.state === 'released'} />}
      {order.state === 'released' && isBuyer && <p className="text-muted">{order.dispute ? 'The dispute was decided for the seller.' : 'You confirmed.'} The file stays yours, and the key can be read from the chain for ever.</p>}
      {order.state === 'claimed' && <p className="text-muted">The seller has been paid. {isBuyer && 'The file stays yours.'}</p>}
      {order.state === 'refunded' && <p className="text-muted">The whole price went back to the buyer.</p>}
      {canRefund && <Refund order={order} />}
    </div>
  );
}

function Confirm({ order, opened, late }: { order: OrderDto; opened: boolean; late: boolean }): JSX.Element {
  const confirm = useMutation(useConfirmMutation());
  const [disputing, setDisputing] = useState(false);
  return (
    <>
      <p className="text-muted">{opened ? 'The file matches what its publisher committed to. Confirm to release the money.' : 'The key is yours. Unseal the file first; confirm if it is right.'}</p>
      <Act text="Confirm" look={opened ? 'primary' : 'secondary'} isNext={opened} mutation={confirm} run={() => confirm.mutate(order.orderId)} />
      {!late && <Button look="quiet" size="small" onClick={() => setDisputing(true)}>Something is wrong</Button>}
      {disputing && <DisputeDialog order={order} onClose={() => setDisputing(false)} />}
    </>
  );
}

function Refund({ order }: { order: OrderDto }): ReactNode {
  const refund = useMutation(useRefundMutation());
  return (
    <>
      <p className="text-muted">{order.state === 'open' ? 'The key was not granted in time.' : 'Validators proved this version wrong.'} The whole price can go back to the buyer; anybody may send the transaction.</p>
      <Act text="Refund" isNext mutation={refund} run={() => refund.mutate(order.orderId)} />
    </>
  );
}

function Collect({ order, isNext }: { order: OrderDto; isNext: boolean }): ReactNode {
  const claim = useMutation(useClaimMutation());
  return <><p className="text-muted">The money is yours to collect.</p><Act text="Collect" isNext={isNext} mutation={claim} run={() => claim.mutate([order.orderId])} /></>;
}
