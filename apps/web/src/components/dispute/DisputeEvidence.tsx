import type { DisputeDto } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import type { JSX } from 'react';
import type { Wallet } from '../../client/wallet.ts';
import { evidenceQuery, partiesQuery, readEvidenceFile } from '../../queries/disputes.ts';
import { Account } from '../Account.tsx';
import { When, bytes } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Hash } from '../Copy.tsx';
import { Failure } from '../Feedback.tsx';
import { Section } from '../Layout.tsx';
import { saveBlob } from '../saveFile.ts';
import { Badge } from '../State.tsx';
import { AddEvidence } from './AddEvidence.tsx';
import { partOf } from './partOf.ts';

/** What was said about a dispute, by whom, and the way to add to it. */
export function DisputeEvidence({ dispute, wallet }: { dispute: DisputeDto; wallet: Wallet | undefined }): JSX.Element {
  const { data: parties = {} } = useQuery(partiesQuery(dispute));
  const { evidence, phase } = dispute;
  return (
    <Section title="Evidence" aside={<span className="text-sm text-muted">the words of who gave it: nobody has checked them</span>}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
        {evidence.length === 0 && <p className="text-muted">Nothing was added yet. Both parties, and everybody else, can say here what jurors should know.</p>}
        {evidence.length > 0 && <ul className="grid grid-cols-[minmax(0,1fr)] gap-4">{evidence.map((item) => <Item key={`${item.transaction} ${item.address}`} item={item} part={partOf(item.party, { dispute, parties })} />)}</ul>}
        {phase === 'final' ? <p className="text-muted">The dispute is ruled: more evidence would move nothing.</p> : <AddEvidence key={wallet?.address} dispute={dispute} wallet={wallet} part={wallet && partOf(wallet.address, { dispute, parties })} />}
      </div>
    </Section>
  );
}

/** Text and files, where they can be read and are what the address says. */
function Item({ item, part }: { item: DisputeDto['evidence'][number]; part: string | undefined }): JSX.Element {
  const cid = /^ipfs:\/\/([a-zA-Z0-9]{10,120})$/.exec(item.address)?.[1];
  const { data, isError, refetch } = useQuery(evidenceQuery(cid));
  return (
    <li className="grid gap-1.5">
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1"><Account address={item.party} />{part !== undefined && <Badge>{part}</Badge>}<Hash value={item.address} label="address of the evidence" keep={12} /><span className="text-muted"><When at={item.at} /></span></span>
      {data && <p className="max-w-[72ch] wrap-anywhere whitespace-pre-wrap">{data.text.slice(0, MAX_SHOWN)}</p>}
      {data && data.files.length > 0 && <ul className="flex flex-wrap gap-2">{data.files.map((file) => <li key={file.cid} className="min-w-0"><SaveFile file={file} /></li>)}</ul>}
      {isError && <p className="text-sm text-muted">Its text cannot be read from here now. <button type="button" className="link" onClick={() => void refetch()}>Try again</button></p>}
    </li>
  );
}

const MAX_SHOWN = 5_000;

function SaveFile({ file: { name, cid, size } }: { file: { name: string; cid: string; size: number } }): JSX.Element {
  const save = useMutation({ mutationFn: async () => saveBlob({ file: await readEvidenceFile(cid), fileName: name }) });
  return (
    <>
      <Button size="small" busy={save.isPending} className="max-w-full" onClick={() => save.mutate()} title={name}><Download size={14} aria-hidden="true" className="shrink-0" /><span className="truncate">{name}</span><span className="shrink-0 text-muted">{bytes(size)}</span></Button>
      {save.isError && <Failure error={save.error} safe="The file is what the chain names, or nothing." />}
    </>
  );
}
