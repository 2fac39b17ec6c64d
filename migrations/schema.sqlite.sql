CREATE TABLE absences (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    person_id blob NOT NULL REFERENCES people (id),
    substitute_id blob REFERENCES people (id),
    kinds text NOT NULL,
    powers text NOT NULL CHECK (powers IN ('decide', 'sign')),
    from_at bigint NOT NULL,
    until_at bigint NOT NULL,
    recorded_at bigint NOT NULL,
    ended_at bigint,
    told_at bigint
);

CREATE TABLE api_tokens (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    person_id blob NOT NULL REFERENCES people (id),
    name text NOT NULL,
    secret_hash text NOT NULL UNIQUE,
    scopes text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    last_used_at bigint,
    revoked_at bigint
);

CREATE TABLE attachments (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    version_id blob NOT NULL REFERENCES versions (id),
    position bigint NOT NULL,
    name text NOT NULL,
    digest text NOT NULL,
    size_bytes bigint NOT NULL,
    media_type text NOT NULL,
    UNIQUE (version_id, position)
);

CREATE TABLE audit_events (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    at bigint NOT NULL,
    actor_kind text NOT NULL CHECK (actor_kind IN ('person', 'contact', 'system', 'operator', 'visitor')),
    actor_id blob,
    actor_name text NOT NULL,
    action text NOT NULL,
    subject_kind text NOT NULL,
    subject_id blob NOT NULL,
    document_id blob,
    version_digest text,
    address text,
    request_id text,
    details text NOT NULL,
    canonical blob NOT NULL,
    leaf_hash text NOT NULL
);

CREATE TABLE authority_keys (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    purpose text NOT NULL CHECK (purpose IN ('root', 'issuing', 'timestamp')),
    algorithm text NOT NULL,
    certificate blob NOT NULL,
    sealed_key blob NOT NULL,
    created_at bigint NOT NULL,
    retired_at bigint
);

CREATE TABLE blobs (
    organisation_id blob NOT NULL REFERENCES organisations (id),
    digest text NOT NULL,
    size_bytes bigint NOT NULL,
    media_type text NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (organisation_id, digest)
);

CREATE TABLE calls (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    key text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('webhook', 'lookup')),
    name text NOT NULL,
    document_id blob NOT NULL REFERENCES documents (id),
    run_id blob NOT NULL REFERENCES runs (id),
    payload text NOT NULL,
    until bigint,
    state text NOT NULL CHECK (state IN ('ready', 'calling', 'done', 'failed')),
    attempts bigint NOT NULL,
    next_at bigint NOT NULL,
    lease_until bigint,
    fence bigint NOT NULL,
    last_error text,
    created_at bigint NOT NULL,
    done_at bigint
);

CREATE TABLE certificates (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    serial text NOT NULL,
    subject_name text NOT NULL,
    person_id blob REFERENCES people (id),
    contact_id blob REFERENCES contacts (id),
    email text NOT NULL,
    key_digest text NOT NULL,
    version_digest text NOT NULL,
    der blob NOT NULL,
    not_before bigint NOT NULL,
    not_after bigint NOT NULL,
    issued_at bigint NOT NULL,
    UNIQUE (organisation_id, serial)
);

CREATE TABLE checked_files (
    subject_id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    digest text,
    outcome text CHECK (outcome IN ('judged', 'unreadable', 'too_large')),
    signatures_count bigint NOT NULL DEFAULT 0,
    checked_at bigint,
    claimed_until bigint,
    fence bigint NOT NULL DEFAULT 0
);

CREATE TABLE comment_mentions (
    comment_id blob NOT NULL REFERENCES comments (id),
    person_id blob NOT NULL REFERENCES people (id),
    organisation_id blob NOT NULL REFERENCES organisations (id),
    PRIMARY KEY (comment_id, person_id)
);

CREATE TABLE comments (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    document_id blob NOT NULL REFERENCES documents (id),
    version_id blob NOT NULL REFERENCES versions (id),
    person_id blob NOT NULL REFERENCES people (id),
    text text NOT NULL,
    audience text NOT NULL CHECK (audience IN ('inside', 'counterparty')),
    created_at bigint NOT NULL,
    struck_at bigint
, page bigint, place_x bigint, place_y bigint CHECK ((place_x IS NULL) = (place_y IS NULL) AND (place_x IS NULL OR page IS NOT NULL)));

CREATE TABLE consents (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    version_id blob NOT NULL REFERENCES versions (id),
    task_id blob NOT NULL REFERENCES tasks (id),
    link_id blob REFERENCES links (id),
    person_id blob REFERENCES people (id),
    contact_id blob REFERENCES contacts (id),
    kind text NOT NULL CHECK (kind IN ('electronic_signature', 'personal_data')),
    text_digest text NOT NULL,
    locale text NOT NULL CHECK (locale IN ('ru', 'en')),
    given_at bigint NOT NULL,
    address text
);

CREATE TABLE contacts (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    counterparty_id blob NOT NULL REFERENCES counterparties (id),
    name text NOT NULL,
    position text,
    email text NOT NULL,
    locale text NOT NULL CHECK (locale IN ('ru', 'en')),
    archived_at bigint,
    created_at bigint NOT NULL,
    row_version bigint NOT NULL DEFAULT 0
);

CREATE TABLE counterparties (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    name text NOT NULL,
    country text NOT NULL,
    inn text,
    kpp text,
    vat_id text,
    address text,
    archived_at bigint,
    created_at bigint NOT NULL,
    row_version bigint NOT NULL DEFAULT 0
);

CREATE TABLE definitions (
    organisation_id blob NOT NULL REFERENCES organisations (id),
    digest text NOT NULL,
    workflow_id text NOT NULL,
    kind text NOT NULL,
    source text NOT NULL,
    created_at bigint NOT NULL, owner_role text, owner_department text,
    PRIMARY KEY (organisation_id, digest)
);

CREATE TABLE departments (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    key text NOT NULL,
    name text NOT NULL,
    parent_id blob REFERENCES departments (id),
    head_id blob,
    archived_at bigint,
    row_version bigint NOT NULL DEFAULT 0,
    UNIQUE (organisation_id, key)
);

CREATE TABLE detached_signatures (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    document_id blob NOT NULL REFERENCES documents (id),
    version_id blob NOT NULL REFERENCES versions (id),
    task_id blob REFERENCES tasks (id),
    person_id blob REFERENCES people (id),
    covers text NOT NULL CHECK (covers IN ('main', 'signed_copy')),
    covered_digest text NOT NULL,
    name text NOT NULL,
    digest text NOT NULL,
    size_bytes bigint NOT NULL,
    signer_name text NOT NULL,
    indication text NOT NULL CHECK (indication IN ('TOTAL-PASSED', 'INDETERMINATE')),
    evidence text NOT NULL,
    received_at bigint NOT NULL, contact_id blob REFERENCES contacts (id), signing_id blob REFERENCES signings (id), revocation text CHECK (revocation IN ('known', 'open')),
    UNIQUE (version_id, digest)
);

CREATE TABLE disagreements (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    document_id blob NOT NULL REFERENCES documents (id),
    version_id blob NOT NULL REFERENCES versions (id),
    run_id blob NOT NULL REFERENCES runs (id),
    task_id blob NOT NULL REFERENCES tasks (id),
    link_id blob NOT NULL REFERENCES links (id),
    contact_id blob NOT NULL REFERENCES contacts (id),
    comment text NOT NULL,
    name text NOT NULL,
    digest text NOT NULL,
    size_bytes bigint NOT NULL,
    media_type text NOT NULL,
    created_at bigint NOT NULL,
    UNIQUE (task_id)
);

CREATE TABLE document_origins (
    document_id blob PRIMARY KEY REFERENCES documents (id),
    organisation_id blob NOT NULL REFERENCES organisations (id),
    origin_id blob NOT NULL REFERENCES documents (id),
    run_id blob NOT NULL REFERENCES runs (id),
    key text NOT NULL,
    created_at bigint NOT NULL,
    UNIQUE (organisation_id, key),
    CHECK (document_id <> origin_id)
);

CREATE TABLE documents (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    kind text NOT NULL,
    title text NOT NULL,
    card text NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'in_run', 'rework', 'effective', 'rejected', 'withdrawn', 'annulled')),
    initiator_id blob NOT NULL REFERENCES people (id),
    department_id blob REFERENCES departments (id),
    counterparty_id blob REFERENCES counterparties (id),
    registration_number text,
    registered_at bigint,
    current_version_id blob,
    search_text text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    row_version bigint NOT NULL DEFAULT 0,
    UNIQUE (organisation_id, registration_number)
);

CREATE TABLE editions (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    workflow_id text NOT NULL,
    number bigint NOT NULL,
    source text NOT NULL,
    note text NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'proposed', 'published', 'discarded')),
    author_id blob NOT NULL REFERENCES people (id),
    created_at bigint NOT NULL,
    saved_at bigint NOT NULL,
    decided_by_id blob REFERENCES people (id),
    decided_at bigint,
    reason text,
    effective_at bigint,
    row_version bigint NOT NULL,
    UNIQUE (organisation_id, workflow_id, number),
    CHECK (state <> 'published' OR (decided_by_id IS NOT NULL AND decided_by_id <> author_id
        AND effective_at IS NOT NULL))
);

CREATE TABLE idempotency_keys (
    organisation_id blob NOT NULL REFERENCES organisations (id),
    actor_id blob NOT NULL,
    key text NOT NULL,
    route text NOT NULL,
    request_digest text NOT NULL,
    status_code bigint,
    response text,
    created_at bigint NOT NULL, event_id blob,
    PRIMARY KEY (organisation_id, actor_id, key)
);

CREATE TABLE jobs (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    kind text NOT NULL CHECK (kind IN ('render_pages', 'sweep', 'recheck', 'extend', 'daily_letters', 'create_document', 'count_children', 'start_run')),
    key text NOT NULL,
    payload text NOT NULL,
    state text NOT NULL CHECK (state IN ('ready', 'running', 'done', 'failed')),
    attempts bigint NOT NULL DEFAULT 0,
    next_at bigint NOT NULL,
    lease_until bigint,
    fence bigint NOT NULL DEFAULT 0,
    last_error text,
    created_at bigint NOT NULL,
    done_at bigint,
    UNIQUE (organisation_id, key)
);

CREATE TABLE journal_entries (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    key text NOT NULL,
    journal text NOT NULL,
    year bigint NOT NULL,
    number bigint NOT NULL,
    text text NOT NULL,
    document_id blob NOT NULL REFERENCES documents (id),
    run_id blob NOT NULL REFERENCES runs (id),
    version_id blob NOT NULL REFERENCES versions (id),
    entered_at bigint NOT NULL
);

CREATE TABLE journals (
    organisation_id blob NOT NULL REFERENCES organisations (id),
    journal text NOT NULL,
    year bigint NOT NULL,
    last_number bigint NOT NULL,
    PRIMARY KEY (organisation_id, journal, year)
);

CREATE TABLE kept_evidence (
    version_id blob NOT NULL REFERENCES versions (id),
    organisation_id blob NOT NULL REFERENCES organisations (id),
    digest text NOT NULL,
    size_bytes bigint NOT NULL,
    kept_at bigint NOT NULL,
    PRIMARY KEY (version_id, digest)
);

CREATE TABLE link_codes (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    link_id blob NOT NULL REFERENCES links (id),
    code_hash text NOT NULL,
    sent_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    tries bigint NOT NULL DEFAULT 0,
    used_at bigint
);

CREATE TABLE link_visits (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    link_id blob NOT NULL REFERENCES links (id),
    secret_hash text NOT NULL UNIQUE,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    verified_at bigint,
    pages_read text NOT NULL DEFAULT '[]',
    address text,
    agent text
);

CREATE TABLE links (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    document_id blob NOT NULL REFERENCES documents (id),
    version_id blob NOT NULL REFERENCES versions (id),
    run_id blob NOT NULL REFERENCES runs (id),
    task_id blob NOT NULL REFERENCES tasks (id),
    contact_id blob NOT NULL REFERENCES contacts (id),
    secret_hash text NOT NULL UNIQUE,
    typed_code_hash text NOT NULL UNIQUE,
    state text NOT NULL CHECK (state IN ('active', 'signed', 'refused', 'returned', 'handed_over', 'expired', 'revoked')),
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    opened_at bigint,
    closed_at bigint,
    replaces_id blob REFERENCES links (id)
, contact_name text NOT NULL DEFAULT '', contact_email text NOT NULL DEFAULT '', close_reason text);

CREATE TABLE mandates (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    person_id blob NOT NULL REFERENCES people (id),
    entity text,
    role text,
    limit_amount text,
    limit_currency text,
    from_at bigint NOT NULL,
    until_at bigint,
    basis text NOT NULL,
    recorded_at bigint NOT NULL,
    ended_at bigint,
    CHECK ((limit_amount IS NULL) = (limit_currency IS NULL)),
    CHECK (until_at IS NULL OR until_at > from_at)
);

CREATE TABLE news_marks (
    person_id blob PRIMARY KEY REFERENCES people (id),
    organisation_id blob NOT NULL REFERENCES organisations (id),
    seen_at bigint NOT NULL
);

CREATE TABLE organisations (
    id blob PRIMARY KEY,
    name text NOT NULL,
    country text NOT NULL,
    inn text,
    kpp text,
    vat_id text,
    locale text NOT NULL CHECK (locale IN ('ru', 'en')),
    time_zone text NOT NULL,
    signing_rules_ru text NOT NULL,
    signing_rules_en text NOT NULL,
    personal_data_ru text NOT NULL,
    personal_data_en text NOT NULL,
    created_at bigint NOT NULL,
    row_version bigint NOT NULL DEFAULT 0
);

CREATE TABLE outbox (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    key text NOT NULL,
    kind text NOT NULL,
    locale text NOT NULL CHECK (locale IN ('ru', 'en')),
    to_address text NOT NULL,
    to_name text NOT NULL,
    person_id blob REFERENCES people (id),
    contact_id blob REFERENCES contacts (id),
    document_id blob REFERENCES documents (id),
    payload text NOT NULL,
    sealed blob,
    state text NOT NULL CHECK (state IN ('ready', 'sending', 'sent', 'failed')),
    attempts bigint NOT NULL DEFAULT 0,
    next_at bigint NOT NULL,
    lease_until bigint,
    fence bigint NOT NULL DEFAULT 0,
    last_error text,
    message_id text NOT NULL,
    created_at bigint NOT NULL,
    sent_at bigint,
    UNIQUE (organisation_id, key)
);

CREATE TABLE outside_certificates (
    signing_id blob PRIMARY KEY REFERENCES signings (id),
    organisation_id blob NOT NULL REFERENCES organisations (id),
    serial text NOT NULL,
    name text NOT NULL,
    subject text NOT NULL,
    issuer text NOT NULL,
    key_digest text NOT NULL,
    der blob NOT NULL,
    chain text NOT NULL,
    not_before bigint NOT NULL,
    not_after bigint NOT NULL,
    presented_at bigint NOT NULL
);

CREATE TABLE page_images (
    organisation_id blob NOT NULL REFERENCES organisations (id),
    file_digest text NOT NULL,
    page bigint NOT NULL,
    image_digest text NOT NULL,
    width bigint NOT NULL,
    height bigint NOT NULL,
    renderer text NOT NULL,
    text text NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (organisation_id, file_digest, page)
);

CREATE TABLE people (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    login text NOT NULL UNIQUE,
    name text NOT NULL,
    position text,
    email text NOT NULL,
    department_id blob REFERENCES departments (id),
    manager_id blob REFERENCES people (id),
    locale text CHECK (locale IN ('ru', 'en')),
    theme text NOT NULL DEFAULT 'system' CHECK (theme IN ('system', 'light', 'dark')),
    password_hash text,
    state text NOT NULL CHECK (state IN ('invited', 'active', 'disabled')),
    created_at bigint NOT NULL,
    row_version bigint NOT NULL DEFAULT 0
, letters text NOT NULL DEFAULT 'each' CHECK (letters IN ('each', 'daily')));

CREATE TABLE person_groups (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    person_id blob NOT NULL REFERENCES people (id),
    group_key text NOT NULL
);

CREATE TABLE person_links (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    person_id blob NOT NULL REFERENCES people (id),
    purpose text NOT NULL CHECK (purpose IN ('invitation', 'password_reset')),
    secret_hash text NOT NULL UNIQUE,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint
);

CREATE TABLE person_roles (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    person_id blob NOT NULL REFERENCES people (id),
    role text NOT NULL,
    department_id blob REFERENCES departments (id)
);

CREATE TABLE power_checks (
    power_id blob PRIMARY KEY REFERENCES signature_powers (id),
    organisation_id blob NOT NULL REFERENCES organisations (id),
    result text NOT NULL CHECK (result IN ('confirmed', 'undecided', 'refused')),
    reason text,
    checked_at bigint NOT NULL,
    previous_result text CHECK (previous_result IN ('confirmed', 'undecided', 'refused')),
    changed_at bigint
);

CREATE TABLE questions (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    document_id blob NOT NULL REFERENCES documents (id),
    version_id blob NOT NULL REFERENCES versions (id),
    link_id blob NOT NULL REFERENCES links (id),
    contact_id blob NOT NULL REFERENCES contacts (id),
    text text NOT NULL,
    asked_at bigint NOT NULL,
    answer text,
    answered_by_id blob REFERENCES people (id),
    answered_at bigint
);

CREATE TABLE raised_signatures (
    detached_id blob PRIMARY KEY REFERENCES detached_signatures (id),
    organisation_id blob NOT NULL REFERENCES organisations (id),
    digest text NOT NULL,
    size_bytes bigint NOT NULL,
    level text CHECK (level IN ('B-LT', 'B-LTA')),
    lasts_until bigint,
    raise_after bigint NOT NULL,
    raise_problem text,
    updated_at bigint NOT NULL,
    row_version bigint NOT NULL
, rests_on text, rests_on_rsa_bits bigint);

CREATE TABLE remarks (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    document_id blob NOT NULL REFERENCES documents (id),
    version_id blob NOT NULL REFERENCES versions (id),
    task_id blob REFERENCES tasks (id),
    person_id blob REFERENCES people (id),
    contact_id blob REFERENCES contacts (id),
    text text NOT NULL,
    page bigint,
    state text NOT NULL CHECK (state IN ('open', 'closed')),
    created_at bigint NOT NULL,
    closed_at bigint,
    closed_by_id blob REFERENCES people (id),
    answer text
, place_x bigint, place_y bigint CHECK ((place_x IS NULL) = (place_y IS NULL) AND (place_x IS NULL OR page IS NOT NULL)), comment_id blob REFERENCES comments (id));

CREATE TABLE revocation_lists (
    authority_key_id blob PRIMARY KEY REFERENCES authority_keys (id),
    organisation_id blob NOT NULL REFERENCES organisations (id),
    fingerprint text NOT NULL UNIQUE,
    number bigint NOT NULL,
    entries_count bigint NOT NULL,
    der blob NOT NULL,
    made_at bigint NOT NULL,
    next_at bigint NOT NULL
);

CREATE TABLE revoked_certificates (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    authority_key_id blob NOT NULL REFERENCES authority_keys (id),
    revoked_key_id blob REFERENCES authority_keys (id),
    serial text NOT NULL,
    reason text NOT NULL CHECK (reason IN ('key_compromise', 'affiliation_changed', 'superseded', 'cessation_of_operation')),
    since bigint NOT NULL,
    created_at bigint NOT NULL,
    UNIQUE (authority_key_id, serial)
);

CREATE TABLE reworkers (
    run_id blob NOT NULL REFERENCES runs (id),
    person_id blob NOT NULL REFERENCES people (id),
    organisation_id blob NOT NULL REFERENCES organisations (id),
    document_id blob NOT NULL REFERENCES documents (id),
    asked_at bigint NOT NULL,
    PRIMARY KEY (run_id, person_id)
);

CREATE TABLE run_events (
    organisation_id blob NOT NULL REFERENCES organisations (id),
    run_id blob NOT NULL REFERENCES runs (id),
    seq bigint NOT NULL,
    at bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (run_id, seq)
);

CREATE TABLE runs (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    document_id blob NOT NULL REFERENCES documents (id),
    workflow_id text NOT NULL,
    definition_digest text NOT NULL,
    state text NOT NULL,
    seq bigint NOT NULL,
    phase text NOT NULL CHECK (phase IN ('running', 'rework', 'completed', 'rejected', 'withdrawn')),
    round bigint NOT NULL,
    version_id blob NOT NULL REFERENCES versions (id),
    initiator_id blob NOT NULL REFERENCES people (id),
    started_at bigint NOT NULL,
    finished_at bigint
, incident_at bigint);

CREATE TABLE sessions (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    person_id blob NOT NULL REFERENCES people (id),
    secret_hash text NOT NULL UNIQUE,
    csrf_token text NOT NULL,
    created_at bigint NOT NULL,
    last_seen_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    revoked_at bigint,
    address text,
    agent text
);

CREATE TABLE shown_pages (
    organisation_id blob NOT NULL REFERENCES organisations (id),
    viewer_id blob NOT NULL,
    file_digest text NOT NULL,
    page bigint NOT NULL,
    image_digest text NOT NULL,
    shown_at bigint NOT NULL,
    PRIMARY KEY (viewer_id, file_digest, page, image_digest)
);

CREATE TABLE signature_checks (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    document_id blob NOT NULL REFERENCES documents (id),
    version_id blob NOT NULL REFERENCES versions (id),
    version_number bigint NOT NULL,
    ordinal bigint NOT NULL,
    digest text NOT NULL,
    indication text NOT NULL CHECK (indication IN ('TOTAL-PASSED', 'INDETERMINATE', 'TOTAL-FAILED')),
    sub_indication text,
    reason text,
    signer_name text,
    signer_organisation text,
    certificate_ends_at bigint,
    revoked_at bigint,
    proven_at bigint,
    claimed_at text,
    weak_algorithm text,
    checked_at bigint NOT NULL,
    previous_indication text CHECK (previous_indication IN ('TOTAL-PASSED', 'INDETERMINATE', 'TOTAL-FAILED')),
    changed_at bigint,
    created_at bigint NOT NULL,
    subject_id blob NOT NULL,
    detached_id blob REFERENCES detached_signatures (id), search_text text NOT NULL DEFAULT '',
    UNIQUE (subject_id, ordinal)
);

CREATE TABLE signature_power_files (
    power_id blob NOT NULL REFERENCES signature_powers (id),
    position bigint NOT NULL,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    role text NOT NULL CHECK (role IN ('power', 'signature', 'parent', 'parent_signature')),
    signs_position bigint,
    name text NOT NULL,
    digest text NOT NULL,
    size_bytes bigint NOT NULL,
    PRIMARY KEY (power_id, position)
);

CREATE TABLE signature_powers (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    document_id blob NOT NULL REFERENCES documents (id),
    version_id blob NOT NULL REFERENCES versions (id),
    detached_id blob REFERENCES detached_signatures (id),
    subject_id blob NOT NULL,
    place bigint NOT NULL,
    ordinal bigint NOT NULL,
    person_id blob NOT NULL REFERENCES people (id),
    field_name text,
    signer_name text NOT NULL,
    signers text NOT NULL,
    number text,
    asked_organisation text,
    asked_code text,
    added_at bigint NOT NULL,
    UNIQUE (subject_id, place, ordinal)
);

CREATE TABLE signatures (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    document_id blob NOT NULL REFERENCES documents (id),
    version_id blob NOT NULL REFERENCES versions (id),
    signing_id blob NOT NULL REFERENCES signings (id),
    task_id blob NOT NULL REFERENCES tasks (id),
    person_id blob REFERENCES people (id),
    contact_id blob REFERENCES contacts (id),
    certificate_id blob REFERENCES certificates (id),
    signer_name text NOT NULL,
    field_name text NOT NULL,
    key_place text NOT NULL CHECK (key_place IN ('browser', 'server', 'outside')),
    algorithm text NOT NULL CHECK (algorithm IN ('ecdsa_p256', 'ed25519', 'ecdsa_p384', 'ecdsa_p521', 'rsa_pkcs1', 'rsa_pss')),
    level text NOT NULL CHECK (level IN ('B-B', 'B-T')),
    base_digest text NOT NULL,
    copy_digest text NOT NULL,
    evidence text NOT NULL,
    signed_at bigint NOT NULL,
    UNIQUE (version_id, base_digest)
);

CREATE TABLE signed_copies (
    version_id blob PRIMARY KEY REFERENCES versions (id),
    organisation_id blob NOT NULL REFERENCES organisations (id),
    digest text NOT NULL,
    size_bytes bigint NOT NULL,
    signatures_count bigint NOT NULL,
    updated_at bigint NOT NULL,
    row_version bigint NOT NULL DEFAULT 0
, level text NOT NULL DEFAULT 'B-T' CHECK (level IN ('B-T', 'B-LT', 'B-LTA')), lasts_until bigint, raise_after bigint NOT NULL DEFAULT 0, raise_problem text, rests_on text, rests_on_rsa_bits bigint, evidence_after bigint NOT NULL DEFAULT 0);

CREATE TABLE signings (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    document_id blob NOT NULL REFERENCES documents (id),
    version_id blob NOT NULL REFERENCES versions (id),
    task_id blob NOT NULL REFERENCES tasks (id),
    link_id blob REFERENCES links (id),
    person_id blob REFERENCES people (id),
    contact_id blob REFERENCES contacts (id),
    state text NOT NULL CHECK (state IN ('prepared', 'completed', 'abandoned')),
    base_digest text NOT NULL,
    prepared_digest text NOT NULL,
    byte_range text NOT NULL,
    content_digest text NOT NULL,
    field_name text NOT NULL,
    key_place text NOT NULL CHECK (key_place IN ('browser', 'server', 'outside')),
    algorithm text NOT NULL CHECK (algorithm IN ('ecdsa_p256', 'ed25519', 'ecdsa_p384', 'ecdsa_p521', 'rsa_pkcs1', 'rsa_pss')),
    certificate_id blob REFERENCES certificates (id),
    signed_attributes blob NOT NULL,
    evidence text NOT NULL,
    prepared_at bigint NOT NULL,
    expires_at bigint NOT NULL
, form text NOT NULL DEFAULT 'embedded' CHECK (form IN ('embedded', 'detached')));

CREATE TABLE stand_ins (
    task_id blob NOT NULL REFERENCES tasks (id),
    person_id blob NOT NULL REFERENCES people (id),
    organisation_id blob NOT NULL REFERENCES organisations (id),
    told_at bigint NOT NULL,
    PRIMARY KEY (task_id, person_id)
);

CREATE TABLE tasks (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    run_id blob NOT NULL REFERENCES runs (id),
    document_id blob NOT NULL REFERENCES documents (id),
    version_id blob NOT NULL REFERENCES versions (id),
    number bigint NOT NULL,
    path text NOT NULL,
    stage_kind text NOT NULL CHECK (stage_kind IN ('approve', 'sign', 'acknowledge')),
    person_id blob REFERENCES people (id),
    contact_id blob REFERENCES contacts (id),
    state text NOT NULL CHECK (state IN ('open', 'done', 'closed')),
    decision text CHECK (decision IN ('approve', 'approve_with_remarks', 'return', 'reject', 'sign', 'acknowledge', 'abstain')),
    comment text,
    close_reason text,
    round bigint NOT NULL,
    opened_at bigint NOT NULL,
    due_at bigint,
    closed_at bigint,
    reminded_at bigint, decided_by_id blob REFERENCES people (id),
    UNIQUE (run_id, number)
);

CREATE TABLE timers (
    run_id blob NOT NULL REFERENCES runs (id),
    number bigint NOT NULL,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    generation bigint NOT NULL,
    task_id blob NOT NULL REFERENCES tasks (id),
    due_at bigint NOT NULL,
    beyond bigint,
    rings_at bigint NOT NULL,
    PRIMARY KEY (run_id, number)
);

CREATE TABLE undrawable_pages (
    organisation_id blob NOT NULL REFERENCES organisations (id),
    file_digest text NOT NULL,
    page bigint NOT NULL,
    renderer text NOT NULL,
    failed_at bigint NOT NULL,
    PRIMARY KEY (organisation_id, file_digest, page)
);

CREATE TABLE versions (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    document_id blob NOT NULL REFERENCES documents (id),
    number bigint NOT NULL,
    digest text NOT NULL,
    author_id blob NOT NULL REFERENCES people (id),
    comment text,
    card text NOT NULL,
    main_digest text NOT NULL,
    main_name text NOT NULL,
    main_size_bytes bigint NOT NULL,
    pages_count bigint NOT NULL,
    created_at bigint NOT NULL,
    UNIQUE (document_id, number)
);

CREATE INDEX absences_until ON absences (organisation_id, until_at);

CREATE INDEX absences_untold ON absences (from_at) WHERE told_at IS NULL;

CREATE INDEX api_tokens_person ON api_tokens (person_id);

CREATE INDEX attachments_digest ON attachments (organisation_id, digest);

CREATE INDEX audit_events_actor ON audit_events (organisation_id, actor_id, document_id) WHERE document_id IS NOT NULL;

CREATE INDEX audit_events_document ON audit_events (document_id, at);

CREATE INDEX audit_events_handed ON audit_events (organisation_id, actor_id, subject_id) WHERE action = 'task.delegated';

CREATE INDEX audit_events_list ON audit_events (organisation_id, at, id);

CREATE UNIQUE INDEX authority_keys_one ON authority_keys (organisation_id, purpose) WHERE retired_at IS NULL;

CREATE INDEX blobs_age ON blobs (organisation_id, created_at);

CREATE INDEX calls_document ON calls (document_id);

CREATE INDEX calls_due ON calls (kind, next_at) WHERE state IN ('ready', 'calling');

CREATE UNIQUE INDEX calls_key ON calls (organisation_id, key);

CREATE INDEX checked_files_age ON checked_files (organisation_id, checked_at);

CREATE INDEX comment_mentions_of_person ON comment_mentions (person_id);

CREATE INDEX comments_of_document ON comments (document_id, created_at);

CREATE INDEX comments_of_person ON comments (person_id, created_at);

CREATE UNIQUE INDEX consents_once
ON consents (task_id, version_id, kind, COALESCE(person_id, contact_id));

CREATE INDEX consents_task ON consents (task_id);

CREATE INDEX contacts_counterparty ON contacts (counterparty_id);

CREATE INDEX counterparties_organisation ON counterparties (organisation_id, name);

CREATE INDEX detached_signatures_document ON detached_signatures (document_id);

CREATE INDEX detached_signatures_organisation ON detached_signatures (organisation_id);

CREATE UNIQUE INDEX detached_signatures_signing ON detached_signatures (signing_id);

CREATE INDEX disagreements_digest ON disagreements (organisation_id, digest);

CREATE INDEX disagreements_document ON disagreements (document_id);

CREATE INDEX document_origins_of ON document_origins (origin_id);

CREATE INDEX documents_list ON documents (organisation_id, updated_at, id);

CREATE INDEX documents_owed ON documents (organisation_id, initiator_id, state, updated_at) WHERE state IN ('draft', 'rework');

CREATE INDEX editions_in_force ON editions (organisation_id, effective_at)
    WHERE state = 'published';

CREATE UNIQUE INDEX editions_open ON editions (organisation_id, workflow_id)
    WHERE state IN ('draft', 'proposed');

CREATE INDEX jobs_ready ON jobs (next_at) WHERE state IN ('ready', 'running');

CREATE INDEX journal_entries_document ON journal_entries (document_id);

CREATE UNIQUE INDEX journal_entries_key ON journal_entries (organisation_id, key);

CREATE UNIQUE INDEX journal_entries_number
    ON journal_entries (organisation_id, journal, year, number);

CREATE INDEX kept_evidence_files ON kept_evidence (organisation_id, digest);

CREATE INDEX link_codes_link ON link_codes (link_id, sent_at);

CREATE INDEX link_visits_link ON link_visits (link_id);

CREATE INDEX links_document ON links (document_id);

CREATE INDEX links_task ON links (task_id);

CREATE INDEX mandates_of ON mandates (organisation_id, person_id);

CREATE INDEX outbox_list ON outbox (organisation_id, created_at);

CREATE INDEX outbox_ready ON outbox (next_at) WHERE state IN ('ready', 'sending');

CREATE INDEX page_images_digest ON page_images (organisation_id, image_digest);

CREATE INDEX people_organisation ON people (organisation_id, name);

CREATE INDEX person_groups_person ON person_groups (person_id);

CREATE INDEX person_links_person ON person_links (person_id);

CREATE INDEX person_roles_person ON person_roles (person_id);

CREATE INDEX questions_document ON questions (document_id);

CREATE INDEX questions_open ON questions (organisation_id, document_id) WHERE answered_at IS NULL;

CREATE INDEX raised_signatures_due ON raised_signatures (organisation_id, raise_after);

CREATE UNIQUE INDEX remarks_comment ON remarks (comment_id) WHERE comment_id IS NOT NULL;

CREATE INDEX remarks_document ON remarks (document_id);

CREATE INDEX reworkers_document ON reworkers (document_id);

CREATE INDEX reworkers_person ON reworkers (person_id);

CREATE INDEX runs_document ON runs (document_id, started_at, id);

CREATE INDEX runs_incident ON runs (organisation_id, incident_at)
    WHERE incident_at IS NOT NULL;

CREATE UNIQUE INDEX runs_one_live ON runs (document_id) WHERE finished_at IS NULL;

CREATE INDEX sessions_person ON sessions (person_id);

CREATE INDEX shown_pages_image ON shown_pages (organisation_id, image_digest);

CREATE INDEX signature_checks_list ON signature_checks (organisation_id, created_at, id);

CREATE INDEX signature_checks_verdict ON signature_checks (organisation_id, indication);

CREATE INDEX signature_checks_version ON signature_checks (version_id);

CREATE INDEX signature_power_files_digest ON signature_power_files (organisation_id, digest);

CREATE INDEX signature_powers_document ON signature_powers (document_id);

CREATE INDEX signatures_base ON signatures (organisation_id, base_digest);

CREATE INDEX signatures_copy ON signatures (organisation_id, copy_digest);

CREATE INDEX signatures_document ON signatures (document_id);

CREATE INDEX signatures_task ON signatures (task_id);

CREATE INDEX signed_copies_digest ON signed_copies (organisation_id, digest);

CREATE INDEX signings_prepared ON signings (organisation_id, prepared_digest);

CREATE INDEX signings_task ON signings (task_id);

CREATE INDEX stand_ins_person ON stand_ins (person_id);

CREATE INDEX tasks_document ON tasks (document_id);

CREATE INDEX tasks_done ON tasks (organisation_id, closed_at) WHERE state = 'done';

CREATE INDEX tasks_open_person ON tasks (person_id, due_at) WHERE state = 'open';

CREATE INDEX tasks_person ON tasks (person_id, closed_at);

CREATE INDEX timers_rings ON timers (rings_at);

CREATE INDEX timers_task ON timers (task_id);

CREATE INDEX versions_main ON versions (organisation_id, main_digest);

CREATE TRIGGER attachments_append_only_delete BEFORE DELETE ON attachments BEGIN SELECT RAISE(ABORT, 'attachments is append-only'); END;

CREATE TRIGGER attachments_append_only_update BEFORE UPDATE ON attachments BEGIN SELECT RAISE(ABORT, 'attachments is append-only'); END;

CREATE TRIGGER audit_events_append_only_delete BEFORE DELETE ON audit_events BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END;

CREATE TRIGGER audit_events_append_only_update BEFORE UPDATE ON audit_events BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END;

CREATE TRIGGER certificates_append_only_delete BEFORE DELETE ON certificates BEGIN SELECT RAISE(ABORT, 'certificates is append-only'); END;

CREATE TRIGGER certificates_append_only_update BEFORE UPDATE ON certificates BEGIN SELECT RAISE(ABORT, 'certificates is append-only'); END;

CREATE TRIGGER consents_append_only_delete BEFORE DELETE ON consents BEGIN SELECT RAISE(ABORT, 'consents is append-only'); END;

CREATE TRIGGER consents_append_only_update BEFORE UPDATE ON consents BEGIN SELECT RAISE(ABORT, 'consents is append-only'); END;

CREATE TRIGGER definitions_append_only_delete BEFORE DELETE ON definitions BEGIN SELECT RAISE(ABORT, 'definitions is append-only'); END;

CREATE TRIGGER definitions_append_only_update BEFORE UPDATE ON definitions BEGIN SELECT RAISE(ABORT, 'definitions is append-only'); END;

CREATE TRIGGER detached_signatures_append_only_delete BEFORE DELETE ON detached_signatures BEGIN SELECT RAISE(ABORT, 'detached_signatures is append-only'); END;

CREATE TRIGGER detached_signatures_append_only_update BEFORE UPDATE ON detached_signatures BEGIN SELECT RAISE(ABORT, 'detached_signatures is append-only'); END;

CREATE TRIGGER disagreements_append_only_delete BEFORE DELETE ON disagreements BEGIN SELECT RAISE(ABORT, 'disagreements is append-only'); END;

CREATE TRIGGER disagreements_append_only_update BEFORE UPDATE ON disagreements BEGIN SELECT RAISE(ABORT, 'disagreements is append-only'); END;

CREATE TRIGGER outside_certificates_append_only_delete BEFORE DELETE ON outside_certificates BEGIN SELECT RAISE(ABORT, 'outside_certificates is append-only'); END;

CREATE TRIGGER outside_certificates_append_only_update BEFORE UPDATE ON outside_certificates BEGIN SELECT RAISE(ABORT, 'outside_certificates is append-only'); END;

CREATE TRIGGER run_events_append_only_delete BEFORE DELETE ON run_events BEGIN SELECT RAISE(ABORT, 'run_events is append-only'); END;

CREATE TRIGGER run_events_append_only_update BEFORE UPDATE ON run_events BEGIN SELECT RAISE(ABORT, 'run_events is append-only'); END;

CREATE TRIGGER signature_power_files_append_only_delete BEFORE DELETE ON signature_power_files BEGIN SELECT RAISE(ABORT, 'signature_power_files is append-only'); END;

CREATE TRIGGER signature_power_files_append_only_update BEFORE UPDATE ON signature_power_files BEGIN SELECT RAISE(ABORT, 'signature_power_files is append-only'); END;

CREATE TRIGGER signature_powers_append_only_delete BEFORE DELETE ON signature_powers BEGIN SELECT RAISE(ABORT, 'signature_powers is append-only'); END;

CREATE TRIGGER signature_powers_append_only_update BEFORE UPDATE ON signature_powers BEGIN SELECT RAISE(ABORT, 'signature_powers is append-only'); END;

CREATE TRIGGER signatures_append_only_delete BEFORE DELETE ON signatures BEGIN SELECT RAISE(ABORT, 'signatures is append-only'); END;

CREATE TRIGGER signatures_append_only_update BEFORE UPDATE ON signatures BEGIN SELECT RAISE(ABORT, 'signatures is append-only'); END;

CREATE TRIGGER versions_append_only_delete BEFORE DELETE ON versions BEGIN SELECT RAISE(ABORT, 'versions is append-only'); END;

CREATE TRIGGER versions_append_only_update BEFORE UPDATE ON versions BEGIN SELECT RAISE(ABORT, 'versions is append-only'); END;

