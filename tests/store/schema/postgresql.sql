CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.app_role_assignments (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    principal_id text NOT NULL COLLATE pg_catalog."C",
    resource_id text NOT NULL COLLATE pg_catalog."C",
    app_role_id text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    document text NOT NULL
);
CREATE TABLE public.application_fields (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    app_id text NOT NULL COLLATE pg_catalog."C",
    display_name text NOT NULL COLLATE pg_catalog."C",
    display_name_words text NOT NULL COLLATE pg_catalog."C",
    description text COLLATE pg_catalog."C",
    description_words text COLLATE pg_catalog."C",
    sign_in_audience text NOT NULL COLLATE pg_catalog."C",
    publisher_domain text COLLATE pg_catalog."C",
    enabled boolean NOT NULL,
    created_at bigint NOT NULL,
    credential_expires_at bigint,
    identifier_uris text NOT NULL COLLATE pg_catalog."C",
    redirect_uris text NOT NULL COLLATE pg_catalog."C",
    part_ids text NOT NULL COLLATE pg_catalog."C",
    tags text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.application_uris (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    uri text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.applications (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    app_id text NOT NULL COLLATE pg_catalog."C",
    seed boolean NOT NULL,
    version integer NOT NULL,
    document text NOT NULL
);
CREATE TABLE public.attempts (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    counter text NOT NULL COLLATE pg_catalog."C",
    failures integer NOT NULL,
    locks integer NOT NULL,
    locked_until bigint NOT NULL,
    failed_at bigint NOT NULL,
    recent text NOT NULL,
    ends_at bigint NOT NULL,
    version integer NOT NULL
);
CREATE TABLE public.credential_uses (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    object_id text NOT NULL COLLATE pg_catalog."C",
    key_id text NOT NULL COLLATE pg_catalog."C",
    at bigint NOT NULL
);
CREATE TABLE public.deleted_items (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    display_name text NOT NULL COLLATE pg_catalog."C",
    display_name_words text NOT NULL COLLATE pg_catalog."C",
    app_id text COLLATE pg_catalog."C",
    user_principal_name text COLLATE pg_catalog."C",
    deleted_at bigint NOT NULL,
    seed boolean NOT NULL,
    version integer NOT NULL,
    document text NOT NULL
);
CREATE TABLE public.device_flows (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    user_code text NOT NULL COLLATE pg_catalog."C",
    client_id text NOT NULL COLLATE pg_catalog."C",
    scope text NOT NULL,
    asked_at bigint NOT NULL,
    ends_at bigint NOT NULL,
    address text NOT NULL,
    user_agent text NOT NULL,
    claims text NOT NULL,
    decided_at bigint,
    approval text
);
CREATE TABLE public.directory_audits (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    at bigint NOT NULL,
    activity text NOT NULL COLLATE pg_catalog."C",
    category text NOT NULL COLLATE pg_catalog."C",
    operation text NOT NULL COLLATE pg_catalog."C",
    correlation_id text NOT NULL COLLATE pg_catalog."C",
    via text NOT NULL COLLATE pg_catalog."C",
    actor_id text COLLATE pg_catalog."C",
    actor_user_principal_name text COLLATE pg_catalog."C",
    actor_app_id text COLLATE pg_catalog."C",
    target_id text NOT NULL COLLATE pg_catalog."C",
    target_name text NOT NULL COLLATE pg_catalog."C",
    target_type text NOT NULL COLLATE pg_catalog."C",
    document text NOT NULL
);
CREATE TABLE public.directory_versions (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    number bigint NOT NULL
);
CREATE TABLE public.factor_steps (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    step bigint NOT NULL
);
CREATE TABLE public.families (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    end_day integer NOT NULL,
    client_id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    session_id text NOT NULL COLLATE pg_catalog."C",
    issued_at bigint NOT NULL,
    generation integer NOT NULL,
    rotated_at bigint,
    revoked_at bigint
)
PARTITION BY RANGE (end_day);
CREATE TABLE public.families_default (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    end_day integer NOT NULL,
    client_id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    session_id text NOT NULL COLLATE pg_catalog."C",
    issued_at bigint NOT NULL,
    generation integer NOT NULL,
    rotated_at bigint,
    revoked_at bigint
);
CREATE TABLE public.gateway_records (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    document text NOT NULL
);
CREATE TABLE public.group_fields (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    display_name text NOT NULL COLLATE pg_catalog."C",
    display_name_words text NOT NULL COLLATE pg_catalog."C",
    description text COLLATE pg_catalog."C",
    description_words text COLLATE pg_catalog."C",
    mail_nickname text COLLATE pg_catalog."C",
    security_enabled boolean NOT NULL,
    created_at bigint NOT NULL
);
CREATE TABLE public.group_members (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    group_id text NOT NULL COLLATE pg_catalog."C",
    member_id text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    document text NOT NULL
);
CREATE TABLE public.groups (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    document text NOT NULL
);
CREATE TABLE public.messages (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    received_at bigint NOT NULL,
    version integer NOT NULL,
    document text NOT NULL
);
CREATE TABLE public.owners (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    object_id text NOT NULL COLLATE pg_catalog."C",
    owner_id text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    document text NOT NULL
);
CREATE TABLE public.permission_grants (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    client_id text NOT NULL COLLATE pg_catalog."C",
    principal_id text NOT NULL COLLATE pg_catalog."C",
    resource_id text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    document text NOT NULL
);
CREATE TABLE public.service_principal_fields (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    app_id text NOT NULL COLLATE pg_catalog."C",
    account_enabled boolean NOT NULL,
    app_role_assignment_required boolean NOT NULL,
    created_at bigint NOT NULL,
    tags text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.service_principals (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    app_id text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    document text NOT NULL
);
CREATE TABLE public.sessions (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    authenticated_at bigint NOT NULL,
    methods text NOT NULL,
    persistent boolean NOT NULL,
    ends_at bigint NOT NULL,
    user_agent text NOT NULL,
    address text NOT NULL,
    revoked_at bigint
);
CREATE TABLE public.sign_ins (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    at bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    client_id text NOT NULL COLLATE pg_catalog."C",
    session_id text NOT NULL COLLATE pg_catalog."C",
    address text NOT NULL,
    user_agent text NOT NULL,
    correlation_id text NOT NULL
);
CREATE TABLE public.signing_keys (
    sequence integer NOT NULL,
    kid text NOT NULL,
    sealed text NOT NULL,
    published_at bigint NOT NULL,
    signs_from bigint,
    retired_at bigint,
    forgotten_at bigint
);
CREATE TABLE public.stories (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    trace_id text NOT NULL COLLATE pg_catalog."C",
    at bigint NOT NULL,
    correlation_id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    event text NOT NULL COLLATE pg_catalog."C",
    granted boolean NOT NULL,
    aadsts bigint,
    rule text COLLATE pg_catalog."C",
    user_id text COLLATE pg_catalog."C",
    user_principal_name text COLLATE pg_catalog."C",
    client_id text COLLATE pg_catalog."C",
    resource_id text COLLATE pg_catalog."C",
    address text NOT NULL COLLATE pg_catalog."C",
    document text NOT NULL
);
CREATE TABLE public.tenant_domains (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    domain text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.tenants (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    document text NOT NULL
);
CREATE TABLE public.user_fields (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    display_name text NOT NULL COLLATE pg_catalog."C",
    display_name_words text NOT NULL COLLATE pg_catalog."C",
    user_principal_name text NOT NULL COLLATE pg_catalog."C",
    user_principal_name_words text NOT NULL COLLATE pg_catalog."C",
    mail text COLLATE pg_catalog."C",
    mail_words text COLLATE pg_catalog."C",
    given_name text COLLATE pg_catalog."C",
    surname text COLLATE pg_catalog."C",
    job_title text COLLATE pg_catalog."C",
    department text COLLATE pg_catalog."C",
    company_name text COLLATE pg_catalog."C",
    office_location text COLLATE pg_catalog."C",
    employee_id text COLLATE pg_catalog."C",
    mobile_phone text COLLATE pg_catalog."C",
    mail_nickname text COLLATE pg_catalog."C",
    usage_location text COLLATE pg_catalog."C",
    preferred_language text COLLATE pg_catalog."C",
    user_type text NOT NULL COLLATE pg_catalog."C",
    account_enabled boolean NOT NULL,
    second_factor_required boolean NOT NULL,
    created_at bigint NOT NULL,
    business_phones text NOT NULL COLLATE pg_catalog."C",
    other_mails text NOT NULL COLLATE pg_catalog."C",
    directory_roles text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.users (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    upn text NOT NULL COLLATE pg_catalog."C",
    seed boolean NOT NULL,
    version integer NOT NULL,
    document text NOT NULL,
    home_id text COLLATE pg_catalog."C"
);
ALTER TABLE ONLY public.families ATTACH PARTITION public.families_default DEFAULT;
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.families
    ADD CONSTRAINT pk_families PRIMARY KEY (tenant_id, id, end_day);
ALTER TABLE ONLY public.families_default
    ADD CONSTRAINT families_default_pkey PRIMARY KEY (tenant_id, id, end_day);
ALTER TABLE ONLY public.app_role_assignments
    ADD CONSTRAINT pk_app_role_assignments PRIMARY KEY (tenant_id, principal_id, resource_id, app_role_id);
ALTER TABLE ONLY public.application_fields
    ADD CONSTRAINT pk_application_fields PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.application_uris
    ADD CONSTRAINT pk_application_uris PRIMARY KEY (tenant_id, uri);
ALTER TABLE ONLY public.applications
    ADD CONSTRAINT pk_applications PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT pk_attempts PRIMARY KEY (tenant_id, user_id, counter);
ALTER TABLE ONLY public.credential_uses
    ADD CONSTRAINT pk_credential_uses PRIMARY KEY (tenant_id, object_id, key_id);
ALTER TABLE ONLY public.deleted_items
    ADD CONSTRAINT pk_deleted_items PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.device_flows
    ADD CONSTRAINT pk_device_flows PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.directory_audits
    ADD CONSTRAINT pk_directory_audits PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.directory_versions
    ADD CONSTRAINT pk_directory_versions PRIMARY KEY (tenant_id);
ALTER TABLE ONLY public.factor_steps
    ADD CONSTRAINT pk_factor_steps PRIMARY KEY (tenant_id, user_id);
ALTER TABLE ONLY public.gateway_records
    ADD CONSTRAINT pk_gateway_records PRIMARY KEY (tenant_id, kind, id);
ALTER TABLE ONLY public.group_fields
    ADD CONSTRAINT pk_group_fields PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.group_members
    ADD CONSTRAINT pk_group_members PRIMARY KEY (tenant_id, group_id, member_id);
ALTER TABLE ONLY public.groups
    ADD CONSTRAINT pk_groups PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT pk_messages PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.owners
    ADD CONSTRAINT pk_owners PRIMARY KEY (tenant_id, object_id, owner_id);
ALTER TABLE ONLY public.permission_grants
    ADD CONSTRAINT pk_permission_grants PRIMARY KEY (tenant_id, client_id, principal_id, resource_id);
ALTER TABLE ONLY public.service_principal_fields
    ADD CONSTRAINT pk_service_principal_fields PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.service_principals
    ADD CONSTRAINT pk_service_principals PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT pk_sessions PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.sign_ins
    ADD CONSTRAINT pk_sign_ins PRIMARY KEY (tenant_id, at, id);
ALTER TABLE ONLY public.signing_keys
    ADD CONSTRAINT pk_signing_keys PRIMARY KEY (sequence);
ALTER TABLE ONLY public.stories
    ADD CONSTRAINT pk_stories PRIMARY KEY (tenant_id, trace_id);
ALTER TABLE ONLY public.tenant_domains
    ADD CONSTRAINT pk_tenant_domains PRIMARY KEY (tenant_id, domain);
ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT pk_tenants PRIMARY KEY (tenant_id);
ALTER TABLE ONLY public.user_fields
    ADD CONSTRAINT pk_user_fields PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT pk_users PRIMARY KEY (tenant_id, id);
CREATE INDEX ix_families_tenant_id_session_id ON ONLY public.families USING btree (tenant_id, session_id);
CREATE INDEX families_default_tenant_id_session_id_idx ON public.families_default USING btree (tenant_id, session_id);
CREATE INDEX ix_app_role_assignments_tenant_id_resource_id ON public.app_role_assignments USING btree (tenant_id, resource_id);
CREATE INDEX ix_application_fields_app_id ON public.application_fields USING btree (app_id);
CREATE INDEX ix_application_fields_tenant_id_display_name_id ON public.application_fields USING btree (tenant_id, display_name, id);
CREATE INDEX ix_application_uris_tenant_id_id ON public.application_uris USING btree (tenant_id, id);
CREATE INDEX ix_applications_seed ON public.applications USING btree (tenant_id) WHERE seed;
CREATE INDEX ix_attempts_ends_at ON public.attempts USING btree (ends_at);
CREATE INDEX ix_deleted_items_deleted_at ON public.deleted_items USING btree (deleted_at);
CREATE INDEX ix_device_flows_ends_at ON public.device_flows USING btree (ends_at);
CREATE INDEX ix_directory_audits_at ON public.directory_audits USING btree (at);
CREATE INDEX ix_directory_audits_tenant_id_at_id ON public.directory_audits USING btree (tenant_id, at, id);
CREATE INDEX ix_group_fields_tenant_id_display_name_id ON public.group_fields USING btree (tenant_id, display_name, id);
CREATE INDEX ix_group_members_tenant_id_member_id_group_id ON public.group_members USING btree (tenant_id, member_id, group_id);
CREATE INDEX ix_messages_tenant_id_user_id_received_at_id ON public.messages USING btree (tenant_id, user_id, received_at, id);
CREATE INDEX ix_owners_tenant_id_owner_id ON public.owners USING btree (tenant_id, owner_id);
CREATE INDEX ix_permission_grants_tenant_id_principal_id ON public.permission_grants USING btree (tenant_id, principal_id);
CREATE INDEX ix_permission_grants_tenant_id_resource_id ON public.permission_grants USING btree (tenant_id, resource_id);
CREATE INDEX ix_service_principal_fields_tenant_id_app_id ON public.service_principal_fields USING btree (tenant_id, app_id);
CREATE INDEX ix_sessions_ends_at ON public.sessions USING btree (ends_at);
CREATE INDEX ix_sessions_tenant_id_user_id ON public.sessions USING btree (tenant_id, user_id);
CREATE INDEX ix_sign_ins_at ON public.sign_ins USING btree (at);
CREATE INDEX ix_sign_ins_tenant_id_user_id_address ON public.sign_ins USING btree (tenant_id, user_id, address);
CREATE INDEX ix_stories_at_trace_id ON public.stories USING btree (at, trace_id);
CREATE INDEX ix_stories_refused ON public.stories USING btree (tenant_id, at, trace_id) WHERE (granted IS FALSE);
CREATE INDEX ix_stories_tenant_id_at_trace_id ON public.stories USING btree (tenant_id, at, trace_id);
CREATE INDEX ix_stories_tenant_id_client_id_at ON public.stories USING btree (tenant_id, client_id, at);
CREATE INDEX ix_stories_tenant_id_correlation_id_at ON public.stories USING btree (tenant_id, correlation_id, at);
CREATE INDEX ix_stories_tenant_id_user_id_at ON public.stories USING btree (tenant_id, user_id, at);
CREATE INDEX ix_stories_trace_id ON public.stories USING btree (trace_id);
CREATE INDEX ix_user_fields_tenant_id_created_at_id ON public.user_fields USING btree (tenant_id, created_at, id);
CREATE INDEX ix_user_fields_tenant_id_display_name_id ON public.user_fields USING btree (tenant_id, display_name, id);
CREATE INDEX ix_user_fields_tenant_id_mail ON public.user_fields USING btree (tenant_id, mail);
CREATE INDEX ix_user_fields_tenant_id_user_principal_name_id ON public.user_fields USING btree (tenant_id, user_principal_name, id);
CREATE INDEX ix_users_seed ON public.users USING btree (tenant_id) WHERE seed;
CREATE UNIQUE INDEX uq_applications_app_id ON public.applications USING btree (app_id);
CREATE UNIQUE INDEX uq_device_flows_user_code ON public.device_flows USING btree (user_code);
CREATE UNIQUE INDEX uq_service_principals_tenant_id_app_id ON public.service_principals USING btree (tenant_id, app_id);
CREATE UNIQUE INDEX uq_tenant_domains_domain ON public.tenant_domains USING btree (domain);
CREATE UNIQUE INDEX uq_users_tenant_id_home_id ON public.users USING btree (tenant_id, home_id) WHERE (home_id IS NOT NULL);
CREATE UNIQUE INDEX uq_users_tenant_id_upn ON public.users USING btree (tenant_id, upn);
ALTER INDEX public.pk_families ATTACH PARTITION public.families_default_pkey;
ALTER INDEX public.ix_families_tenant_id_session_id ATTACH PARTITION public.families_default_tenant_id_session_id_idx;
