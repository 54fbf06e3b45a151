import { changeSchema } from '@neurodata/protocol';
import { type QueryClient, type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { nodeUrl } from '../client/nodeUrl.ts';

/** Which queries a topic of the node's event stream makes stale. */
export function staleKeys(topic: string): QueryKey[] {
  const [noun = '', id = ''] = topic.split(':', 2);
  if (noun === 'asset') return [['asset', Number(id)], ['assets'], ['stats'], ['network'], ['leaderboard', Number(id)]];
  if (noun === 'order') return [['order', id], ['orders'], ['account'], ['stats']];
  if (noun === 'job') return [['job', id], ['jobs'], ['account']];
  if (noun === 'subscription') return [['subscriptions'], ['account']];
  if (noun === 'round') return [['round', id], ['job'], ['order'], ['asset'], ['validators'], ['network']];
  if (noun === 'deal') return [['deal', id], ['deals']];
  if (noun === 'dispute' || noun === 'evidence') return [['dispute'], ['disputes'], ['deal'], ['jurors']];
  if (noun === 'juror') return [['jurors']];
  if (noun === 'proposal') return [['proposals']];
  if (noun === 'review') return [['reviews']];
  if (noun === 'account') return [['account']];
  return [];
}

/** Takes one message of the stream: the head's number is set at once, the rest is read again. */
function takeChange(client: QueryClient, text: string): void {
  const change = changeSchema.safeParse(JSON.parse(text));
  if (!change.success) return;
  if (change.data.block > 0) client.setQueryData(['head'], change.data.block);
  // Everybody hears that somebody has news; whose it is only they know.
  const news = client.getQueryData<{ topic: string }>(['user', 'notifications']);
  if (news && change.data.topics.includes(news.topic)) void client.invalidateQueries({ queryKey: ['user', 'notifications'] });
  for (const key of change.data.topics.flatMap(staleKeys)) void client.invalidateQueries({ queryKey: key });
}

/** Follows `/api/v1/events` while the page is open; after a gap everything on screen is read again. */
export function useLiveChanges(): void {
  const client = useQueryClient();
  useEffect(() => {
    const source = new EventSource(`${nodeUrl}/api/v1/events`);
    let broken = false;
    const onMessage = (event: MessageEvent<string>): void => takeChange(client, event.data);
    source.addEventListener('message', onMessage);
    source.addEventListener('change', onMessage);
    source.addEventListener('error', () => {
      broken = true;
    });
    source.addEventListener('open', () => {
      if (broken) void client.invalidateQueries();
      broken = false;
    });
    return () => source.close();
  }, [client]);
}
