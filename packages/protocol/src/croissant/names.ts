import type { Address } from 'viem';
import { licenceUrl } from '../spdx.ts';
import type { AssetKind } from '../states.ts';

/** What documents of this kind conform to (https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html). */
export const CROISSANT = 'http://mlcommons.org/croissant/1.1';
/** Their media type. */
export const CROISSANT_TYPE = `application/ld+json; profile="${CROISSANT}"`;

/** The account as a decentralised identifier (did:pkh, CAIP-10). */
export const accountUri = (chainId: number, account: Address): string => `did:pkh:eip155:${chainId}:${account.toLowerCase()}`;
/** Versions as semantic ones: each may hold other rows than the one before. */
export const semanticVersion = (version: number): string => `${version}.0.0`;
/** An asset's page. */
export const assetPage = (site: string, { kind, assetId }: { kind: AssetKind; assetId: number }): string => `${site}/${kind}s/${assetId}`;
/** The licence as data: its address, or where there is none a work of that name. */
export const licenceNode = (license: string): unknown => licenceUrl(license) ?? { '@type': 'CreativeWork', name: license };
export const isoTime = (seconds: number): string => new Date(seconds * 1_000).toISOString();
/** Where a node serves the document of an asset: of its newest live version, or of the one that is named. */
export const croissantAddress = ({ assetId, version }: { assetId: number; version?: number }): string => `/api/v1/assets/${assetId}/croissant${version === undefined ? '' : `?revision=v${version}`}`;
