CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE app_role_assignments (
	tenant_id TEXT NOT NULL,
	principal_id TEXT NOT NULL,
	resource_id TEXT NOT NULL,
	app_role_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_app_role_assignments PRIMARY KEY (tenant_id, principal_id, resource_id, app_role_id)
);

CREATE TABLE application_fields (
	tenant_id TEXT NOT NULL,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	app_id TEXT NOT NULL,
	display_name TEXT NOT NULL,
	display_name_words TEXT NOT NULL,
	description TEXT,
	description_words TEXT,
	sign_in_audience TEXT NOT NULL,
	publisher_domain TEXT,
	enabled BOOLEAN NOT NULL,
	created_at BIGINT NOT NULL,
	credential_expires_at BIGINT,
	identifier_uris TEXT NOT NULL,
	redirect_uris TEXT NOT NULL,
	part_ids TEXT NOT NULL,
	tags TEXT NOT NULL,
	CONSTRAINT pk_application_fields PRIMARY KEY (tenant_id, id)
)
 WITHOUT ROWID;

CREATE TABLE application_uris (
	tenant_id TEXT NOT NULL,
	uri TEXT NOT NULL,
	id TEXT NOT NULL,
	CONSTRAINT pk_application_uris PRIMARY KEY (tenant_id, uri)
)
 WITHOUT ROWID;

CREATE TABLE applications (
	tenant_id TEXT NOT NULL,
	id TEXT NOT NULL,
	app_id TEXT NOT NULL,
	seed BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_applications PRIMARY KEY (tenant_id, id)
);

CREATE TABLE attempts (
	tenant_id TEXT NOT NULL,
	user_id TEXT NOT NULL,
	counter TEXT NOT NULL,
	failures INTEGER NOT NULL,
	locks INTEGER NOT NULL,
	locked_until BIGINT NOT NULL,
	failed_at BIGINT NOT NULL,
	recent TEXT NOT NULL,
	ends_at BIGINT NOT NULL,
	version INTEGER NOT NULL,
	CONSTRAINT pk_attempts PRIMARY KEY (tenant_id, user_id, counter)
)
 WITHOUT ROWID;

CREATE TABLE credential_uses (
	tenant_id TEXT NOT NULL,
	object_id TEXT NOT NULL,
	key_id TEXT NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_credential_uses PRIMARY KEY (tenant_id, object_id, key_id)
)
 WITHOUT ROWID;

CREATE TABLE deleted_items (
	tenant_id TEXT NOT NULL,
	id TEXT NOT NULL,
	kind TEXT NOT NULL,
	display_name TEXT NOT NULL,
	display_name_words TEXT NOT NULL,
	app_id TEXT,
	user_principal_name TEXT,
	deleted_at BIGINT NOT NULL,
	seed BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_deleted_items PRIMARY KEY (tenant_id, id)
);

CREATE TABLE device_flows (
	tenant_id TEXT NOT NULL,
	id TEXT NOT NULL,
	user_code TEXT NOT NULL,
	client_id TEXT NOT NULL,
	scope TEXT NOT NULL,
	asked_at BIGINT NOT NULL,
	ends_at BIGINT NOT NULL,
	address TEXT NOT NULL,
	user_agent TEXT NOT NULL,
	claims TEXT NOT NULL,
	decided_at BIGINT,
	approval TEXT,
	CONSTRAINT pk_device_flows PRIMARY KEY (tenant_id, id)
)
 WITHOUT ROWID;

CREATE TABLE directory_audits (
	tenant_id TEXT NOT NULL,
	id TEXT NOT NULL,
	at BIGINT NOT NULL,
	activity TEXT NOT NULL,
	category TEXT NOT NULL,
	operation TEXT NOT NULL,
	correlation_id TEXT NOT NULL,
	via TEXT NOT NULL,
	actor_id TEXT,
	actor_user_principal_name TEXT,
	actor_app_id TEXT,
	target_id TEXT NOT NULL,
	target_name TEXT NOT NULL,
	target_type TEXT NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_directory_audits PRIMARY KEY (tenant_id, id)
);

CREATE TABLE directory_versions (
	tenant_id TEXT NOT NULL,
	number BIGINT NOT NULL,
	CONSTRAINT pk_directory_versions PRIMARY KEY (tenant_id)
)
 WITHOUT ROWID;

CREATE TABLE factor_steps (
	tenant_id TEXT NOT NULL,
	user_id TEXT NOT NULL,
	step BIGINT NOT NULL,
	CONSTRAINT pk_factor_steps PRIMARY KEY (tenant_id, user_id)
)
 WITHOUT ROWID;

CREATE TABLE families (
	tenant_id TEXT NOT NULL,
	id TEXT NOT NULL,
	end_day INTEGER NOT NULL,
	client_id TEXT NOT NULL,
	user_id TEXT NOT NULL,
	session_id TEXT NOT NULL,
	issued_at BIGINT NOT NULL,
	generation INTEGER NOT NULL,
	rotated_at BIGINT,
	revoked_at BIGINT,
	CONSTRAINT pk_families PRIMARY KEY (tenant_id, id, end_day)
)
 WITHOUT ROWID;

CREATE TABLE gateway_records (
	tenant_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_gateway_records PRIMARY KEY (tenant_id, kind, id)
);

CREATE TABLE group_fields (
	tenant_id TEXT NOT NULL,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	display_name TEXT NOT NULL,
	display_name_words TEXT NOT NULL,
	description TEXT,
	description_words TEXT,
	mail_nickname TEXT,
	security_enabled BOOLEAN NOT NULL,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_group_fields PRIMARY KEY (tenant_id, id)
)
 WITHOUT ROWID;

CREATE TABLE group_members (
	tenant_id TEXT NOT NULL,
	group_id TEXT NOT NULL,
	member_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_group_members PRIMARY KEY (tenant_id, group_id, member_id)
);

CREATE TABLE groups (
	tenant_id TEXT NOT NULL,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_groups PRIMARY KEY (tenant_id, id)
);

CREATE TABLE messages (
	tenant_id TEXT NOT NULL,
	id TEXT NOT NULL,
	user_id TEXT NOT NULL,
	received_at BIGINT NOT NULL,
	version INTEGER NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_messages PRIMARY KEY (tenant_id, id)
);

CREATE TABLE owners (
	tenant_id TEXT NOT NULL,
	object_id TEXT NOT NULL,
	owner_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_owners PRIMARY KEY (tenant_id, object_id, owner_id)
);

CREATE TABLE permission_grants (
	tenant_id TEXT NOT NULL,
	client_id TEXT NOT NULL,
	principal_id TEXT NOT NULL,
	resource_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_permission_grants PRIMARY KEY (tenant_id, client_id, principal_id, resource_id)
);

CREATE TABLE service_principal_fields (
	tenant_id TEXT NOT NULL,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	app_id TEXT NOT NULL,
	account_enabled BOOLEAN NOT NULL,
	app_role_assignment_required BOOLEAN NOT NULL,
	created_at BIGINT NOT NULL,
	tags TEXT NOT NULL,
	CONSTRAINT pk_service_principal_fields PRIMARY KEY (tenant_id, id)
)
 WITHOUT ROWID;

CREATE TABLE service_principals (
	tenant_id TEXT NOT NULL,
	id TEXT NOT NULL,
	app_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_service_principals PRIMARY KEY (tenant_id, id)
);

CREATE TABLE sessions (
	tenant_id TEXT NOT NULL,
	id TEXT NOT NULL,
	user_id TEXT NOT NULL,
	authenticated_at BIGINT NOT NULL,
	methods TEXT NOT NULL,
	persistent BOOLEAN NOT NULL,
	ends_at BIGINT NOT NULL,
	user_agent TEXT NOT NULL,
	address TEXT NOT NULL,
	revoked_at BIGINT,
	CONSTRAINT pk_sessions PRIMARY KEY (tenant_id, id)
)
 WITHOUT ROWID;

CREATE TABLE sign_ins (
	tenant_id TEXT NOT NULL,
	at BIGINT NOT NULL,
	id TEXT NOT NULL,
	user_id TEXT NOT NULL,
	client_id TEXT NOT NULL,
	session_id TEXT NOT NULL,
	address TEXT NOT NULL,
	user_agent TEXT NOT NULL,
	correlation_id TEXT NOT NULL,
	CONSTRAINT pk_sign_ins PRIMARY KEY (tenant_id, at, id)
)
 WITHOUT ROWID;

CREATE TABLE signing_keys (
	sequence INTEGER NOT NULL,
	kid TEXT NOT NULL,
	sealed TEXT NOT NULL,
	published_at BIGINT NOT NULL,
	signs_from BIGINT,
	retired_at BIGINT,
	forgotten_at BIGINT,
	CONSTRAINT pk_signing_keys PRIMARY KEY (sequence)
);

CREATE TABLE stories (
	tenant_id TEXT NOT NULL,
	trace_id TEXT NOT NULL,
	at BIGINT NOT NULL,
	correlation_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	event TEXT NOT NULL,
	granted BOOLEAN NOT NULL,
	aadsts BIGINT,
	rule TEXT,
	user_id TEXT,
	user_principal_name TEXT,
	client_id TEXT,
	resource_id TEXT,
	address TEXT NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_stories PRIMARY KEY (tenant_id, trace_id)
);

CREATE TABLE tenant_domains (
	tenant_id TEXT NOT NULL,
	domain TEXT NOT NULL,
	CONSTRAINT pk_tenant_domains PRIMARY KEY (tenant_id, domain)
)
 WITHOUT ROWID;

CREATE TABLE tenants (
	tenant_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_tenants PRIMARY KEY (tenant_id)
);

CREATE TABLE user_fields (
	tenant_id TEXT NOT NULL,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	display_name TEXT NOT NULL,
	display_name_words TEXT NOT NULL,
	user_principal_name TEXT NOT NULL,
	user_principal_name_words TEXT NOT NULL,
	mail TEXT,
	mail_words TEXT,
	given_name TEXT,
	surname TEXT,
	job_title TEXT,
	department TEXT,
	company_name TEXT,
	office_location TEXT,
	employee_id TEXT,
	mobile_phone TEXT,
	mail_nickname TEXT,
	usage_location TEXT,
	preferred_language TEXT,
	user_type TEXT NOT NULL,
	account_enabled BOOLEAN NOT NULL,
	second_factor_required BOOLEAN NOT NULL,
	created_at BIGINT NOT NULL,
	business_phones TEXT NOT NULL,
	other_mails TEXT NOT NULL,
	directory_roles TEXT NOT NULL,
	CONSTRAINT pk_user_fields PRIMARY KEY (tenant_id, id)
)
 WITHOUT ROWID;

CREATE TABLE users (
	tenant_id TEXT NOT NULL,
	id TEXT NOT NULL,
	upn TEXT NOT NULL,
	seed BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	document TEXT NOT NULL, home_id TEXT,
	CONSTRAINT pk_users PRIMARY KEY (tenant_id, id)
);

CREATE INDEX ix_app_role_assignments_tenant_id_resource_id ON app_role_assignments (tenant_id, resource_id);

CREATE INDEX ix_application_fields_app_id ON application_fields (app_id);

CREATE INDEX ix_application_fields_tenant_id_display_name_id ON application_fields (tenant_id, display_name, id);

CREATE INDEX ix_application_uris_tenant_id_id ON application_uris (tenant_id, id);

CREATE INDEX ix_applications_seed ON applications (tenant_id) WHERE seed;

CREATE INDEX ix_attempts_ends_at ON attempts (ends_at);

CREATE INDEX ix_deleted_items_deleted_at ON deleted_items (deleted_at);

CREATE INDEX ix_device_flows_ends_at ON device_flows (ends_at);

CREATE INDEX ix_directory_audits_at ON directory_audits (at);

CREATE INDEX ix_directory_audits_tenant_id_at_id ON directory_audits (tenant_id, at, id);

CREATE INDEX ix_families_end_day ON families (end_day);

CREATE INDEX ix_families_tenant_id_session_id ON families (tenant_id, session_id);

CREATE INDEX ix_group_fields_tenant_id_display_name_id ON group_fields (tenant_id, display_name, id);

CREATE INDEX ix_group_members_tenant_id_member_id_group_id ON group_members (tenant_id, member_id, group_id);

CREATE INDEX ix_messages_tenant_id_user_id_received_at_id ON messages (tenant_id, user_id, received_at, id);

CREATE INDEX ix_owners_tenant_id_owner_id ON owners (tenant_id, owner_id);

CREATE INDEX ix_permission_grants_tenant_id_principal_id ON permission_grants (tenant_id, principal_id);

CREATE INDEX ix_permission_grants_tenant_id_resource_id ON permission_grants (tenant_id, resource_id);

CREATE INDEX ix_service_principal_fields_tenant_id_app_id ON service_principal_fields (tenant_id, app_id);

CREATE INDEX ix_sessions_ends_at ON sessions (ends_at);

CREATE INDEX ix_sessions_tenant_id_user_id ON sessions (tenant_id, user_id);

CREATE INDEX ix_sign_ins_at ON sign_ins (at);

CREATE INDEX ix_sign_ins_tenant_id_user_id_address ON sign_ins (tenant_id, user_id, address);

CREATE INDEX ix_stories_at_trace_id ON stories (at, trace_id);

CREATE INDEX ix_stories_refused ON stories (tenant_id, at, trace_id) WHERE granted IS 0;

CREATE INDEX ix_stories_tenant_id_at_trace_id ON stories (tenant_id, at, trace_id);

CREATE INDEX ix_stories_tenant_id_client_id_at ON stories (tenant_id, client_id, at);

CREATE INDEX ix_stories_tenant_id_correlation_id_at ON stories (tenant_id, correlation_id, at);

CREATE INDEX ix_stories_tenant_id_user_id_at ON stories (tenant_id, user_id, at);

CREATE INDEX ix_stories_trace_id ON stories (trace_id);

CREATE INDEX ix_user_fields_tenant_id_created_at_id ON user_fields (tenant_id, created_at, id);

CREATE INDEX ix_user_fields_tenant_id_display_name_id ON user_fields (tenant_id, display_name, id);

CREATE INDEX ix_user_fields_tenant_id_mail ON user_fields (tenant_id, mail);

CREATE INDEX ix_user_fields_tenant_id_user_principal_name_id ON user_fields (tenant_id, user_principal_name, id);

CREATE INDEX ix_users_seed ON users (tenant_id) WHERE seed;

CREATE UNIQUE INDEX uq_applications_app_id ON applications (app_id);

CREATE UNIQUE INDEX uq_device_flows_user_code ON device_flows (user_code);

CREATE UNIQUE INDEX uq_service_principals_tenant_id_app_id ON service_principals (tenant_id, app_id);

CREATE UNIQUE INDEX uq_tenant_domains_domain ON tenant_domains (domain);

CREATE UNIQUE INDEX uq_users_tenant_id_home_id ON users (tenant_id, home_id) WHERE home_id IS NOT NULL;

CREATE UNIQUE INDEX uq_users_tenant_id_upn ON users (tenant_id, upn);
