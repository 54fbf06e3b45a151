import { type JSX, useState } from 'react';
import { useNavigate } from 'react-router';
import { Modal } from './Modal.tsx';
import { shortcuts } from './useShortcuts.ts';

/** Go anywhere by typing, and the list of keys. */
export function Palette({ onClose }: { onClose: () => void }): JSX.Element {
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const needle = text.trim().toLowerCase();
  const jumps = shortcuts.filter((shortcut) => shortcut.text.toLowerCase().includes(needle));
  const go = (to: string): void => {
    onClose();
    void navigate(to);
  };
  const submit = (): void => {
    const [first] = jumps;
    if (needle && !first?.to) go(`/?q=${encodeURIComponent(text.trim())}`);
    else if (first?.to) go(first.to);
  };
  return (
    <Modal open onOpenChange={(open) => !open && onClose()} title="Go to">
      <form onSubmit={(event) => { event.preventDefault(); submit(); }}>
        <input data-autofocus aria-label="Go to or search" placeholder="Type a page, or words to search for" value={text} onChange={(event) => setText(event.target.value)} className="field mb-3" />
      </form>
      <ul className="grid">
        {jumps.map(({ keys, text: name, to }) => (
          <li key={keys}>
            {to
              ? <button type="button" onClick={() => go(to)} className="flex w-full justify-between rounded-md px-2 py-1.5 text-left hover:bg-bg"><span>{name}</span><Keys keys={keys} /></button>
              : <span className="flex justify-between px-2 py-1.5 text-muted"><span>{name}</span><Keys keys={keys} /></span>}
          </li>
        ))}
        {jumps.length === 0 && <li className="px-2 py-1.5 text-muted">Press Enter to search for “{text.trim()}”.</li>}
      </ul>
    </Modal>
  );
}

function Keys({ keys }: { keys: string }): JSX.Element {
  return <span className="flex gap-1">{keys.split(' ').map((key) => <kbd key={key} className="rounded-sm border border-line bg-bg px-1.5 text-xs text-muted">{key}</kbd>)}</span>;
}
