import { type JSX, useState } from 'react';
import { Button } from '../Button.tsx';

type NameFormProps = { label: string; action: string; initial?: string; placeholder?: string; type?: string; busy: boolean; onSend: (value: string, done: () => void) => void };

/** One line and a button; `done` empties it. */
export function NameForm({ label, action, initial = '', placeholder, type = 'text', busy, onSend }: NameFormProps): JSX.Element {
  const [value, setValue] = useState(initial);
  return (
    <form className="flex min-w-0 flex-1 gap-2" onSubmit={(event) => { event.preventDefault(); onSend(value.trim(), () => setValue('')); }}>
      <input aria-label={label} placeholder={placeholder} type={type} required maxLength={type === 'url' ? 2_000 : 100} className="field" value={value} onChange={(event) => setValue(event.target.value)} />
      <Button type="submit" busy={busy}>{action}</Button>
    </form>
  );
}
