import type { User } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { Navigate } from 'react-router';
import { useSignedIn } from '../client/session.ts';
import { useWallet } from '../client/wallet.ts';
import { When } from '../components/Amounts.tsx';
import { Button, ButtonLink } from '../components/Button.tsx';
import { Hash } from '../components/Copy.tsx';
import { Failure, Skeleton } from '../components/Feedback.tsx';
import { AssetList, SavedSearches } from '../components/user/Lists.tsx';
import { Notifications } from '../components/user/Notifications.tsx';
import { NotificationSettings } from '../components/user/NotificationSettings.tsx';
import { Passkeys } from '../components/user/Passkeys.tsx';
import { ProofDialog } from '../components/user/ProofDialog.tsx';
import { EmailAndPassword, Profile } from '../components/user/Profile.tsx';
import { QrCode } from '../components/user/QrCode.tsx';
import { Webhooks } from '../components/user/Webhooks.tsx';
import { PageTitle, Section, Table } from '../components/Layout.tsx';
import {
  keysQuery, sessionsQuery, useBeginTotpMutation, useCreateKeyMutation, useDeleteKeyMutation, useDisableTotpMutation, useEnableTotpMutation, useEndOtherSessionsMutation, useEndSessionMutation,
  useLinkWalletMutation, useLogoutMutation, useUnlinkWalletMutation, userActivityQuery, userQuery,
} from '../queries/user.ts';

/** What belongs to whoever is signed in. */
export function UserPage(): JSX.Element {
  const signedIn = useSignedIn();
  const user = useQuery(userQuery(signedIn));
  const logout = useMutation(useLogoutMutation());
  if (!signedIn) return <Navigate to="/sign-in" replace />;
  return (
    <>
      <PageTitle title="Your account" aside={<span className="flex gap-2">{user.data?.roles.some((role) => role !== 'user') && <ButtonLink to="/admin">Administration</ButtonLink>}<Button busy={logout.isPending} onClick={() => logout.mutate(undefined)}>Sign out</Button></span>}>{user.data?.email ?? 'Signed in with a wallet'}</PageTitle>
      {logout.error && <Failure error={logout.error} />}
      {user.isError && <Failure error={user.error} retry={() => void user.refetch()} />}
      {user.isPending && <Skeleton className="h-64 rounded-lg" />}
      {user.data && <ProofDialog user={user.data} />}
      {user.data && (
        <div className="grid gap-6 lg:grid-cols-2 lg:items-start">
          <div className="grid min-w-0 gap-6 lg:col-span-2"><Notifications /><NotificationSettings canMail={user.data.email !== null} /></div>
          <AssetList name="favourites" />
          <AssetList name="watched" />
          <div className="min-w-0 lg:col-span-2"><SavedSearches /></div>
          <Profile user={user.data} />
          {/* Beside the profile, which is as tall as all of these. */}
          <div className="grid min-w-0 gap-6">
            <EmailAndPassword user={user.data} />
            <Passkeys />
            <Authenticator user={user.data} />
          </div>
          <Wallets user={user.data} />
          <Keys />
          <div className="min-w-0 lg:col-span-2"><Webhooks /></div>
          <div className="min-w-0 lg:col-span-2"><Sessions /></div>
          <div className="min-w-0 lg:col-span-2"><Activity /></div>
        </div>
      )}
    </>
  );
}

function Wallets({ user }: { user: User }): JSX.Element {
  const wallet = useWallet();
  const link = useMutation(useLinkWalletMutation());
  const unlink = useMutation(useUnlinkWalletMutation());
  const error = link.error ?? unlink.error;
  const canLink = wallet && !user.wallets.some(({ address }) => address === wallet.address);
  return (
    <Section title="Wallets" aside={canLink && <Button size="small" busy={link.isPending} onClick={() => link.mutate(wallet)}>Link {wallet.name}</Button>}>
      {user.wallets.length === 0 && <p className="text-muted">No wallet is linked. A linked wallet can sign in here.</p>}
      <ul className="grid gap-2">
        {user.wallets.map(({ address }) => <li key={address} className="flex items-center justify-between gap-3"><Hash value={address} label="address" /><Button size="small" busy={unlink.isPending} onClick={() => unlink.mutate(address)}>Unlink</Button></li>)}
      </ul>
      {error && <div className="mt-4"><Failure error={error} /></div>}
    </Section>
  );
}

function Authenticator({ user }: { user: User }): JSX.Element {
  const begin = useMutation(useBeginTotpMutation());
  const enable = useMutation(useEnableTotpMutation());
  const disable = useMutation(useDisableTotpMutation());
  const [code, setCode] = useState('');
  const error = begin.error ?? enable.error ?? disable.error;
  const act = user.secondFactor ? disable : enable;
  return (
    <Section title="Authenticator" aside={!user.secondFactor && !begin.data && <Button size="small" busy={begin.isPending} onClick={() => begin.mutate(undefined)}>Set up</Button>}>
      {!user.secondFactor && !begin.data && <p className="text-muted">An app that shows six digits every half minute. With it, a password alone does not sign in.</p>}
      {user.secondFactor && <p className="mb-3">Signing in asks for a code.</p>}
      {!user.secondFactor && begin.data && (
        <div className="mb-3 grid justify-items-start gap-3">
          <p>Scan this with your app, or enter the secret below it; then enter the digits that it shows.</p>
          <QrCode text={begin.data.uri} label="The secret for your authenticator app" />
          <code className="num break-all">{begin.data.secret}</code>
        </div>
      )}
      {user.secondFactor && enable.data && <div className="mb-3"><p>Recovery codes, for the day the app is lost. Each works once. They are shown now and never again.</p><pre className="num mt-2">{enable.data.recoveryCodes.join('\n')}</pre></div>}
      {(user.secondFactor || begin.data) && (
        <form className="flex gap-2" onSubmit={(event) => { event.preventDefault(); act.mutate(code.trim(), { onSuccess: () => setCode('') }); }}>
          <input aria-label="Code" required className="field" autoComplete="one-time-code" value={code} onChange={(event) => setCode(event.target.value)} />
          <Button type="submit" busy={act.isPending} look={user.secondFactor ? 'danger' : 'primary'}>{user.secondFactor ? 'Turn off' : 'Turn on'}</Button>
        </form>
      )}
      {error && <div className="mt-4"><Failure error={error} /></div>}
    </Section>
  );
}

function Keys(): JSX.Element {
  const keys = useQuery(keysQuery());
  const create = useMutation(useCreateKeyMutation());
  const remove = useMutation(useDeleteKeyMutation());
  const [name, setName] = useState('');
  const error = keys.error ?? create.error ?? remove.error;
  return (
    <Section title="API keys">
      {keys.data?.length === 0 && <p className="mb-3 text-muted">For programs that read this account. A key can change nothing.</p>}
      {create.data && <p className="mb-3" role="status">This key is shown now and never again: <code className="num break-all">{create.data.key}</code></p>}
      <ul className="mb-3 grid grid-cols-1 gap-2">
        {keys.data?.map(({ keyId, name, prefix, usedAt }) => <li key={keyId} className="flex items-center justify-between gap-3"><span className="min-w-0 truncate">{name} <span className="num text-muted">{prefix}…</span> <span className="hint">{usedAt === null ? 'never used' : <>used <When at={usedAt} /></>}</span></span><Button size="small" onClick={() => remove.mutate(keyId)}>End</Button></li>)}
      </ul>
      <form className="flex gap-2" onSubmit={(event) => { event.preventDefault(); create.mutate(name, { onSuccess: () => setName('') }); }}>
        <input aria-label="Name of the key" placeholder="What it is for" required maxLength={100} className="field" value={name} onChange={(event) => setName(event.target.value)} />
        <Button type="submit" busy={create.isPending}>Make a key</Button>
      </form>
      {error && <div className="mt-4"><Failure error={error} /></div>}
    </Section>
  );
}

function Sessions(): JSX.Element {
  const sessions = useQuery(sessionsQuery());
  const end = useMutation(useEndSessionMutation());
  const endOthers = useMutation(useEndOtherSessionsMutation());
  const error = sessions.error ?? end.error ?? endOthers.error;
  return (
    <Section title="Sessions" aside={(sessions.data?.length ?? 0) > 1 && <Button size="small" busy={endOthers.isPending} onClick={() => endOthers.mutate(undefined)}>End the others</Button>}>
      {error && <Failure error={error} />}
      <Table label="Sessions" head={['Program', 'From', 'By', 'Last used', '']}>
        {sessions.data?.map(({ sessionId, agent, address, method, usedAt, current }) => (
          <tr key={sessionId}><td className="max-w-80 truncate" title={agent}>{agent || 'unknown'}</td><td className="num">{address}</td><td>{method}</td><td><When at={usedAt} /></td><td className="text-right">{current ? 'this one' : <Button size="small" onClick={() => end.mutate(sessionId)}>End</Button>}</td></tr>
        ))}
      </Table>
    </Section>
  );
}

function Activity(): JSX.Element {
  const activity = useQuery(userActivityQuery());
  return (
    <Section title="Activity">
      {activity.error && <Failure error={activity.error} />}
      <Table label="Activity" head={['When', 'What', '', 'From']}>
        {activity.data?.slice(0, 30).map(({ at, action, detail, address }, index) => <tr key={index}><td className="whitespace-nowrap"><When at={at} /></td><td>{action}</td><td className="max-w-80 truncate text-muted">{detail}</td><td className="num">{address}</td></tr>)}
      </Table>
    </Section>
  );
}
