import { X } from 'lucide-react';
import { type JSX, type ReactNode, Suspense, lazy, useId, useLayoutEffect, useRef } from 'react';
import { useSignings } from '../client/signings.ts';
import { openDialog } from './useDialogs.ts';

const Signings = lazy(() => import('./Signings.tsx').then(({ Signings }) => ({ default: Signings })));

type ModalProps = { open: boolean; onOpenChange: (open: boolean) => void; title: string; description?: string; children: ReactNode };

/**
 * A dialog in the middle of the page; on a phone it stands at the bottom edge. The browser's own modal dialog keeps
 * focus inside, closes on Escape and gives focus back. `data-autofocus` marks what gets focus first.
 */
export function Modal({ open, onOpenChange, title, description, children }: ModalProps): JSX.Element | null {
  if (!open) return null;
  return <Opened onClose={() => onOpenChange(false)} title={title} {...(description ? { description } : {})}>{children}</Opened>;
}

type OpenedProps = { onClose: () => void; title: string; description?: string; children: ReactNode };

function Opened({ onClose, title, description, children }: OpenedProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const isSigning = useSignings().length > 0;
  useLayoutEffect(openDialog, []);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    element?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => element?.close();
  }, []);
  // To close a modal dialog, the browser styles the whole page anew: it is out of sight first, and closed after that is drawn.
  const leave = (): void => {
    const element = dialog.current;
    element?.classList.add('leaving');
    requestAnimationFrame(() => setTimeout(() => {
      onClose();
      // Where whoever opened it keeps it open.
      requestAnimationFrame(() => element?.classList.remove('leaving'));
    }));
  };
  return (
    <dialog
      ref={dialog}
      aria-labelledby={`${id}-title`}
      {...(description ? { 'aria-describedby': `${id}-text` } : {})}
      onCancel={(event) => { event.preventDefault(); leave(); }}
      onClick={(event) => { if (event.target === event.currentTarget) leave(); }}
      className="fixed inset-x-0 top-auto bottom-0 m-0 max-h-[90dvh] w-full max-w-none animate-appear overflow-y-auto rounded-t-lg border border-line bg-surface p-0 text-text shadow-lg backdrop:bg-shade sm:top-[12dvh] sm:bottom-auto sm:mx-auto sm:max-h-[80dvh] sm:w-[480px] sm:rounded-lg"
    >
      <div className="relative p-5 pb-[max(20px,env(safe-area-inset-bottom))]">
        <div className="mb-4 pr-10">
          <h2 id={`${id}-title`} className="text-xl">{title}</h2>
          {description && <p id={`${id}-text`} className="mt-1 text-muted">{description}</p>}
        </div>
        {children}
        {/* The rest of the page cannot be reached while this is open. */}
        {isSigning && <Suspense fallback={null}><Signings inDialog /></Suspense>}
        {/* Last, so that focus begins with the content. */}
        <button type="button" onClick={leave} aria-label="Close" className="absolute top-4 right-4 grid size-8 place-items-center rounded-md text-muted hover:bg-line/50 hover:text-text"><X size={16} /></button>
      </div>
    </dialog>
  );
}
