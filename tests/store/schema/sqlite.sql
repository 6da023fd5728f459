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

CREATE TABLE permission_grants (
	tenant_id TEXT NOT NULL,
	client_id TEXT NOT NULL,
	principal_id TEXT NOT NULL,
	resource_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_permission_grants PRIMARY KEY (tenant_id, client_id, principal_id, resource_id)
);

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

CREATE TABLE users (
	tenant_id TEXT NOT NULL,
	id TEXT NOT NULL,
	upn TEXT NOT NULL,
	seed BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	document TEXT NOT NULL, home_id TEXT,
	CONSTRAINT pk_users PRIMARY KEY (tenant_id, id)
);

CREATE INDEX ix_application_uris_tenant_id_id ON application_uris (tenant_id, id);

CREATE INDEX ix_applications_seed ON applications (tenant_id) WHERE seed;

CREATE INDEX ix_attempts_ends_at ON attempts (ends_at);

CREATE INDEX ix_device_flows_ends_at ON device_flows (ends_at);

CREATE INDEX ix_families_end_day ON families (end_day);

CREATE INDEX ix_families_tenant_id_session_id ON families (tenant_id, session_id);

CREATE INDEX ix_group_members_tenant_id_member_id_group_id ON group_members (tenant_id, member_id, group_id);

CREATE INDEX ix_messages_tenant_id_user_id_received_at_id ON messages (tenant_id, user_id, received_at, id);

CREATE INDEX ix_permission_grants_tenant_id_principal_id ON permission_grants (tenant_id, principal_id);

CREATE INDEX ix_sessions_ends_at ON sessions (ends_at);

CREATE INDEX ix_sessions_tenant_id_user_id ON sessions (tenant_id, user_id);

CREATE INDEX ix_sign_ins_at ON sign_ins (at);

CREATE INDEX ix_sign_ins_tenant_id_user_id_address ON sign_ins (tenant_id, user_id, address);

CREATE INDEX ix_users_seed ON users (tenant_id) WHERE seed;

CREATE UNIQUE INDEX uq_applications_app_id ON applications (app_id);

CREATE UNIQUE INDEX uq_device_flows_user_code ON device_flows (user_code);

CREATE UNIQUE INDEX uq_service_principals_tenant_id_app_id ON service_principals (tenant_id, app_id);

CREATE UNIQUE INDEX uq_tenant_domains_domain ON tenant_domains (domain);

CREATE UNIQUE INDEX uq_users_tenant_id_home_id ON users (tenant_id, home_id) WHERE home_id IS NOT NULL;

CREATE UNIQUE INDEX uq_users_tenant_id_upn ON users (tenant_id, upn);
