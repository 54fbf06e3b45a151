/** `balancedAccuracy` as "balanced accuracy". */
export function plainName(name: string): string {
  return name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

/** A number in four significant digits, whole ones as they are. */
export function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
