import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import type { JSX, ReactNode } from 'react';

type ModalProps = { open: boolean; onOpenChange: (open: boolean) => void; title: string; description?: string; children: ReactNode };

/** A dialog in the middle of the page; on a phone it stands at the bottom edge. */
export function Modal({ open, onOpenChange, title, description, children }: ModalProps): JSX.Element {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-shade" />
        <Dialog.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          className="fixed inset-x-0 bottom-0 z-50 max-h-[90dvh] animate-appear overflow-y-auto rounded-t-lg border border-line bg-surface p-5 pb-[max(20px,env(safe-area-inset-bottom))] shadow-lg sm:inset-x-auto sm:top-[12dvh] sm:bottom-auto sm:left-1/2 sm:max-h-[80dvh] sm:w-[480px] sm:-translate-x-1/2 sm:rounded-lg"
        >
          <div className="mb-4 flex items-start justify-between gap-4">
            <div>
              <Dialog.Title className="text-xl">{title}</Dialog.Title>
              {description && <Dialog.Description className="mt-1 text-muted">{description}</Dialog.Description>}
            </div>
            <Dialog.Close aria-label="Close" className="grid size-8 shrink-0 place-items-center rounded-md text-muted hover:bg-line/50 hover:text-text"><X size={16} /></Dialog.Close>
          </div>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
