import { z } from 'zod';
import { secondsSchema } from './schemas.ts';

/** What people are told of, in their words; `mail`: also by e-mail unless they choose otherwise. */
export const notificationKinds = {
  'order.opened': { label: 'Somebody buys from you', mail: true },
  'order.granted': { label: 'A purchase can be opened', mail: true },
  'order.released': { label: 'The money for a sale is released', mail: false },
  'order.refunded': { label: 'An order is refunded', mail: true },
  'order.disputed': { label: 'An order is disputed, or its dispute goes on', mail: true },
  'deal.opened': { label: 'Somebody opens a deal with you', mail: true },
  'deal.milestone': { label: 'A milestone of a deal is delivered, paid or given back', mail: true },
  'deal.disputed': { label: 'A milestone of a deal is contested, or its dispute goes on', mail: true },
  'deal.ended': { label: 'A deal ends, or the other side offers to end it', mail: true },
  'subscription.opened': { label: 'Somebody subscribes to what you sell', mail: false },
  'subscription.renewed': { label: 'A subscription is renewed', mail: false },
  'subscription.ending': { label: 'A subscription of yours ends soon', mail: true },
  'subscription.ended': { label: 'A subscription has ended', mail: false },
  'run.finished': { label: 'A training run is accepted', mail: true },
  'run.failed': { label: 'A training run failed', mail: true },
  'asset.version': { label: 'A new version of what you own, bought or watch', mail: false },
  'asset.curation': { label: 'Curators decide about what you own', mail: true },
  'review.written': { label: 'A review of what you own', mail: false },
  'review.replied': { label: 'An answer to your review', mail: false },
  'dispute.duty': { label: 'You are drawn as a juror', mail: true },
  'dispute.deadline': { label: 'A deadline of a dispute comes near', mail: true },
  'payout.claimable': { label: 'Money waits to be withdrawn', mail: false },
  'search.alert': { label: 'Something new for a saved search', mail: false },
  'security.sign_in': { label: 'A sign-in from a new place or program', mail: true },
  'security.password': { label: 'The password or e-mail address changes', mail: true },
  'security.key': { label: 'A key, passkey, wallet or second factor is added or removed', mail: true },
  'webhook.disabled': { label: 'A webhook stops working', mail: true },
  'admin.notice': { label: 'A message of this node\'s admins', mail: true },
} as const;
export type NotificationKind = keyof typeof notificationKinds;
export const notificationKindNames = Object.keys(notificationKinds) as unknown as readonly [NotificationKind, ...NotificationKind[]];
const kindSchema = z.enum(notificationKindNames);

export const notificationSchema = z.object({
  notificationId: z.number().int(),
  kind: kindSchema,
  title: z.string(),
  text: z.string(),
  /** A path of the site. */
  link: z.string(),
  at: secondsSchema,
  readAt: secondsSchema.nullable(),
});
export type Notification = z.output<typeof notificationSchema>;

/** Where notifications of a kind go. Those of security always stand in the list. */
export const notificationSettingSchema = z.object({ kind: kindSchema, list: z.boolean(), mail: z.boolean(), webhook: z.boolean() });
export type NotificationSetting = z.output<typeof notificationSettingSchema>;

export const webhookSchema = z.object({
  webhookId: z.string(),
  url: z.string(),
  /** What it is told of; everything where null. */
  kinds: z.array(kindSchema).nullable(),
  createdAt: secondsSchema,
  /** Since when every try fails. */
  failingSince: secondsSchema.nullable(),
  disabledAt: secondsSchema.nullable(),
  disabledReason: z.string().nullable(),
});
export type Webhook = z.output<typeof webhookSchema>;

export const webhookDeliverySchema = z.object({
  deliveryId: z.string(),
  kind: z.string(),
  state: z.enum(['waiting', 'delivered', 'failed']),
  attempts: z.number().int(),
  /** HTTP status of the last answer. */
  status: z.number().int().nullable(),
  error: z.string().nullable(),
  createdAt: secondsSchema,
  nextAt: secondsSchema.nullable(),
  doneAt: secondsSchema.nullable(),
});
export type WebhookDelivery = z.output<typeof webhookDeliverySchema>;
