import type { Webhook } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { useCreateWebhookMutation, useDeleteWebhookMutation, useEnableWebhookMutation, useReplayMutation, useTestWebhookMutation, webhookDeliveriesQuery, webhooksQuery } from '../../queries/notifications.ts';
import { When } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { Section, Table } from '../Layout.tsx';
import { Badge } from '../State.tsx';
import { NameForm } from './NameForm.tsx';

/** Addresses to which notifications are posted, with what came of it. */
export function Webhooks(): JSX.Element {
  const webhooks = useQuery(webhooksQuery());
  const create = useMutation(useCreateWebhookMutation());
  const error = webhooks.error ?? create.error;
  return (
    <Section title="Webhooks">
      {webhooks.data?.length === 0 && <p className="mb-3 text-muted">Notifications as signed messages to your own server, in the form of Standard Webhooks.</p>}
      {create.data && <p className="mb-3" role="status">The secret of this webhook is shown now and never again: <code className="num break-all">{create.data.secret}</code></p>}
      <ul className="mb-3 grid gap-3">{webhooks.data?.map((webhook) => <li key={webhook.webhookId}><One webhook={webhook} /></li>)}</ul>
      <NameForm label="Address of the webhook" placeholder="https://example.org/hook" type="url" action="Add a webhook" busy={create.isPending} onSend={(url, done) => create.mutate({ url }, { onSuccess: done })} />
      {error && <div className="mt-4"><Failure error={error} /></div>}
    </Section>
  );
}

function One({ webhook: { webhookId, url, disabledAt, disabledReason, failingSince } }: { webhook: Webhook }): JSX.Element {
  const remove = useMutation(useDeleteWebhookMutation());
  const enable = useMutation(useEnableWebhookMutation());
  const test = useMutation(useTestWebhookMutation());
  const [open, setOpen] = useState(false);
  const error = remove.error ?? enable.error ?? test.error;
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <span className="min-w-0 break-all">{url} {disabledAt !== null ? <Badge tone="bad">turned off</Badge> : failingSince !== null && <Badge tone="warn">fails</Badge>}</span>
        <span className="flex flex-wrap gap-2">
          {disabledAt === null ? <Button size="small" busy={test.isPending} onClick={() => test.mutate(webhookId, { onSuccess: () => setOpen(true) })}>Test</Button> : <Button size="small" busy={enable.isPending} onClick={() => enable.mutate(webhookId)}>Turn on</Button>}
          <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>Log</Button>
          <Button size="small" busy={remove.isPending} onClick={() => remove.mutate(webhookId)} aria-label={`Remove ${url}`}>Remove</Button>
        </span>
      </div>
      {disabledReason !== null && <p className="text-sm text-bad">{disabledReason}</p>}
      {open && <Deliveries webhookId={webhookId} />}
      {error && <Failure error={error} />}
    </div>
  );
}

const tones = { waiting: 'warn', delivered: 'good', failed: 'bad' } as const;

function Deliveries({ webhookId }: { webhookId: string }): JSX.Element {
  const deliveries = useQuery(webhookDeliveriesQuery(webhookId));
  const replay = useMutation(useReplayMutation());
  const error = deliveries.error ?? replay.error;
  if (deliveries.data?.length === 0) return <p className="text-sm text-muted">Nothing was posted yet.</p>;
  return (
    <>
      <Table label="Deliveries" head={['When', 'What', 'State', 'Answer', '']}>
        {deliveries.data?.map(({ deliveryId, createdAt, kind, state, attempts, status, error: problem }) => (
          <tr key={deliveryId}>
            <td className="whitespace-nowrap"><When at={createdAt} /></td><td>{kind}</td><td><Badge tone={tones[state]}>{state}{attempts > 1 && `, ${attempts} tries`}</Badge></td><td className="text-muted">{problem ?? status}</td>
            <td className="text-right">{state !== 'waiting' && <Button size="small" onClick={() => replay.mutate({ webhookId, deliveryId })}>Send again</Button>}</td>
          </tr>
        ))}
      </Table>
      {error && <Failure error={error} />}
    </>
  );
}
