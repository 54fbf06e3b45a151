import { NeuroError } from '@neurodata/protocol';
import { type JSX, type SyntheticEvent, useState } from 'react';
import { askedNode, leaveQuestion, parseNode, readNode, takeNode } from '../client/chosenNode.ts';
import { checkNode } from '../client/needsNode.ts';
import { t } from '../language/t.ts';
import { Button } from './Button.tsx';
import { Failure } from './Feedback.tsx';
import { Mark } from './Mark.tsx';

/** A browser shows a page only what its origin may read: who does not answer and who does not let it read look the same (`TypeError`). */
function explain(error: unknown, origin: string): unknown {
  if (!(error instanceof NeuroError) || error.code !== 'UNREACHABLE' || !(error.cause instanceof TypeError)) return error;
  return new NeuroError(t`${origin} does not answer, or lets no page of ${location.origin} read.`, { code: 'UNREACHABLE', cause: error, remedy: t`Check the address, and that its operator allows this origin (NEURODATA_ALLOWED_ORIGINS).` });
}

/** Whether everybody whose pages lie on the same host shares what this browser keeps for it. */
const sharesHost = (): boolean => /^\/ip[fn]s\//.test(location.pathname);

/** Asks which node the site is to talk to. What a link asks for is taken only by a press of the button. */
export function ChooseNode(): JSX.Element {
  const question = askedNode(location.href);
  const asked = question ?? '';
  const current = readNode();
  const [typed, setTyped] = useState(asked || (current ?? ''));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const origin = parseNode(typed);
      await checkNode(origin).catch((cause: unknown) => { throw explain(cause, origin); });
      takeNode(origin);
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <main className="mx-auto max-w-[520px] px-4 py-12 sm:py-16">
      <title>Choose a node · NeuroData</title>
      <p className="mb-8 flex items-center gap-2 text-lg font-semibold tracking-tight"><Mark />NeuroData</p>
      <h1 className="text-2xl">{asked ? 'A link asks for another node' : 'Which node?'}</h1>
      <p className="mt-1 mb-6 text-muted">
        {asked ? 'Nothing was changed yet. Use it if you trust whoever gave you the link. ' : 'These pages come from a host that is no node. Enter the address of one. '}
        A node says what is on sale and passes on what you sign. It never sees your keys or rows, but it could show you something else than is there.
      </p>
      {sharesHost() && <p className="mb-4 rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">Other pages of {location.host} can read what this browser keeps here, keys of purchases included. Open the site under an address of its own, such as CID.ipfs.{location.host}, before you buy.</p>}
      <form aria-label="Node" onSubmit={(event) => void submit(event)} className="panel grid gap-4 p-4 sm:p-5">
        <label className="block"><span className="label">Address of a node</span>
          <input required className="field" value={typed} onChange={({ target }) => setTyped(target.value)} placeholder="https://market.example" inputMode="url" autoCapitalize="off" autoComplete="off" spellCheck={false} />
          {current !== undefined && <span className="hint mt-1 block">Until now: {current}</span>}
        </label>
        {error !== undefined && <Failure error={error} />}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" look="primary" busy={busy}>Use this node</Button>
          {current !== undefined && <Button onClick={leaveQuestion}>Stay with {new URL(current).host}</Button>}
          {current === undefined && question !== undefined && <Button onClick={leaveQuestion}>Go back</Button>}
        </div>
      </form>
    </main>
  );
}
