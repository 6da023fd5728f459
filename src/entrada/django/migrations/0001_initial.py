"""Make the table of identities."""

from collections.abc import Sequence
from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    initial: ClassVar[bool | None] = True
    dependencies: ClassVar[Sequence[tuple[str, str]]] = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations: ClassVar[Sequence[Operation]] = [
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("issuer", models.CharField(max_length=1024)),
                ("tenant_id", models.CharField(blank=True, max_length=64)),
                ("user_id", models.CharField(max_length=255)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entrada_identities",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name_plural": "identities"},
        )
    ]
