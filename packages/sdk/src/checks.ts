/** One thing that was compared, by whom or what. `not-checked` says what nobody here could verify. */
export type Check = { name: string; status: 'passed' | 'failed' | 'not-checked'; detail: string; by: string };

export const HERE = 'this machine';

/** A comparison as a check. */
export function compared(parameters: { name: string; ok: boolean; passed: string; failed: string; by?: string }): Check {
  const { name, ok, passed, failed, by = HERE } = parameters;
  return { name, status: ok ? 'passed' : 'failed', detail: ok ? passed : failed, by };
}
