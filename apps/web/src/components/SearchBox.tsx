import { Search } from 'lucide-react';
import { type JSX, useEffect, useState } from 'react';
import { useLocation, useNavigate, useSearchParams } from 'react-router';

const PAUSE_MS = 250;

/** The one search field, in the top bar. On Discover it filters while one types; elsewhere Enter leads there. */
export function SearchBox(): JSX.Element {
  const [params, setParams] = useSearchParams();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const here = pathname === '/';
  const query = here ? (params.get('q') ?? '') : '';
  const [text, setText] = useState(query);
  const [shown, setShown] = useState(query);
  // The address changed by other means than typing here, such as the back button.
  if (shown !== query) {
    setShown(query);
    setText(query);
  }
  useEffect(() => {
    if (!here || text === query) return undefined;
    const timer = setTimeout(() => {
      setParams((old) => {
        const next = new URLSearchParams(old);
        if (text.trim()) next.set('q', text.trim());
        else next.delete('q');
        return next;
      }, { replace: true });
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [here, text, query, setParams]);
  return (
    <form
      role="search"
      className="relative min-w-0 max-sm:order-3 max-sm:mb-2 max-sm:w-full"
      onSubmit={(event) => {
        event.preventDefault();
        if (!here) void navigate(`/?q=${encodeURIComponent(text.trim())}`);
      }}
    >
      <Search size={15} className="pointer-events-none absolute top-2.5 left-2.5 text-muted" aria-hidden="true" />
      <input type="search" aria-label="Search datasets and models" placeholder="Search" maxLength={200} value={text} onChange={(event) => setText(event.target.value)} className="field peer pr-2 pl-8 sm:w-40 sm:pr-8 md:w-60" />
      <kbd aria-hidden="true" className="pointer-events-none absolute top-2 right-2 hidden rounded-sm border border-line px-1.5 text-xs text-muted peer-focus:invisible sm:block">/</kbd>
    </form>
  );
}
