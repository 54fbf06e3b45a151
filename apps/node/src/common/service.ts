/** A part that can be started and stopped, once each. `stop` leaves nothing running and may be called at any time. */
export type Service = { start(): Promise<void>; stop(): Promise<void> };
