import type { Handler } from './Handler.ts';

export const relayDrill: Handler<'relayDrill'> = ({ relay }, { params: { validatorId }, body }) => relay.ask('drill', { validatorId, body });

export const relayAccesses: Handler<'relayAccesses'> = ({ relay }, { params: { validatorId }, body }) => relay.ask('listAccesses', { validatorId, body });

export const relayNotices: Handler<'relayNotices'> = ({ relay }, { params: { validatorId }, body }) => relay.ask('listNotices', { validatorId, body });

export const relayPurpose: Handler<'relayPurpose'> = ({ relay }, { params: { validatorId }, body }) => relay.ask('statePurpose', { validatorId, body });

export const relayPurposes: Handler<'relayPurposes'> = ({ relay }, { params: { validatorId }, body }) => relay.ask('listPurposes', { validatorId, body });

export const relayShare: Handler<'relayShare'> = ({ relay }, { params: { validatorId }, body }) => relay.ask('requestShare', { validatorId, body });
