-- What analytics and reputations are read from. Nothing here is written by hand: it follows from events and the rows that are made from them.

CREATE INDEX listings_by_seller ON listings (seller);
CREATE INDEX jobs_by_listing ON jobs (listing_id);
CREATE INDEX jobs_by_end ON jobs (changed_at) WHERE state IN ('settled', 'slashed', 'refunded');
CREATE INDEX jobs_in_flight ON jobs (state) WHERE state IN ('open', 'claimed', 'cancelled', 'submitted', 'accepted', 'rejected');
CREATE INDEX jobs_by_opening ON jobs (opened_at);
CREATE INDEX orders_by_end ON orders (changed_at) WHERE state IN ('claimed', 'refunded');
CREATE INDEX orders_in_flight ON orders (state) WHERE state IN ('open', 'granted', 'disputed', 'released');
CREATE INDEX orders_by_opening ON orders (opened_at);
CREATE INDEX rounds_by_opening ON rounds (opened_at);

-- Events that move money or tell how long something took, by time.
CREATE INDEX events_in_time ON events (name, timestamp) WHERE name IN (
  'OrderOpened', 'OrderClaimed', 'OrderRefunded', 'JobOpened', 'JobClaimed', 'ReceiptSubmitted', 'JobSettled', 'JobSlashed', 'JobRefunded', 'PartReturned',
  'Subscribed', 'SubscriptionRenewed', 'SubscriptionClaimed', 'SubscriptionCancelled', 'DealOpened', 'MilestoneReleased', 'MilestoneRefunded', 'MilestoneSplit', 'DealCancelled', 'DealRecovered',
  'RewardCredited', 'Staked', 'Unbonding', 'Slashed', 'Delegated', 'Undelegated');

-- Every amount that an event names, once: whose it is (account), and who stands on the other side. token: null for NCR, but deals name NCR's own address.
-- ordered, hired, subscribed, dealt: paid in, account paid. earned: a seller's part. worked, validated: a worker's, a validator's. refunded: back to who paid.
CREATE VIEW money_flows AS
  SELECT e.block, e.log_index, e.timestamp AS at, e.transaction, e.subject, 'ordered' AS kind, o.buyer AS account, o.seller AS other, o.asset_id, l.token, o.price AS amount
    FROM events e JOIN orders o ON o.order_id = substr(e.subject, 7) JOIN listings l ON l.listing_id = o.listing_id WHERE e.name = 'OrderOpened' AND e.contract = 'market'
  UNION ALL
  SELECT e.block, e.log_index, e.timestamp, e.transaction, e.subject, 'earned', o.seller, o.buyer, o.asset_id, l.token, (e.args->>'toSeller')::numeric
    FROM events e JOIN orders o ON o.order_id = substr(e.subject, 7) JOIN listings l ON l.listing_id = o.listing_id WHERE e.name = 'OrderClaimed' AND e.contract = 'market'
  UNION ALL
  SELECT e.block, e.log_index, e.timestamp, e.transaction, e.subject, 'fee', NULL, o.seller, o.asset_id, l.token, (e.args->>'fee')::numeric
    FROM events e JOIN orders o ON o.order_id = substr(e.subject, 7) JOIN listings l ON l.listing_id = o.listing_id WHERE e.name = 'OrderClaimed' AND e.contract = 'market'
  UNION ALL
  SELECT e.block, e.log_index, e.timestamp, e.transaction, e.subject, 'royalty', NULL, o.seller, o.asset_id, l.token, (e.args->>'toParent')::numeric
    FROM events e JOIN orders o ON o.order_id = substr(e.subject, 7) JOIN listings l ON l.listing_id = o.listing_id WHERE e.name = 'OrderClaimed' AND e.contract = 'market'
  UNION ALL
  SELECT e.block, e.log_index, e.timestamp, e.transaction, e.subject, 'refunded', o.buyer, o.seller, o.asset_id, l.token, (e.args->>'amount')::numeric
    FROM events e JOIN orders o ON o.order_id = substr(e.subject, 7) JOIN listings l ON l.listing_id = o.listing_id WHERE e.name = 'OrderRefunded' AND e.contract = 'market'
  UNION ALL
  SELECT e.block, e.log_index, e.timestamp, e.transaction, e.subject, 'hired', j.buyer, l.seller, j.asset_id, NULL, j.price + j.max_worker_fee + j.validation_fee
    FROM events e JOIN jobs j ON j.job_id = substr(e.subject, 5) JOIN listings l ON l.listing_id = j.listing_id WHERE e.name = 'JobOpened' AND e.contract = 'training'
  UNION ALL
  SELECT e.block, e.log_index, e.timestamp, e.transaction, e.subject, 'earned', l.seller, j.buyer, j.asset_id, NULL, (e.args->>'toPublisher')::numeric
    FROM events e JOIN jobs j ON j.job_id = substr(e.subject, 5) JOIN listings l ON l.listing_id = j.listing_id WHERE e.name = 'JobSettled' AND e.contract = 'training'
  UNION ALL
  SELECT e.block, e.log_index, e.timestamp, e.transaction, e.subject, 'worked', j.worker, j.buyer, j.asset_id, NULL, (e.args->>'toWorker')::numeric
    FROM events e JOIN jobs j ON j.job_id = substr(e.subject, 5) WHERE e.name = 'JobSettled' AND e.contract = 'training'
  UNION ALL
  SELECT e.block, e.log_index, e.timestamp, e.transaction, e.subject, 'fee', NULL, l.seller, j.asset_id, NULL, (e.args->>'fee')::numeric
    FROM events e JOIN jobs j ON j.job_id = substr(e.subject, 5) JOIN listings l ON l.listing_id = j.listing_id WHERE e.name = 'JobSettled' AND e.contract = 'training'
  UNION ALL
  SELECT e.block, e.log_index, e.timestamp, e.transaction, e.subject, 'royalty', NULL, l.seller, j.asset_id, NULL, (e.args->>'toParent')::numeric
    FROM events e JOIN jobs j ON j.job_id = substr(e.subject, 5) JOIN listings l ON l.listing_id = j.listing_id WHERE e.name = 'JobSettled' AND e.contract = 'training'
  UNION ALL
  SELECT e.block, e.log_index, e.timestamp, e.transaction, e.subject, 'refunded', j.buyer, l.seller, j.asset_id, NULL, (e.args->>'amount')::numeric
    FROM events e JOIN jobs j ON j.job_id = substr(e.subject, 5) JOIN listings l ON l.listing_id = j.listing_id WHERE e.name IN ('JobRefunded', 'PartReturned') AND e.contract = 'training'
  UNION ALL
  SELECT e.block, e.log_index, e.timestamp, e.transaction, e.subject, 'subscribed', s.account, s.seller, s.asset_id, l.token, s.price * (((e.args->>'paidUntil')::bigint - (e.args->>'paidFrom')::bigint) / s.period)
    FROM events e JOIN subscriptions s ON s.subscription_id = substr(e.subject, 14) JOIN listings l ON l.listing_id = s.listing_id WHERE e.name = 'Subscribed' AND e.contract = 'subscriptions'
  UNION ALL
  -- A renewal names its new end only (bytes 4 to 7); it is paid from the end before, or from its own time after a gap.
  SELECT e.block, e.log_index, e.timestamp, e.transaction, e.subject, 'subscribed', s.account, s.seller, s.asset_id, l.token,
      s.price * ((('x' || substr(e.args->>'renewal', 11, 8))::bit(32)::bigint - greatest(before.until, e.timestamp)) / s.period)
    FROM events e JOIN subscriptions s ON s.subscription_id = substr(e.subject, 14) JOIN listings l ON l.listing_id = s.listing_id
    CROSS JOIN LATERAL (SELECT CASE p.name WHEN 'SubscriptionRenewed' THEN ('x' || substr(p.args->>'renewal', 11, 8))::bit(32)::bigint ELSE (p.args->>'paidUntil')::bigint END AS until
      FROM events p WHERE p.subject = e.subject AND (p.block, p.log_index) < (e.block, e.log_index) AND p.name IN ('Subscribed', 'SubscriptionRenewed', 'SubscriptionCancelled')
      ORDER BY p.block DESC, p.log_index DESC LIMIT 1) before
    WHERE e.name = 'SubscriptionRenewed' AND e.contract = 'subscriptions'
  UNION ALL
  SELECT e.block, e.log_index, e.timestamp, e.transaction, e.subject, 'earned', s.seller, s.account, s.asset_id, l.token, (e.args->>'toSeller')::numeric
    FROM events e JOIN subscriptions s ON s.subscription_id = substr(e.subject, 14) JOIN listings l ON l.listing_id = s.listing_id WHERE e.name = 'SubscriptionClaimed' AND e.contract = 'subscriptions'
  UNION ALL
  SELECT e.block, e.log_index, e.timestamp, e.transaction, e.subject, 'fee', NULL, s.seller, s.asset_id, l.token, (e.args->>'fee')::numeric
    FROM events e JOIN subscriptions s ON s.subscription_id = substr(e.subject, 14) JOIN listings l ON l.listing_id = s.listing_id WHERE e.name = 'SubscriptionClaimed' AND e.contract = 'subscriptions'
  UNION ALL
  SELECT e.block, e.log_index, e.timestamp, e.transaction, e.subject, 'royalty', NULL, s.seller, s.asset_id, l.token, (e.args->>'toParent')::numeric
    FROM events e JOIN subscriptions s ON s.subscription_id = substr(e.subject, 14) JOIN listings l ON l.listing_id = s.listing_id WHERE e.name = 'SubscriptionClaimed' AND e.contract = 'subscriptions'
  UNION ALL
  SELECT e.block, e.log_index, e.timestamp, e.transaction, e.subject, 'refunded', s.account, s.seller, s.asset_id, l.token, (e.args->>'refunded')::numeric
    FROM events e JOIN subscriptions s ON s.subscription_id = substr(e.subject, 14) JOIN listings l ON l.listing_id = s.listing_id WHERE e.name = 'SubscriptionCancelled' AND e.contract = 'subscriptions'
  UNION ALL
  SELECT e.block, e.log_index, e.timestamp, e.transaction, e.subject, 'dealt', d.buyer, d.seller, NULL::bigint, d.token, d.total
    FROM events e JOIN deals d ON d.deal_id = substr(e.subject, 6) WHERE e.name = 'DealOpened' AND e.contract = 'milestoneEscrow'
  UNION ALL
  SELECT e.block, e.log_index, e.timestamp, e.transaction, e.subject, 'earned', d.seller, d.buyer, NULL::bigint, d.token, coalesce(e.args->>'toSeller', e.args->>'amount')::numeric
    FROM events e JOIN deals d ON d.deal_id = substr(e.subject, 6) WHERE e.name IN ('MilestoneReleased', 'MilestoneSplit', 'DealCancelled', 'DealRecovered') AND e.contract = 'milestoneEscrow'
  UNION ALL
  SELECT e.block, e.log_index, e.timestamp, e.transaction, e.subject, 'refunded', d.buyer, d.seller, NULL::bigint, d.token, coalesce(e.args->>'toBuyer', e.args->>'amount')::numeric
    FROM events e JOIN deals d ON d.deal_id = substr(e.subject, 6) WHERE e.name IN ('MilestoneRefunded', 'MilestoneSplit', 'DealCancelled', 'DealRecovered') AND e.contract = 'milestoneEscrow'
  UNION ALL
  SELECT e.block, e.log_index, e.timestamp, e.transaction, e.subject, 'validated', v.account, NULL, NULL::bigint, NULL, (e.args->>'amount')::numeric
    FROM events e JOIN validators v ON v.validator_id = (e.args->>'validatorId')::int WHERE e.name = 'RewardCredited' AND e.contract = 'validators'
  UNION ALL
  SELECT e.block, e.log_index, e.timestamp, e.transaction, e.subject, CASE e.name WHEN 'Staked' THEN 'staked' WHEN 'Unbonding' THEN 'unbonded' ELSE 'slashed' END, e.args->>'account', NULL, NULL::bigint, NULL, (e.args->>'amount')::numeric
    FROM events e WHERE e.name IN ('Staked', 'Unbonding', 'Slashed') AND e.contract = 'staking'
  UNION ALL
  SELECT e.block, e.log_index, e.timestamp, e.transaction, e.subject, 'delegated', e.args->>'delegator', e.args->>'validator', NULL::bigint, NULL, (e.args->>'amount')::numeric
    FROM events e WHERE e.name = 'Delegated' AND e.contract = 'staking'
  UNION ALL
  SELECT e.block, e.log_index, e.timestamp, e.transaction, e.subject, 'undelegated', e.args->>'delegator', e.args->>'validator', NULL::bigint, NULL, (e.args->>'amount')::numeric
    FROM events e WHERE e.name = 'Undelegated' AND e.contract = 'staking';

CREATE INDEX subscriptions_of_asset ON subscriptions (asset_id);
