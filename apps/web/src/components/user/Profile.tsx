import type { User } from '@neurodata/protocol';
import { useMutation } from '@tanstack/react-query';
import { type JSX, type SyntheticEvent, useState } from 'react';
import { useBeginEmailMutation, useChangePasswordMutation, useConfirmEmailMutation, useSetProfileMutation } from '../../queries/notifications.ts';
import { When } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { Facts, Section } from '../Layout.tsx';

type Values = Record<string, string>;
const valuesOf = (form: HTMLFormElement): Values => Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));

type LineProps = { label: string; name: string; type?: string; autoComplete?: string; defaultValue?: string; maxLength?: number; minLength?: number; required?: boolean };

function Line({ label, required = true, ...input }: LineProps): JSX.Element {
  return <label className="block"><span className="label">{label}</span><input className="field" required={required} {...input} /></label>;
}

/** Who the user is here, and what others see. */
export function Profile({ user }: { user: User }): JSX.Element {
  const save = useMutation(useSetProfileMutation());
  const { displayName, bio, link, public: seen } = user.profile;
  const onSubmit = (form: HTMLFormElement): void => {
    const values = valuesOf(form);
    save.mutate({ displayName: values['displayName'] ?? '', bio: values['bio'] ?? '', link: values['link'] ?? '', public: values['public'] === 'on' });
  };
  return (
    <Section title="Profile">
      <Facts facts={[['E-mail', user.email ?? 'none'], ['Roles', user.roles.join(', ')], ['Since', <When key="since" at={user.createdAt} />]]} />
      <form className="mt-4 grid gap-3 border-t border-line pt-4" onSubmit={(event) => { event.preventDefault(); onSubmit(event.currentTarget); }}>
        <Line label="Name that others see" name="displayName" required={false} maxLength={80} defaultValue={displayName} autoComplete="nickname" />
        <label className="block"><span className="label">About you</span><textarea className="field h-20 py-2" name="bio" maxLength={1_000} defaultValue={bio} /></label>
        <Line label="Your site" name="link" type="url" required={false} maxLength={200} defaultValue={link} autoComplete="url" />
        <label className="flex items-center gap-2"><input type="checkbox" className="size-4 accent-accent" name="public" defaultChecked={seen} /> Others may see this, with my linked wallets</label>
        <div><Button type="submit" busy={save.isPending}>Save the profile</Button>{save.isSuccess && <span role="status" className="ml-3 text-muted">Saved.</span>}</div>
        {save.error && <Failure error={save.error} />}
      </form>
    </Section>
  );
}

/** The address and the password. */
export function EmailAndPassword({ user }: { user: User }): JSX.Element {
  const begin = useMutation(useBeginEmailMutation());
  const confirm = useMutation(useConfirmEmailMutation());
  const change = useMutation(useChangePasswordMutation());
  const [step, setStep] = useState<'email' | 'password'>();
  const submit = (send: (values: Values) => void) => (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    send(valuesOf(event.currentTarget));
  };
  const sendEmail = ({ email = '', current, password }: Values): void => begin.mutate({ email, ...(current ? { current } : {}), ...(password ? { password } : {}) });
  const error = begin.error ?? confirm.error ?? change.error;
  const open = (next: 'email' | 'password'): void => {
    for (const one of [begin, confirm, change]) one.reset();
    setStep(step === next ? undefined : next);
  };
  return (
    <Section title="E-mail and password">
      <div className="flex flex-wrap gap-2">
        <Button size="small" aria-expanded={step === 'email'} onClick={() => open('email')}>{user.email === null ? 'Add an address and a password' : 'Change the address'}</Button>
        {user.hasPassword && <Button size="small" aria-expanded={step === 'password'} onClick={() => open('password')}>Change the password</Button>}
      </div>
      {step === 'email' && !begin.isSuccess && (
        <form className="mt-4 grid gap-3" onSubmit={submit(sendEmail)}>
          <Line label="New e-mail address" name="email" type="email" autoComplete="email" />
          {user.hasPassword ? <Line label="Your password" name="current" type="password" autoComplete="current-password" /> : <Line label="A password, at least 12 characters" name="password" type="password" autoComplete="new-password" minLength={12} />}
          <div><Button type="submit" busy={begin.isPending}>Send the codes</Button></div>
        </form>
      )}
      {step === 'email' && begin.isSuccess && !confirm.isSuccess && (
        <form className="mt-4 grid gap-3" onSubmit={submit(({ code = '', oldCode }) => confirm.mutate({ code, ...(oldCode ? { oldCode } : {}) }))}>
          <p className="text-muted">Codes are on their way. They work once, for 30 minutes.</p>
          <Line label="Code that came to the new address" name="code" autoComplete="one-time-code" />
          {user.email !== null && <Line label={`Code that came to ${user.email}`} name="oldCode" autoComplete="one-time-code" />}
          <div><Button type="submit" busy={confirm.isPending}>Confirm</Button></div>
        </form>
      )}
      {step === 'password' && !change.isSuccess && (
        <form className="mt-4 grid gap-3" onSubmit={submit(({ current = '', password = '' }) => change.mutate({ current, password }))}>
          <Line label="Your password" name="current" type="password" autoComplete="current-password" />
          <Line label="The new one, at least 12 characters" name="password" type="password" autoComplete="new-password" minLength={12} />
          <div><Button type="submit" busy={change.isPending}>Set the password</Button></div>
        </form>
      )}
      {confirm.isSuccess && <p role="status" className="mt-3">The address is set.</p>}
      {change.isSuccess && <p role="status" className="mt-3">The new password is set; other sessions have ended.</p>}
      {error && <div className="mt-4"><Failure error={error} /></div>}
    </Section>
  );
}
