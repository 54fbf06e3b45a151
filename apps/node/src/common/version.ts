/** Of this node, as its API and its telemetry say it. */
export const nodeVersion = '0.1.0';
