import { useMutation, useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { Said } from '../../language/Said.tsx';
import { notificationsQuery, useReadNotificationsMutation } from '../../queries/notifications.ts';
import { When } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { Section } from '../Layout.tsx';
import { Badge } from '../State.tsx';

/** What the user was told, newest first; new ones come by themselves. */
export function Notifications(): JSX.Element {
  const news = useQuery(notificationsQuery());
  const read = useMutation(useReadNotificationsMutation());
  const unread = news.data?.unread ?? 0;
  const error = news.error ?? read.error;
  return (
    <Section title="Notifications" aside={unread > 0 && <Button size="small" busy={read.isPending} onClick={() => read.mutate(undefined)}>Mark {unread} as read</Button>}>
      {news.data?.items.length === 0 && <p className="text-muted">Nothing yet. What happens to your orders, runs and assets is told here once a wallet is linked.</p>}
      <ul className="grid gap-3">
        {news.data?.items.map(({ notificationId, title, text, link, at, readAt }) => (
          <li key={notificationId} className="flex items-start justify-between gap-3">
            <div className="min-w-0">
              <p className="break-words"><Link className="link" to={link} onClick={() => { if (readAt === null) read.mutate([notificationId]); }}><Said text={title} /></Link>{readAt === null && <span className="ml-2"><Badge tone="accent">new</Badge></span>}</p>
              <p className="text-sm break-words text-muted"><Said text={text} /></p>
            </div>
            <span className="shrink-0 text-sm text-muted"><When at={at} /></span>
          </li>
        ))}
      </ul>
      {error && <div className="mt-4"><Failure error={error} /></div>}
    </Section>
  );
}
