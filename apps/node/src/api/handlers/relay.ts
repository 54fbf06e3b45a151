import { addressGroup } from '../createRateLimits.ts';
import type { Handler } from './Handler.ts';

export const relayDrill: Handler<'relayDrill'> = ({ relay }, { params: { validatorId }, body, door }) => relay.ask('drill', { validatorId, body, caller: addressGroup(door.caller.address) });

export const relayAccesses: Handler<'relayAccesses'> = ({ relay }, { params: { validatorId }, body, door }) => relay.ask('listAccesses', { validatorId, body, caller: addressGroup(door.caller.address) });

export const relayNotices: Handler<'relayNotices'> = ({ relay }, { params: { validatorId }, body, door }) => relay.ask('listNotices', { validatorId, body, caller: addressGroup(door.caller.address) });

export const relayPurpose: Handler<'relayPurpose'> = ({ relay }, { params: { validatorId }, body, door }) => relay.ask('statePurpose', { validatorId, body, caller: addressGroup(door.caller.address) });

export const relayPurposes: Handler<'relayPurposes'> = ({ relay }, { params: { validatorId }, body, door }) => relay.ask('listPurposes', { validatorId, body, caller: addressGroup(door.caller.address) });

export const relayShare: Handler<'relayShare'> = ({ relay }, { params: { validatorId }, body, door }) => relay.ask('requestShare', { validatorId, body, caller: addressGroup(door.caller.address) });
