-- Whether the publisher told the key. Manifests that were read before are read again for it.
ALTER TABLE manifests ADD COLUMN open boolean NOT NULL DEFAULT false;
UPDATE manifests SET described = false WHERE state = 'read';
