import { notificationKinds } from '@neurodata/protocol';
import type { NotificationSetting } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { t } from '../../language/t.ts';
import { notificationSettingsQuery, useSetNotificationMutation } from '../../queries/notifications.ts';
import { Failure } from '../Feedback.tsx';
import { Fold, Table } from '../Layout.tsx';

const channels = [['list', t`List`], ['mail', 'E-mail'], ['webhook', t`Webhooks`]] as const;

/** By kind: where notifications go. */
export function NotificationSettings({ canMail }: { canMail: boolean }): JSX.Element {
  const settings = useQuery(notificationSettingsQuery());
  const set = useMutation(useSetNotificationMutation());
  const error = settings.error ?? set.error;
  const box = (setting: NotificationSetting, channel: (typeof channels)[number][0], name: string): JSX.Element => (
    <input type="checkbox" className="size-4 accent-accent" aria-label={`${notificationKinds[setting.kind].label}: ${name}`} checked={setting[channel]} disabled={(channel === 'list' && setting.kind.startsWith('security.')) || (channel === 'mail' && !canMail)}
      onChange={(event) => set.mutate({ ...setting, [channel]: event.target.checked })} />
  );
  return (
    <Fold title="What goes where">
      {!canMail && <p className="mb-3 text-muted">Add an e-mail address to be told by mail.</p>}
      <Table label="What goes where" head={['', ...channels.map(([, name]) => name)]}>
        {settings.data?.map((setting) => <tr key={setting.kind}><td>{notificationKinds[setting.kind].label}</td>{channels.map(([channel, name]) => <td key={channel}>{box(setting, channel, name)}</td>)}</tr>)}
      </Table>
      {error && <div className="mt-4"><Failure error={error} /></div>}
    </Fold>
  );
}
