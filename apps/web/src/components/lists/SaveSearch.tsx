import { useMutation } from '@tanstack/react-query';
import { BookmarkPlus } from 'lucide-react';
import { type JSX, useId, useState } from 'react';
import { Link } from 'react-router';
import { useSignedIn } from '../../client/session.ts';
import { useSaveSearchMutation } from '../../queries/lists.ts';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { Modal } from '../Modal.tsx';

/** Keeps a search under a name, and tells of what fits it from now on. */
export function SaveSearch({ params, name }: { params: URLSearchParams; name: string }): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look="quiet" onClick={() => setOpen(true)}><BookmarkPlus size={15} aria-hidden="true" />Save this search</Button>
      {open && <Dialog params={params} initial={name} onClose={() => setOpen(false)} />}
    </>
  );
}

function Dialog({ params, initial, onClose }: { params: URLSearchParams; initial: string; onClose: () => void }): JSX.Element {
  const signedIn = useSignedIn();
  const save = useMutation(useSaveSearchMutation());
  const [name, setName] = useState(initial.slice(0, 120));
  const [alerts, setAlerts] = useState(true);
  const id = useId();
  return (
    <Modal open onOpenChange={onClose} title="Save this search">
      {!signedIn ? <p>A search is kept in an account. <Link className="link" to="/sign-in">Sign in</Link></p>
        : save.isSuccess ? <p role="status">It is kept on <Link className="link" to="/user">your account page</Link>.</p> : (
          <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); save.mutate({ name: name.trim(), query: params.toString(), alerts }); }}>
            <div><label htmlFor={id} className="label">Name</label><input id={id} data-autofocus required maxLength={120} className="field" value={name} onChange={(event) => setName(event.target.value)} /></div>
            <label className="flex items-center gap-2"><input type="checkbox" className="size-4 accent-accent" checked={alerts} onChange={(event) => setAlerts(event.target.checked)} /> Tell me when something new fits</label>
            {save.error && <Failure error={save.error} />}
            <Button type="submit" look="primary" busy={save.isPending}>Save</Button>
          </form>
        )}
    </Modal>
  );
}
