"""Make the tables of identities and of sessions."""

from collections.abc import Sequence
from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    initial: ClassVar[bool | None] = True

    dependencies: ClassVar[Sequence[tuple[str, str]]] = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar[Sequence[Operation]] = [
        migrations.CreateModel(
            name="SessionMark",
            fields=[
                ("mark", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("expires_at", models.BigIntegerField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="StoredSession",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                ("version", models.PositiveIntegerField()),
                ("expires_at", models.BigIntegerField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("issuer", models.CharField(max_length=1024)),
                ("tenant_id", models.CharField(blank=True, max_length=64)),
                ("object_id", models.CharField(max_length=255)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entrada_identities",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "identities",
            },
        ),
        migrations.CreateModel(
            name="SessionName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=64)),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="names", to="entrada.storedsession"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["name"], name="entrada_session_name")],
            },
        ),
    ]
