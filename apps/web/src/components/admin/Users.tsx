import { type User, type UserRole, userRoles } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useId, useState } from 'react';
import { t } from '../../language/t.ts';
import { useLockMutation, useSetRolesMutation, usersQuery } from '../../queries/admin.ts';
import { When, plural } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Failure, Skeleton } from '../Feedback.tsx';
import { Section, Table } from '../Layout.tsx';
import { Modal } from '../Modal.tsx';
import { Badge } from '../State.tsx';
import { ReasonDialog } from '../trust/ReasonDialog.tsx';

const nameOf = ({ email, wallets, userId }: User): string => email ?? wallets[0]?.address ?? userId;

/** Who has an account here; admins lock them out and give them roles. */
export function Users({ self }: { self: string }): JSX.Element {
  const [typed, setTyped] = useState('');
  const [q, setQ] = useState('');
  const { data, error, refetch, isPlaceholderData } = useQuery(usersQuery(q));
  const [locking, setLocking] = useState<User>();
  const [naming, setNaming] = useState<User>();
  const id = useId();
  return (
    <Section title="Users" aside={data && <span className="text-sm text-muted">{data.length === 100 ? 'the newest 100' : plural(data.length, 'user')}</span>}>
      <form role="search" className="mb-4 max-w-[520px]" onSubmit={(event) => { event.preventDefault(); setQ(typed.trim()); }}>
        <label htmlFor={id} className="label">Part of an e-mail address</label>
        <span className="flex gap-2"><input id={id} type="search" className="field" maxLength={254} value={typed} onChange={(event) => setTyped(event.target.value)} /><Button type="submit">Search users</Button></span>
      </form>
      {error && !data && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-40 rounded-lg" />}
      {data?.length === 0 && <p className="text-muted">Nobody has such an address.</p>}
      {data && data.length > 0 && (
        <div aria-busy={isPlaceholderData}>
          <Table label="Users" head={['Who', 'Roles', 'Signs in by', 'Since', '']}>
            {data.map((user) => (
              <tr key={user.userId}>
                <td className="max-w-72 truncate" title={nameOf(user)}><span className={user.email === null ? 'num' : ''}>{nameOf(user)}</span>{user.lockedAt !== null && <> <Badge tone="bad">Locked</Badge></>}</td>
                <td className="whitespace-nowrap">{user.roles.filter((role) => role !== 'user').join(', ') || <span className="text-muted">none</span>}</td>
                <td className="whitespace-nowrap text-muted">{[user.hasPassword ? t`password` : undefined, user.wallets.length > 0 ? plural(user.wallets.length, 'wallet') : undefined, user.secondFactor ? t`second factor` : undefined].filter(Boolean).join(', ') || 'passkey'}</td>
                <td className="whitespace-nowrap"><When at={user.createdAt} /></td>
                <td className="text-right whitespace-nowrap"><span className="inline-flex gap-2"><Button size="small" aria-label={`Roles of ${nameOf(user)}`} onClick={() => setNaming(user)}>Roles</Button>{user.lockedAt === null && user.userId !== self && <Button size="small" look="danger" aria-label={`Lock ${nameOf(user)}`} onClick={() => setLocking(user)}>Lock</Button>}</span></td>
              </tr>
            ))}
          </Table>
        </div>
      )}
      {locking && <Lock user={locking} onClose={() => setLocking(undefined)} />}
      {naming && <Roles user={naming} onClose={() => setNaming(undefined)} />}
    </Section>
  );
}

function Lock({ user, onClose }: { user: User; onClose: () => void }): JSX.Element {
  const lock = useMutation(useLockMutation());
  return <ReasonDialog title={`Lock ${nameOf(user)}`} description="Sessions end; sign-ins and API keys are refused until support takes it back. Wallets and what was bought are not touched." button="Lock" danger busy={lock.isPending} error={lock.error} onClose={onClose} onDone={(reason) => lock.mutate({ userId: user.userId, reason }, { onSuccess: onClose })} />;
}

const mays: Record<Exclude<UserRole, 'user'>, string> = { curator: t`looks after listings`, support: t`helps one account at a time`, admin: t`everything here but what the others do` };

function Roles({ user, onClose }: { user: User; onClose: () => void }): JSX.Element {
  const set = useMutation(useSetRolesMutation());
  const [roles, setRoles] = useState<UserRole[]>(user.roles);
  const [reason, setReason] = useState('');
  const id = useId();
  return (
    <Modal open onOpenChange={onClose} title={`Roles of ${nameOf(user)}`} description="No role sees plaintext, keys or credentials. It stands in the audit log.">
      <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); set.mutate({ userId: user.userId, roles, reason: reason.trim() }, { onSuccess: onClose }); }}>
        <fieldset className="grid gap-2">
          <legend className="label">May act as</legend>
          {userRoles.filter((role) => role !== 'user').map((role) => (
            <label key={role} className="flex items-center gap-2"><input type="checkbox" className="size-4 accent-accent" checked={roles.includes(role)} onChange={(event) => setRoles(event.target.checked ? [...roles, role] : roles.filter((other) => other !== role))} /><span className="capitalize">{role}</span><span className="hint">{mays[role]}</span></label>
          ))}
        </fieldset>
        <div><label htmlFor={id} className="label">Reason</label><input id={id} className="field" required minLength={3} maxLength={250} value={reason} onChange={(event) => setReason(event.target.value)} /></div>
        {set.error && <Failure error={set.error} />}
        <Button type="submit" look="primary" busy={set.isPending}>Set the roles</Button>
      </form>
    </Modal>
  );
}
