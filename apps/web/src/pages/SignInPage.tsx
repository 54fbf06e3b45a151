import { NeuroError } from '@neurodata/protocol';
import { useMutation } from '@tanstack/react-query';
import { type JSX, type ReactNode, useState } from 'react';
import { Link, Navigate, useLocation } from 'react-router';
import { useSignedIn } from '../client/session.ts';
import { useWallet } from '../client/wallet.ts';
import { Button } from '../components/Button.tsx';
import { Failure } from '../components/Feedback.tsx';
import { PageTitle } from '../components/Layout.tsx';
import { useShell } from '../components/useShell.ts';
import { t } from '../language/t.ts';
import { passkeysWork, usePasskeyLoginMutation } from '../queries/passkeys.ts';
import { useForgotMutation, useLoginMutation, useRegisterMutation, useResetMutation, useVerifyMutation, useWalletLoginMutation } from '../queries/user.ts';

type Step = 'login' | 'register' | 'verify' | 'forgot' | 'reset';

const titles: Record<Step, string> = { login: t`Sign in`, register: t`Make an account`, verify: t`Confirm your address`, forgot: t`Forgotten password`, reset: t`A new password` };

/** The code of a mail's link; it stands behind `#`, which no server is told. */
function codeOf(hash: string): { step: Step; code: string } | undefined {
  const match = /^#(verify|reset)=([\w-]+)$/.exec(hash);
  return match ? { step: match[1] as Step, code: match[2]! } : undefined;
}

/** Signing in by e-mail or wallet, registering, and the two pages that mails lead to. */
export function SignInPage(): JSX.Element {
  const signedIn = useSignedIn();
  const { hash } = useLocation();
  const linked = codeOf(hash);
  if (signedIn && linked?.step !== 'reset') return <Navigate to="/user" replace />;
  // Another link begins anew.
  return <SignIn key={hash} linked={linked} />;
}

function SignIn({ linked }: { linked: { step: Step; code: string } | undefined }): JSX.Element {
  const [step, setStep] = useState<Step>(linked?.step ?? 'login');
  const form = { login: <Login go={setStep} />, register: <Register />, verify: <Verify code={linked?.code ?? ''} />, forgot: <Forgot />, reset: <Reset code={linked?.code ?? ''} go={setStep} /> }[step];
  return (
    <div className="mx-auto max-w-[440px]">
      <PageTitle title={titles[step]}>An account keeps your settings on this node. Money, purchases and keys belong to your wallet, never to it.</PageTitle>
      <section aria-label={titles[step]} className="panel p-4 sm:p-5">{form}</section>
      <p className="mt-4 flex flex-wrap gap-x-4 gap-y-1">
        {step !== 'login' && <button type="button" className="link" onClick={() => setStep('login')}>Sign in</button>}
        {step !== 'register' && step !== 'login' && <button type="button" className="link" onClick={() => setStep('register')}>Make an account</button>}
        {step === 'login' && <button type="button" className="link" onClick={() => setStep('forgot')}>Forgotten password</button>}
      </p>
    </div>
  );
}

type FieldProps = { label: string; name: string; type?: string; autoComplete: string; hint?: string; minLength?: number };

function Field({ label, hint, ...input }: FieldProps): JSX.Element {
  return (
    <label className="block"><span className="label">{label}</span>
      <input required className="field" {...input} />
      {hint && <span className="hint">{hint}</span>}
    </label>
  );
}

const email: FieldProps = { label: t`E-mail address`, name: 'email', type: 'email', autoComplete: 'email' };
const password: FieldProps = { label: t`Password`, name: 'password', type: 'password', autoComplete: 'current-password' };
const newPassword: FieldProps = { label: t`New password`, name: 'password', type: 'password', autoComplete: 'new-password', minLength: 12, hint: t`At least 12 characters. A few words make a good one.` };

type FormProps = { fields: FieldProps[]; action: string; busy: boolean; error: unknown; onSend: (values: Record<string, string>) => void; children?: ReactNode };

function Form({ fields, action, busy, error, onSend, children }: FormProps): JSX.Element {
  return (
    <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); onSend(Object.fromEntries([...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)]))); }}>
      {fields.map((field) => <Field key={field.name} {...field} />)}
      {error !== null && <Failure error={error} />}
      <Button type="submit" look="primary" busy={busy}>{action}</Button>
      {children}
    </form>
  );
}

const asksFactor = (error: unknown): boolean => error instanceof NeuroError && error.code === 'SECOND_FACTOR';
const factor: FieldProps = { label: t`Second factor`, name: 'secondFactor', autoComplete: 'one-time-code', hint: t`The six digits of your authenticator, or a recovery code.` };

function Login({ go }: { go: (step: Step) => void }): JSX.Element {
  const login = useMutation(useLoginMutation());
  const asked = asksFactor(login.error);
  return (
    <div className="grid gap-4">
      <Form fields={asked ? [email, password, factor] : [email, password]} action="Sign in" busy={login.isPending} error={login.error}
        onSend={({ email = '', password = '', secondFactor }) => login.mutate({ email, password, secondFactor })} />
      <PasskeyLogin />
      <WalletLogin />
      <p className="hint">New here? <button type="button" className="link" onClick={() => go('register')}>Make an account</button>, or sign in with a wallet: that makes one.</p>
    </div>
  );
}

function PasskeyLogin(): JSX.Element | null {
  const login = useMutation(usePasskeyLoginMutation());
  if (!passkeysWork()) return null;
  return (
    <>
      {login.error && <Failure error={login.error} />}
      <Button busy={login.isPending} onClick={() => login.mutate(undefined)}>Sign in with a passkey</Button>
    </>
  );
}

function WalletLogin(): JSX.Element {
  const wallet = useWallet();
  const { show } = useShell();
  const login = useMutation(useWalletLoginMutation());
  const [secondFactor, setSecondFactor] = useState('');
  if (!wallet) return <Button onClick={() => show('wallet')}>Sign in with a wallet</Button>;
  return (
    <div className="grid gap-3 border-t border-line pt-4">
      {asksFactor(login.error) && <label className="block"><span className="label">{factor.label}</span><input className="field" autoComplete="one-time-code" value={secondFactor} onChange={(event) => setSecondFactor(event.target.value)} /></label>}
      {login.error && <Failure error={login.error} />}
      <Button busy={login.isPending} onClick={() => login.mutate({ wallet, secondFactor: secondFactor || undefined })}>Sign in as {wallet.name}</Button>
    </div>
  );
}

function Register(): JSX.Element {
  const register = useMutation(useRegisterMutation());
  if (register.isSuccess) return <Sent>If the address can have an account, a mail with a link is on its way there. Open it in this browser.</Sent>;
  return <Form fields={[email, newPassword]} action="Make an account" busy={register.isPending} error={register.error} onSend={({ email = '', password = '' }) => register.mutate({ email, password })} />;
}

function Forgot(): JSX.Element {
  const forgot = useMutation(useForgotMutation());
  if (forgot.isSuccess) return <Sent>If there is an account with that address, a mail with a link is on its way there.</Sent>;
  return <Form fields={[email]} action="Send a link" busy={forgot.isPending} error={forgot.error} onSend={({ email = '' }) => forgot.mutate({ email })} />;
}

function Sent({ children }: { children: ReactNode }): JSX.Element {
  return <div role="status" className="grid gap-2"><p>{children}</p><p className="hint">A demo node has no mail server: its mails are on the <Link className="link" to="/mailbox">mailbox page</Link>.</p></div>;
}

function Verify({ code }: { code: string }): JSX.Element {
  const verify = useMutation(useVerifyMutation());
  return (
    <Form fields={[{ ...password, hint: t`The one that you chose when you asked for the account.` }]} action="Confirm and sign in" busy={verify.isPending} error={verify.error} onSend={(values) => verify.mutate({ code, password: values['password'] ?? '' })} />
  );
}

function Reset({ code, go }: { code: string; go: (step: Step) => void }): JSX.Element {
  const reset = useMutation(useResetMutation());
  if (reset.isSuccess) return <p role="status">The new password is set, and every session has ended. <button type="button" className="link" onClick={() => go('login')}>Sign in</button></p>;
  return <Form fields={[newPassword]} action="Set the password" busy={reset.isPending} error={reset.error} onSend={(values) => reset.mutate({ code, password: values['password'] ?? '' })} />;
}
