-- Projections of deals, disputes, reviews, governance, delegations and liquidity. Units as in 0001.

-- Bespoke work in MilestoneEscrow. left_amount: what is not yet either side's.
CREATE TABLE deals (
  deal_id text PRIMARY KEY,
  buyer text NOT NULL,
  seller text NOT NULL,
  arbiter text NOT NULL,
  token text NOT NULL,
  total numeric(78,0) NOT NULL,
  left_amount numeric(78,0) NOT NULL,
  outcome text,
  opened_at bigint NOT NULL,
  changed_at bigint NOT NULL,
  opened_block bigint NOT NULL,
  opened_index int NOT NULL
);
CREATE INDEX deals_newest ON deals (opened_block DESC, opened_index DESC);
CREATE INDEX deals_by_buyer ON deals (buyer, opened_block DESC, opened_index DESC);
CREATE INDEX deals_by_seller ON deals (seller, opened_block DESC, opened_index DESC);

CREATE TABLE milestones (
  deal_id text NOT NULL,
  position int NOT NULL,
  amount numeric(78,0) NOT NULL,
  left_amount numeric(78,0) NOT NULL,
  to_seller numeric(78,0) NOT NULL,
  to_buyer numeric(78,0) NOT NULL,
  deadline bigint NOT NULL,
  state text NOT NULL,
  digest text,
  dispute_id bigint,
  changed_at bigint NOT NULL,
  PRIMARY KEY (deal_id, position)
);
CREATE INDEX milestones_by_dispute ON milestones (dispute_id) WHERE dispute_id IS NOT NULL;

-- The address of a deal's agreement; named just before the deal is opened.
CREATE TABLE deal_terms (
  deal_id text PRIMARY KEY,
  address text NOT NULL
);

-- A party's standing offer to end a deal.
CREATE TABLE cancel_offers (
  deal_id text NOT NULL,
  party text NOT NULL,
  to_seller numeric(78,0) NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (deal_id, party)
);

-- The jurors' parameters since each change: a round's windows are those of its opening.
CREATE TABLE dispute_windows (
  block bigint NOT NULL,
  log_index int NOT NULL,
  draw_window bigint NOT NULL,
  appeal_window bigint NOT NULL,
  governance_window bigint NOT NULL,
  PRIMARY KEY (block, log_index)
);

CREATE TABLE disputes (
  dispute_id bigint PRIMARY KEY,
  arbitrable text NOT NULL,
  ended boolean NOT NULL,
  ruling int NOT NULL,
  by_governance boolean NOT NULL,
  executed boolean NOT NULL,
  burnt numeric(78,0) NOT NULL,
  opened_at bigint NOT NULL,
  changed_at bigint NOT NULL,
  opened_block bigint NOT NULL,
  opened_index int NOT NULL
);
CREATE INDEX disputes_newest ON disputes (opened_block DESC, opened_index DESC);

-- One tier of a dispute. size 0: governance is asked.
CREATE TABLE juries (
  dispute_id bigint NOT NULL,
  number int NOT NULL,
  payer text NOT NULL,
  size int NOT NULL,
  fee numeric(78,0) NOT NULL,
  bond numeric(78,0) NOT NULL,
  opened_at bigint NOT NULL,
  draw_until bigint,
  commit_until bigint,
  reveal_until bigint,
  appeal_until bigint,
  PRIMARY KEY (dispute_id, number)
);

CREATE TABLE seats (
  dispute_id bigint NOT NULL,
  number int NOT NULL,
  juror text NOT NULL,
  position int NOT NULL,
  count int NOT NULL,
  state text NOT NULL,
  vote int,
  penalty numeric(78,0) NOT NULL,
  PRIMARY KEY (dispute_id, number, juror)
);
CREATE INDEX seats_by_juror ON seats (juror);

-- By ERC-1497 group: a dispute's number in Disputes, a hash over deal and milestone in MilestoneEscrow.
CREATE TABLE evidence (
  contract text NOT NULL,
  group_id text NOT NULL,
  party text NOT NULL,
  address text NOT NULL,
  transaction text NOT NULL,
  block bigint NOT NULL,
  log_index int NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (block, log_index)
);
CREATE INDEX evidence_by_group ON evidence (contract, group_id);

CREATE TABLE jurors (
  account text PRIMARY KEY,
  tickets int NOT NULL,
  active boolean NOT NULL
);

CREATE TABLE reviews (
  order_id text PRIMARY KEY,
  asset_id bigint NOT NULL,
  reviewer text NOT NULL,
  rating int NOT NULL,
  digest text,
  edited boolean NOT NULL,
  written_at bigint NOT NULL,
  changed_at bigint NOT NULL,
  transaction text NOT NULL,
  opened_block bigint NOT NULL,
  opened_index int NOT NULL
);
CREATE INDEX reviews_newest ON reviews (opened_block DESC, opened_index DESC);
CREATE INDEX reviews_by_asset ON reviews (asset_id, opened_block DESC, opened_index DESC);

-- Ids are 256 bits wide, as decimal text. What a vote leads to besides the clock and the quorum is in the flags.
CREATE TABLE proposals (
  proposal_id text PRIMARY KEY,
  proposer text NOT NULL,
  description text NOT NULL,
  calls jsonb NOT NULL,
  vote_start bigint NOT NULL,
  vote_end bigint NOT NULL,
  eta bigint,
  ended text,
  transaction text NOT NULL,
  opened_at bigint NOT NULL,
  opened_block bigint NOT NULL,
  opened_index int NOT NULL
);
CREATE INDEX proposals_newest ON proposals (opened_block DESC, opened_index DESC);

CREATE TABLE ballots (
  proposal_id text NOT NULL,
  voter text NOT NULL,
  support text NOT NULL,
  weight numeric(78,0) NOT NULL,
  reason text NOT NULL,
  transaction text NOT NULL,
  block bigint NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (proposal_id, voter)
);

-- What was lent and taken back; slashing in between is known to the contract, which answers with the present amount.
CREATE TABLE delegations (
  delegator text NOT NULL,
  validator text NOT NULL,
  lent numeric(78,0) NOT NULL,
  taken_back numeric(78,0) NOT NULL,
  earned numeric(78,0) NOT NULL,
  leaves_at bigint,
  changed_at bigint NOT NULL,
  opened_block bigint NOT NULL,
  opened_index int NOT NULL,
  PRIMARY KEY (delegator, validator)
);
CREATE INDEX delegations_newest ON delegations (opened_block DESC, opened_index DESC);
CREATE INDEX delegations_by_validator ON delegations (validator, opened_block DESC, opened_index DESC);
CREATE INDEX stakes_by_amount ON stakes (amount DESC, account);

CREATE TABLE liquidity_pools (
  token text PRIMARY KEY,
  scheduled numeric(78,0) NOT NULL,
  paid numeric(78,0) NOT NULL,
  ends_at bigint NOT NULL
);

CREATE TABLE liquidity_positions (
  token text NOT NULL,
  account text NOT NULL,
  amount numeric(78,0) NOT NULL,
  paid numeric(78,0) NOT NULL,
  PRIMARY KEY (token, account)
);
CREATE INDEX liquidity_positions_by_account ON liquidity_positions (account);
