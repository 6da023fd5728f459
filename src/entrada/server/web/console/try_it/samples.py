"""The request of the form as a program: curl, Python, JavaScript, with neither token nor key in it."""

from entrada.core.gateway.code_samples import Sampled, curl, javascript, python
from entrada.core.gateway.console.request import Written, write
from entrada.core.gateway.console.signers import CLIENT
from entrada.server.web.console.try_it.bench import Bench
from entrada.server.web.console.try_it.filling import filled
from entrada.server.web.signed_in.form import Form


def samples(bench: Bench, form: Form) -> list[tuple[str, str]]:
    """Name and text.  Where the form is not complete, the template stands in the place of the path."""
    typed = filled(bench.operation, form)
    written = write(bench.api, bench.operation, typed)
    template = bench.api.public_path + bench.operation.url_template
    target = written.target if isinstance(written, Written) else template
    names = bench.api.subscription_key_parameter_names
    sampled = Sampled(
        method=bench.operation.method,
        url=bench.developer.gateway.origin + target,
        headers=written.headers if isinstance(written, Written) else (),
        body=typed.body or None,
        scope=token_scope(bench, form),
        key_header=names.header if bench.api.subscription_required else None,
        key_query=names.query,
    )
    return [("curl", curl(sampled)), ("Python", python(sampled)), ("JavaScript", javascript(sampled))]


def token_scope(bench: Bench, form: Form) -> str | None:
    """Of the chosen way; without one no token is sent."""
    chosen = bench.chosen(form)
    if chosen is None:
        return None
    signer, way = chosen
    wanted = form.get("scope") or signer.default_scope
    return signer.scope_for(CLIENT, form.get("scope")) if way == CLIENT else next(iter(wanted.split()), "")
