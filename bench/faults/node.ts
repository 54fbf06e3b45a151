/** A node of a campaign: what `neurodata node up` runs, with the lies that the campaign's plan gives it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runNode } from '@neurodata/node';
import { lieOf } from './lies.ts';
import type { LieKind } from './lies.ts';
import type { Windows } from '../../apps/node/src/config.ts';

export type NodePlan = { windows: Windows; committee: number; liars: Record<string, LieKind> };

const { liars, ...settings } = JSON.parse(readFileSync(process.env['FAULTS_PLAN']!, 'utf8')) as NodePlan;
const lie = liars[path.basename(process.env['NEURODATA_HOME']!)];
await runNode({ settings, ...(lie ? { standIns: lieOf(lie) } : {}) });
