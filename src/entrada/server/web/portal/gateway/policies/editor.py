"""The document of one scope: shown, saved with everything that is wrong told, taken away."""

from attrs import evolve
from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.gateway.refusal import PolicyRefused
from entrada.server.usecases.gateway.policies import delete_policy, save_policy
from entrada.server.web.portal.door import done
from entrada.server.web.portal.gateway.desk import POLICIES, STALE, Desk, Question, ask, policies_of, refused, show
from entrada.server.web.portal.gateway.policies.findings import FAULT, checked, findings, numbered
from entrada.server.web.portal.gateway.policies.snippets import snippets
from entrada.server.web.portal.gateway.policies.target import Target, all_targets, target_of
from entrada.server.web.signed_in.form import Form

_LIST = ("Policies", f"{POLICIES}?scope=global")


async def show_editor(desk: Desk) -> Response:
    target = target_of(desk, desk.visitor.query("scope"))
    if isinstance(target, Problem):
        return refused(desk, target, [_LIST])
    return await editor(desk, target)


async def editor(desk: Desk, target: Target, problem: Problem | None = None, entered: Form | None = None) -> Response:
    text = target.text if entered is None else entered.get("policy")
    found = findings(checked(desk, target, text))
    return show(
        desk,
        "policies/editor.html",
        title=f"Policies: {target.title}",
        crumbs=[] if target.path == "global" else [_LIST],
        problem=problem,
        entered=entered,
        target=target,
        text=text,
        found=found,
        lines=numbered(text, found) if found else [],
        targets=all_targets(desk),
        snippets=await snippets(desk),
    )


async def save(desk: Desk, form: Form) -> Response:
    target = target_of(desk, form.get("scope"))
    if isinstance(target, Problem):
        return refused(desk, target, [_LIST])
    answer = await save_policy(desk.here, desk.actor, target.scope, form.get("policy"), form.seen)
    if isinstance(answer, Problem):
        return await editor(desk, target, _told(target, answer), form)
    warned = any(one.severity != FAULT for one in findings(checked(desk, target, form.get("policy"))))
    said = "The policies are saved" + (", with warnings: they are listed below." if warned else ".")
    return finished_at(desk, target, said)


def _told(target: Target, problem: Problem) -> Problem:
    """The page lists the faults of its own document itself, with their lines."""
    if not isinstance(problem, PolicyRefused):
        return problem
    own = sum(one.scope == target.scope for one in problem.faults)
    if own < len(problem.faults):
        return evolve(problem, target=None)
    faults = "one fault" if own == 1 else f"{own} faults"
    return bad(f"The document has {faults}, listed below. Nothing was saved.", "policy")


def finished_at(desk: Desk, target: Target, said: str) -> Response:
    return done(desk.visitor, POLICIES, said, {"scope": target.path})


async def ask_to_remove(desk: Desk, problem: Problem | None = None, entered: Form | None = None) -> Response:
    target = target_of(desk, desk.visitor.query("scope") if entered is None else entered.get("scope"))
    if isinstance(target, Problem):
        return refused(desk, target, [_LIST])
    back = policies_of(target.path)
    question = Question(
        title="Remove the document",
        question=f"Remove the policies of {target.title}?",
        consequences=["What the wider scopes say goes on to hold here.", "Copy the document first if you may need it."],
        label="Remove",
        back=back,
        crumbs=[_LIST, (target.title, back)],
        seen=target.version,
        fields={"scope": target.path},
    )
    return ask(desk, question, problem)


async def remove(desk: Desk, form: Form) -> Response:
    target = target_of(desk, form.get("scope"))
    if isinstance(target, Problem):
        return refused(desk, target, [_LIST])
    problem = await delete_policy(desk.here, desk.actor, target.scope, form.seen)
    if problem is not None and problem.status == STALE:
        return await ask_to_remove(desk, problem, form)
    if problem is not None:
        return refused(desk, problem, [_LIST])
    return finished_at(desk, target, "The document is removed; what the wider scopes say holds.")
