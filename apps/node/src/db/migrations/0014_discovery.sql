-- Finding assets. `asset_search` is a projection: it can be dropped and made again from the other tables (see refreshSearch.ts).

-- What a manifest says about what its asset is for. `described`: these were read; a manifest read by an older program is read again.
ALTER TABLE manifests ADD COLUMN category text NOT NULL DEFAULT 'other';
ALTER TABLE manifests ADD COLUMN task text NOT NULL DEFAULT 'other';
ALTER TABLE manifests ADD COLUMN publisher text;
ALTER TABLE manifests ADD COLUMN described boolean NOT NULL DEFAULT false;
CREATE INDEX manifests_to_describe ON manifests (digest) WHERE state = 'read' AND NOT described;
DROP INDEX manifests_by_words;
DROP INDEX manifests_by_title;

CREATE INDEX assets_by_sample ON assets (sample_asset_id) WHERE sample_asset_id IS NOT NULL;

-- One row per asset that has a version.
CREATE TABLE asset_search (
  asset_id bigint PRIMARY KEY,
  -- Neither suspended nor hidden nor a sample.
  listed boolean NOT NULL,
  kind text NOT NULL,
  owner text NOT NULL,
  version bigint NOT NULL,
  -- Whose text it is; NULL where none was read yet.
  manifest_digest text,
  title text,
  category text NOT NULL,
  task text NOT NULL,
  columns text[] NOT NULL,
  -- Lowest price in NCR, as a number to sort by; infinite where it is not offered.
  price double precision NOT NULL,
  row_count bigint NOT NULL,
  quality smallint NOT NULL,
  -- Thousandths of a star; 0 without reviews.
  rating int NOT NULL,
  ratings int NOT NULL,
  orders int NOT NULL,
  runs int NOT NULL,
  favourites int NOT NULL,
  views int NOT NULL,
  popularity int NOT NULL,
  -- Logarithm of the uses, each weighed by its time: no clock changes it. See docs/api.md.
  trend double precision NOT NULL,
  published_at bigint NOT NULL,
  -- Among the most popular twentieth: common words are looked up among these first.
  hot boolean NOT NULL DEFAULT false,
  -- What filters ask for, e.g. kind:dataset, license:MIT, tag:birds.
  facets text[] NOT NULL,
  document tsvector NOT NULL
);
CREATE INDEX asset_search_words ON asset_search USING gin (document);
CREATE INDEX asset_search_hot_words ON asset_search USING gin (document) WHERE listed AND hot;
CREATE INDEX asset_search_facets ON asset_search USING gin (facets) WHERE listed;
CREATE INDEX asset_search_newest ON asset_search (asset_id DESC) WHERE listed;
CREATE INDEX asset_search_popular ON asset_search (popularity DESC, asset_id DESC) WHERE listed;
CREATE INDEX asset_search_trending ON asset_search (trend DESC, asset_id DESC) WHERE listed;
CREATE INDEX asset_search_price ON asset_search (price, asset_id DESC) WHERE listed;
CREATE INDEX asset_search_rows ON asset_search (row_count DESC, asset_id DESC) WHERE listed;
CREATE INDEX asset_search_rating ON asset_search (rating DESC, asset_id DESC) WHERE listed;
CREATE INDEX asset_search_hot ON asset_search (popularity) WHERE listed AND hot;
CREATE INDEX asset_search_by_owner ON asset_search (owner, asset_id DESC) WHERE listed;

-- The words of all texts, for prefixes and misspellings. `uses`: in about how many assets, counted now and then.
CREATE TABLE search_words (
  word text PRIMARY KEY,
  in_title boolean NOT NULL,
  uses int NOT NULL DEFAULT 1
);
CREATE INDEX search_words_by_prefix ON search_words (word text_pattern_ops);
CREATE INDEX search_words_by_likeness ON search_words USING gin (word gin_trgm_ops) WHERE in_title;

-- In how many assets each value of a filter is, counted at the same time.
CREATE TABLE search_facets (
  facet text PRIMARY KEY,
  uses int NOT NULL
);

-- How many assets there were when words were counted, and from which popularity on an asset is hot.
CREATE TABLE search_statistics (
  id int PRIMARY KEY DEFAULT 1 CHECK (id = 1),
  assets bigint NOT NULL,
  hot_from int NOT NULL,
  counted_at bigint NOT NULL
);

-- What users keep stays when projections are built again.
CREATE TABLE favourites (
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  asset_id bigint NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (user_id, asset_id)
);
CREATE INDEX favourites_by_asset ON favourites (asset_id);

-- version, price: what the user was told of last; price is NULL where it was not offered for NCR.
CREATE TABLE watches (
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  asset_id bigint NOT NULL,
  at bigint NOT NULL,
  version bigint NOT NULL,
  price double precision,
  PRIMARY KEY (user_id, asset_id)
);
CREATE INDEX watches_by_asset ON watches (asset_id);

-- last_asset_id: newer assets than this were not yet compared with the search.
CREATE TABLE saved_searches (
  search_id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  name text NOT NULL,
  query text NOT NULL,
  alerts boolean NOT NULL,
  last_asset_id bigint NOT NULL,
  created_at bigint NOT NULL
);
CREATE INDEX saved_searches_by_user ON saved_searches (user_id, created_at DESC);
CREATE INDEX saved_searches_with_alerts ON saved_searches (search_id) WHERE alerts;

-- key: what it is about, so that nothing is told twice.
CREATE TABLE discovery_alerts (
  alert_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  kind text NOT NULL,
  asset_id bigint NOT NULL,
  search_id text,
  key text NOT NULL,
  text text NOT NULL,
  at bigint NOT NULL,
  seen boolean NOT NULL DEFAULT false,
  UNIQUE (user_id, key)
);
CREATE INDEX discovery_alerts_by_user ON discovery_alerts (user_id, alert_id DESC);

CREATE TABLE collections (
  collection_id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  title text NOT NULL,
  description text NOT NULL,
  public boolean NOT NULL,
  curated boolean NOT NULL,
  created_at bigint NOT NULL,
  changed_at bigint NOT NULL
);
CREATE INDEX collections_by_user ON collections (user_id, changed_at DESC);
CREATE INDEX collections_public ON collections (curated DESC, changed_at DESC) WHERE public;

CREATE TABLE collection_items (
  collection_id text NOT NULL REFERENCES collections ON DELETE CASCADE,
  asset_id bigint NOT NULL,
  note text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (collection_id, asset_id)
);

CREATE TABLE featured_assets (
  asset_id bigint PRIMARY KEY,
  place int NOT NULL,
  note text NOT NULL,
  at bigint NOT NULL
);

-- What a sentence encoder made of an asset's text: numbers of 32 bits, little end first. model: the digest of its file.
CREATE TABLE asset_embeddings (
  asset_id bigint NOT NULL,
  model text NOT NULL,
  manifest_digest text NOT NULL,
  vector bytea NOT NULL,
  PRIMARY KEY (asset_id, model)
);
