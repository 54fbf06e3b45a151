import type { ModelReport } from '@neurodata/protocol';
import { clean, colours, facts, table } from './output.ts';

/** What a test of a model found: signature, refusal, and claimed beside measured. */
export function reportText(report: ModelReport): string {
  const { ran, signature, refusal, task = '', rows = 0, scores, claims } = report;
  return [
    facts([
      ['Takes', signature && ports(signature.inputs)], ['Gives', signature && ports(signature.outputs)], ['Operators', signature && `${signature.nodes} nodes: ${clean(signature.operators.join(', '))}`],
      ['Refused', refusal && `${clean(refusal.reason)} (${refusal.code})`], ['Measured', ran && task !== '' ? `${task} on ${rows} rows` : undefined],
    ]),
    ...(ran && Object.keys(scores).length > 0 ? [table(['Score', 'Claimed', 'Measured', 'Difference', ''], Object.entries(scores).map(([name, value]) => {
      const claimed = claims.find((one) => one.name === name);
      return [name, claimed ? String(claimed.claimed) : '', value === null ? 'not defined' : value.toFixed(6), claimed && value !== null ? signed(value - claimed.claimed) : '', claimed ? (claimed.holds ? 'holds' : colours.red('does not hold')) : ''];
    }), 'no scores')] : []),
    ...claims.filter(({ measured }) => measured === null).map(({ name }) => `${clean(name)} was not measured: it is no score of this model, or not defined for these rows.`),
  ].filter((part) => part !== '').join('\n');
}

/** "accuracy is claimed as 0.99, measured 0.93", for each claim that does not hold. */
export function brokenClaims({ claims }: ModelReport): string[] {
  return claims.filter(({ holds }) => !holds).map(({ name, claimed, measured }) => `${clean(name)} is claimed as ${claimed}, ${measured === null ? 'and could not be measured' : `measured ${measured.toFixed(6)}`}`);
}

function ports(list: NonNullable<ModelReport['signature']>['inputs']): string {
  return list.slice(0, 12).map(({ name, type, shape }) => `${clean(name)} ${type}[${shape.map((size) => clean(String(size))).join(', ')}]`).join('; ') + (list.length > 12 ? `; and ${list.length - 12} more` : '');
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(6)}`;
}
