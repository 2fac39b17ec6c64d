-- absences.id uuid NOT NULL
-- absences.organisation_id uuid NOT NULL
-- absences.person_id uuid NOT NULL
-- absences.substitute_id uuid
-- absences.kinds text NOT NULL
-- absences.powers text NOT NULL
-- absences.from_at bigint NOT NULL
-- absences.until_at bigint NOT NULL
-- absences.recorded_at bigint NOT NULL
-- absences.ended_at bigint
-- absences.told_at bigint
-- api_tokens.id uuid NOT NULL
-- api_tokens.organisation_id uuid NOT NULL
-- api_tokens.person_id uuid NOT NULL
-- api_tokens.name text NOT NULL
-- api_tokens.secret_hash text NOT NULL
-- api_tokens.scopes text NOT NULL
-- api_tokens.created_at bigint NOT NULL
-- api_tokens.expires_at bigint
-- api_tokens.last_used_at bigint
-- api_tokens.revoked_at bigint
-- attachments.id uuid NOT NULL
-- attachments.organisation_id uuid NOT NULL
-- attachments.version_id uuid NOT NULL
-- attachments.position bigint NOT NULL
-- attachments.name text NOT NULL
-- attachments.digest text NOT NULL
-- attachments.size_bytes bigint NOT NULL
-- attachments.media_type text NOT NULL
-- audit_events.id uuid NOT NULL
-- audit_events.organisation_id uuid NOT NULL
-- audit_events.at bigint NOT NULL
-- audit_events.actor_kind text NOT NULL
-- audit_events.actor_id uuid
-- audit_events.actor_name text NOT NULL
-- audit_events.action text NOT NULL
-- audit_events.subject_kind text NOT NULL
-- audit_events.subject_id uuid NOT NULL
-- audit_events.document_id uuid
-- audit_events.version_digest text
-- audit_events.address text
-- audit_events.request_id text
-- audit_events.details text NOT NULL
-- audit_events.canonical bytea NOT NULL
-- audit_events.leaf_hash text NOT NULL
-- authority_keys.id uuid NOT NULL
-- authority_keys.organisation_id uuid NOT NULL
-- authority_keys.purpose text NOT NULL
-- authority_keys.algorithm text NOT NULL
-- authority_keys.certificate bytea NOT NULL
-- authority_keys.sealed_key bytea NOT NULL
-- authority_keys.created_at bigint NOT NULL
-- authority_keys.retired_at bigint
-- blobs.organisation_id uuid NOT NULL
-- blobs.digest text NOT NULL
-- blobs.size_bytes bigint NOT NULL
-- blobs.media_type text NOT NULL
-- blobs.created_at bigint NOT NULL
-- calls.id uuid NOT NULL
-- calls.organisation_id uuid NOT NULL
-- calls.key text NOT NULL
-- calls.kind text NOT NULL
-- calls.name text NOT NULL
-- calls.document_id uuid NOT NULL
-- calls.run_id uuid NOT NULL
-- calls.payload text NOT NULL
-- calls.until bigint
-- calls.state text NOT NULL
-- calls.attempts bigint NOT NULL
-- calls.next_at bigint NOT NULL
-- calls.lease_until bigint
-- calls.fence bigint NOT NULL
-- calls.last_error text
-- calls.created_at bigint NOT NULL
-- calls.done_at bigint
-- certificates.id uuid NOT NULL
-- certificates.organisation_id uuid NOT NULL
-- certificates.serial text NOT NULL
-- certificates.subject_name text NOT NULL
-- certificates.person_id uuid
-- certificates.contact_id uuid
-- certificates.email text NOT NULL
-- certificates.key_digest text NOT NULL
-- certificates.version_digest text NOT NULL
-- certificates.der bytea NOT NULL
-- certificates.not_before bigint NOT NULL
-- certificates.not_after bigint NOT NULL
-- certificates.issued_at bigint NOT NULL
-- checked_files.subject_id uuid NOT NULL
-- checked_files.organisation_id uuid NOT NULL
-- checked_files.digest text
-- checked_files.outcome text
-- checked_files.signatures_count bigint NOT NULL DEFAULT 0
-- checked_files.checked_at bigint
-- checked_files.claimed_until bigint
-- checked_files.fence bigint NOT NULL DEFAULT 0
-- comment_mentions.comment_id uuid NOT NULL
-- comment_mentions.person_id uuid NOT NULL
-- comment_mentions.organisation_id uuid NOT NULL
-- comments.id uuid NOT NULL
-- comments.organisation_id uuid NOT NULL
-- comments.document_id uuid NOT NULL
-- comments.version_id uuid NOT NULL
-- comments.person_id uuid NOT NULL
-- comments.text text NOT NULL
-- comments.audience text NOT NULL
-- comments.created_at bigint NOT NULL
-- comments.struck_at bigint
-- comments.page bigint
-- comments.place_x bigint
-- comments.place_y bigint
-- consents.id uuid NOT NULL
-- consents.organisation_id uuid NOT NULL
-- consents.version_id uuid NOT NULL
-- consents.task_id uuid NOT NULL
-- consents.link_id uuid
-- consents.person_id uuid
-- consents.contact_id uuid
-- consents.kind text NOT NULL
-- consents.text_digest text NOT NULL
-- consents.locale text NOT NULL
-- consents.given_at bigint NOT NULL
-- consents.address text
-- contacts.id uuid NOT NULL
-- contacts.organisation_id uuid NOT NULL
-- contacts.counterparty_id uuid NOT NULL
-- contacts.name text NOT NULL
-- contacts.position text
-- contacts.email text NOT NULL
-- contacts.locale text NOT NULL
-- contacts.archived_at bigint
-- contacts.created_at bigint NOT NULL
-- contacts.row_version bigint NOT NULL DEFAULT 0
-- counterparties.id uuid NOT NULL
-- counterparties.organisation_id uuid NOT NULL
-- counterparties.name text NOT NULL
-- counterparties.country text NOT NULL
-- counterparties.inn text
-- counterparties.kpp text
-- counterparties.vat_id text
-- counterparties.address text
-- counterparties.archived_at bigint
-- counterparties.created_at bigint NOT NULL
-- counterparties.row_version bigint NOT NULL DEFAULT 0
-- definitions.organisation_id uuid NOT NULL
-- definitions.digest text NOT NULL
-- definitions.workflow_id text NOT NULL
-- definitions.kind text NOT NULL
-- definitions.source text NOT NULL
-- definitions.created_at bigint NOT NULL
-- definitions.owner_role text
-- definitions.owner_department text
-- departments.id uuid NOT NULL
-- departments.organisation_id uuid NOT NULL
-- departments.key text NOT NULL
-- departments.name text NOT NULL
-- departments.parent_id uuid
-- departments.head_id uuid
-- departments.archived_at bigint
-- departments.row_version bigint NOT NULL DEFAULT 0
-- detached_signatures.id uuid NOT NULL
-- detached_signatures.organisation_id uuid NOT NULL
-- detached_signatures.document_id uuid NOT NULL
-- detached_signatures.version_id uuid NOT NULL
-- detached_signatures.task_id uuid
-- detached_signatures.person_id uuid
-- detached_signatures.covers text NOT NULL
-- detached_signatures.covered_digest text NOT NULL
-- detached_signatures.name text NOT NULL
-- detached_signatures.digest text NOT NULL
-- detached_signatures.size_bytes bigint NOT NULL
-- detached_signatures.signer_name text NOT NULL
-- detached_signatures.indication text NOT NULL
-- detached_signatures.evidence text NOT NULL
-- detached_signatures.received_at bigint NOT NULL
-- detached_signatures.contact_id uuid
-- detached_signatures.signing_id uuid
-- detached_signatures.revocation text
-- disagreements.id uuid NOT NULL
-- disagreements.organisation_id uuid NOT NULL
-- disagreements.document_id uuid NOT NULL
-- disagreements.version_id uuid NOT NULL
-- disagreements.run_id uuid NOT NULL
-- disagreements.task_id uuid NOT NULL
-- disagreements.link_id uuid NOT NULL
-- disagreements.contact_id uuid NOT NULL
-- disagreements.comment text NOT NULL
-- disagreements.name text NOT NULL
-- disagreements.digest text NOT NULL
-- disagreements.size_bytes bigint NOT NULL
-- disagreements.media_type text NOT NULL
-- disagreements.created_at bigint NOT NULL
-- document_origins.document_id uuid NOT NULL
-- document_origins.organisation_id uuid NOT NULL
-- document_origins.origin_id uuid NOT NULL
-- document_origins.run_id uuid NOT NULL
-- document_origins.key text NOT NULL
-- document_origins.created_at bigint NOT NULL
-- documents.id uuid NOT NULL
-- documents.organisation_id uuid NOT NULL
-- documents.kind text NOT NULL
-- documents.title text NOT NULL
-- documents.card text NOT NULL
-- documents.state text NOT NULL
-- documents.initiator_id uuid NOT NULL
-- documents.department_id uuid
-- documents.counterparty_id uuid
-- documents.registration_number text
-- documents.registered_at bigint
-- documents.current_version_id uuid
-- documents.search_text text NOT NULL
-- documents.created_at bigint NOT NULL
-- documents.updated_at bigint NOT NULL
-- documents.row_version bigint NOT NULL DEFAULT 0
-- editions.id uuid NOT NULL
-- editions.organisation_id uuid NOT NULL
-- editions.workflow_id text NOT NULL
-- editions.number bigint NOT NULL
-- editions.source text NOT NULL
-- editions.note text NOT NULL
-- editions.state text NOT NULL
-- editions.author_id uuid NOT NULL
-- editions.created_at bigint NOT NULL
-- editions.saved_at bigint NOT NULL
-- editions.decided_by_id uuid
-- editions.decided_at bigint
-- editions.reason text
-- editions.effective_at bigint
-- editions.row_version bigint NOT NULL
-- idempotency_keys.organisation_id uuid NOT NULL
-- idempotency_keys.actor_id uuid NOT NULL
-- idempotency_keys.key text NOT NULL
-- idempotency_keys.route text NOT NULL
-- idempotency_keys.request_digest text NOT NULL
-- idempotency_keys.status_code bigint
-- idempotency_keys.response text
-- idempotency_keys.created_at bigint NOT NULL
-- idempotency_keys.event_id uuid
-- jobs.id uuid NOT NULL
-- jobs.organisation_id uuid NOT NULL
-- jobs.kind text NOT NULL
-- jobs.key text NOT NULL
-- jobs.payload text NOT NULL
-- jobs.state text NOT NULL
-- jobs.attempts bigint NOT NULL DEFAULT 0
-- jobs.next_at bigint NOT NULL
-- jobs.lease_until bigint
-- jobs.fence bigint NOT NULL DEFAULT 0
-- jobs.last_error text
-- jobs.created_at bigint NOT NULL
-- jobs.done_at bigint
-- journal_entries.id uuid NOT NULL
-- journal_entries.organisation_id uuid NOT NULL
-- journal_entries.key text NOT NULL
-- journal_entries.journal text NOT NULL
-- journal_entries.year bigint NOT NULL
-- journal_entries.number bigint NOT NULL
-- journal_entries.text text NOT NULL
-- journal_entries.document_id uuid NOT NULL
-- journal_entries.run_id uuid NOT NULL
-- journal_entries.version_id uuid NOT NULL
-- journal_entries.entered_at bigint NOT NULL
-- journals.organisation_id uuid NOT NULL
-- journals.journal text NOT NULL
-- journals.year bigint NOT NULL
-- journals.last_number bigint NOT NULL
-- kept_evidence.version_id uuid NOT NULL
-- kept_evidence.organisation_id uuid NOT NULL
-- kept_evidence.digest text NOT NULL
-- kept_evidence.size_bytes bigint NOT NULL
-- kept_evidence.kept_at bigint NOT NULL
-- link_codes.id uuid NOT NULL
-- link_codes.organisation_id uuid NOT NULL
-- link_codes.link_id uuid NOT NULL
-- link_codes.code_hash text NOT NULL
-- link_codes.sent_at bigint NOT NULL
-- link_codes.expires_at bigint NOT NULL
-- link_codes.tries bigint NOT NULL DEFAULT 0
-- link_codes.used_at bigint
-- link_visits.id uuid NOT NULL
-- link_visits.organisation_id uuid NOT NULL
-- link_visits.link_id uuid NOT NULL
-- link_visits.secret_hash text NOT NULL
-- link_visits.created_at bigint NOT NULL
-- link_visits.expires_at bigint NOT NULL
-- link_visits.verified_at bigint
-- link_visits.pages_read text NOT NULL DEFAULT '[]'::text
-- link_visits.address text
-- link_visits.agent text
-- links.id uuid NOT NULL
-- links.organisation_id uuid NOT NULL
-- links.document_id uuid NOT NULL
-- links.version_id uuid NOT NULL
-- links.run_id uuid NOT NULL
-- links.task_id uuid NOT NULL
-- links.contact_id uuid NOT NULL
-- links.secret_hash text NOT NULL
-- links.typed_code_hash text NOT NULL
-- links.state text NOT NULL
-- links.created_at bigint NOT NULL
-- links.expires_at bigint NOT NULL
-- links.opened_at bigint
-- links.closed_at bigint
-- links.replaces_id uuid
-- links.contact_name text NOT NULL DEFAULT ''::text
-- links.contact_email text NOT NULL DEFAULT ''::text
-- links.close_reason text
-- mandates.id uuid NOT NULL
-- mandates.organisation_id uuid NOT NULL
-- mandates.person_id uuid NOT NULL
-- mandates.entity text
-- mandates.role text
-- mandates.limit_amount text
-- mandates.limit_currency text
-- mandates.from_at bigint NOT NULL
-- mandates.until_at bigint
-- mandates.basis text NOT NULL
-- mandates.recorded_at bigint NOT NULL
-- mandates.ended_at bigint
-- news_marks.person_id uuid NOT NULL
-- news_marks.organisation_id uuid NOT NULL
-- news_marks.seen_at bigint NOT NULL
-- organisations.id uuid NOT NULL
-- organisations.name text NOT NULL
-- organisations.country text NOT NULL
-- organisations.inn text
-- organisations.kpp text
-- organisations.vat_id text
-- organisations.locale text NOT NULL
-- organisations.time_zone text NOT NULL
-- organisations.signing_rules_ru text NOT NULL
-- organisations.signing_rules_en text NOT NULL
-- organisations.personal_data_ru text NOT NULL
-- organisations.personal_data_en text NOT NULL
-- organisations.created_at bigint NOT NULL
-- organisations.row_version bigint NOT NULL DEFAULT 0
-- outbox.id uuid NOT NULL
-- outbox.organisation_id uuid NOT NULL
-- outbox.key text NOT NULL
-- outbox.kind text NOT NULL
-- outbox.locale text NOT NULL
-- outbox.to_address text NOT NULL
-- outbox.to_name text NOT NULL
-- outbox.person_id uuid
-- outbox.contact_id uuid
-- outbox.document_id uuid
-- outbox.payload text NOT NULL
-- outbox.sealed bytea
-- outbox.state text NOT NULL
-- outbox.attempts bigint NOT NULL DEFAULT 0
-- outbox.next_at bigint NOT NULL
-- outbox.lease_until bigint
-- outbox.fence bigint NOT NULL DEFAULT 0
-- outbox.last_error text
-- outbox.message_id text NOT NULL
-- outbox.created_at bigint NOT NULL
-- outbox.sent_at bigint
-- outside_certificates.signing_id uuid NOT NULL
-- outside_certificates.organisation_id uuid NOT NULL
-- outside_certificates.serial text NOT NULL
-- outside_certificates.name text NOT NULL
-- outside_certificates.subject text NOT NULL
-- outside_certificates.issuer text NOT NULL
-- outside_certificates.key_digest text NOT NULL
-- outside_certificates.der bytea NOT NULL
-- outside_certificates.chain text NOT NULL
-- outside_certificates.not_before bigint NOT NULL
-- outside_certificates.not_after bigint NOT NULL
-- outside_certificates.presented_at bigint NOT NULL
-- page_images.organisation_id uuid NOT NULL
-- page_images.file_digest text NOT NULL
-- page_images.page bigint NOT NULL
-- page_images.image_digest text NOT NULL
-- page_images.width bigint NOT NULL
-- page_images.height bigint NOT NULL
-- page_images.renderer text NOT NULL
-- page_images.text text NOT NULL
-- page_images.created_at bigint NOT NULL
-- people.id uuid NOT NULL
-- people.organisation_id uuid NOT NULL
-- people.login text NOT NULL
-- people.name text NOT NULL
-- people.position text
-- people.email text NOT NULL
-- people.department_id uuid
-- people.manager_id uuid
-- people.locale text
-- people.theme text NOT NULL DEFAULT 'system'::text
-- people.password_hash text
-- people.state text NOT NULL
-- people.created_at bigint NOT NULL
-- people.row_version bigint NOT NULL DEFAULT 0
-- people.letters text NOT NULL DEFAULT 'each'::text
-- person_groups.id uuid NOT NULL
-- person_groups.organisation_id uuid NOT NULL
-- person_groups.person_id uuid NOT NULL
-- person_groups.group_key text NOT NULL
-- person_links.id uuid NOT NULL
-- person_links.organisation_id uuid NOT NULL
-- person_links.person_id uuid NOT NULL
-- person_links.purpose text NOT NULL
-- person_links.secret_hash text NOT NULL
-- person_links.created_at bigint NOT NULL
-- person_links.expires_at bigint NOT NULL
-- person_links.used_at bigint
-- person_roles.id uuid NOT NULL
-- person_roles.organisation_id uuid NOT NULL
-- person_roles.person_id uuid NOT NULL
-- person_roles.role text NOT NULL
-- person_roles.department_id uuid
-- power_checks.power_id uuid NOT NULL
-- power_checks.organisation_id uuid NOT NULL
-- power_checks.result text NOT NULL
-- power_checks.reason text
-- power_checks.checked_at bigint NOT NULL
-- power_checks.previous_result text
-- power_checks.changed_at bigint
-- questions.id uuid NOT NULL
-- questions.organisation_id uuid NOT NULL
-- questions.document_id uuid NOT NULL
-- questions.version_id uuid NOT NULL
-- questions.link_id uuid NOT NULL
-- questions.contact_id uuid NOT NULL
-- questions.text text NOT NULL
-- questions.asked_at bigint NOT NULL
-- questions.answer text
-- questions.answered_by_id uuid
-- questions.answered_at bigint
-- raised_signatures.detached_id uuid NOT NULL
-- raised_signatures.organisation_id uuid NOT NULL
-- raised_signatures.digest text NOT NULL
-- raised_signatures.size_bytes bigint NOT NULL
-- raised_signatures.level text
-- raised_signatures.lasts_until bigint
-- raised_signatures.raise_after bigint NOT NULL
-- raised_signatures.raise_problem text
-- raised_signatures.updated_at bigint NOT NULL
-- raised_signatures.row_version bigint NOT NULL
-- raised_signatures.rests_on text
-- raised_signatures.rests_on_rsa_bits bigint
-- remarks.id uuid NOT NULL
-- remarks.organisation_id uuid NOT NULL
-- remarks.document_id uuid NOT NULL
-- remarks.version_id uuid NOT NULL
-- remarks.task_id uuid
-- remarks.person_id uuid
-- remarks.contact_id uuid
-- remarks.text text NOT NULL
-- remarks.page bigint
-- remarks.state text NOT NULL
-- remarks.created_at bigint NOT NULL
-- remarks.closed_at bigint
-- remarks.closed_by_id uuid
-- remarks.answer text
-- remarks.place_x bigint
-- remarks.place_y bigint
-- remarks.comment_id uuid
-- revocation_lists.authority_key_id uuid NOT NULL
-- revocation_lists.organisation_id uuid NOT NULL
-- revocation_lists.fingerprint text NOT NULL
-- revocation_lists.number bigint NOT NULL
-- revocation_lists.entries_count bigint NOT NULL
-- revocation_lists.der bytea NOT NULL
-- revocation_lists.made_at bigint NOT NULL
-- revocation_lists.next_at bigint NOT NULL
-- revoked_certificates.id uuid NOT NULL
-- revoked_certificates.organisation_id uuid NOT NULL
-- revoked_certificates.authority_key_id uuid NOT NULL
-- revoked_certificates.revoked_key_id uuid
-- revoked_certificates.serial text NOT NULL
-- revoked_certificates.reason text NOT NULL
-- revoked_certificates.since bigint NOT NULL
-- revoked_certificates.created_at bigint NOT NULL
-- reworkers.run_id uuid NOT NULL
-- reworkers.person_id uuid NOT NULL
-- reworkers.organisation_id uuid NOT NULL
-- reworkers.document_id uuid NOT NULL
-- reworkers.asked_at bigint NOT NULL
-- run_events.organisation_id uuid NOT NULL
-- run_events.run_id uuid NOT NULL
-- run_events.seq bigint NOT NULL
-- run_events.at bigint NOT NULL
-- run_events.body text NOT NULL
-- runs.id uuid NOT NULL
-- runs.organisation_id uuid NOT NULL
-- runs.document_id uuid NOT NULL
-- runs.workflow_id text NOT NULL
-- runs.definition_digest text NOT NULL
-- runs.state text NOT NULL
-- runs.seq bigint NOT NULL
-- runs.phase text NOT NULL
-- runs.round bigint NOT NULL
-- runs.version_id uuid NOT NULL
-- runs.initiator_id uuid NOT NULL
-- runs.started_at bigint NOT NULL
-- runs.finished_at bigint
-- runs.incident_at bigint
-- sessions.id uuid NOT NULL
-- sessions.organisation_id uuid NOT NULL
-- sessions.person_id uuid NOT NULL
-- sessions.secret_hash text NOT NULL
-- sessions.csrf_token text NOT NULL
-- sessions.created_at bigint NOT NULL
-- sessions.last_seen_at bigint NOT NULL
-- sessions.expires_at bigint NOT NULL
-- sessions.revoked_at bigint
-- sessions.address text
-- sessions.agent text
-- shown_pages.organisation_id uuid NOT NULL
-- shown_pages.viewer_id uuid NOT NULL
-- shown_pages.file_digest text NOT NULL
-- shown_pages.page bigint NOT NULL
-- shown_pages.image_digest text NOT NULL
-- shown_pages.shown_at bigint NOT NULL
-- signature_checks.id uuid NOT NULL
-- signature_checks.organisation_id uuid NOT NULL
-- signature_checks.document_id uuid NOT NULL
-- signature_checks.version_id uuid NOT NULL
-- signature_checks.version_number bigint NOT NULL
-- signature_checks.ordinal bigint NOT NULL
-- signature_checks.digest text NOT NULL
-- signature_checks.indication text NOT NULL
-- signature_checks.sub_indication text
-- signature_checks.reason text
-- signature_checks.signer_name text
-- signature_checks.signer_organisation text
-- signature_checks.certificate_ends_at bigint
-- signature_checks.revoked_at bigint
-- signature_checks.proven_at bigint
-- signature_checks.claimed_at text
-- signature_checks.weak_algorithm text
-- signature_checks.checked_at bigint NOT NULL
-- signature_checks.previous_indication text
-- signature_checks.changed_at bigint
-- signature_checks.created_at bigint NOT NULL
-- signature_checks.subject_id uuid NOT NULL
-- signature_checks.detached_id uuid
-- signature_checks.search_text text NOT NULL DEFAULT ''::text
-- signature_power_files.power_id uuid NOT NULL
-- signature_power_files.position bigint NOT NULL
-- signature_power_files.organisation_id uuid NOT NULL
-- signature_power_files.role text NOT NULL
-- signature_power_files.signs_position bigint
-- signature_power_files.name text NOT NULL
-- signature_power_files.digest text NOT NULL
-- signature_power_files.size_bytes bigint NOT NULL
-- signature_powers.id uuid NOT NULL
-- signature_powers.organisation_id uuid NOT NULL
-- signature_powers.document_id uuid NOT NULL
-- signature_powers.version_id uuid NOT NULL
-- signature_powers.detached_id uuid
-- signature_powers.subject_id uuid NOT NULL
-- signature_powers.place bigint NOT NULL
-- signature_powers.ordinal bigint NOT NULL
-- signature_powers.person_id uuid NOT NULL
-- signature_powers.field_name text
-- signature_powers.signer_name text NOT NULL
-- signature_powers.signers text NOT NULL
-- signature_powers.number text
-- signature_powers.asked_organisation text
-- signature_powers.asked_code text
-- signature_powers.added_at bigint NOT NULL
-- signatures.id uuid NOT NULL
-- signatures.organisation_id uuid NOT NULL
-- signatures.document_id uuid NOT NULL
-- signatures.version_id uuid NOT NULL
-- signatures.signing_id uuid NOT NULL
-- signatures.task_id uuid NOT NULL
-- signatures.person_id uuid
-- signatures.contact_id uuid
-- signatures.certificate_id uuid
-- signatures.signer_name text NOT NULL
-- signatures.field_name text NOT NULL
-- signatures.key_place text NOT NULL
-- signatures.algorithm text NOT NULL
-- signatures.level text NOT NULL
-- signatures.base_digest text NOT NULL
-- signatures.copy_digest text NOT NULL
-- signatures.evidence text NOT NULL
-- signatures.signed_at bigint NOT NULL
-- signed_copies.version_id uuid NOT NULL
-- signed_copies.organisation_id uuid NOT NULL
-- signed_copies.digest text NOT NULL
-- signed_copies.size_bytes bigint NOT NULL
-- signed_copies.signatures_count bigint NOT NULL
-- signed_copies.updated_at bigint NOT NULL
-- signed_copies.row_version bigint NOT NULL DEFAULT 0
-- signed_copies.level text NOT NULL DEFAULT 'B-T'::text
-- signed_copies.lasts_until bigint
-- signed_copies.raise_after bigint NOT NULL DEFAULT 0
-- signed_copies.raise_problem text
-- signed_copies.rests_on text
-- signed_copies.rests_on_rsa_bits bigint
-- signed_copies.evidence_after bigint NOT NULL DEFAULT 0
-- signings.id uuid NOT NULL
-- signings.organisation_id uuid NOT NULL
-- signings.document_id uuid NOT NULL
-- signings.version_id uuid NOT NULL
-- signings.task_id uuid NOT NULL
-- signings.link_id uuid
-- signings.person_id uuid
-- signings.contact_id uuid
-- signings.state text NOT NULL
-- signings.base_digest text NOT NULL
-- signings.prepared_digest text NOT NULL
-- signings.byte_range text NOT NULL
-- signings.content_digest text NOT NULL
-- signings.field_name text NOT NULL
-- signings.key_place text NOT NULL
-- signings.algorithm text NOT NULL
-- signings.certificate_id uuid
-- signings.signed_attributes bytea NOT NULL
-- signings.evidence text NOT NULL
-- signings.prepared_at bigint NOT NULL
-- signings.expires_at bigint NOT NULL
-- signings.form text NOT NULL DEFAULT 'embedded'::text
-- stand_ins.task_id uuid NOT NULL
-- stand_ins.person_id uuid NOT NULL
-- stand_ins.organisation_id uuid NOT NULL
-- stand_ins.told_at bigint NOT NULL
-- tasks.id uuid NOT NULL
-- tasks.organisation_id uuid NOT NULL
-- tasks.run_id uuid NOT NULL
-- tasks.document_id uuid NOT NULL
-- tasks.version_id uuid NOT NULL
-- tasks.number bigint NOT NULL
-- tasks.path text NOT NULL
-- tasks.stage_kind text NOT NULL
-- tasks.person_id uuid
-- tasks.contact_id uuid
-- tasks.state text NOT NULL
-- tasks.decision text
-- tasks.comment text
-- tasks.close_reason text
-- tasks.round bigint NOT NULL
-- tasks.opened_at bigint NOT NULL
-- tasks.due_at bigint
-- tasks.closed_at bigint
-- tasks.reminded_at bigint
-- tasks.decided_by_id uuid
-- timers.run_id uuid NOT NULL
-- timers.number bigint NOT NULL
-- timers.organisation_id uuid NOT NULL
-- timers.generation bigint NOT NULL
-- timers.task_id uuid NOT NULL
-- timers.due_at bigint NOT NULL
-- timers.beyond bigint
-- timers.rings_at bigint NOT NULL
-- undrawable_pages.organisation_id uuid NOT NULL
-- undrawable_pages.file_digest text NOT NULL
-- undrawable_pages.page bigint NOT NULL
-- undrawable_pages.renderer text NOT NULL
-- undrawable_pages.failed_at bigint NOT NULL
-- versions.id uuid NOT NULL
-- versions.organisation_id uuid NOT NULL
-- versions.document_id uuid NOT NULL
-- versions.number bigint NOT NULL
-- versions.digest text NOT NULL
-- versions.author_id uuid NOT NULL
-- versions.comment text
-- versions.card text NOT NULL
-- versions.main_digest text NOT NULL
-- versions.main_name text NOT NULL
-- versions.main_size_bytes bigint NOT NULL
-- versions.pages_count bigint NOT NULL
-- versions.created_at bigint NOT NULL
ALTER TABLE absences ADD CONSTRAINT absences_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE absences ADD CONSTRAINT absences_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
ALTER TABLE absences ADD CONSTRAINT absences_pkey PRIMARY KEY (id);
ALTER TABLE absences ADD CONSTRAINT absences_powers_check CHECK ((powers = ANY (ARRAY['decide'::text, 'sign'::text])));
ALTER TABLE absences ADD CONSTRAINT absences_substitute_id_fkey FOREIGN KEY (substitute_id) REFERENCES people(id);
ALTER TABLE api_tokens ADD CONSTRAINT api_tokens_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE api_tokens ADD CONSTRAINT api_tokens_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
ALTER TABLE api_tokens ADD CONSTRAINT api_tokens_pkey PRIMARY KEY (id);
ALTER TABLE api_tokens ADD CONSTRAINT api_tokens_secret_hash_key UNIQUE (secret_hash);
ALTER TABLE attachments ADD CONSTRAINT attachments_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE attachments ADD CONSTRAINT attachments_pkey PRIMARY KEY (id);
ALTER TABLE attachments ADD CONSTRAINT attachments_version_id_fkey FOREIGN KEY (version_id) REFERENCES versions(id);
ALTER TABLE attachments ADD CONSTRAINT attachments_version_id_position_key UNIQUE (version_id, "position");
ALTER TABLE audit_events ADD CONSTRAINT audit_events_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['person'::text, 'contact'::text, 'system'::text, 'operator'::text, 'visitor'::text])));
ALTER TABLE audit_events ADD CONSTRAINT audit_events_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE audit_events ADD CONSTRAINT audit_events_pkey PRIMARY KEY (id);
ALTER TABLE authority_keys ADD CONSTRAINT authority_keys_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE authority_keys ADD CONSTRAINT authority_keys_pkey PRIMARY KEY (id);
ALTER TABLE authority_keys ADD CONSTRAINT authority_keys_purpose_check CHECK ((purpose = ANY (ARRAY['root'::text, 'issuing'::text, 'timestamp'::text])));
ALTER TABLE blobs ADD CONSTRAINT blobs_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE blobs ADD CONSTRAINT blobs_pkey PRIMARY KEY (organisation_id, digest);
ALTER TABLE calls ADD CONSTRAINT calls_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id);
ALTER TABLE calls ADD CONSTRAINT calls_kind_check CHECK ((kind = ANY (ARRAY['webhook'::text, 'lookup'::text])));
ALTER TABLE calls ADD CONSTRAINT calls_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE calls ADD CONSTRAINT calls_pkey PRIMARY KEY (id);
ALTER TABLE calls ADD CONSTRAINT calls_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id);
ALTER TABLE calls ADD CONSTRAINT calls_state_check CHECK ((state = ANY (ARRAY['ready'::text, 'calling'::text, 'done'::text, 'failed'::text])));
ALTER TABLE certificates ADD CONSTRAINT certificates_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts(id);
ALTER TABLE certificates ADD CONSTRAINT certificates_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE certificates ADD CONSTRAINT certificates_organisation_id_serial_key UNIQUE (organisation_id, serial);
ALTER TABLE certificates ADD CONSTRAINT certificates_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
ALTER TABLE certificates ADD CONSTRAINT certificates_pkey PRIMARY KEY (id);
ALTER TABLE checked_files ADD CONSTRAINT checked_files_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE checked_files ADD CONSTRAINT checked_files_outcome_check CHECK ((outcome = ANY (ARRAY['judged'::text, 'unreadable'::text, 'too_large'::text])));
ALTER TABLE checked_files ADD CONSTRAINT checked_files_pkey PRIMARY KEY (subject_id);
ALTER TABLE comment_mentions ADD CONSTRAINT comment_mentions_comment_id_fkey FOREIGN KEY (comment_id) REFERENCES comments(id);
ALTER TABLE comment_mentions ADD CONSTRAINT comment_mentions_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE comment_mentions ADD CONSTRAINT comment_mentions_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
ALTER TABLE comment_mentions ADD CONSTRAINT comment_mentions_pkey PRIMARY KEY (comment_id, person_id);
ALTER TABLE comments ADD CONSTRAINT comments_audience_check CHECK ((audience = ANY (ARRAY['inside'::text, 'counterparty'::text])));
ALTER TABLE comments ADD CONSTRAINT comments_check CHECK ((((place_x IS NULL) = (place_y IS NULL)) AND ((place_x IS NULL) OR (page IS NOT NULL))));
ALTER TABLE comments ADD CONSTRAINT comments_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id);
ALTER TABLE comments ADD CONSTRAINT comments_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE comments ADD CONSTRAINT comments_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
ALTER TABLE comments ADD CONSTRAINT comments_pkey PRIMARY KEY (id);
ALTER TABLE comments ADD CONSTRAINT comments_version_id_fkey FOREIGN KEY (version_id) REFERENCES versions(id);
ALTER TABLE consents ADD CONSTRAINT consents_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts(id);
ALTER TABLE consents ADD CONSTRAINT consents_kind_check CHECK ((kind = ANY (ARRAY['electronic_signature'::text, 'personal_data'::text])));
ALTER TABLE consents ADD CONSTRAINT consents_link_id_fkey FOREIGN KEY (link_id) REFERENCES links(id);
ALTER TABLE consents ADD CONSTRAINT consents_locale_check CHECK ((locale = ANY (ARRAY['ru'::text, 'en'::text])));
ALTER TABLE consents ADD CONSTRAINT consents_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE consents ADD CONSTRAINT consents_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
ALTER TABLE consents ADD CONSTRAINT consents_pkey PRIMARY KEY (id);
ALTER TABLE consents ADD CONSTRAINT consents_task_id_fkey FOREIGN KEY (task_id) REFERENCES tasks(id);
ALTER TABLE consents ADD CONSTRAINT consents_version_id_fkey FOREIGN KEY (version_id) REFERENCES versions(id);
ALTER TABLE contacts ADD CONSTRAINT contacts_counterparty_id_fkey FOREIGN KEY (counterparty_id) REFERENCES counterparties(id);
ALTER TABLE contacts ADD CONSTRAINT contacts_locale_check CHECK ((locale = ANY (ARRAY['ru'::text, 'en'::text])));
ALTER TABLE contacts ADD CONSTRAINT contacts_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE contacts ADD CONSTRAINT contacts_pkey PRIMARY KEY (id);
ALTER TABLE counterparties ADD CONSTRAINT counterparties_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE counterparties ADD CONSTRAINT counterparties_pkey PRIMARY KEY (id);
ALTER TABLE definitions ADD CONSTRAINT definitions_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE definitions ADD CONSTRAINT definitions_pkey PRIMARY KEY (organisation_id, digest);
ALTER TABLE departments ADD CONSTRAINT departments_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE departments ADD CONSTRAINT departments_organisation_id_key_key UNIQUE (organisation_id, key);
ALTER TABLE departments ADD CONSTRAINT departments_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES departments(id);
ALTER TABLE departments ADD CONSTRAINT departments_pkey PRIMARY KEY (id);
ALTER TABLE detached_signatures ADD CONSTRAINT detached_signatures_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts(id);
ALTER TABLE detached_signatures ADD CONSTRAINT detached_signatures_covers_check CHECK ((covers = ANY (ARRAY['main'::text, 'signed_copy'::text])));
ALTER TABLE detached_signatures ADD CONSTRAINT detached_signatures_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id);
ALTER TABLE detached_signatures ADD CONSTRAINT detached_signatures_indication_check CHECK ((indication = ANY (ARRAY['TOTAL-PASSED'::text, 'INDETERMINATE'::text])));
ALTER TABLE detached_signatures ADD CONSTRAINT detached_signatures_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE detached_signatures ADD CONSTRAINT detached_signatures_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
ALTER TABLE detached_signatures ADD CONSTRAINT detached_signatures_pkey PRIMARY KEY (id);
ALTER TABLE detached_signatures ADD CONSTRAINT detached_signatures_revocation_check CHECK ((revocation = ANY (ARRAY['known'::text, 'open'::text])));
ALTER TABLE detached_signatures ADD CONSTRAINT detached_signatures_signing_id_fkey FOREIGN KEY (signing_id) REFERENCES signings(id);
ALTER TABLE detached_signatures ADD CONSTRAINT detached_signatures_task_id_fkey FOREIGN KEY (task_id) REFERENCES tasks(id);
ALTER TABLE detached_signatures ADD CONSTRAINT detached_signatures_version_id_digest_key UNIQUE (version_id, digest);
ALTER TABLE detached_signatures ADD CONSTRAINT detached_signatures_version_id_fkey FOREIGN KEY (version_id) REFERENCES versions(id);
ALTER TABLE disagreements ADD CONSTRAINT disagreements_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts(id);
ALTER TABLE disagreements ADD CONSTRAINT disagreements_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id);
ALTER TABLE disagreements ADD CONSTRAINT disagreements_link_id_fkey FOREIGN KEY (link_id) REFERENCES links(id);
ALTER TABLE disagreements ADD CONSTRAINT disagreements_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE disagreements ADD CONSTRAINT disagreements_pkey PRIMARY KEY (id);
ALTER TABLE disagreements ADD CONSTRAINT disagreements_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id);
ALTER TABLE disagreements ADD CONSTRAINT disagreements_task_id_fkey FOREIGN KEY (task_id) REFERENCES tasks(id);
ALTER TABLE disagreements ADD CONSTRAINT disagreements_task_id_key UNIQUE (task_id);
ALTER TABLE disagreements ADD CONSTRAINT disagreements_version_id_fkey FOREIGN KEY (version_id) REFERENCES versions(id);
ALTER TABLE document_origins ADD CONSTRAINT document_origins_check CHECK ((document_id <> origin_id));
ALTER TABLE document_origins ADD CONSTRAINT document_origins_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id);
ALTER TABLE document_origins ADD CONSTRAINT document_origins_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE document_origins ADD CONSTRAINT document_origins_organisation_id_key_key UNIQUE (organisation_id, key);
ALTER TABLE document_origins ADD CONSTRAINT document_origins_origin_id_fkey FOREIGN KEY (origin_id) REFERENCES documents(id);
ALTER TABLE document_origins ADD CONSTRAINT document_origins_pkey PRIMARY KEY (document_id);
ALTER TABLE document_origins ADD CONSTRAINT document_origins_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id);
ALTER TABLE documents ADD CONSTRAINT documents_counterparty_id_fkey FOREIGN KEY (counterparty_id) REFERENCES counterparties(id);
ALTER TABLE documents ADD CONSTRAINT documents_department_id_fkey FOREIGN KEY (department_id) REFERENCES departments(id);
ALTER TABLE documents ADD CONSTRAINT documents_initiator_id_fkey FOREIGN KEY (initiator_id) REFERENCES people(id);
ALTER TABLE documents ADD CONSTRAINT documents_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE documents ADD CONSTRAINT documents_organisation_id_registration_number_key UNIQUE (organisation_id, registration_number);
ALTER TABLE documents ADD CONSTRAINT documents_pkey PRIMARY KEY (id);
ALTER TABLE documents ADD CONSTRAINT documents_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'in_run'::text, 'rework'::text, 'effective'::text, 'rejected'::text, 'withdrawn'::text, 'annulled'::text])));
ALTER TABLE editions ADD CONSTRAINT editions_author_id_fkey FOREIGN KEY (author_id) REFERENCES people(id);
ALTER TABLE editions ADD CONSTRAINT editions_check CHECK (((state <> 'published'::text) OR ((decided_by_id IS NOT NULL) AND (decided_by_id <> author_id) AND (effective_at IS NOT NULL))));
ALTER TABLE editions ADD CONSTRAINT editions_decided_by_id_fkey FOREIGN KEY (decided_by_id) REFERENCES people(id);
ALTER TABLE editions ADD CONSTRAINT editions_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE editions ADD CONSTRAINT editions_organisation_id_workflow_id_number_key UNIQUE (organisation_id, workflow_id, number);
ALTER TABLE editions ADD CONSTRAINT editions_pkey PRIMARY KEY (id);
ALTER TABLE editions ADD CONSTRAINT editions_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'proposed'::text, 'published'::text, 'discarded'::text])));
ALTER TABLE idempotency_keys ADD CONSTRAINT idempotency_keys_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE idempotency_keys ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (organisation_id, actor_id, key);
ALTER TABLE jobs ADD CONSTRAINT jobs_kind_check CHECK ((kind = ANY (ARRAY['render_pages'::text, 'sweep'::text, 'recheck'::text, 'extend'::text, 'daily_letters'::text, 'create_document'::text, 'count_children'::text, 'start_run'::text])));
ALTER TABLE jobs ADD CONSTRAINT jobs_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE jobs ADD CONSTRAINT jobs_organisation_id_key_key UNIQUE (organisation_id, key);
ALTER TABLE jobs ADD CONSTRAINT jobs_pkey PRIMARY KEY (id);
ALTER TABLE jobs ADD CONSTRAINT jobs_state_check CHECK ((state = ANY (ARRAY['ready'::text, 'running'::text, 'done'::text, 'failed'::text])));
ALTER TABLE journal_entries ADD CONSTRAINT journal_entries_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id);
ALTER TABLE journal_entries ADD CONSTRAINT journal_entries_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE journal_entries ADD CONSTRAINT journal_entries_pkey PRIMARY KEY (id);
ALTER TABLE journal_entries ADD CONSTRAINT journal_entries_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id);
ALTER TABLE journal_entries ADD CONSTRAINT journal_entries_version_id_fkey FOREIGN KEY (version_id) REFERENCES versions(id);
ALTER TABLE journals ADD CONSTRAINT journals_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE journals ADD CONSTRAINT journals_pkey PRIMARY KEY (organisation_id, journal, year);
ALTER TABLE kept_evidence ADD CONSTRAINT kept_evidence_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE kept_evidence ADD CONSTRAINT kept_evidence_pkey PRIMARY KEY (version_id, digest);
ALTER TABLE kept_evidence ADD CONSTRAINT kept_evidence_version_id_fkey FOREIGN KEY (version_id) REFERENCES versions(id);
ALTER TABLE link_codes ADD CONSTRAINT link_codes_link_id_fkey FOREIGN KEY (link_id) REFERENCES links(id);
ALTER TABLE link_codes ADD CONSTRAINT link_codes_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE link_codes ADD CONSTRAINT link_codes_pkey PRIMARY KEY (id);
ALTER TABLE link_visits ADD CONSTRAINT link_visits_link_id_fkey FOREIGN KEY (link_id) REFERENCES links(id);
ALTER TABLE link_visits ADD CONSTRAINT link_visits_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE link_visits ADD CONSTRAINT link_visits_pkey PRIMARY KEY (id);
ALTER TABLE link_visits ADD CONSTRAINT link_visits_secret_hash_key UNIQUE (secret_hash);
ALTER TABLE links ADD CONSTRAINT links_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts(id);
ALTER TABLE links ADD CONSTRAINT links_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id);
ALTER TABLE links ADD CONSTRAINT links_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE links ADD CONSTRAINT links_pkey PRIMARY KEY (id);
ALTER TABLE links ADD CONSTRAINT links_replaces_id_fkey FOREIGN KEY (replaces_id) REFERENCES links(id);
ALTER TABLE links ADD CONSTRAINT links_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id);
ALTER TABLE links ADD CONSTRAINT links_secret_hash_key UNIQUE (secret_hash);
ALTER TABLE links ADD CONSTRAINT links_state_check CHECK ((state = ANY (ARRAY['active'::text, 'signed'::text, 'refused'::text, 'returned'::text, 'handed_over'::text, 'expired'::text, 'revoked'::text])));
ALTER TABLE links ADD CONSTRAINT links_task_id_fkey FOREIGN KEY (task_id) REFERENCES tasks(id);
ALTER TABLE links ADD CONSTRAINT links_typed_code_hash_key UNIQUE (typed_code_hash);
ALTER TABLE links ADD CONSTRAINT links_version_id_fkey FOREIGN KEY (version_id) REFERENCES versions(id);
ALTER TABLE mandates ADD CONSTRAINT mandates_check CHECK (((limit_amount IS NULL) = (limit_currency IS NULL)));
ALTER TABLE mandates ADD CONSTRAINT mandates_check1 CHECK (((until_at IS NULL) OR (until_at > from_at)));
ALTER TABLE mandates ADD CONSTRAINT mandates_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE mandates ADD CONSTRAINT mandates_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
ALTER TABLE mandates ADD CONSTRAINT mandates_pkey PRIMARY KEY (id);
ALTER TABLE news_marks ADD CONSTRAINT news_marks_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE news_marks ADD CONSTRAINT news_marks_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
ALTER TABLE news_marks ADD CONSTRAINT news_marks_pkey PRIMARY KEY (person_id);
ALTER TABLE organisations ADD CONSTRAINT organisations_locale_check CHECK ((locale = ANY (ARRAY['ru'::text, 'en'::text])));
ALTER TABLE organisations ADD CONSTRAINT organisations_pkey PRIMARY KEY (id);
ALTER TABLE outbox ADD CONSTRAINT outbox_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts(id);
ALTER TABLE outbox ADD CONSTRAINT outbox_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id);
ALTER TABLE outbox ADD CONSTRAINT outbox_locale_check CHECK ((locale = ANY (ARRAY['ru'::text, 'en'::text])));
ALTER TABLE outbox ADD CONSTRAINT outbox_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE outbox ADD CONSTRAINT outbox_organisation_id_key_key UNIQUE (organisation_id, key);
ALTER TABLE outbox ADD CONSTRAINT outbox_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
ALTER TABLE outbox ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);
ALTER TABLE outbox ADD CONSTRAINT outbox_state_check CHECK ((state = ANY (ARRAY['ready'::text, 'sending'::text, 'sent'::text, 'failed'::text])));
ALTER TABLE outside_certificates ADD CONSTRAINT outside_certificates_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE outside_certificates ADD CONSTRAINT outside_certificates_pkey PRIMARY KEY (signing_id);
ALTER TABLE outside_certificates ADD CONSTRAINT outside_certificates_signing_id_fkey FOREIGN KEY (signing_id) REFERENCES signings(id);
ALTER TABLE page_images ADD CONSTRAINT page_images_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE page_images ADD CONSTRAINT page_images_pkey PRIMARY KEY (organisation_id, file_digest, page);
ALTER TABLE people ADD CONSTRAINT people_department_id_fkey FOREIGN KEY (department_id) REFERENCES departments(id);
ALTER TABLE people ADD CONSTRAINT people_letters_check CHECK ((letters = ANY (ARRAY['each'::text, 'daily'::text])));
ALTER TABLE people ADD CONSTRAINT people_locale_check CHECK ((locale = ANY (ARRAY['ru'::text, 'en'::text])));
ALTER TABLE people ADD CONSTRAINT people_login_key UNIQUE (login);
ALTER TABLE people ADD CONSTRAINT people_manager_id_fkey FOREIGN KEY (manager_id) REFERENCES people(id);
ALTER TABLE people ADD CONSTRAINT people_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE people ADD CONSTRAINT people_pkey PRIMARY KEY (id);
ALTER TABLE people ADD CONSTRAINT people_state_check CHECK ((state = ANY (ARRAY['invited'::text, 'active'::text, 'disabled'::text])));
ALTER TABLE people ADD CONSTRAINT people_theme_check CHECK ((theme = ANY (ARRAY['system'::text, 'light'::text, 'dark'::text])));
ALTER TABLE person_groups ADD CONSTRAINT person_groups_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE person_groups ADD CONSTRAINT person_groups_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
ALTER TABLE person_groups ADD CONSTRAINT person_groups_pkey PRIMARY KEY (id);
ALTER TABLE person_links ADD CONSTRAINT person_links_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE person_links ADD CONSTRAINT person_links_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
ALTER TABLE person_links ADD CONSTRAINT person_links_pkey PRIMARY KEY (id);
ALTER TABLE person_links ADD CONSTRAINT person_links_purpose_check CHECK ((purpose = ANY (ARRAY['invitation'::text, 'password_reset'::text])));
ALTER TABLE person_links ADD CONSTRAINT person_links_secret_hash_key UNIQUE (secret_hash);
ALTER TABLE person_roles ADD CONSTRAINT person_roles_department_id_fkey FOREIGN KEY (department_id) REFERENCES departments(id);
ALTER TABLE person_roles ADD CONSTRAINT person_roles_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE person_roles ADD CONSTRAINT person_roles_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
ALTER TABLE person_roles ADD CONSTRAINT person_roles_pkey PRIMARY KEY (id);
ALTER TABLE power_checks ADD CONSTRAINT power_checks_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE power_checks ADD CONSTRAINT power_checks_pkey PRIMARY KEY (power_id);
ALTER TABLE power_checks ADD CONSTRAINT power_checks_power_id_fkey FOREIGN KEY (power_id) REFERENCES signature_powers(id);
ALTER TABLE power_checks ADD CONSTRAINT power_checks_previous_result_check CHECK ((previous_result = ANY (ARRAY['confirmed'::text, 'undecided'::text, 'refused'::text])));
ALTER TABLE power_checks ADD CONSTRAINT power_checks_result_check CHECK ((result = ANY (ARRAY['confirmed'::text, 'undecided'::text, 'refused'::text])));
ALTER TABLE questions ADD CONSTRAINT questions_answered_by_id_fkey FOREIGN KEY (answered_by_id) REFERENCES people(id);
ALTER TABLE questions ADD CONSTRAINT questions_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts(id);
ALTER TABLE questions ADD CONSTRAINT questions_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id);
ALTER TABLE questions ADD CONSTRAINT questions_link_id_fkey FOREIGN KEY (link_id) REFERENCES links(id);
ALTER TABLE questions ADD CONSTRAINT questions_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE questions ADD CONSTRAINT questions_pkey PRIMARY KEY (id);
ALTER TABLE questions ADD CONSTRAINT questions_version_id_fkey FOREIGN KEY (version_id) REFERENCES versions(id);
ALTER TABLE raised_signatures ADD CONSTRAINT raised_signatures_detached_id_fkey FOREIGN KEY (detached_id) REFERENCES detached_signatures(id);
ALTER TABLE raised_signatures ADD CONSTRAINT raised_signatures_level_check CHECK ((level = ANY (ARRAY['B-LT'::text, 'B-LTA'::text])));
ALTER TABLE raised_signatures ADD CONSTRAINT raised_signatures_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE raised_signatures ADD CONSTRAINT raised_signatures_pkey PRIMARY KEY (detached_id);
ALTER TABLE remarks ADD CONSTRAINT remarks_check CHECK ((((place_x IS NULL) = (place_y IS NULL)) AND ((place_x IS NULL) OR (page IS NOT NULL))));
ALTER TABLE remarks ADD CONSTRAINT remarks_closed_by_id_fkey FOREIGN KEY (closed_by_id) REFERENCES people(id);
ALTER TABLE remarks ADD CONSTRAINT remarks_comment_id_fkey FOREIGN KEY (comment_id) REFERENCES comments(id);
ALTER TABLE remarks ADD CONSTRAINT remarks_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts(id);
ALTER TABLE remarks ADD CONSTRAINT remarks_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id);
ALTER TABLE remarks ADD CONSTRAINT remarks_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE remarks ADD CONSTRAINT remarks_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
ALTER TABLE remarks ADD CONSTRAINT remarks_pkey PRIMARY KEY (id);
ALTER TABLE remarks ADD CONSTRAINT remarks_state_check CHECK ((state = ANY (ARRAY['open'::text, 'closed'::text])));
ALTER TABLE remarks ADD CONSTRAINT remarks_task_id_fkey FOREIGN KEY (task_id) REFERENCES tasks(id);
ALTER TABLE remarks ADD CONSTRAINT remarks_version_id_fkey FOREIGN KEY (version_id) REFERENCES versions(id);
ALTER TABLE revocation_lists ADD CONSTRAINT revocation_lists_authority_key_id_fkey FOREIGN KEY (authority_key_id) REFERENCES authority_keys(id);
ALTER TABLE revocation_lists ADD CONSTRAINT revocation_lists_fingerprint_key UNIQUE (fingerprint);
ALTER TABLE revocation_lists ADD CONSTRAINT revocation_lists_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE revocation_lists ADD CONSTRAINT revocation_lists_pkey PRIMARY KEY (authority_key_id);
ALTER TABLE revoked_certificates ADD CONSTRAINT revoked_certificates_authority_key_id_fkey FOREIGN KEY (authority_key_id) REFERENCES authority_keys(id);
ALTER TABLE revoked_certificates ADD CONSTRAINT revoked_certificates_authority_key_id_serial_key UNIQUE (authority_key_id, serial);
ALTER TABLE revoked_certificates ADD CONSTRAINT revoked_certificates_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE revoked_certificates ADD CONSTRAINT revoked_certificates_pkey PRIMARY KEY (id);
ALTER TABLE revoked_certificates ADD CONSTRAINT revoked_certificates_reason_check CHECK ((reason = ANY (ARRAY['key_compromise'::text, 'affiliation_changed'::text, 'superseded'::text, 'cessation_of_operation'::text])));
ALTER TABLE revoked_certificates ADD CONSTRAINT revoked_certificates_revoked_key_id_fkey FOREIGN KEY (revoked_key_id) REFERENCES authority_keys(id);
ALTER TABLE reworkers ADD CONSTRAINT reworkers_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id);
ALTER TABLE reworkers ADD CONSTRAINT reworkers_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE reworkers ADD CONSTRAINT reworkers_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
ALTER TABLE reworkers ADD CONSTRAINT reworkers_pkey PRIMARY KEY (run_id, person_id);
ALTER TABLE reworkers ADD CONSTRAINT reworkers_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id);
ALTER TABLE run_events ADD CONSTRAINT run_events_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE run_events ADD CONSTRAINT run_events_pkey PRIMARY KEY (run_id, seq);
ALTER TABLE run_events ADD CONSTRAINT run_events_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id);
ALTER TABLE runs ADD CONSTRAINT runs_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id);
ALTER TABLE runs ADD CONSTRAINT runs_initiator_id_fkey FOREIGN KEY (initiator_id) REFERENCES people(id);
ALTER TABLE runs ADD CONSTRAINT runs_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE runs ADD CONSTRAINT runs_phase_check CHECK ((phase = ANY (ARRAY['running'::text, 'rework'::text, 'completed'::text, 'rejected'::text, 'withdrawn'::text])));
ALTER TABLE runs ADD CONSTRAINT runs_pkey PRIMARY KEY (id);
ALTER TABLE runs ADD CONSTRAINT runs_version_id_fkey FOREIGN KEY (version_id) REFERENCES versions(id);
ALTER TABLE sessions ADD CONSTRAINT sessions_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE sessions ADD CONSTRAINT sessions_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
ALTER TABLE sessions ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);
ALTER TABLE sessions ADD CONSTRAINT sessions_secret_hash_key UNIQUE (secret_hash);
ALTER TABLE shown_pages ADD CONSTRAINT shown_pages_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE shown_pages ADD CONSTRAINT shown_pages_pkey PRIMARY KEY (viewer_id, file_digest, page, image_digest);
ALTER TABLE signature_checks ADD CONSTRAINT signature_checks_detached_id_fkey FOREIGN KEY (detached_id) REFERENCES detached_signatures(id);
ALTER TABLE signature_checks ADD CONSTRAINT signature_checks_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id);
ALTER TABLE signature_checks ADD CONSTRAINT signature_checks_indication_check CHECK ((indication = ANY (ARRAY['TOTAL-PASSED'::text, 'INDETERMINATE'::text, 'TOTAL-FAILED'::text])));
ALTER TABLE signature_checks ADD CONSTRAINT signature_checks_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE signature_checks ADD CONSTRAINT signature_checks_pkey PRIMARY KEY (id);
ALTER TABLE signature_checks ADD CONSTRAINT signature_checks_previous_indication_check CHECK ((previous_indication = ANY (ARRAY['TOTAL-PASSED'::text, 'INDETERMINATE'::text, 'TOTAL-FAILED'::text])));
ALTER TABLE signature_checks ADD CONSTRAINT signature_checks_subject_id_ordinal_key UNIQUE (subject_id, ordinal);
ALTER TABLE signature_checks ADD CONSTRAINT signature_checks_version_id_fkey FOREIGN KEY (version_id) REFERENCES versions(id);
ALTER TABLE signature_power_files ADD CONSTRAINT signature_power_files_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE signature_power_files ADD CONSTRAINT signature_power_files_pkey PRIMARY KEY (power_id, "position");
ALTER TABLE signature_power_files ADD CONSTRAINT signature_power_files_power_id_fkey FOREIGN KEY (power_id) REFERENCES signature_powers(id);
ALTER TABLE signature_power_files ADD CONSTRAINT signature_power_files_role_check CHECK ((role = ANY (ARRAY['power'::text, 'signature'::text, 'parent'::text, 'parent_signature'::text])));
ALTER TABLE signature_powers ADD CONSTRAINT signature_powers_detached_id_fkey FOREIGN KEY (detached_id) REFERENCES detached_signatures(id);
ALTER TABLE signature_powers ADD CONSTRAINT signature_powers_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id);
ALTER TABLE signature_powers ADD CONSTRAINT signature_powers_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE signature_powers ADD CONSTRAINT signature_powers_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
ALTER TABLE signature_powers ADD CONSTRAINT signature_powers_pkey PRIMARY KEY (id);
ALTER TABLE signature_powers ADD CONSTRAINT signature_powers_subject_id_place_ordinal_key UNIQUE (subject_id, place, ordinal);
ALTER TABLE signature_powers ADD CONSTRAINT signature_powers_version_id_fkey FOREIGN KEY (version_id) REFERENCES versions(id);
ALTER TABLE signatures ADD CONSTRAINT signatures_algorithm_check CHECK ((algorithm = ANY (ARRAY['ecdsa_p256'::text, 'ed25519'::text, 'ecdsa_p384'::text, 'ecdsa_p521'::text, 'rsa_pkcs1'::text, 'rsa_pss'::text])));
ALTER TABLE signatures ADD CONSTRAINT signatures_certificate_id_fkey FOREIGN KEY (certificate_id) REFERENCES certificates(id);
ALTER TABLE signatures ADD CONSTRAINT signatures_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts(id);
ALTER TABLE signatures ADD CONSTRAINT signatures_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id);
ALTER TABLE signatures ADD CONSTRAINT signatures_key_place_check CHECK ((key_place = ANY (ARRAY['browser'::text, 'server'::text, 'outside'::text])));
ALTER TABLE signatures ADD CONSTRAINT signatures_level_check CHECK ((level = ANY (ARRAY['B-B'::text, 'B-T'::text])));
ALTER TABLE signatures ADD CONSTRAINT signatures_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE signatures ADD CONSTRAINT signatures_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
ALTER TABLE signatures ADD CONSTRAINT signatures_pkey PRIMARY KEY (id);
ALTER TABLE signatures ADD CONSTRAINT signatures_signing_id_fkey FOREIGN KEY (signing_id) REFERENCES signings(id);
ALTER TABLE signatures ADD CONSTRAINT signatures_task_id_fkey FOREIGN KEY (task_id) REFERENCES tasks(id);
ALTER TABLE signatures ADD CONSTRAINT signatures_version_id_base_digest_key UNIQUE (version_id, base_digest);
ALTER TABLE signatures ADD CONSTRAINT signatures_version_id_fkey FOREIGN KEY (version_id) REFERENCES versions(id);
ALTER TABLE signed_copies ADD CONSTRAINT signed_copies_level_check CHECK ((level = ANY (ARRAY['B-T'::text, 'B-LT'::text, 'B-LTA'::text])));
ALTER TABLE signed_copies ADD CONSTRAINT signed_copies_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE signed_copies ADD CONSTRAINT signed_copies_pkey PRIMARY KEY (version_id);
ALTER TABLE signed_copies ADD CONSTRAINT signed_copies_version_id_fkey FOREIGN KEY (version_id) REFERENCES versions(id);
ALTER TABLE signings ADD CONSTRAINT signings_algorithm_check CHECK ((algorithm = ANY (ARRAY['ecdsa_p256'::text, 'ed25519'::text, 'ecdsa_p384'::text, 'ecdsa_p521'::text, 'rsa_pkcs1'::text, 'rsa_pss'::text])));
ALTER TABLE signings ADD CONSTRAINT signings_certificate_id_fkey FOREIGN KEY (certificate_id) REFERENCES certificates(id);
ALTER TABLE signings ADD CONSTRAINT signings_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts(id);
ALTER TABLE signings ADD CONSTRAINT signings_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id);
ALTER TABLE signings ADD CONSTRAINT signings_form_check CHECK ((form = ANY (ARRAY['embedded'::text, 'detached'::text])));
ALTER TABLE signings ADD CONSTRAINT signings_key_place_check CHECK ((key_place = ANY (ARRAY['browser'::text, 'server'::text, 'outside'::text])));
ALTER TABLE signings ADD CONSTRAINT signings_link_id_fkey FOREIGN KEY (link_id) REFERENCES links(id);
ALTER TABLE signings ADD CONSTRAINT signings_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE signings ADD CONSTRAINT signings_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
ALTER TABLE signings ADD CONSTRAINT signings_pkey PRIMARY KEY (id);
ALTER TABLE signings ADD CONSTRAINT signings_state_check CHECK ((state = ANY (ARRAY['prepared'::text, 'completed'::text, 'abandoned'::text])));
ALTER TABLE signings ADD CONSTRAINT signings_task_id_fkey FOREIGN KEY (task_id) REFERENCES tasks(id);
ALTER TABLE signings ADD CONSTRAINT signings_version_id_fkey FOREIGN KEY (version_id) REFERENCES versions(id);
ALTER TABLE stand_ins ADD CONSTRAINT stand_ins_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE stand_ins ADD CONSTRAINT stand_ins_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
ALTER TABLE stand_ins ADD CONSTRAINT stand_ins_pkey PRIMARY KEY (task_id, person_id);
ALTER TABLE stand_ins ADD CONSTRAINT stand_ins_task_id_fkey FOREIGN KEY (task_id) REFERENCES tasks(id);
ALTER TABLE tasks ADD CONSTRAINT tasks_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts(id);
ALTER TABLE tasks ADD CONSTRAINT tasks_decided_by_id_fkey FOREIGN KEY (decided_by_id) REFERENCES people(id);
ALTER TABLE tasks ADD CONSTRAINT tasks_decision_check CHECK ((decision = ANY (ARRAY['approve'::text, 'approve_with_remarks'::text, 'return'::text, 'reject'::text, 'sign'::text, 'acknowledge'::text, 'abstain'::text])));
ALTER TABLE tasks ADD CONSTRAINT tasks_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id);
ALTER TABLE tasks ADD CONSTRAINT tasks_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE tasks ADD CONSTRAINT tasks_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
ALTER TABLE tasks ADD CONSTRAINT tasks_pkey PRIMARY KEY (id);
ALTER TABLE tasks ADD CONSTRAINT tasks_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id);
ALTER TABLE tasks ADD CONSTRAINT tasks_run_id_number_key UNIQUE (run_id, number);
ALTER TABLE tasks ADD CONSTRAINT tasks_stage_kind_check CHECK ((stage_kind = ANY (ARRAY['approve'::text, 'sign'::text, 'acknowledge'::text])));
ALTER TABLE tasks ADD CONSTRAINT tasks_state_check CHECK ((state = ANY (ARRAY['open'::text, 'done'::text, 'closed'::text])));
ALTER TABLE tasks ADD CONSTRAINT tasks_version_id_fkey FOREIGN KEY (version_id) REFERENCES versions(id);
ALTER TABLE timers ADD CONSTRAINT timers_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE timers ADD CONSTRAINT timers_pkey PRIMARY KEY (run_id, number);
ALTER TABLE timers ADD CONSTRAINT timers_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id);
ALTER TABLE timers ADD CONSTRAINT timers_task_id_fkey FOREIGN KEY (task_id) REFERENCES tasks(id);
ALTER TABLE undrawable_pages ADD CONSTRAINT undrawable_pages_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE undrawable_pages ADD CONSTRAINT undrawable_pages_pkey PRIMARY KEY (organisation_id, file_digest, page);
ALTER TABLE versions ADD CONSTRAINT versions_author_id_fkey FOREIGN KEY (author_id) REFERENCES people(id);
ALTER TABLE versions ADD CONSTRAINT versions_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id);
ALTER TABLE versions ADD CONSTRAINT versions_document_id_number_key UNIQUE (document_id, number);
ALTER TABLE versions ADD CONSTRAINT versions_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id);
ALTER TABLE versions ADD CONSTRAINT versions_pkey PRIMARY KEY (id);
CREATE UNIQUE INDEX absences_pkey ON public.absences USING btree (id);
CREATE INDEX absences_until ON public.absences USING btree (organisation_id, until_at);
CREATE INDEX absences_untold ON public.absences USING btree (from_at) WHERE (told_at IS NULL);
CREATE INDEX api_tokens_person ON public.api_tokens USING btree (person_id);
CREATE UNIQUE INDEX api_tokens_pkey ON public.api_tokens USING btree (id);
CREATE UNIQUE INDEX api_tokens_secret_hash_key ON public.api_tokens USING btree (secret_hash);
CREATE INDEX attachments_digest ON public.attachments USING btree (organisation_id, digest);
CREATE UNIQUE INDEX attachments_pkey ON public.attachments USING btree (id);
CREATE UNIQUE INDEX attachments_version_id_position_key ON public.attachments USING btree (version_id, "position");
CREATE INDEX audit_events_actor ON public.audit_events USING btree (organisation_id, actor_id, document_id) WHERE (document_id IS NOT NULL);
CREATE INDEX audit_events_document ON public.audit_events USING btree (document_id, at);
CREATE INDEX audit_events_handed ON public.audit_events USING btree (organisation_id, actor_id, subject_id) WHERE (action = 'task.delegated'::text);
CREATE INDEX audit_events_list ON public.audit_events USING btree (organisation_id, at, id);
CREATE UNIQUE INDEX audit_events_pkey ON public.audit_events USING btree (id);
CREATE UNIQUE INDEX authority_keys_one ON public.authority_keys USING btree (organisation_id, purpose) WHERE (retired_at IS NULL);
CREATE UNIQUE INDEX authority_keys_pkey ON public.authority_keys USING btree (id);
CREATE INDEX blobs_age ON public.blobs USING btree (organisation_id, created_at);
CREATE UNIQUE INDEX blobs_pkey ON public.blobs USING btree (organisation_id, digest);
CREATE INDEX calls_document ON public.calls USING btree (document_id);
CREATE INDEX calls_due ON public.calls USING btree (kind, next_at) WHERE (state = ANY (ARRAY['ready'::text, 'calling'::text]));
CREATE UNIQUE INDEX calls_key ON public.calls USING btree (organisation_id, key);
CREATE UNIQUE INDEX calls_pkey ON public.calls USING btree (id);
CREATE UNIQUE INDEX certificates_organisation_id_serial_key ON public.certificates USING btree (organisation_id, serial);
CREATE UNIQUE INDEX certificates_pkey ON public.certificates USING btree (id);
CREATE INDEX checked_files_age ON public.checked_files USING btree (organisation_id, checked_at);
CREATE UNIQUE INDEX checked_files_pkey ON public.checked_files USING btree (subject_id);
CREATE INDEX comment_mentions_of_person ON public.comment_mentions USING btree (person_id);
CREATE UNIQUE INDEX comment_mentions_pkey ON public.comment_mentions USING btree (comment_id, person_id);
CREATE INDEX comments_of_document ON public.comments USING btree (document_id, created_at);
CREATE INDEX comments_of_person ON public.comments USING btree (person_id, created_at);
CREATE UNIQUE INDEX comments_pkey ON public.comments USING btree (id);
CREATE UNIQUE INDEX consents_once ON public.consents USING btree (task_id, version_id, kind, COALESCE(person_id, contact_id));
CREATE UNIQUE INDEX consents_pkey ON public.consents USING btree (id);
CREATE INDEX consents_task ON public.consents USING btree (task_id);
CREATE INDEX contacts_counterparty ON public.contacts USING btree (counterparty_id);
CREATE UNIQUE INDEX contacts_pkey ON public.contacts USING btree (id);
CREATE INDEX counterparties_organisation ON public.counterparties USING btree (organisation_id, name);
CREATE UNIQUE INDEX counterparties_pkey ON public.counterparties USING btree (id);
CREATE UNIQUE INDEX definitions_pkey ON public.definitions USING btree (organisation_id, digest);
CREATE UNIQUE INDEX departments_organisation_id_key_key ON public.departments USING btree (organisation_id, key);
CREATE UNIQUE INDEX departments_pkey ON public.departments USING btree (id);
CREATE INDEX detached_signatures_document ON public.detached_signatures USING btree (document_id);
CREATE INDEX detached_signatures_organisation ON public.detached_signatures USING btree (organisation_id);
CREATE UNIQUE INDEX detached_signatures_pkey ON public.detached_signatures USING btree (id);
CREATE UNIQUE INDEX detached_signatures_signing ON public.detached_signatures USING btree (signing_id);
CREATE UNIQUE INDEX detached_signatures_version_id_digest_key ON public.detached_signatures USING btree (version_id, digest);
CREATE INDEX disagreements_digest ON public.disagreements USING btree (organisation_id, digest);
CREATE INDEX disagreements_document ON public.disagreements USING btree (document_id);
CREATE UNIQUE INDEX disagreements_pkey ON public.disagreements USING btree (id);
CREATE UNIQUE INDEX disagreements_task_id_key ON public.disagreements USING btree (task_id);
CREATE INDEX document_origins_of ON public.document_origins USING btree (origin_id);
CREATE UNIQUE INDEX document_origins_organisation_id_key_key ON public.document_origins USING btree (organisation_id, key);
CREATE UNIQUE INDEX document_origins_pkey ON public.document_origins USING btree (document_id);
CREATE INDEX documents_list ON public.documents USING btree (organisation_id, updated_at, id);
CREATE UNIQUE INDEX documents_organisation_id_registration_number_key ON public.documents USING btree (organisation_id, registration_number);
CREATE INDEX documents_owed ON public.documents USING btree (organisation_id, initiator_id, state, updated_at) WHERE (state = ANY (ARRAY['draft'::text, 'rework'::text]));
CREATE UNIQUE INDEX documents_pkey ON public.documents USING btree (id);
CREATE INDEX editions_in_force ON public.editions USING btree (organisation_id, effective_at) WHERE (state = 'published'::text);
CREATE UNIQUE INDEX editions_open ON public.editions USING btree (organisation_id, workflow_id) WHERE (state = ANY (ARRAY['draft'::text, 'proposed'::text]));
CREATE UNIQUE INDEX editions_organisation_id_workflow_id_number_key ON public.editions USING btree (organisation_id, workflow_id, number);
CREATE UNIQUE INDEX editions_pkey ON public.editions USING btree (id);
CREATE UNIQUE INDEX idempotency_keys_pkey ON public.idempotency_keys USING btree (organisation_id, actor_id, key);
CREATE UNIQUE INDEX jobs_organisation_id_key_key ON public.jobs USING btree (organisation_id, key);
CREATE UNIQUE INDEX jobs_pkey ON public.jobs USING btree (id);
CREATE INDEX jobs_ready ON public.jobs USING btree (next_at) WHERE (state = ANY (ARRAY['ready'::text, 'running'::text]));
CREATE INDEX journal_entries_document ON public.journal_entries USING btree (document_id);
CREATE UNIQUE INDEX journal_entries_key ON public.journal_entries USING btree (organisation_id, key);
CREATE UNIQUE INDEX journal_entries_number ON public.journal_entries USING btree (organisation_id, journal, year, number);
CREATE UNIQUE INDEX journal_entries_pkey ON public.journal_entries USING btree (id);
CREATE UNIQUE INDEX journals_pkey ON public.journals USING btree (organisation_id, journal, year);
CREATE INDEX kept_evidence_files ON public.kept_evidence USING btree (organisation_id, digest);
CREATE UNIQUE INDEX kept_evidence_pkey ON public.kept_evidence USING btree (version_id, digest);
CREATE INDEX link_codes_link ON public.link_codes USING btree (link_id, sent_at);
CREATE UNIQUE INDEX link_codes_pkey ON public.link_codes USING btree (id);
CREATE INDEX link_visits_link ON public.link_visits USING btree (link_id);
CREATE UNIQUE INDEX link_visits_pkey ON public.link_visits USING btree (id);
CREATE UNIQUE INDEX link_visits_secret_hash_key ON public.link_visits USING btree (secret_hash);
CREATE INDEX links_document ON public.links USING btree (document_id);
CREATE UNIQUE INDEX links_pkey ON public.links USING btree (id);
CREATE UNIQUE INDEX links_secret_hash_key ON public.links USING btree (secret_hash);
CREATE INDEX links_task ON public.links USING btree (task_id);
CREATE UNIQUE INDEX links_typed_code_hash_key ON public.links USING btree (typed_code_hash);
CREATE INDEX mandates_of ON public.mandates USING btree (organisation_id, person_id);
CREATE UNIQUE INDEX mandates_pkey ON public.mandates USING btree (id);
CREATE UNIQUE INDEX news_marks_pkey ON public.news_marks USING btree (person_id);
CREATE UNIQUE INDEX organisations_pkey ON public.organisations USING btree (id);
CREATE INDEX outbox_list ON public.outbox USING btree (organisation_id, created_at);
CREATE UNIQUE INDEX outbox_organisation_id_key_key ON public.outbox USING btree (organisation_id, key);
CREATE UNIQUE INDEX outbox_pkey ON public.outbox USING btree (id);
CREATE INDEX outbox_ready ON public.outbox USING btree (next_at) WHERE (state = ANY (ARRAY['ready'::text, 'sending'::text]));
CREATE UNIQUE INDEX outside_certificates_pkey ON public.outside_certificates USING btree (signing_id);
CREATE INDEX page_images_digest ON public.page_images USING btree (organisation_id, image_digest);
CREATE UNIQUE INDEX page_images_pkey ON public.page_images USING btree (organisation_id, file_digest, page);
CREATE UNIQUE INDEX people_login_key ON public.people USING btree (login);
CREATE INDEX people_organisation ON public.people USING btree (organisation_id, name);
CREATE UNIQUE INDEX people_pkey ON public.people USING btree (id);
CREATE INDEX person_groups_person ON public.person_groups USING btree (person_id);
CREATE UNIQUE INDEX person_groups_pkey ON public.person_groups USING btree (id);
CREATE INDEX person_links_person ON public.person_links USING btree (person_id);
CREATE UNIQUE INDEX person_links_pkey ON public.person_links USING btree (id);
CREATE UNIQUE INDEX person_links_secret_hash_key ON public.person_links USING btree (secret_hash);
CREATE INDEX person_roles_person ON public.person_roles USING btree (person_id);
CREATE UNIQUE INDEX person_roles_pkey ON public.person_roles USING btree (id);
CREATE UNIQUE INDEX power_checks_pkey ON public.power_checks USING btree (power_id);
CREATE INDEX questions_document ON public.questions USING btree (document_id);
CREATE INDEX questions_open ON public.questions USING btree (organisation_id, document_id) WHERE (answered_at IS NULL);
CREATE UNIQUE INDEX questions_pkey ON public.questions USING btree (id);
CREATE INDEX raised_signatures_due ON public.raised_signatures USING btree (organisation_id, raise_after);
CREATE UNIQUE INDEX raised_signatures_pkey ON public.raised_signatures USING btree (detached_id);
CREATE UNIQUE INDEX remarks_comment ON public.remarks USING btree (comment_id) WHERE (comment_id IS NOT NULL);
CREATE INDEX remarks_document ON public.remarks USING btree (document_id);
CREATE UNIQUE INDEX remarks_pkey ON public.remarks USING btree (id);
CREATE UNIQUE INDEX revocation_lists_fingerprint_key ON public.revocation_lists USING btree (fingerprint);
CREATE UNIQUE INDEX revocation_lists_pkey ON public.revocation_lists USING btree (authority_key_id);
CREATE UNIQUE INDEX revoked_certificates_authority_key_id_serial_key ON public.revoked_certificates USING btree (authority_key_id, serial);
CREATE UNIQUE INDEX revoked_certificates_pkey ON public.revoked_certificates USING btree (id);
CREATE INDEX reworkers_document ON public.reworkers USING btree (document_id);
CREATE INDEX reworkers_person ON public.reworkers USING btree (person_id);
CREATE UNIQUE INDEX reworkers_pkey ON public.reworkers USING btree (run_id, person_id);
CREATE UNIQUE INDEX run_events_pkey ON public.run_events USING btree (run_id, seq);
CREATE INDEX runs_document ON public.runs USING btree (document_id, started_at, id);
CREATE INDEX runs_incident ON public.runs USING btree (organisation_id, incident_at) WHERE (incident_at IS NOT NULL);
CREATE UNIQUE INDEX runs_one_live ON public.runs USING btree (document_id) WHERE (finished_at IS NULL);
CREATE UNIQUE INDEX runs_pkey ON public.runs USING btree (id);
CREATE INDEX sessions_person ON public.sessions USING btree (person_id);
CREATE UNIQUE INDEX sessions_pkey ON public.sessions USING btree (id);
CREATE UNIQUE INDEX sessions_secret_hash_key ON public.sessions USING btree (secret_hash);
CREATE INDEX shown_pages_image ON public.shown_pages USING btree (organisation_id, image_digest);
CREATE UNIQUE INDEX shown_pages_pkey ON public.shown_pages USING btree (viewer_id, file_digest, page, image_digest);
CREATE INDEX signature_checks_list ON public.signature_checks USING btree (organisation_id, created_at, id);
CREATE UNIQUE INDEX signature_checks_pkey ON public.signature_checks USING btree (id);
CREATE UNIQUE INDEX signature_checks_subject_id_ordinal_key ON public.signature_checks USING btree (subject_id, ordinal);
CREATE INDEX signature_checks_verdict ON public.signature_checks USING btree (organisation_id, indication);
CREATE INDEX signature_checks_version ON public.signature_checks USING btree (version_id);
CREATE INDEX signature_power_files_digest ON public.signature_power_files USING btree (organisation_id, digest);
CREATE UNIQUE INDEX signature_power_files_pkey ON public.signature_power_files USING btree (power_id, "position");
CREATE INDEX signature_powers_document ON public.signature_powers USING btree (document_id);
CREATE UNIQUE INDEX signature_powers_pkey ON public.signature_powers USING btree (id);
CREATE UNIQUE INDEX signature_powers_subject_id_place_ordinal_key ON public.signature_powers USING btree (subject_id, place, ordinal);
CREATE INDEX signatures_base ON public.signatures USING btree (organisation_id, base_digest);
CREATE INDEX signatures_copy ON public.signatures USING btree (organisation_id, copy_digest);
CREATE INDEX signatures_document ON public.signatures USING btree (document_id);
CREATE UNIQUE INDEX signatures_pkey ON public.signatures USING btree (id);
CREATE INDEX signatures_task ON public.signatures USING btree (task_id);
CREATE UNIQUE INDEX signatures_version_id_base_digest_key ON public.signatures USING btree (version_id, base_digest);
CREATE INDEX signed_copies_digest ON public.signed_copies USING btree (organisation_id, digest);
CREATE UNIQUE INDEX signed_copies_pkey ON public.signed_copies USING btree (version_id);
CREATE UNIQUE INDEX signings_pkey ON public.signings USING btree (id);
CREATE INDEX signings_prepared ON public.signings USING btree (organisation_id, prepared_digest);
CREATE INDEX signings_task ON public.signings USING btree (task_id);
CREATE INDEX stand_ins_person ON public.stand_ins USING btree (person_id);
CREATE UNIQUE INDEX stand_ins_pkey ON public.stand_ins USING btree (task_id, person_id);
CREATE INDEX tasks_document ON public.tasks USING btree (document_id);
CREATE INDEX tasks_done ON public.tasks USING btree (organisation_id, closed_at) WHERE (state = 'done'::text);
CREATE INDEX tasks_open_person ON public.tasks USING btree (person_id, due_at) WHERE (state = 'open'::text);
CREATE INDEX tasks_person ON public.tasks USING btree (person_id, closed_at);
CREATE UNIQUE INDEX tasks_pkey ON public.tasks USING btree (id);
CREATE UNIQUE INDEX tasks_run_id_number_key ON public.tasks USING btree (run_id, number);
CREATE UNIQUE INDEX timers_pkey ON public.timers USING btree (run_id, number);
CREATE INDEX timers_rings ON public.timers USING btree (rings_at);
CREATE INDEX timers_task ON public.timers USING btree (task_id);
CREATE UNIQUE INDEX undrawable_pages_pkey ON public.undrawable_pages USING btree (organisation_id, file_digest, page);
CREATE UNIQUE INDEX versions_document_id_number_key ON public.versions USING btree (document_id, number);
CREATE INDEX versions_main ON public.versions USING btree (organisation_id, main_digest);
CREATE UNIQUE INDEX versions_pkey ON public.versions USING btree (id);
CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $function$
;
CREATE TRIGGER attachments_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.attachments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_events_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER certificates_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.certificates FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER consents_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.consents FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER definitions_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.definitions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER detached_signatures_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.detached_signatures FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER disagreements_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.disagreements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER outside_certificates_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.outside_certificates FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER run_events_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.run_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER signature_power_files_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.signature_power_files FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER signature_powers_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.signature_powers FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER signatures_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.signatures FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER versions_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
