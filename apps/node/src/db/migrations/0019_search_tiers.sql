-- The 2,500 most popular assets: words that most assets have are looked up among these.
ALTER TABLE asset_search ADD COLUMN top boolean NOT NULL DEFAULT false;
ALTER TABLE search_statistics ADD COLUMN top_from int;
CREATE INDEX asset_search_top ON asset_search (popularity) WHERE listed AND top;
CREATE INDEX asset_search_top_words ON asset_search USING gin (document) WITH (fastupdate = off) WHERE listed AND top;
-- The words of titles and tags alone: who has them there comes first, however little it is used.
CREATE INDEX asset_search_names ON asset_search USING gin (ts_filter(document, '{a,b}')) WITH (gin_pending_list_limit = 256) WHERE listed;
CREATE INDEX asset_search_hot_names ON asset_search USING gin (ts_filter(document, '{a,b}')) WITH (fastupdate = off) WHERE listed AND hot;
-- Every search reads what waits to be sorted in: 4 MB of it took longer than the search.
ALTER INDEX asset_search_words SET (gin_pending_list_limit = 256);
ALTER INDEX asset_search_facets SET (gin_pending_list_limit = 256);
ALTER INDEX asset_search_hot_words SET (fastupdate = off);
