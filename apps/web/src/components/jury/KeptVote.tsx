import type { DisputeDto } from '@neurodata/protocol';
import type { SecretVote } from '@neurodata/sdk';
import { useMutation } from '@tanstack/react-query';
import { type JSX, useId } from 'react';
import type { Wallet } from '../../client/wallet.ts';
import { useRestoreVoteMutation, voteFileOf } from '../../queries/jury.ts';
import { Button } from '../Button.tsx';
import { rulingText } from '../economyStates.tsx';
import { Failure } from '../Feedback.tsx';
import { saveFile } from '../saveFile.ts';

type KeptVoteProps = { about: DisputeDto; vote: SecretVote | undefined; place: { wallet: Wallet; disputeId: number; round: number } };

/** Whether this browser can reveal what was committed: the vote as a file to save, or the way back from one. */
export function KeptVote({ about, vote, place }: KeptVoteProps): JSX.Element {
  const id = useId();
  const save = useMutation({ mutationFn: async (kept: SecretVote) => {
    saveFile({ bytes: await voteFileOf(kept), fileName: `neurodata-vote-${kept.disputeId}-${kept.juror.slice(0, 8)}.json`, mediaType: 'application/json' });
  } });
  const restore = useMutation(useRestoreVoteMutation(place));
  if (vote) {
    return (
      <div className="grid gap-2">
        <p className="max-w-[72ch] text-muted" data-testid="kept-vote">This browser keeps your vote: {rulingText(about, vote.ruling)}. Save it to a file in case the browser’s data is cleared; whoever has the file sees how you voted.</p>
        <div><Button size="small" busy={save.isPending} onClick={() => save.mutate(vote)}>Save the vote to a file</Button></div>
        {save.isError && <Failure error={save.error} safe="The vote is still in this browser." />}
      </div>
    );
  }
  return (
    <div className="grid gap-2">
      <p role="alert" className="max-w-[72ch] rounded-md bg-warn-soft px-3 py-2 text-warn">The vote that you committed is not kept in this browser, and without it nobody can reveal it. Open this page in the browser in which you committed, or load the file that you saved. What was committed from the command line lies there, in the key folder.</p>
      <div>
        <label htmlFor={id} className="inline-flex h-9 items-center rounded-md border border-line-strong/60 px-4 font-medium focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent hover:border-line-strong">
          Load the vote from a file<input id={id} type="file" accept="application/json,.json" className="sr-only" onChange={(event) => { const file = event.target.files?.[0]; event.target.value = ''; if (file) restore.mutate(file); }} />
        </label>
      </div>
      {restore.isError && <Failure error={restore.error} safe="The votes that are here are unchanged." />}
    </div>
  );
}
