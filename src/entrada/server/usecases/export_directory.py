"""The directory as a file that can be applied again.  Plain secrets are never in it: nobody knows them any more."""

from collections.abc import Sequence

from entrada.core.directory.document.write_document import write_document
from entrada.core.directory.ids import TenantId
from entrada.server.store.port import Store
from entrada.server.usecases.stored_directory import stored_directory
from entrada.server.usecases.yaml_tree import yaml_text

_HEADING = """The directory of an entrada installation, made by `entrada export`; `entrada apply` takes it back.
{credentials}"""
_WITHOUT = "Passwords and secrets are named without their values; where it is applied, stored ones are kept."
_WITH = "It holds the hashes of passwords and the digests of secrets: keep it as you would keep them."


async def export_directory(
    store: Store, tenant_ids: Sequence[TenantId] | None = None, *, with_hashes: bool = False
) -> str:
    """The named tenants, or all of them, as YAML."""
    chosen = tenant_ids if tenant_ids is not None else [tenant.id for tenant in await store.list_tenants()]
    tree = write_document(await stored_directory(store, chosen), chosen, with_hashes=with_hashes)
    return yaml_text(tree, _HEADING.format(credentials=_WITH if with_hashes else _WITHOUT))
