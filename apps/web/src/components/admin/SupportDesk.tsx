import type { UserState } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { t } from '../../language/t.ts';
import { useEndUserSessionsMutation, useUnlockMutation, userStateQuery } from '../../queries/admin.ts';
import { When, count } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { Facts, Section } from '../Layout.tsx';
import { ReasonDialog } from '../trust/ReasonDialog.tsx';
import { NameForm } from '../user/NameForm.tsx';

/** One account at a time, for who asked for help: its state, and nothing that was done with it. */
export function SupportDesk(): JSX.Element {
  const [who, setWho] = useState('');
  const { data, error, isFetching } = useQuery(userStateQuery(who));
  return (
    <Section title="Help with an account" aside={<span className="text-sm text-muted">looking stands in the audit log</span>}>
      <div className="max-w-[520px]"><NameForm label="Whole e-mail address or user id" placeholder="Whole e-mail address or user id" action="Look it up" busy={isFetching} onSend={setWho} /></div>
      {error && <div className="mt-4"><Failure error={error} /></div>}
      {data === null && <p className="mt-4 text-muted">There is no such account.</p>}
      {data && <Found key={data.userId} user={data} />}
    </Section>
  );
}

function Found({ user }: { user: UserState }): JSX.Element {
  const [end, unlock] = [useMutation(useEndUserSessionsMutation()), useMutation(useUnlockMutation())];
  const [doing, setDoing] = useState<'end' | 'unlock'>();
  const close = (): void => setDoing(undefined);
  const act = doing === 'unlock' ? unlock : end;
  const ways = [user.hasPassword ? t`password` : '', user.passkeys > 0 ? t`${count(user.passkeys)} passkeys` : '', user.wallets > 0 ? t`${count(user.wallets)} wallets` : '', user.secondFactor ? t`second factor` : ''].filter(Boolean).join(', ');
  return (
    <div className="mt-4 grid gap-4 border-t border-line pt-4">
      <Facts facts={[
        ['E-mail', user.email ?? 'none'], ['User', <span key="user" className="num break-all">{user.userId}</span>], ['Roles', user.roles.join(', ')], ['Signs in by', ways || 'nothing'], ['Open sessions', count(user.sessions)],
        ['Last sign-in', user.lastSignInAt === null ? 'never' : <When key="last" at={user.lastSignInAt} />], ['Locked', user.lockedAt !== null && <span key="locked" className="text-bad"><When at={user.lockedAt} />: “{user.lockedReason}”</span>],
      ]} />
      <div className="flex gap-2"><Button size="small" disabled={user.sessions === 0} onClick={() => setDoing('end')}>End its sessions</Button>{user.lockedAt !== null && <Button size="small" onClick={() => setDoing('unlock')}>Unlock</Button>}</div>
      {doing && <ReasonDialog title={doing === 'end' ? 'End every session' : 'Unlock the account'} button={doing === 'end' ? 'End them' : 'Unlock'} busy={act.isPending} error={act.error} onClose={close} onDone={(reason) => act.mutate({ userId: user.userId, reason }, { onSuccess: close })} />}
    </div>
  );
}
