import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { t } from '../language/t.ts';

/** Keys and what they do; the palette shows the same list. */
export const shortcuts: { keys: string; text: string; to?: string }[] = [
  { keys: '/', text: t`Search` },
  { keys: 'g d', text: t`Go to Discover`, to: '/' },
  { keys: 'g t', text: t`Go to Train`, to: '/train' },
  { keys: 'g r', text: t`Go to My runs`, to: '/runs' },
  { keys: 'g o', text: t`Go to My orders`, to: '/orders' },
  { keys: 'g a', text: t`Go to Account`, to: '/account' },
  { keys: 'g v', text: t`Go to Validators`, to: '/validators' },
  { keys: 'g e', text: t`Go to Deals`, to: '/deals' },
  { keys: 'g f', text: t`Go to Private offers`, to: '/offers' },
  { keys: 'g s', text: t`Go to Disputes`, to: '/disputes' },
  { keys: 'g g', text: t`Go to Governance`, to: '/governance' },
  { keys: 'g c', text: t`Go to NeuroCoin`, to: '/token' },
  { keys: 'g x', text: t`Go to Explorer`, to: '/explorer' },
  { keys: 'g l', text: t`Go to Library`, to: '/library' },
  { keys: 'g b', text: t`Go to Leaderboards`, to: '/leaderboards' },
  { keys: 'g p', text: t`Go to Publish`, to: '/publish' },
  { keys: '?', text: t`This list` },
];

const SEQUENCE_MS = 1200;

/** Whether keys go into a field. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** `/`, `?`, ctrl or cmd with K, and two-key jumps that begin with g. Typing in a field is left alone. */
export function useShortcuts({ openPalette }: { openPalette: () => void }): void {
  const navigate = useNavigate();
  useEffect(() => {
    let waiting = 0;
    const onKey = (event: KeyboardEvent): void => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        openPalette();
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || document.querySelector('dialog[open]')) return;
      if (event.key === '?') openPalette();
      else if (event.key === '/') {
        event.preventDefault();
        document.querySelector<HTMLInputElement>('input[type="search"]')?.focus();
      } else if (event.key === 'g') waiting = event.timeStamp;
      else if (event.timeStamp - waiting < SEQUENCE_MS) {
        const to = shortcuts.find(({ keys }) => keys === `g ${event.key}`)?.to;
        waiting = 0;
        if (to) void navigate(to);
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}
