import type { FacetName, Facets } from '@neurodata/protocol';
import type { JSX } from 'react';
import { t } from '../language/t.ts';
import { filterNames } from '../queries/search.ts';
import { count } from './Amounts.tsx';
import { categoryWords, taskWords } from './words.ts';

const headings: Record<(typeof filterNames)[number], string> = { category: t`Category`, license: t`Licence`, price: t`Price`, size: t`File size`, rows: t`Rows`, task: t`Task`, quality: t`Quality`, verified: t`Accepted by validators`, tag: t`Tag` };

const words: Partial<Record<FacetName, Record<string, string>>> = {
  price: { free: t`Free`, under1: t`Under 1 NCR`, from1: t`1 to 10 NCR`, from10: t`10 to 100 NCR`, from100: t`100 to 1,000 NCR`, from1000: t`1,000 NCR and more`, none: t`Not sold for NCR` },
  size: { under1MB: t`Under 1 MB`, from1MB: t`1 to 10 MB`, from10MB: t`10 to 100 MB`, from100MB: t`100 MB to 1 GB`, from1GB: t`1 GB and more`, unknown: t`Unknown` },
  rows: { under1k: t`Under 1,000`, from1k: t`1,000 to 10,000`, from10k: t`10,000 to 100,000`, from100k: t`100,000 to 1 million`, from1M: t`1 million and more`, unknown: t`Unknown` },
};

const known: { [name in FacetName]?: Record<string, string> } = { category: categoryWords, task: taskWords };

const textOf = (name: FacetName, value: string): string => words[name]?.[value] ?? known[name]?.[value] ?? (['category', 'task', 'quality', 'verified'].includes(name) ? `${value.slice(0, 1).toUpperCase()}${value.slice(1)}` : value);

type Props = { facets: Facets | undefined; chosen: { [name in FacetName]?: readonly string[] | undefined }; onChange: (name: FacetName, values: string[]) => void };

/** Everything that results can be narrowed by, with how many each choice leaves. */
export function SearchFilters({ facets, chosen, onChange }: Props): JSX.Element {
  const active = filterNames.reduce((sum, name) => sum + (chosen[name]?.length ?? 0), 0);
  return (
    <details className="panel mb-4 px-4 py-3">
      <summary className="cursor-pointer text-muted">Filters{active > 0 ? ` (${active})` : ''}</summary>
      <div className="mt-3 grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {filterNames.map((name) => <Facet key={name} name={name} values={valuesOf(facets, name, chosen[name] ?? [])} chosen={chosen[name] ?? []} atLeast={facets?.estimated ?? false} onChange={onChange} />)}
      </div>
    </details>
  );
}

/** What is chosen stays in sight, also where nothing has it any more. */
function valuesOf(facets: Facets | undefined, name: FacetName, chosen: readonly string[]): { value: string; count: number }[] {
  const found = (facets?.counts[name] ?? []).slice(0, 8);
  return [...found, ...chosen.filter((value) => !found.some((other) => other.value === value)).map((value) => ({ value, count: 0 }))];
}

type FacetProps = { name: (typeof filterNames)[number]; values: { value: string; count: number }[]; chosen: readonly string[]; atLeast: boolean; onChange: Props['onChange'] };

function Facet({ name, values, chosen, atLeast, onChange }: FacetProps): JSX.Element | null {
  if (values.length === 0) return null;
  const toggle = (value: string): void => onChange(name, chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value]);
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 font-medium">{headings[name]}</legend>
      {values.map(({ value, count: uses }) => (
        <label key={value} className="flex min-w-0 items-center gap-2 py-0.5">
          <input type="checkbox" className="size-4 shrink-0 accent-accent" checked={chosen.includes(value)} onChange={() => toggle(value)} />
          <span className="truncate">{textOf(name, value)}</span>
          <span className="ml-auto text-sm text-muted">{count(uses)}{atLeast ? '+' : ''}</span>
        </label>
      ))}
    </fieldset>
  );
}
