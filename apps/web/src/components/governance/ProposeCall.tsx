import { useQuery } from '@tanstack/react-query';
import { type JSX, useId } from 'react';
import { type Proposable, encodedCallQuery, proposablesQuery } from '../../queries/governance.ts';
import { contractWord } from '../explorer/contractWords.ts';
import { Failure, Skeleton } from '../Feedback.tsx';
import { useKept } from '../useKept.ts';
import { PutToVote, type PutToVoteProps } from './PutToVote.tsx';
import { type ArgumentPlace, argumentUnit, typedArgument } from './typedArgument.ts';
import { Unit } from './Unit.tsx';

/** Any function of the system's contracts, with a field for each argument. */
export function ProposeCall(props: Pick<PutToVoteProps, 'account' | 'ask'>): JSX.Element {
  const { data, error, refetch } = useQuery(proposablesQuery());
  if (error && !data) return <Failure error={error} safe="Nothing was signed." retry={() => void refetch()} />;
  return data ? <Fields {...props} contracts={data} /> : <Skeleton className="h-64" />;
}

type FieldsProps = Pick<PutToVoteProps, 'account' | 'ask'> & { contracts: [contract: string, functions: Proposable[]][] };

function Fields({ contracts, ...props }: FieldsProps): JSX.Element {
  const id = useId();
  const [keptContract, setContract] = useKept('propose-contract');
  const [keptName, setName] = useKept('propose-function');
  const [kept, setKept] = useKept('propose-arguments', { byLanguage: true });
  const [contract, functions] = contracts.find(([name]) => name === keptContract) ?? contracts.find(([name]) => name === 'disputes') ?? ['', []];
  const chosen = functions.find(({ name }) => name === keptName) ?? functions[0];
  const texts = readTexts(kept);
  const key = (name: string): string => `${contract}.${chosen?.name}.${name}`;
  const set = (name: string, text: string): void => setKept(JSON.stringify({ ...texts, [key(name)]: text }));
  const typed = (chosen?.inputs ?? []).map((input) => typedArgument(texts[key(input.name)] ?? '', { contract, ...input }));
  const isFilled = chosen !== undefined && typed.every((one) => 'value' in one && one.value !== undefined);
  const encoded = useQuery(encodedCallQuery(isFilled ? { target: `${contract}.${chosen.name}`, args: typed.map(({ value }) => value) } : undefined));
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <div>
          <label htmlFor={`${id}-contract`} className="label">Contract</label>
          <select id={`${id}-contract`} className="field" value={contract} onChange={(event) => setContract(event.target.value)}>{contracts.map(([name]) => <option key={name} value={name}>{contractWord(name)}</option>)}</select>
        </div>
        <div>
          <label htmlFor={`${id}-function`} className="label">Function</label>
          <select id={`${id}-function`} className="field num" value={chosen?.name} onChange={(event) => setName(event.target.value)}>{functions.map(({ name }) => <option key={name} value={name}>{name}</option>)}</select>
        </div>
        {chosen?.inputs.map((input, index) => <Argument key={key(input.name)} place={{ contract, ...input }} text={texts[key(input.name)] ?? ''} wrong={typed[index]?.wrong} onChange={(text) => set(input.name, text)} />)}
      </div>
      {isFilled && encoded.isError && <Failure error={encoded.error} safe="Nothing was signed." />}
      <PutToVote {...props} call={isFilled ? encoded.data : undefined} onDone={() => setKept('')} />
    </>
  );
}

type ArgumentProps = { place: ArgumentPlace; text: string; wrong: string | undefined; onChange: (text: string) => void };

function Argument({ place, text, wrong, onChange }: ArgumentProps): JSX.Element {
  const id = useId();
  const { name, type } = place;
  const unit = argumentUnit(place);
  const common = { id, value: text, 'aria-invalid': wrong !== undefined, 'aria-describedby': `${id}-wrong` };
  const isJson = type.startsWith('tuple') || type.endsWith(']');
  return (
    <div className={isJson ? 'sm:col-span-2' : ''}>
      <label htmlFor={id} className="label">{name} <span className="num font-normal text-muted">{type}</span></label>
      {type === 'bool' ? <select {...common} className="field" onChange={(event) => onChange(event.target.value)}><option value="">not chosen</option><option value="true">yes</option><option value="false">no</option></select>
        : isJson ? <textarea {...common} rows={3} className="field num h-auto py-2" spellCheck={false} onChange={(event) => onChange(event.target.value)} />
          : <div className="relative"><input {...common} className="field w-full pr-20 tabular-nums" autoComplete="off" spellCheck={false} onChange={(event) => onChange(event.target.value)} /><span className="pointer-events-none absolute inset-y-0 right-3 flex items-center text-sm text-muted"><Unit unit={unit} /></span></div>}
      <p id={`${id}-wrong`} className="mt-1 min-h-5 text-sm text-bad" role={wrong ? 'alert' : undefined}>{wrong}</p>
    </div>
  );
}

/** What was typed, by contract, function and argument. */
function readTexts(kept: string): Record<string, string> {
  try {
    return JSON.parse(kept || '{}') as Record<string, string>;
  } catch {
    return {};
  }
}
