import { useQuery } from '@tanstack/react-query';
import { Moon, Sun, SunMoon } from 'lucide-react';
import { type JSX, Suspense, lazy, useEffect, useRef, useState } from 'react';
import { Link, NavLink, Outlet, useLocation } from 'react-router';
import { useSignedIn } from '../client/session.ts';
import { useSignings } from '../client/signings.ts';
import { isDemo, useWallet, useWalletPending } from '../client/wallet.ts';
import { useInjected } from '../client/walletChoice.ts';
import { type Language, chooseLanguage, language, languages } from '../language/language.ts';
import { t } from '../language/t.ts';
import { readinessQuery, statsQuery } from '../queries/chain.ts';
import { useLiveChanges } from '../queries/live.ts';
import { type Theme, readTheme, writeTheme } from '../theme.ts';
import { Identicon } from './Account.tsx';
import { count } from './Amounts.tsx';
import { ButtonLink } from './Button.tsx';
import { Boundary } from './Boundary.tsx';
import { PageSkeleton } from './Feedback.tsx';
import { Mark } from './Mark.tsx';
import { NodeChange } from './NodeChange.tsx';
import { SearchBox } from './SearchBox.tsx';
import { Unreachable } from './Unreachable.tsx';
import { isTyping, useShortcuts } from './useShortcuts.ts';
import { useDialogs } from './useDialogs.ts';
import { useShell } from './useShell.ts';

const WalletDialog = lazy(() => import('./WalletDialog.tsx').then(({ WalletDialog }) => ({ default: WalletDialog })));
const NetworkNotice = lazy(() => import('./NetworkNotice.tsx').then(({ NetworkNotice }) => ({ default: NetworkNotice })));
const Signings = lazy(() => import('./Signings.tsx').then(({ Signings }) => ({ default: Signings })));
const Palette = lazy(() => import('./Palette.tsx').then(({ Palette }) => ({ default: Palette })));

/** What every page stands in: top bar, page, footer, and the two dialogs that open from anywhere. */
export function Shell(): JSX.Element {
  const { open, show, hide } = useShell();
  useLiveChanges();
  useShortcuts({ openPalette: () => show('palette') });
  const isOwn = useInjected() !== undefined;
  const isSigning = useSignings().length > 0;
  const dialogs = useDialogs();
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    scrollTo(0, 0);
    // Whoever types already is left where they are.
    if (!isTyping(document.activeElement)) main.current?.focus({ preventScroll: true });
  }, [pathname]);
  // The footer begins below what is in view: what comes in late moves nothing that was seen.
  return (
    <div className="flex min-h-dvh flex-col">
      <a href="#main" onClick={(event) => { event.preventDefault(); main.current?.focus(); }} className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2">Skip to the page</a>
      <TopBar />
      {isOwn && <Suspense fallback={null}><NetworkNotice /></Suspense>}
      <Unreachable />
      <main id="main" ref={main} tabIndex={-1} className="mx-auto min-h-[calc(100dvh-3.5rem)] w-full max-w-[1200px] flex-1 px-4 py-6 sm:px-6 sm:py-8">
        <Boundary key={pathname}><Suspense fallback={<PageSkeleton />}><Outlet /></Suspense></Boundary>
      </main>
      <Footer />
      <Suspense fallback={null}>
        {isSigning && dialogs === 0 && <Signings />}
        {open === 'wallet' && <WalletDialog onClose={hide} />}
        {open === 'palette' && <Palette onClose={hide} />}
      </Suspense>
    </div>
  );
}

const pages = [['/', t`Discover`], ['/train', t`Train`], ['/runs', t`My runs`], ['/orders', t`My orders`], ['/validators', t`Validators`], ['/publish', t`Publish`]] as const;

/** What concerns few readers of a day. */
const more = [['/library', t`Library`], ['/collections', t`Collections`], ['/leaderboards', t`Leaderboards`], ['/token', t`Token`], ['/explorer', t`Explorer`], ['/deals', t`Deals`], ['/offers', t`Private offers`], ['/disputes', t`Disputes`], ['/governance', t`Governance`], ['/dashboard', t`Dashboard`], ['/user', t`Sign in`]] as const;

function TopBar(): JSX.Element {
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const here = pages.findLast(([to]) => pathname.startsWith(to))?.[0];
  // On a phone the links are wider than the page: the one of this page is brought into view.
  useEffect(() => {
    const link = nav.current?.querySelector<HTMLElement>(`[href="${here}"]`);
    if (nav.current && link) nav.current.scrollLeft = link.offsetLeft - nav.current.offsetLeft - 16;
  }, [here]);
  return (
    <header className="z-30 sm:sticky sm:top-0 border-b border-line bg-surface">
      <div className="mx-auto flex min-h-14 max-w-[1200px] flex-wrap items-center gap-x-5 px-4 sm:px-6">
        <Link to="/" className="flex h-14 items-center gap-2 text-lg font-semibold tracking-tight"><Mark />NeuroData</Link>
        <nav ref={nav} aria-label="Main" className="order-last -mx-4 flex w-[calc(100%+2rem)] gap-1 overflow-x-auto px-2 pb-1 lg:order-none lg:mx-0 lg:w-auto lg:overflow-visible lg:p-0">
          {pages.map(([to, text]) => (
            <NavLink key={to} to={to} end={to === '/'} className={({ isActive }) => `${to === '/publish' ? 'sm:hidden ' : ''}rounded-md px-2.5 py-1.5 whitespace-nowrap transition-colors ${isActive ? 'font-medium text-text' : 'text-muted hover:text-text'}`}>{text}</NavLink>
          ))}
        </nav>
        <div className="contents sm:ml-auto sm:flex sm:min-w-0 sm:items-center sm:gap-2">
          <SearchBox />
          <ButtonLink to="/publish" className="max-sm:hidden">Publish</ButtonLink>
          <WalletButton />
        </div>
      </div>
    </header>
  );
}

function WalletButton(): JSX.Element {
  const wallet = useWallet();
  const pending = useWalletPending();
  const { show } = useShell();
  return (
    <button type="button" onClick={() => show('wallet')} className="flex h-9 shrink-0 items-center gap-2 rounded-md border max-sm:order-2 max-sm:ml-auto border-line-strong/60 bg-surface px-3 font-medium hover:border-line-strong hover:bg-bg">
      {wallet ? <><span className="sr-only">Wallet: </span><Identicon address={wallet.address} /><span className="max-w-28 truncate">{wallet.name}</span>{isDemo(wallet) && <span className="rounded-full bg-warn-soft px-1.5 text-xs text-warn">demo</span>}</> : pending ? <><span className="sr-only">Choose a wallet</span><span aria-hidden="true" className="h-4 w-24 rounded-md bg-line" /></> : 'Choose a wallet'}
    </button>
  );
}

function Footer(): JSX.Element {
  const readiness = useQuery(readinessQuery());
  const stats = useQuery(statsQuery());
  const { data: head } = useQuery<number>({ queryKey: ['head'], queryFn: () => 0, enabled: false });
  const { show } = useShell();
  const signedIn = useSignedIn();
  const block = Math.max(head ?? 0, stats.data?.head ?? 0);
  const down = readiness.data && !readiness.data.ready ? Object.entries(readiness.data.parts).filter(([, part]) => !part.ready).map(([name, part]) => `${name}${part.reason ? `: ${part.reason}` : ''}`) : [];
  const state = readiness.isError ? t`Node unreachable` : !readiness.data ? t`Asking the node` : readiness.data.ready ? t`Node ready` : t`Node not ready`;
  return (
    <footer className="mt-8 border-t border-line pb-[env(safe-area-inset-bottom)] text-sm text-muted">
      <div className="mx-auto flex min-h-12 max-w-[1200px] flex-wrap items-center gap-x-6 gap-y-1 px-4 py-2 sm:px-6">
        <span title={down.join('\n') || undefined} className="flex items-center gap-2">
          <span aria-hidden="true" className={`size-2 rounded-full ${readiness.data?.ready ? 'bg-good' : readiness.isError ? 'bg-bad' : 'bg-warn'}`} />
          {state}{down.length > 0 && <span className="text-warn">{down.join(', ')}</span>}
        </span>
        <NodeChange />
        {block > 0 && <span>Chain head <span className="num">{count(block)}</span></span>}
        {stats.data && stats.data.head - stats.data.indexed > 1 && <span>Indexed to <span className="num">{count(stats.data.indexed)}</span></span>}
        <nav aria-label="More" className="order-last flex w-full flex-wrap gap-x-4">{more.map(([to, text]) => <Link key={to} to={to} className="inline-flex min-h-6 min-w-6 items-center hover:text-text">{to === '/user' && signedIn ? 'Your account' : text}</Link>)}</nav>
        <span className="flex flex-wrap items-center gap-x-4 gap-y-1 sm:ml-auto">
          <button type="button" onClick={() => show('palette')} className="hover:text-text max-sm:hidden">Keyboard shortcuts <kbd className="ml-1 rounded-sm border border-line px-1">?</kbd></button>
          <ThemeToggle />
          <LanguageChoice />
        </span>
      </div>
    </footer>
  );
}

/** The other languages, each by its own name. */
function LanguageChoice(): JSX.Element {
  const others = (Object.keys(languages) as Language[]).filter((one) => one !== language);
  return <>{others.map((one) => <button key={one} type="button" lang={one} onClick={() => chooseLanguage(one)} className="hover:text-text">{languages[one]}</button>)}</>;
}

const nextTheme: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const themeWords: Record<Theme, string> = { system: t`system`, light: t`light`, dark: t`dark` };

function ThemeToggle(): JSX.Element {
  const [theme, setTheme] = useState<Theme>(readTheme);
  const Icon = { system: SunMoon, light: Sun, dark: Moon }[theme];
  const turn = (): void => {
    writeTheme(nextTheme[theme]);
    setTheme(nextTheme[theme]);
  };
  return (
    <button type="button" onClick={turn} aria-label={`Theme: ${themeWords[theme]}. Change to ${themeWords[nextTheme[theme]]}.`} className="flex items-center gap-1.5 hover:text-text">
      <Icon size={14} aria-hidden="true" />{theme === 'system' ? 'System' : theme === 'light' ? 'Light' : 'Dark'}
    </button>
  );
}
