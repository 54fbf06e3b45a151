import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useId, useState } from 'react';
import { Link } from 'react-router';
import { t } from '../../language/t.ts';
import { ownCollectionsQuery, useCollectMutation, useCreateCollectionMutation } from '../../queries/collections.ts';
import { Button } from '../Button.tsx';
import { Failure, Skeleton } from '../Feedback.tsx';
import { Modal } from '../Modal.tsx';

/** Stands for a collection that is made by the way. */
const NEW = 'new';

/** Into which collection an asset goes, and what to say about it there. */
export function CollectDialog({ assetId, title, onClose }: { assetId: number; title: string; onClose: () => void }): JSX.Element {
  const id = useId();
  const { data: own, error, refetch } = useQuery(ownCollectionsQuery(true));
  const [chosen, setChosen] = useState<string>();
  const [name, setName] = useState('');
  const [note, setNote] = useState('');
  const [into, setInto] = useState<string>();
  const create = useMutation(useCreateCollectionMutation());
  const collect = useMutation(useCollectMutation());
  const collectionId = chosen ?? own?.[0]?.collectionId ?? NEW;
  const submit = async (): Promise<void> => {
    const made = collectionId === NEW ? (await create.mutateAsync({ title: name.trim(), description: '', public: true })).collectionId : collectionId;
    // Where adding fails, trying again makes no second one.
    setChosen(made);
    await collect.mutateAsync({ collectionId: made, assetId, note: note.trim() });
    setInto(made);
  };
  return (
    <Modal open onOpenChange={(open) => !open && onClose()} title={t`Collect ${title}`}>
      {error && !own ? <Failure error={error} retry={() => void refetch()} /> : !own ? <Skeleton className="h-40" />
        : into !== undefined ? <p role="status">It is in <Link className="link" to={`/collections/${into}`} onClick={onClose}>the collection</Link>.</p> : (
          <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); submit().catch(() => undefined); }}>
            <div>
              <label htmlFor={`${id}-into`} className="label">Collection</label>
              <select id={`${id}-into`} data-autofocus className="field" value={collectionId} onChange={(event) => setChosen(event.target.value)}>
                {own.map((one) => <option key={one.collectionId} value={one.collectionId}>{one.title}</option>)}
                <option value={NEW}>A new one</option>
              </select>
            </div>
            {collectionId === NEW && <div><label htmlFor={`${id}-name`} className="label">Title of the collection</label><input id={`${id}-name`} required maxLength={120} className="field" value={name} onChange={(event) => setName(event.target.value)} /><p className="hint mt-1">Everybody can see it; its page changes that.</p></div>}
            <div><label htmlFor={`${id}-note`} className="label">A note on it (optional)</label><input id={`${id}-note`} maxLength={500} className="field" value={note} onChange={(event) => setNote(event.target.value)} /></div>
            {(create.error ?? collect.error) && <Failure error={create.error ?? collect.error} />}
            <Button type="submit" look="primary" busy={create.isPending || collect.isPending} disabled={collectionId === NEW && name.trim() === ''}>Add to the collection</Button>
          </form>
        )}
    </Modal>
  );
}
